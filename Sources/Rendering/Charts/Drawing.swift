/// A picture made of lines, areas and words, for formats that place them: SVG and pixels. Units are pixels, y downwards.
struct Drawing {
    enum Anchor: String {
        case start, middle, end
    }

    struct Point: Hashable {
        var x, y: Double

        init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
    }

    enum Shape {
        case lines([Point], Palette.Colour, width: Double)
        /// What a closed line surrounds.
        case shape([Point], Palette.Colour)
        case area(Point, width: Double, height: Double, Palette.Colour)
        case disc(Point, radius: Double, Palette.Colour)
        /// The point is on the base line of the text.
        case words(String, Point, size: Double, Anchor)

        func moved(right distance: Double) -> Shape {
            func moved(_ point: Point) -> Point { Point(point.x + distance, point.y) }
            return switch self {
            case .lines(let points, let colour, let width): .lines(points.map(moved), colour, width: width)
            case .shape(let points, let colour): .shape(points.map(moved), colour)
            case .area(let corner, let width, let height, let colour):
                .area(moved(corner), width: width, height: height, colour)
            case .disc(let centre, let radius, let colour): .disc(moved(centre), radius: radius, colour)
            case .words(let text, let place, let size, let anchor): .words(text, moved(place), size: size, anchor)
            }
        }
    }

    let width, height: Double
    private(set) var shapes: [Shape] = []
    /// What it shows, for those who do not see it.
    let title: String

    init(width: Double, height: Double, title: String) {
        (self.width, self.height, self.title) = (width, height, title)
    }

    mutating func add(_ shape: Shape) { shapes.append(shape) }

    /// The width of words, at most: what the strokes of pixels take; letters of proportional fonts take less.
    static func width(of text: String, size: Double) -> Double { Double(text.displayWidth) * columnWidth(size: size) }

    /// The beginning of words that fits.
    static func fitted(_ text: String, size: Double, width: Double) -> String {
        text.truncated(toWidth: max(1, Int(width / columnWidth(size: size))))
    }

    private static func columnWidth(size: Double) -> Double { StrokeFont.advance * StrokeFont.unit(size: size) }

    /// Drawings side by side.
    init?(_ parts: [Drawing]) {
        guard let first = parts.first else { return nil }
        if parts.count == 1 { self = first; return }
        self.init(
            width: parts.map(\.width).reduce(0, +), height: parts.map(\.height).max() ?? 0,
            title: parts.map(\.title).joined(separator: "; "))
        var left = 0.0
        for part in parts {
            shapes += part.shapes.map { $0.moved(right: left) }
            left += part.width
        }
    }

    /// Scalable Vector Graphics 1.1.
    var svg: String {
        let size =
            "width=\"\(number(width))\" height=\"\(number(height))\" viewBox=\"0 0 \(number(width)) \(number(height))\""
        let head =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) role=\"img\" font-family=\"sans-serif\" fill=\"#222222\">"
        let ground = "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
        return ([head, "<title>\(HTMLFormat.escaped(title))</title>", ground] + shapes.map(element) + ["</svg>"])
            .joined(separator: "\n")
    }

    private func element(_ shape: Shape) -> String {
        switch shape {
        case .lines(let points, let colour, let width):
            return
                "<polyline points=\"\(path(points))\" fill=\"none\" stroke=\"\(colour.hex)\" stroke-width=\"\(number(width))\"/>"
        case .shape(let points, let colour): return "<polygon points=\"\(path(points))\" fill=\"\(colour.hex)\"/>"
        case .area(let corner, let width, let height, let colour):
            return "<rect x=\"\(number(corner.x))\" y=\"\(number(corner.y))\" width=\"\(number(width))\" "
                + "height=\"\(number(height))\" fill=\"\(colour.hex)\"/>"
        case .disc(let centre, let radius, let colour):
            return "<circle cx=\"\(number(centre.x))\" cy=\"\(number(centre.y))\" r=\"\(number(radius))\" "
                + "fill=\"\(colour.hex)\" fill-opacity=\"0.8\"/>"
        case .words(let text, let place, let size, let anchor):
            return "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" font-size=\"\(number(size))\" "
                + "text-anchor=\"\(anchor.rawValue)\">\(HTMLFormat.escaped(text))</text>"
        }
    }

    private func path(_ points: [Point]) -> String {
        points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    /// At most two decimals.
    private func number(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}
