/// The longest piece that a word begins with, then the longest continuing piece of what is left, and so on.
///
/// Source: Wu et al., 2016 (arXiv 1609.08144, section 4.1).
struct WordPieceModel: PieceModel {
    private let trie: PieceTrie
    private let unknown: Int32
    /// Where the search for a continuing piece (`##ing`) begins; nil where there is none.
    private let continuing: Int?
    /// A word of more characters than this is unknown as a whole.
    private let longestWord: Int

    init(trie: PieceTrie, unknown: Int32, prefix: [UInt8], longestWord: Int) {
        (self.trie, self.unknown, self.longestWord) = (trie, unknown, longestWord)
        continuing = trie.node(of: prefix)
    }

    func append(_ word: UnsafeRawBufferPointer, to ids: inout [Int32]) {
        let before = ids.count
        var start = 0
        let isTooLong = word.count > longestWord && word.count(where: { $0 & 0xc0 != 0x80 }) > longestWord
        while !isTooLong, start < word.count, let node = start == 0 ? PieceTrie.root : continuing,
            let (id, end) = trie.longest(in: word, from: start, at: node)
        {
            ids.append(id)
            start = end
        }
        guard start < word.count else { return }
        ids.removeSubrange(before...)
        ids.append(unknown)
    }
}
