internal import Foundation

/// How a terminal shows pictures.
public enum TerminalGraphics: Sendable {
    /// Kitty's protocol, sw.kovidgoyal.net/kitty/graphics-protocol.
    case kitty
    /// iTerm2's inline images, iterm2.com/documentation-images.html.
    case iTerm
    /// DEC's sixels (VT330/VT340 programmer reference manual, chapter 14).
    case sixel
    /// Upper half blocks in 24-bit colours: two pixels a character.
    case blocks

    /// The columns of a thumbnail; half as many lines are as high as it is wide.
    private static let columns = 16
    private static let lines = columns / 2
    private static let gap = 2

    /// Thumbnails side by side, as many as fit the width, each above its caption.
    func text(_ thumbnails: [Thumbnail], width: Int) -> String {
        let perRow = max(1, (width + Self.gap) / (Self.columns + Self.gap))
        return stride(from: 0, to: thumbnails.count, by: perRow).map { start in
            let row = Array(thumbnails[start..<min(start + perRow, thumbnails.count)])
            let captions = row.map {
                $0.caption.truncated(toWidth: Self.columns).padded(toWidth: Self.columns, .leading)
            }
            let gap = String(repeating: " ", count: Self.gap)
            return pictures(row) + "\n" + captions.joined(separator: gap)
        }.joined(separator: "\n")
    }

    private func pictures(_ row: [Thumbnail]) -> String {
        if self == .blocks {
            let pictures = row.map { blocks($0) }
            let gap = String(repeating: " ", count: Self.gap)
            return (0..<Self.lines).map { line in pictures.map { $0[line] }.joined(separator: gap) }
                .joined(separator: "\n")
        }
        // Room first: a picture that does not fit below the cursor would scroll the ones beside it away.
        let room = String(repeating: "\n", count: Self.lines) + "\u{1B}[\(Self.lines)A"
        let images = row.enumerated().map { index, thumbnail in
            "\u{1B}7\u{1B}[\(index * (Self.columns + Self.gap) + 1)G" + drawn(thumbnail) + "\u{1B}8"
        }
        return room + images.joined() + "\u{1B}[\(Self.lines)B"
    }

    /// The cells that a thumbnail fills, its ratio kept.
    private func cells(_ thumbnail: Thumbnail) -> (columns: Int, lines: Int) {
        let longer = max(thumbnail.width, thumbnail.height)
        return (
            max(1, Self.columns * thumbnail.width / longer), max(1, Self.lines * thumbnail.height / longer)
        )
    }

    private func drawn(_ thumbnail: Thumbnail) -> String {
        let (columns, lines) = cells(thumbnail)
        switch self {
        case .kitty:
            let text = Data(thumbnail.samples).base64EncodedString()
            let chunks = stride(from: 0, to: text.utf8.count, by: 4096).map { text.utf8.dropFirst($0).prefix(4096) }
            return chunks.enumerated().map { index, chunk in
                let head =
                    index == 0
                    ? "a=T,f=24,s=\(thumbnail.width),v=\(thumbnail.height),c=\(columns),r=\(lines),C=1,q=2," : ""
                return "\u{1B}_G\(head)m=\(index == chunks.count - 1 ? 0 : 1);\(String(chunk) ?? "")\u{1B}\\"
            }.joined()
        case .iTerm:
            let text = Data(thumbnail.jpeg).base64EncodedString()
            let size = "size=\(thumbnail.jpeg.count);width=\(columns);height=\(lines)"
            return "\u{1B}]1337;File=inline=1;\(size);preserveAspectRatio=1:\(text)\u{07}"
        case .sixel: return Sixel.text(thumbnail)
        case .blocks: return ""
        }
    }

    /// Lines of half blocks, each `columns` wide.
    private func blocks(_ thumbnail: Thumbnail) -> [String] {
        let (columns, lines) = cells(thumbnail)
        return (0..<Self.lines).map { line in
            guard line < lines else { return String(repeating: " ", count: Self.columns) }
            let cells = (0..<columns).map { column in
                let (upper, lower) = (
                    thumbnail.mean(column, line * 2, of: columns, lines * 2),
                    thumbnail.mean(column, line * 2 + 1, of: columns, lines * 2)
                )
                return "\u{1B}[38;2;\(upper)m\u{1B}[48;2;\(lower)m▀"
            }
            return cells.joined() + "\u{1B}[0m" + String(repeating: " ", count: Self.columns - columns)
        }
    }
}

extension Thumbnail {
    /// The mean colour of one field of a grid over the picture, as an escape sequence writes it.
    fileprivate func mean(_ column: Int, _ row: Int, of columns: Int, _ rows: Int) -> String {
        func range(_ index: Int, _ count: Int, _ size: Int) -> Range<Int> {
            let start = min(size - 1, index * size / count)
            return start..<max(start + 1, (index + 1) * size / count)
        }
        let (across, down) = (range(column, columns, width), range(row, rows, height))
        return (0..<3).map { channel in
            let sum = down.reduce(0) { sum, y in
                across.reduce(sum) { $0 + Int(samples[(y * width + $1) * 3 + channel]) }
            }
            return String(sum / (across.count * down.count))
        }.joined(separator: ";")
    }
}
