/// Pictures in DEC's sixels: bands of six lines, in each of them one pass a colour. Six levels a channel.
enum Sixel {
    private static let levels = 6

    static func text(_ thumbnail: Thumbnail) -> String {
        let (width, height) = (thumbnail.width, thumbnail.height)
        let colours = (0..<width * height).map { pixel in
            (0..<3).reduce(0) { index, channel in
                index * levels + (Int(thumbnail.samples[pixel * 3 + channel]) * (levels - 1) + 127) / 255
            }
        }
        let palette = Set(colours).sorted().map { colour in
            let parts = [colour / (levels * levels), colour / levels % levels, colour % levels]
            return "#\(colour);2;" + parts.map { String($0 * 100 / (levels - 1)) }.joined(separator: ";")
        }
        let bands = stride(from: 0, to: height, by: 6).map { top in
            let lines = top..<min(top + 6, height)
            let used = Set(lines.flatMap { colours[$0 * width..<($0 + 1) * width] }).sorted()
            return used.map { colour in
                let columns = (0..<width).map { column in
                    lines.reduce(0) { bits, line in
                        bits | (colours[line * width + column] == colour ? 1 << (line - top) : 0)
                    }
                }
                return "#\(colour)" + runs(columns)
            }.joined(separator: "$")
        }
        return "\u{1B}P0;1;0q\"1;1;\(width);\(height)" + palette.joined() + bands.joined(separator: "-") + "\u{1B}\\"
    }

    /// Columns of six bits as characters, more than three of the same as a count.
    private static func runs(_ columns: [Int]) -> String {
        var result = ""
        var start = 0
        while start < columns.count {
            var end = start
            while end < columns.count, columns[end] == columns[start] { end += 1 }
            let sign = String(UnicodeScalar(UInt8(63 + columns[start])))
            result += end - start > 3 ? "!\(end - start)\(sign)" : String(repeating: sign, count: end - start)
            start = end
        }
        return result
    }
}
