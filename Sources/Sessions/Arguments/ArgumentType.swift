/// What a slot or an option accepts.
public indirect enum ArgumentType: Sendable, Equatable {
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case boolean
    case text
    case choice([String])
    /// A file or folder that exists.
    case existingPath
    /// The same, or a pattern such as `./pictures/*.png` that files match.
    case existingPaths
    /// A file that will be written; its folder is made when it is missing.
    case newPath
    /// A folder that is made when it is missing.
    case newFolder
    /// A handle of one of these kinds; of any kind when there are none.
    case handle([HandleKind])
    /// A word with a beginning of its own, such as `random:vit-b-16`; the second part says what follows in words.
    case prefixed(String, meaning: String)
    /// One or more, written as a list; a single value stands for a list of one.
    case list(ArgumentType)
    /// The first that fits.
    case either([ArgumentType])
    /// Any value; words that name no handle are text.
    case anything

    /// What it accepts, in words, for help and errors.
    public var description: String {
        switch self {
        case .integer(let bounds): "a whole number" + ArgumentType.bounds(bounds, least: .min, greatest: .max)
        case .number(let bounds): "a number" + ArgumentType.bounds(bounds, least: -.infinity, greatest: .infinity)
        case .boolean: "true or false"
        case .text: "a text"
        case .choice(let words): words.count == 1 ? words[0] : "one of \(words.joined(separator: " "))"
        case .existingPath: "a file"
        case .existingPaths: "a file, a folder or a pattern of files"
        case .newPath: "a file to write"
        case .newFolder: "a folder"
        case .handle(let kinds):
            kinds.isEmpty ? "a handle" : "a handle of \(kinds.map(\.rawValue).joined(separator: " or "))"
        case .prefixed(let prefix, let meaning): "\(prefix):\(meaning)"
        case .list(let element): "a list of: \(element.description)"
        case .either(let types): types.map(\.description).joined(separator: ", or ")
        case .anything: "any value"
        }
    }

    /// What it accepts, as short as a table of options wants it; bounds that no one meets are left out.
    public var brief: String {
        switch self {
        case .integer(let bounds):
            ArgumentType.brief("whole number", Double(bounds.lowerBound), Double(bounds.upperBound))
        case .number(let bounds): ArgumentType.brief("number", bounds.lowerBound, bounds.upperBound)
        case .boolean: "true | false"
        case .text: "text"
        case .choice(let words): words.joined(separator: " | ")
        case .existingPath: "file"
        case .existingPaths: "files"
        case .newPath: "file to write"
        case .newFolder: "folder"
        case .handle(let kinds): kinds.isEmpty ? "handle" : kinds.map(\.rawValue).joined(separator: " | ")
        case .prefixed(let prefix, let meaning):
            "\(prefix):\(meaning.contains("|") ? "NAME" : meaning)"
        case .list(let element): "[\(element.brief), ...]"
        case .either(let types): types.map(\.brief).joined(separator: " | ")
        case .anything: "value"
        }
    }

    private static func brief(_ word: String, _ least: Double, _ greatest: Double) -> String {
        let (isBoundBelow, isBoundAbove) = (least > -1e6 && least != 0, greatest < 1e6)
        if least > 0, least < 1e-6 { return "\(word) > 0" }
        if isBoundAbove { return "\(word) \(plain(least))..\(plain(greatest))" }
        return isBoundBelow && least != 1 ? "\(word) >= \(plain(least))" : word
    }

    private static func bounds<Bound: Comparable>(_ range: ClosedRange<Bound>, least: Bound, greatest: Bound) -> String
    {
        switch (range.lowerBound > least, range.upperBound < greatest) {
        case (true, true): " from \(plain(range.lowerBound)) to \(plain(range.upperBound))"
        case (true, false): " from \(plain(range.lowerBound))"
        case (false, true): " up to \(plain(range.upperBound))"
        case (false, false): ""
        }
    }

    private static func plain<Bound>(_ bound: Bound) -> String {
        let text = "\(bound)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// The words that can be written where it is expected.
    var choices: [String] {
        switch self {
        case .boolean: ["true", "false"]
        case .choice(let words): words
        case .prefixed(let prefix, _): [prefix + ":"]
        case .list(let element): element.choices
        case .either(let types): types.flatMap(\.choices)
        default: []
        }
    }

    /// The kinds of handle that can be written where it is expected; nil when none can.
    var handleKinds: [HandleKind]? {
        switch self {
        case .handle(let kinds): kinds
        case .list(let element): element.handleKinds
        case .either(let types): types.lazy.compactMap(\.handleKinds).first
        case .anything: []
        default: nil
        }
    }

    var acceptsPath: Bool {
        switch self {
        case .existingPath, .existingPaths, .newPath, .newFolder: true
        case .list(let element): element.acceptsPath
        case .either(let types): types.contains(where: \.acceptsPath)
        default: false
        }
    }
}
