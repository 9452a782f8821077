import Language

extension String {
    /// The text in lines of at most `width` columns, broken where spaces are; later lines begin with `indent` spaces.
    /// - `breaksWords`: break words that are wider than a line; else they stand out, so that a path can be copied.
    public func wrapped(toWidth width: Int, indent: Int = 0, breaksWords: Bool = false) -> [String] {
        guard width > 0, displayWidth > width else { return [self] }
        let lead = String(repeating: " ", count: min(indent, width / 2))
        var lines: [String] = []
        var rest = self[...]
        while !rest.isEmpty {
            let begin = lines.isEmpty ? "" : lead
            let end = Self.lineEnd(of: rest, columns: width - begin.count, breaksWords: breaksWords)
            var line = begin + rest[..<end]
            while line.last == " " { line.removeLast() }
            lines.append(line)
            rest = rest[end...].drop { $0 == " " }
        }
        return lines
    }

    /// Where the first line of a text ends: the last space that fits behind a word, else the end of the first word.
    private static func lineEnd(of text: Substring, columns: Int, breaksWords: Bool) -> Index {
        var (used, hasWord) = (0, false)
        var end: Index?
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            if character == " ", hasWord {
                if used > columns { return end ?? index }
                end = index
            }
            used += DisplayWidth.of(character)
            hasWord = hasWord || character != " "
            if used > columns {
                if let end { return end }
                if breaksWords, index > text.startIndex { return index }
            }
            index = text.index(after: index)
        }
        return index
    }
}
