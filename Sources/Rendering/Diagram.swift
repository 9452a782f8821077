/// Columns of boxes that flow downwards and end in a common line, such as the two towers of a model.
public struct Diagram: Sendable, Hashable {
    public struct Box: Sendable, Hashable {
        public var lines: [String]
        /// What leaves it, written beside the line below.
        public var output: String

        public init(_ lines: [String], output: String) {
            self.lines = lines
            self.output = output
        }
    }

    public var columns: [[Box]]
    /// What the columns end in.
    public var joint: String

    public init(columns: [[Box]], joint: String) {
        self.columns = columns
        self.joint = joint
    }

    /// Drawn with lines, or with `+`, `-` and `|`.
    func text(isASCII: Bool = false) -> String {
        let pen = isASCII ? Pen.ascii : Pen.lines
        let drawn = columns.map { pen.column($0) }
        let height = drawn.map(\.count).max() ?? 0
        let widths = drawn.map { $0.first?.displayWidth ?? 0 }
        let rows = (0..<height).map { row in
            zip(drawn, widths).map { lines, width in
                row < lines.count ? lines[row] : pen.flow(width, "")
            }.joined(separator: Pen.gap)
        }
        // From the middle of the first column to the middle of the last.
        var (middles, start): ([Int], Int) = ([], 0)
        for width in widths {
            middles.append(start + width / 2)
            start += width + Pen.gap.count
        }
        guard let first = middles.first, let last = middles.last else { return joint }
        let bar = (first...last).map { place -> String in
            if place == first { return last == first ? pen.vertical : pen.fromTop }
            if place == last { return pen.toTop }
            return place == (first + last) / 2 ? pen.fork : middles.contains(place) ? pen.merge : pen.horizontal
        }.joined()
        let indent = max(0, (first + last) / 2 - joint.displayWidth / 2)
        let lines = rows + [String(repeating: " ", count: first) + bar, String(repeating: " ", count: indent) + joint]
        return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
    }

    private struct Pen {
        static let gap = "   "
        let horizontal, vertical, fork, merge, fromTop, toTop: String
        let upper, lower: (left: String, right: String)

        static let lines = Pen(
            horizontal: "─", vertical: "│", fork: "┬", merge: "┴", fromTop: "└", toTop: "┘", upper: ("┌", "┐"),
            lower: ("└", "┘"))
        static let ascii = Pen(
            horizontal: "-", vertical: "|", fork: "+", merge: "+", fromTop: "+", toTop: "+", upper: ("+", "+"),
            lower: ("+", "+"))

        /// The boxes of a column, each with what leaves it, all lines of one width.
        func column(_ boxes: [Box]) -> [String] {
            let inner =
                boxes.map { box in
                    max(box.lines.map(\.displayWidth).max() ?? 0, 2 * box.output.displayWidth + 4)
                }.max() ?? 0
            let width = inner + 4
            let (left, right) = (dashes(width / 2 - 1), dashes(width - width / 2 - 2))
            return boxes.flatMap { box -> [String] in
                let content = box.lines.map { vertical + " " + $0.padded(toWidth: inner) + " " + vertical }
                let top = upper.left + dashes(width - 2) + upper.right
                let bottom = lower.left + left + fork + right + lower.right
                return [top] + content + [bottom, flow(width, box.output)]
            }
        }

        private func dashes(_ count: Int) -> String { String(repeating: horizontal, count: count) }

        /// The line between two boxes.
        func flow(_ width: Int, _ label: String) -> String {
            (String(repeating: " ", count: width / 2) + vertical + " " + label).padded(toWidth: width)
        }
    }
}
