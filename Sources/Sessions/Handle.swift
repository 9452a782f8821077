public import Rendering

/// What a handle can hold. The first ten are also the kind words of `load`.
public enum HandleKind: String, Sendable, CaseIterable {
    case clip, embedder, tower, pairs, images, texts, labels, weights, run
    /// What `embed` makes: a vector for each text or picture.
    case embeddings
    /// What `distill` and `tune` make: adapter, image tower, logit scale and the embedder's name.
    case model
    /// What `eval`, `compare`, `classify` and `search` answer.
    case result

    /// The words that `load` takes.
    public static let kindWords = allCases.prefix(10).map(\.rawValue)
}

/// A value that a name can stand for. Each kind has one type.
public protocol HandleContent: Sendable {
    var kind: HandleKind { get }
    /// What expressions read behind the handle's dot.
    var fields: Fields { get }
    /// Shape and provenance in one line, for `list`.
    var summary: String { get }
    /// Its extents in one line, for `%who`.
    var shape: String { get }
    /// The memory that it holds, mapped files included; nil where that is not known.
    var byteCount: Int? { get }
    /// What `load` tells beside the summary.
    var notes: [String] { get }
    /// Stopped by the user and to be continued by `resume`.
    var isPaused: Bool { get }
}

extension HandleContent {
    public var fields: Fields { [:] }
    public var shape: String { "" }
    public var byteCount: Int? { nil }
    public var notes: [String] { [] }
    public var isPaused: Bool { false }
}

/// A name and what it stands for.
public struct Handle: Sendable {
    public let name: String
    /// Nil while only the recipe's run can tell.
    public let kind: HandleKind?
    /// Nil during a check, when the statement that makes it has not run.
    public let content: (any HandleContent)?
    /// Counts the bindings of a session: another binding of the same name has another version.
    let version: Int

    public init(name: String, kind: HandleKind?, content: (any HandleContent)? = nil, version: Int = 0) {
        self.name = name
        self.kind = kind
        self.content = content
        self.version = version
    }

    var kindText: String { kind.map(\.rawValue) ?? "something unknown" }
}
