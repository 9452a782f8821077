internal import Foundation

/// Compares a kept output with a fresh one by value.
///
/// Frames, the marks of drawings and white space do not count. A number with a decimal point or an exponent may differ by
/// `tolerance` of its size, or by one unit of the last digit that is shown; whole numbers and words must be the same.
public struct OutputComparison: Sendable {
    /// Relative to the larger of two numbers.
    public static let usualTolerance = 1e-3

    public var tolerance: Double
    /// Whether only the form of tables counts, what a replay with other parameters has in common with the kept one: their order,
    /// heads and rows, the words in their cells, and where numbers stand, not which.
    public var onlyForms: Bool

    public init(tolerance: Double = usualTolerance, onlyForms: Bool = false) {
        (self.tolerance, self.onlyForms) = (tolerance, onlyForms)
    }

    /// The lines in which the two differ, `-` before those that were kept and `+` before the fresh ones; empty where they agree.
    public func differences(kept: String, fresh: String) -> [String] {
        let (kept, fresh) = (lines(kept), lines(fresh))
        let changes = fresh.difference(from: kept) { agree($0.pieces, $1.pieces) }
        var (removed, inserted): (Set<Int>, Set<Int>) = ([], [])
        for change in changes {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var (result, old, new): ([String], Int, Int) = ([], 0, 0)
        while old < kept.count || new < fresh.count {
            if removed.contains(old) {
                result.append("- " + kept[old].text)
                old += 1
            } else if inserted.contains(new) {
                result.append("+ " + fresh[new].text)
                new += 1
            } else {
                (old, new) = (old + 1, new + 1)
            }
        }
        return result
    }

    private struct Line {
        let text: String
        let pieces: [Piece]
    }

    private enum Piece: Equatable {
        case text(String)
        /// The value, and one unit of its last digit; nil for a whole number.
        case number(Double, unit: Double?)
    }

    private func agree(_ left: [Piece], _ right: [Piece]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { agree($0, $1) }
    }

    private func agree(_ left: Piece, _ right: Piece) -> Bool {
        guard case .number(let first, let firstUnit) = left, case .number(let second, let secondUnit) = right,
            onlyForms || firstUnit != nil || secondUnit != nil
        else { return left == right }
        if onlyForms { return true }
        let unit = max(firstUnit ?? 0, secondUnit ?? 0)
        let slack = max(tolerance * max(abs(first), abs(second)), unit * (1 + 1e-9))
        return first == second || abs(first - second) <= slack
    }

    private func lines(_ text: String) -> [Line] {
        text.split(separator: "\n").filter { !onlyForms || $0.hasPrefix("│") }.compactMap { line in
            let words = line.split { $0.isWhitespace || Self.isDrawing($0) }
            let pieces = words.flatMap { Self.pieces(Substring($0)) }
            return pieces.isEmpty ? nil : Line(text: String(line), pieces: pieces)
        }
    }

    /// Box drawing, blocks and braille patterns (Unicode blocks U+2500 to U+25FF and U+2800).
    private static func isDrawing(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy {
            (0x2500...0x25FF).contains($0.value) || (0x2800...0x28FF).contains($0.value)
        }
    }

    /// A word cut into numbers and what is between them. Digits behind a letter belong to a name, as in `recall@5` or `B16`.
    private static func pieces(_ word: Substring) -> [Piece] {
        var (pieces, text, rest): ([Piece], String, Substring) = ([], "", word)
        while let first = rest.first {
            let isInName = text.last.map { $0.isLetter || $0.isNumber || "_@".contains($0) } ?? false
            if !isInName, let match = rest.prefixMatch(of: /[-+]?\d+(\.\d+)?([eE][-+]?\d+)?/) {
                if !text.isEmpty { pieces.append(.text(text)) }
                text = ""
                pieces.append(number(match.output.0, decimals: match.output.1, exponent: match.output.2))
                rest = rest[match.range.upperBound...]
                // What follows at once is a name again: `64x64` is two numbers, `3rd` is not.
                if let next = rest.first, next.isLetter { text = String(rest.removeFirst()) }
            } else {
                text.append(first)
                rest.removeFirst()
            }
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        return pieces
    }

    private static func number(_ text: Substring, decimals: Substring?, exponent: Substring?) -> Piece {
        let value = Double(text) ?? 0
        guard decimals != nil || exponent != nil else { return .number(value, unit: nil) }
        let power = exponent.flatMap { Double($0.dropFirst()) } ?? 0
        return .number(value, unit: pow(10, power - Double(max(0, (decimals?.count ?? 0) - 1))))
    }
}
