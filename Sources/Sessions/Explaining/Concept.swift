/// One thing that `explain` knows, at three depths.
struct Concept: Sendable {
    /// Its own name, then what terms of losses, options, metrics and columns that belong to it are called.
    let names: [String]
    /// One sentence.
    let sentence: String
    /// A screen for someone who sees it for the first time.
    let screen: String
    /// Symbols, shapes and source.
    let mathematics: String

    static let all = losses + method + training + metrics + warnings + files

    /// The concept of a name, whatever its case.
    static func named(_ name: String) -> Concept? {
        all.first { $0.names.contains(name) }
            ?? all.first { $0.names.contains { $0.lowercased() == name.lowercased() } }
    }
}
