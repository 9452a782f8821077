extension Source {
    /// A fenced block of Markdown (CommonMark 0.31, section 4.5, backticks only): a line of at least three backticks and a
    /// word, lines, and a line of at least as many backticks.
    struct Fence {
        /// What stands behind the backticks, such as `proclip`.
        let word: String
        /// The line that opens it, without its line end.
        let opening: Span
        /// From behind the opening line to the line that closes it.
        let content: Span
        /// Behind the closing line; nil where nothing closes it.
        let end: Int?
    }

    /// The word of the fences that hold statements, and of those that hold what they answered.
    public static let (statementFence, outputFence) = ("proclip", "output")

    static func fences(_ bytes: [UInt8], lineStarts: [Int]) -> [Fence] {
        var fences: [Fence] = []
        var open: (word: String, ticks: Int, opening: Span)?
        for (index, start) in lineStarts.enumerated() {
            let next = index + 1 < lineStarts.count ? lineStarts[index + 1] : bytes.count
            let line = trimmed(bytes[start..<next])
            let ticks = line.prefix { $0 == UInt8(ascii: "`") }.count
            guard ticks >= 3 else { continue }
            if let (word, openTicks, opening) = open {
                guard ticks >= openTicks, ticks == line.count else { continue }
                let content = Span(min(opening.end + 1, start), start)
                fences.append(Fence(word: word, opening: opening, content: content, end: next))
                open = nil
            } else {
                let word = String(decoding: line.dropFirst(ticks), as: UTF8.self)
                open = (word, ticks, Span(start, start + line.count))
            }
        }
        if let (word, _, opening) = open {
            fences.append(
                Fence(
                    word: word, opening: opening, content: Span(min(opening.end + 1, bytes.count), bytes.count),
                    end: nil))
        }
        return fences
    }

    /// The bytes of a literate recipe with everything outside its fences of statements blanked, so that offsets and line
    /// numbers stay those of the file.
    static func code(_ bytes: [UInt8], in fences: [Fence]) -> [UInt8] {
        var code = bytes
        var offset = 0
        func blank(upTo end: Int) {
            for place in offset..<max(offset, end) where code[place] != UInt8(ascii: "\n") {
                code[place] = UInt8(ascii: " ")
            }
        }
        for fence in fences where fence.word == statementFence {
            blank(upTo: fence.content.start)
            offset = fence.content.end
        }
        blank(upTo: bytes.count)
        return code
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, last.isWhiteSpace { line.removeLast() }
        return line
    }
}
