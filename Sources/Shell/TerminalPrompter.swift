import Glibc
import Sessions

/// Asks at the terminal.
struct TerminalPrompter: Prompter {
    let reader: LineReader

    /// What keeps an editor from giving the text back.
    enum Failure: Error, CustomStringConvertible {
        case noFile
        case editor(String)

        var description: String {
            switch self {
            case .noFile: "no temporary file can be written for the editor"
            case .editor(let command): "the editor \"\(command)\" ended with an error; set EDITOR to another"
            }
        }
    }

    /// Below the question, with the editing of the prompt; Ctrl-C and Ctrl-D give no answer.
    func ask(_ question: String) -> String? {
        Stream.output.writeLine(question)
        guard case .text(let line) = reader.read(prompt: "? ") else { return nil }
        let answer = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return answer.isEmpty ? nil : answer
    }

    /// In `$VISUAL`, `$EDITOR` or vi.
    func edit(_ text: String) throws -> String {
        var template = Array("\(Terminal.variable("TMPDIR") ?? "/tmp")/proclip-XXXXXX.pcl".utf8CString)
        let descriptor = mkstemps(&template, 4)
        guard descriptor >= 0 else { throw Failure.noFile }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        let bytes = Array((text.isEmpty ? "" : text + "\n").utf8)
        let isWritten = write(descriptor, bytes, bytes.count) == bytes.count
        close(descriptor)
        guard isWritten else { throw Failure.noFile }
        let command = Terminal.variable("VISUAL") ?? Terminal.variable("EDITOR") ?? "vi"
        guard system("\(command) '\(path)'") == 0 else { throw Failure.editor(command) }
        guard let edited = contents(of: path) else { throw Failure.noFile }
        return String(decoding: edited, as: UTF8.self)
    }
}
