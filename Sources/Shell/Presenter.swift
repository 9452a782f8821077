import Language
import Rendering
import Sessions

/// Writes what became of statements: replies to standard output in the chosen format, errors to standard error. With
/// JSON both are lines on standard output.
final class Presenter {
    private let format: OutputFormat
    private let terminal: Terminal
    private let progress: ProgressLine
    private var hasWritten = false
    /// Whether a user reads at a prompt: answers are numbered, and long ones go through a pager.
    var isConversation = false
    var usesPager = true
    /// The line that was typed last, as long as nothing was written below it.
    private var typedLine: String?

    init(format: OutputFormat, terminal: Terminal) {
        self.format = format
        self.terminal = terminal
        progress = ProgressLine(canRedraw: terminal.canRedraw, width: { terminal.width ?? 80 })
    }

    /// A line was just typed: an error in it can point at it where it stands.
    func wasTyped(_ line: String) { typedLine = line }

    func show(_ point: Progress) {
        typedLine = nil
        progress.show(point)
    }

    /// A sentence on what goes on, above the progress line.
    func show(log text: String) {
        typedLine = nil
        progress.makeRoom()
        Stream.error.writeLine(text)
    }

    /// A sentence with a drawing in the place of the last one. Where nothing can be drawn again, the sentence alone.
    func show(log text: String, with drawing: Reply) {
        typedLine = nil
        let drawn = OutputFormat.table.format(
            width: terminal.width, isASCII: !terminal.isUTF8, graphics: nil, colours: terminal.colours
        ).text(drawing)
        let lines = ([text] + drawn.split(separator: "\n").map(String.init)).map { line in
            // Colours take no room.
            line.contains("\u{1B}") ? line : line.truncated(toWidth: (terminal.width ?? 80) - 1)
        }
        if let height = terminal.height, lines.count + 1 < height {
            progress.show(drawing: lines)
        } else {
            show(log: text)
        }
    }

    /// - `number`: of the prompt at which the statement was typed.
    func show(_ result: StatementResult, number: Int) {
        progress.finish()
        switch result.outcome {
        case _ where format == .json: Stream.output.writeLine(result.jsonLine)
        case .success(let reply): show(reply, number: isConversation && format == .table ? number : nil)
        case .failure(let diagnostic): show(diagnostic)
        }
        typedLine = nil
    }

    /// The last words of a process whose tensors find no memory.
    func show(outOfMemory byteCount: Int, statement: Int) {
        progress.finish()
        let message =
            "out of memory: the system refused \(Memory.text(byteCount)); give a smaller batch= or model, or close other programs"
        guard format == .json else { return Stream.error.writeLine(message) }
        let error = JSONValue.object([
            ("code", .string(Diagnostic.Code.failedWork.rawValue)), ("message", .string(message)),
        ])
        Stream.output.writeLine(JSONValue.object([("n", .integer(statement)), ("error", error)]).text)
    }

    func show(_ reply: Reply, number: Int? = nil) {
        let text = format.format(
            width: terminal.width, isASCII: !terminal.isUTF8, graphics: terminal.graphics,
            colours: terminal.colours
        ).text(reply)
        guard !text.isEmpty else { return }
        let needsGap = hasWritten && (format == .md || format == .csv)
        if format == .html && !hasWritten { Stream.output.write(HTMLFormat.head()) }
        let label = number.map { terminal.usesColour ? "\u{1B}[36mOut[\($0)]:\u{1B}[0m" : "Out[\($0)]:" }
        let isOneLine = !text.contains("\n")
        let lead = label.map { $0 + (isOneLine ? " " : "\n") } ?? (needsGap ? "\n" : "")
        let pager = isConversation && usesPager ? terminal.pager(forLinesOf: text) : nil
        if pager?.show(lead + text + "\n") != true { Stream.output.writeLine(lead + text) }
        hasWritten = true
    }

    func show(_ diagnostic: Diagnostic) {
        let width = terminal.errorIsTerminal ? terminal.width : nil
        let lines = diagnostic.rendered(width: width ?? .max).split(
            separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard let source = lines.first, let mistake = lines.dropFirst().first else { return }
        if !fits(diagnostic, String(source)) { Stream.error.writeLine(String(source)) }
        let usesColour = terminal.usesColour && terminal.errorIsTerminal
        let text = wrapped(String(mistake))
        Stream.error.writeLine(usesColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text)
    }

    /// Lines that are broken between words at the terminal's edge and go on below their own beginning.
    private func wrapped(_ text: String) -> String {
        guard terminal.errorIsTerminal, let width = terminal.width else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
            String(line).wrapped(toWidth: width, indent: line.prefix { $0 == " " }.count)
        }.joined(separator: "\n")
    }

    /// An output that is not as it was kept, and how.
    func show(_ mismatch: OutputCheck.Mismatch) {
        show(mismatch.diagnostic)
        for line in mismatch.differences { Stream.error.writeLine(line) }
    }

    /// Whether the line that the diagnostic repeats stands right above, on one row of the terminal.
    private func fits(_ diagnostic: Diagnostic, _ line: String) -> Bool {
        guard let prompt = diagnostic.source.prompt, let typed = typedLine, terminal.canRedraw else { return false }
        let lines = typed.split(separator: "\n", omittingEmptySubsequences: false)
        let lead = lines.count > 1 ? Shell.continuation(of: prompt) : prompt
        return lead + (lines.last ?? "") == line && line.displayWidth < terminal.width ?? 0
    }
}
