import Glibc
public import Rendering

/// What the standard streams are connected to and what may be drawn on them.
public struct Terminal: Sendable {
    public let inputIsTerminal: Bool
    public let outputIsTerminal: Bool
    public let errorIsTerminal: Bool
    /// A terminal that moves its cursor; `TERM=dumb` does not.
    public let canRedraw: Bool
    public let colours: ColourDepth
    public var usesColour: Bool { colours != .none }
    public let isUTF8: Bool

    /// - Parameter noColour: `--no-color` was given.
    public init(noColour: Bool = false) {
        Terminal.chooseLocale()
        inputIsTerminal = isatty(STDIN_FILENO) == 1
        outputIsTerminal = isatty(STDOUT_FILENO) == 1
        errorIsTerminal = isatty(STDERR_FILENO) == 1
        let isDumb = Terminal.variable("TERM") == "dumb" || Terminal.variable("TERM") == nil
        canRedraw = errorIsTerminal && !isDumb
        let isPlain = !outputIsTerminal || isDumb || noColour || Terminal.variable("NO_COLOR") != nil
        colours = isPlain ? .none : Terminal.colourDepth
        isUTF8 = nl_langinfo(Int32(CODESET)).map { String(cString: $0) } == "UTF-8"
    }

    /// What the terminal's name and those who set it say; sixteen where they say nothing.
    private static var colourDepth: ColourDepth {
        if variable("COLORTERM") != nil || variable("TERM_PROGRAM") != nil { return .many }
        let term = variable("TERM") ?? ""
        let known = ["256color", "direct", "kitty", "ghostty", "alacritty", "foot", "wezterm", "contour", "mlterm"]
        return known.contains(where: term.contains) ? .many : .sixteen
    }

    /// How the terminal says that it shows pictures; nil where none can be shown. What is between, such as tmux, passes no
    /// protocol on.
    public var graphics: TerminalGraphics? {
        guard outputIsTerminal, usesColour, isUTF8 else { return nil }
        let (term, program) = (Terminal.variable("TERM") ?? "", Terminal.variable("TERM_PROGRAM") ?? "")
        if !term.hasPrefix("screen"), !term.hasPrefix("tmux") {
            if term == "xterm-kitty" || term == "xterm-ghostty" || program == "ghostty" { return .kitty }
            if program == "iTerm.app" || program == "WezTerm" { return .iTerm }
            if ["foot", "mlterm", "contour"].contains(where: term.hasPrefix) { return .sixel }
        }
        let is24Bit = ["truecolor", "24bit"].contains(Terminal.variable("COLORTERM")) || term.hasSuffix("-direct")
        return is24Bit ? .blocks : nil
    }

    /// The columns of the terminal that shows results; nil off a terminal.
    public var width: Int? {
        guard outputIsTerminal else { return nil }
        return size.map { Int($0.ws_col) } ?? 80
    }

    /// Its rows, where a drawing can be drawn again; nil elsewhere.
    var height: Int? { canRedraw && outputIsTerminal ? size.map { Int($0.ws_row) } : nil }

    private var size: winsize? {
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? size : nil
    }

    /// What shows a text that is longer than the screen; nil for one that is not.
    func pager(forLinesOf text: String) -> Pager? {
        guard outputIsTerminal, canRedraw, let size, size.ws_row > 0 else { return nil }
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
            .reduce(0) { $0 + max(1, ($1.count + Int(size.ws_col) - 1) / Int(size.ws_col)) }
        return rows + 1 > Int(size.ws_row) ? Pager() : nil
    }

    /// A variable of the environment; nil where it is unset or empty.
    static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// The user's character set; where nothing at all is said, as in most containers, UTF-8.
    private static func chooseLocale() {
        if variable("LC_ALL") == nil && variable("LC_CTYPE") == nil && variable("LANG") == nil {
            setenv("LC_CTYPE", "C.UTF-8", 1)
        }
        setlocale(LC_CTYPE, "")
    }
}

/// The two streams that the program writes: results on one, progress, log and errors on the other.
enum Stream {
    case output, error

    /// Writes all of `text`. Where results cannot be written, as on a full disk, the program ends with status 1.
    func write(_ text: String) {
        var text = text
        let descriptor = self == .output ? STDOUT_FILENO : STDERR_FILENO
        let isComplete = text.withUTF8 { bytes -> Bool in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 && errno != EINTR && errno != EAGAIN { return false }
                rest = rest.dropFirst(max(0, count))
            }
            return true
        }
        if !isComplete && self == .output {
            Stream.error.write("standard output cannot be written: \(String(cString: strerror(errno)))\n")
            exit(1)
        }
    }

    func writeLine(_ text: String) { write(text + "\n") }
}
