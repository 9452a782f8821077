extension Chart {
    private static let (width, height) = (720.0, 400.0)
    private static let size = 13.0

    /// Axes with round numbers, a legend where there is more than one line, and the lines.
    var drawing: Drawing {
        let (xs, ys) = axes
        let ticks = ys.ticks.map(ys.text)
        let left = (ticks.map { Drawing.width(of: $0, size: Self.size) }.max() ?? 0) + 20
        let names = lines.map { Drawing.fitted($0.name, size: Self.size, width: Self.width / 3) }
        let legend = lines.count > 1 ? (names.map { Drawing.width(of: $0, size: Self.size) }.max() ?? 0) + 40 : 20
        let frame = Frame(
            left: left, top: 56, right: Self.width - legend, bottom: Self.height - 48, xs: xs, ys: ys)
        var drawing = Drawing(width: Self.width, height: Self.height, title: title)
        drawing.add(
            .words(Drawing.fitted(title, size: 15, width: Self.width - left), Drawing.Point(left, 20), size: 15, .start)
        )
        drawing.add(.words(yAxis, Drawing.Point(10, 40), size: Self.size, .start))
        drawing.add(
            .words(xAxis, Drawing.Point((frame.left + frame.right) / 2, Self.height - 10), size: Self.size, .middle))
        for (tick, text) in zip(ys.ticks, ticks) {
            let y = frame.y(tick)
            drawing.add(.lines([Drawing.Point(frame.left, y), Drawing.Point(frame.right, y)], .grey, width: 0.5))
            drawing.add(.words(text, Drawing.Point(frame.left - 6, y + 4), size: Self.size, .end))
        }
        for tick in xs.ticks {
            let x = frame.x(tick)
            drawing.add(
                .lines([Drawing.Point(x, frame.bottom), Drawing.Point(x, frame.bottom + 5)], .black, width: 1))
            drawing.add(.words(xs.text(tick), Drawing.Point(x, frame.bottom + 20), size: Self.size, .middle))
        }
        drawing.add(
            .lines(
                [Drawing.Point(frame.left, frame.bottom), Drawing.Point(frame.right, frame.bottom)], .black, width: 1))
        let drawn = Array((style == .stacked ? piles : lines).enumerated())
        // The highest pile first, so that none is hidden.
        for (index, line) in style == .stacked ? drawn.reversed() : drawn {
            draw(line, index, in: frame, &drawing)
            guard lines.count > 1 else { continue }
            let y = frame.top + 8 + Double(index) * 20
            drawing.add(
                .area(Drawing.Point(frame.right + 12, y - 6), width: 14, height: 8, Palette.line(index)))
            drawing.add(.words(names[index], Drawing.Point(frame.right + 32, y + 2), size: Self.size, .start))
        }
        return drawing
    }

    private struct Frame {
        let left, top, right, bottom: Double
        let xs, ys: Axis

        func x(_ value: Double) -> Double { left + xs.place(value) * (right - left) }
        func y(_ value: Double) -> Double { bottom - ys.place(value) * (bottom - top) }
        func point(_ x: Double, _ y: Double) -> Drawing.Point { Drawing.Point(self.x(x), self.y(y)) }
    }

    private func draw(_ line: Line, _ index: Int, in frame: Frame, _ drawing: inout Drawing) {
        let colour = Palette.line(index)
        let points = zip(line.x, line.y).filter { $0.isFinite && $1.isFinite }
        switch style {
        case .line:
            // A value that is not finite leaves a gap.
            let pieces = zip(line.x, line.y).split { !($0.isFinite && $1.isFinite) }
            for piece in pieces {
                drawing.add(.lines(piece.map { frame.point($0, $1) }, colour, width: 1.5))
            }
        case .stacked:
            guard let first = points.first, let last = points.last else { return }
            let feet = [Drawing.Point(frame.x(last.0), frame.y(0)), Drawing.Point(frame.x(first.0), frame.y(0))]
            drawing.add(.shape(points.map { frame.point($0, $1) } + feet, colour))
        case .points:
            for (x, y) in points { drawing.add(.disc(frame.point(x, y), radius: 2.5, colour)) }
        case .bars:
            let room = (frame.right - frame.left) / Double(max(1, points.count + 1))
            let share = room * 0.9 / Double(lines.count)
            for (x, y) in points {
                let start = frame.x(x) - room * 0.45 + Double(index) * share
                let (top, foot) = (frame.y(max(y, 0)), frame.y(min(y, 0)))
                drawing.add(.area(Drawing.Point(start, top), width: share, height: foot - top, colour))
            }
        }
    }
}
