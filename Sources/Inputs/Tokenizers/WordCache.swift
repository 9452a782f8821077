import Synchronization

/// The ids of words that came before: texts repeat few words.
final class WordCache: Sendable {
    private let known = Mutex<[ArraySlice<UInt8>: [Int32]]>([:])
    /// Beyond this many no further word is remembered, nor is a longer one.
    private static let mostWords = 1 << 16
    private static let longestWord = 64

    /// Appends a word's ids, those that a model gives or gave before.
    func append(_ word: ArraySlice<UInt8>, by model: any PieceModel, to ids: inout [Int32]) {
        guard word.count <= Self.longestWord else { return word.withUnsafeBytes { model.append($0, to: &ids) } }
        if let known = known.withLock({ $0[word] }) {
            ids += known
            return
        }
        let first = ids.count
        word.withUnsafeBytes { model.append($0, to: &ids) }
        let found = Array(ids[first...])
        known.withLock { if $0.count < Self.mostWords { $0[Array(word)[...]] = found } }
    }
}
