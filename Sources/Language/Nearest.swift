/// The known words nearest to a mistyped one.
public enum Nearest {
    /// At most three words within a third of the typed word's length (at least one edit), nearest first; when none is that
    /// near, the words it begins or lengthens.
    public static func words(to typed: String, among known: some Sequence<String>) -> [String] {
        let limit = max(1, (typed.count + 1) / 3)
        let candidates = Array(Set(known)).sorted()
        let ranked =
            candidates
            .map { (word: $0, distance: distance(typed.lowercased(), $0.lowercased())) }
            .filter { $0.distance <= limit && $0.distance < max(typed.count, $0.word.count) }
            .sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }
        if let best = ranked.first {
            return ranked.filter { $0.distance == best.distance }.prefix(3).map(\.word)
        }
        guard typed.count >= 2 else { return [] }
        let lower = typed.lowercased()
        let related = candidates.filter {
            $0.lowercased().hasPrefix(lower) || $0.count > 2 && lower.hasPrefix($0.lowercased())
        }
        return Array(related.prefix(3))
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other
    /// (optimal string alignment); words of more than 64 characters are compared by their beginnings.
    static func distance(_ first: String, _ second: String) -> Int {
        let a = Array(first.prefix(64))
        let b = Array(second.prefix(64))
        var rows = [Array(0...b.count)]
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
