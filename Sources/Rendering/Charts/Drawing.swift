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
        case area(Point, width: Double, height: Double, Palette.Colour)
        case disc(Point, radius: Double, Palette.Colour)
        /// The point is on the base line of the text.
        case words(String, Point, size: Double, Anchor)
    }

    let width, height: Double
    private(set) var shapes: [Shape] = []
    /// What it shows, for those who do not see it.
    let title: String

    init(width: Double, height: Double, title: String) {
        (self.width, self.height, self.title) = (width, height, title)
    }

    mutating func add(_ shape: Shape) { shapes.append(shape) }

    /// The width of words, about.
    static func width(of text: String, size: Double) -> Double { Double(text.displayWidth) * size * 0.6 }

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
            let path = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
            return
                "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(colour.hex)\" stroke-width=\"\(number(width))\"/>"
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

    /// At most two decimals.
    private func number(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}
