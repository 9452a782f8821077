/// Colours that people with any kind of colour vision tell apart.
enum Palette {
    struct Colour: Hashable {
        let red, green, blue: UInt8

        var hex: String {
            "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }

        static let black = Colour(red: 0x22, green: 0x22, blue: 0x22)
        static let grey = Colour(red: 0xCC, green: 0xCC, blue: 0xCC)
        static let white = Colour(red: 255, green: 255, blue: 255)
    }

    /// Okabe and Ito, "Color universal design" (2008), darkest first, without yellow, which is faint on white.
    private static let lines = [
        Colour(red: 0, green: 114, blue: 178), Colour(red: 213, green: 94, blue: 0),
        Colour(red: 0, green: 158, blue: 115),
        Colour(red: 204, green: 121, blue: 167), Colour(red: 230, green: 159, blue: 0),
        Colour(red: 86, green: 180, blue: 233),
        Colour(red: 34, green: 34, blue: 34),
    ]

    static func line(_ index: Int) -> Colour { lines[index % lines.count] }

    /// Five points of viridis (van der Walt and Smith 2015), whose lightness rises evenly.
    private static let scale = [
        Colour(red: 68, green: 1, blue: 84), Colour(red: 59, green: 82, blue: 139),
        Colour(red: 33, green: 145, blue: 140),
        Colour(red: 94, green: 201, blue: 98), Colour(red: 253, green: 231, blue: 37),
    ]

    /// - Parameter place: 0 to 1; what is not finite is grey.
    static func scale(_ place: Double) -> Colour {
        guard place.isFinite else { return .grey }
        let position = min(max(place, 0), 1) * Double(scale.count - 1)
        let index = min(Int(position), scale.count - 2)
        let (low, high, share) = (scale[index], scale[index + 1], position - Double(index))
        func mixed(_ from: UInt8, _ to: UInt8) -> UInt8 {
            UInt8((Double(from) + (Double(to) - Double(from)) * share).rounded())
        }
        return Colour(
            red: mixed(low.red, high.red), green: mixed(low.green, high.green), blue: mixed(low.blue, high.blue))
    }
}
