extension Source {
    /// The bytes of a literate recipe with every line outside ```` ```proclip ```` fences blanked, so that offsets and
    /// line numbers stay those of the file. A second value gives the last fence that nothing closes.
    static func fencedCode(_ bytes: [UInt8], lineStarts: [Int]) -> (code: [UInt8], openFence: Span?) {
        var code = bytes
        var open: Span?
        var isCode = false
        for (index, start) in lineStarts.enumerated() {
            let end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
            let line = trimmed(bytes[start..<end])
            let isFence = line.starts(with: "```".utf8)
            if isFence {
                isCode = open == nil && line.elementsEqual("```proclip".utf8)
                open = open == nil ? Span(start, start + line.count) : nil
            }
            if isFence || !isCode {
                for offset in start..<end { code[offset] = UInt8(ascii: " ") }
            }
        }
        return (code, isCode ? open : nil)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }
}
