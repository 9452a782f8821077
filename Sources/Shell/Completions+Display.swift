import Rendering
import Sessions

extension Completions {
    static let shownAtMost = 60

    /// What can be written for certain: the only word and what follows it, else what all words begin with.
    var insertion: String {
        guard let first = candidates.first else { return "" }
        if candidates.count == 1 { return first.word + first.suffix }
        return candidates.dropFirst().reduce(first.word) { common, next in
            String(zip(common, next.word).prefix { $0 == $1 }.map(\.0))
        }
    }

    /// The words for the user to choose from: a line each with its help, or columns where no word has any.
    func listing(width: Int) -> String {
        let shown = candidates.prefix(Completions.shownAtMost)
        let column = shown.map(\.word.displayWidth).max() ?? 0
        let hidden = candidates.count - shown.count
        let rest = hidden > 0 ? ["  and \(hidden) more"] : []
        if shown.contains(where: { !$0.help.isEmpty }) {
            let lines = shown.map { "  \($0.word.padded(toWidth: column))  \($0.help)".truncated(toWidth: width - 1) }
            return (lines + rest).joined(separator: "\n")
        }
        let columns = max(1, (width - 2) / (column + 2))
        let lines = stride(from: 0, to: shown.count, by: columns).map { row in
            "  "
                + shown[row..<min(row + columns, shown.count)].map { $0.word.padded(toWidth: column) }
                .joined(separator: "  ")
        }
        return (lines + rest).joined(separator: "\n")
    }
}
