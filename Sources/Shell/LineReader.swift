internal import CReadline
import Glibc
import Sessions

/// Reads lines from a terminal with GNU readline: editing, history, completion, bracketed paste.
///
/// readline is one per process and belongs to the main thread, and so does this.
final class LineReader {
    enum Line: Equatable {
        case text(String)
        /// Ctrl-C; `wasEmpty` when there was nothing to drop.
        case interrupted(wasEmpty: Bool)
        /// Ctrl-D on an empty line, or the terminal is gone.
        case endOfInput
        case terminated
    }

    /// Words that may stand at the cursor, given the text before it.
    typealias Completer = (String) -> Completions

    private static let interruptKey: Int32 = 3
    /// The reader whose line is being edited: readline's callbacks carry no context.
    nonisolated(unsafe) private static var active: LineReader?

    private let complete: Completer
    private let terminal: Terminal
    /// Earlier lines of the statement that is being written.
    private var textBeforeLine = ""
    private var interruptsSeen = 0
    private var suspensionsSeen = 0
    private var interruption: Line?

    init(terminal: Terminal, history: [String], complete: @escaping Completer) {
        self.terminal = terminal
        self.complete = complete
        creadline_start("proclip", LineReader.nextKey, LineReader.interruptLine, LineReader.completeWord)
        for entry in history { add_history(entry) }
        stifle_history(Int32(History.limit))
    }

    /// Adds a statement, all its lines as one entry.
    func remember(_ statement: String) { add_history(statement) }

    /// One line, without its end.
    /// - `textBefore`: the lines of an unfinished statement, for completion.
    func read(prompt: String, after textBefore: String = "") -> Line {
        textBeforeLine = textBefore
        interruption = nil
        interruptsSeen = Signals.interrupts
        suspensionsSeen = Signals.suspensions
        LineReader.active = self
        defer { LineReader.active = nil }
        let shown = terminal.usesColour ? "\u{1}\u{1B}[36m\u{2}\(prompt)\u{1}\u{1B}[0m\u{2}" : prompt
        guard let line = Signals.countingSuspensions({ readline(shown) }) else {
            return interruption ?? .endOfInput
        }
        defer { free(line) }
        return interruption ?? .text(String(cString: line))
    }

    // MARK: What readline calls

    /// Waits for a key and meanwhile polls the signals. A Ctrl-C becomes a key of its own, so that it works in every
    /// state of the editor.
    private static let nextKey: @convention(c) (UnsafeMutablePointer<FILE>?) -> Int32 = { _ in
        guard let reader = active else { return EOF }
        let input = creadline_input()
        while true {
            if Signals.isTerminated {
                reader.interruption = .terminated
                return EOF
            }
            if Signals.interrupts != reader.interruptsSeen {
                reader.interruptsSeen = Signals.interrupts
                return interruptKey
            }
            if Signals.suspensions != reader.suspensionsSeen {
                reader.suspensionsSeen = Signals.suspensions
                reader.suspend()
            }
            // A signal between the checks and the wait would go unseen without the time limit.
            var request = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            let count = poll(&request, 1, 100)
            rl_check_signals()
            if count > 0 {
                var byte: UInt8 = 0
                let length = Glibc.read(input, &byte, 1)
                if length == 1 { return Int32(byte) }
                if length == 0 || (errno != EINTR && errno != EAGAIN) { return EOF }
            }
        }
    }

    private static let interruptLine: @convention(c) (Int32, Int32) -> Int32 = { _, _ in
        active?.interruption = .interrupted(wasEmpty: creadline_end() == 0)
        creadline_drop()
        return 0
    }

    private static let completeWord: @convention(c) (Int32, Int32) -> Int32 = { _, _ in
        active?.completeAtCursor()
        return 0
    }

    private func suspend() {
        creadline_leave_terminal()
        Signals.suspend()
        creadline_enter_terminal()
    }

    private func completeAtCursor() {
        guard let buffer = creadline_line() else { return }
        let point = Int(creadline_point())
        let before = String(decoding: UnsafeRawBufferPointer(start: buffer, count: point), as: UTF8.self)
        let completion = complete(textBeforeLine + before)
        let start = completion.start - textBeforeLine.utf8.count
        guard !completion.candidates.isEmpty, start >= 0, start <= point else { return }
        let written = String(decoding: before.utf8.dropFirst(start), as: UTF8.self)
        let insertion = completion.insertion
        if insertion.utf8.count > written.utf8.count || (completion.candidates.count == 1 && insertion != written) {
            creadline_replace(Int32(start), Int32(point), insertion)
        } else if completion.candidates.count > 1 {
            Stream.output.write("\n" + completion.listing(width: terminal.width ?? 80) + "\n")
            creadline_redraw()
        }
    }
}
