internal import Foundation

/// How captions are cleaned and compared.
enum CaptionText {
    /// White space folded, underscores read as spaces, ends trimmed.
    static func cleaned(_ text: String) -> String {
        text.replacingOccurrences(of: "_", with: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The form under which two captions count as the same: lower case, letters only, words in order. Digits fall away,
    /// so that `tree 1` and `tree 2` are one; empty where there is no letter.
    static func normalized(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter }.joined(separator: " ")
    }

    /// Words of a file name without extension: numbering and the (often cut) name of the author after the title removed.
    ///
    /// - `author`: the creator as the metadata name it; empty where unknown.
    static func title(ofFileName name: String, author: String) -> String {
        var words = name.split { "_- ".contains($0) }.map(String.init)
        // The library numbers its files with two digits; a single digit belongs to the name, as on a playing card.
        while let last = words.last, last.count > 1, last.allSatisfy(\.isNumber), words.count > 1 { words.removeLast() }
        let slug = author.lowercased().split { !$0.isLetter }.joined()
        // The author's name follows the title and may be cut anywhere: drop the longest tail that begins it.
        if slug.count >= 3 {
            for start in words.indices.dropFirst() {
                let tail = words[start...].joined().lowercased().filter(\.isLetter)
                if tail.count >= 3, slug.hasPrefix(tail) {
                    words.removeSubrange(start...)
                    break
                }
            }
        }
        let bare = words.map { word in
            let letters = String(word.reversed().drop { $0.isNumber }.reversed())
            return letters.isEmpty ? word : letters
        }
        return bare.joined(separator: " ").lowercased()
    }
}
