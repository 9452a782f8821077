/// A drawing as pixels.
public struct Raster: Sendable {
    public let width, height: Int
    /// RGB, row-major: `width` x `height` x 3
    public private(set) var samples: [UInt8]
    private let scale: Double

    /// - `scale`: pixels a unit.
    init(_ drawing: Drawing, scale: Double = 2) {
        (width, height) = (Int((drawing.width * scale).rounded(.up)), Int((drawing.height * scale).rounded(.up)))
        self.scale = scale
        samples = Array(repeating: 255, count: width * height * 3)
        for shape in drawing.shapes { draw(shape) }
    }

    private mutating func draw(_ shape: Drawing.Shape) {
        switch shape {
        case .lines(let points, let colour, let width):
            for (start, end) in zip(points, points.dropFirst()) { line(start, end, colour, width: width) }
        case .shape(let points, let colour): fill(points, colour)
        case .area(let corner, let width, let height, let colour):
            let (left, right) = (corner.x * scale, (corner.x + width) * scale)
            let (top, bottom) = (corner.y * scale, (corner.y + height) * scale)
            each(left, top, right, bottom, colour) { x, y in
                let across = min(right, x + 0.5) - max(left, x - 0.5)
                return max(0, across) * max(0, min(bottom, y + 0.5) - max(top, y - 0.5))
            }
        case .disc(let centre, let radius, let colour):
            line(centre, centre, colour, width: radius * 2)
        case .words(let text, let place, let size, let anchor):
            let unit = StrokeFont.unit(size: size)
            let width = Double(text.count) * StrokeFont.advance * unit
            let start = place.x - (anchor == .start ? 0 : anchor == .middle ? width / 2 : width)
            for (index, character) in text.enumerated() {
                let left = start + Double(index) * StrokeFont.advance * unit
                for stroke in StrokeFont.strokes(of: character) {
                    let points = stroke.map { Drawing.Point(left + $0.x * unit, place.y + ($0.y - 6) * unit) }
                    draw(.lines(points, .black, width: size / 12))
                }
            }
        }
    }

    /// What a closed line surrounds, a row of pixels at a time.
    private mutating func fill(_ points: [Drawing.Point], _ colour: Palette.Colour) {
        guard let first = points.first, let top = points.map(\.y).min(), let bottom = points.map(\.y).max() else {
            return
        }
        let edges = zip(points, points.dropFirst() + [first])
        let (upper, lower) = (max(0, Int(top * scale)), min(height - 1, Int(bottom * scale)))
        guard upper <= lower else { return }
        for row in upper...lower {
            let y = (Double(row) + 0.5) / scale
            let crossings = edges.filter { ($0.y <= y) != ($1.y <= y) }
                .map { ($0.x + (y - $0.y) / ($1.y - $0.y) * ($1.x - $0.x)) * scale }.sorted()
            for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
                let (left, right) = (crossings[pair], crossings[pair + 1])
                each(left, Double(row) + 0.5, right, Double(row) + 0.5, colour) { x, middle in
                    Int(middle) == row ? max(0, min(1, min(right, x + 0.5) - max(left, x - 0.5))) : 0
                }
            }
        }
    }

    /// A stroke with round ends.
    private mutating func line(
        _ start: Drawing.Point, _ end: Drawing.Point, _ colour: Palette.Colour, width: Double
    ) {
        let (ax, ay, bx, by) = (start.x * scale, start.y * scale, end.x * scale, end.y * scale)
        let reach = width * scale / 2
        let (dx, dy) = (bx - ax, by - ay)
        let length = dx * dx + dy * dy
        each(min(ax, bx) - reach, min(ay, by) - reach, max(ax, bx) + reach, max(ay, by) + reach, colour) { x, y in
            let along = length > 0 ? min(1, max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0
            let (px, py) = (x - ax - along * dx, y - ay - along * dy)
            return min(1, max(0, reach + 0.5 - (px * px + py * py).squareRoot()))
        }
    }

    /// Mixes a colour into the pixels of a box, each as far as it is covered; `cover` is given the middle of a pixel.
    private mutating func each(
        _ left: Double, _ top: Double, _ right: Double, _ bottom: Double, _ colour: Palette.Colour,
        cover: (Double, Double) -> Double
    ) {
        let (first, last) = (max(0, Int(left) - 1), min(width - 1, Int(right) + 1))
        let (upper, lower) = (max(0, Int(top) - 1), min(height - 1, Int(bottom) + 1))
        guard first <= last, upper <= lower else { return }
        for row in upper...lower {
            for column in first...last {
                let share = cover(Double(column) + 0.5, Double(row) + 0.5)
                guard share > 0 else { continue }
                let pixel = (row * width + column) * 3
                for (channel, value) in [colour.red, colour.green, colour.blue].enumerated() {
                    let old = Double(samples[pixel + channel])
                    samples[pixel + channel] = UInt8((old + (Double(value) - old) * share).rounded())
                }
            }
        }
    }
}
