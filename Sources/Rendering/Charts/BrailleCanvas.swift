/// Dots in characters: each braille pattern (Unicode block U+2800) holds two by four.
struct BrailleCanvas {
    let columns, rows: Int
    private var dots: [UInt8]
    /// Which line was drawn last in a character.
    private var owners: [Int?]

    init(columns: Int, rows: Int) {
        (self.columns, self.rows) = (columns, rows)
        dots = Array(repeating: 0, count: columns * rows)
        owners = Array(repeating: nil, count: columns * rows)
    }

    var width: Int { columns * 2 }
    var height: Int { rows * 4 }

    /// Sets a dot; those outside do not exist.
    mutating func set(_ x: Int, _ y: Int, owner: Int) {
        guard x >= 0, y >= 0, x < width, y < height else { return }
        let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        let cell = (y / 4) * columns + x / 2
        dots[cell] |= bits[y % 4][x % 2]
        owners[cell] = owner
    }

    /// The mark of a line's points where there are no colours.
    static func mark(_ line: Int) -> Character {
        let marks: [Character] = ["o", "x", "+", "*", "#", "%", "@"]
        return marks[line % marks.count]
    }

    /// Sets the dots between two, ends included.
    mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), owner: Int) {
        let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
        for step in 0...steps {
            let share = Double(step) / Double(steps)
            set(
                start.x + Int((Double(end.x - start.x) * share).rounded()),
                start.y + Int((Double(end.y - start.y) * share).rounded()), owner: owner)
        }
    }

    /// A row of characters, each run of one line's in its colour where colours are wanted.
    /// - `usesMarks`: show characters in which there are dots by the marks of their lines instead.
    func row(_ row: Int, colours: ColourDepth, usesMarks: Bool = false) -> String {
        let usesColour = colours != .none
        var text = ""
        var current: Int?
        for column in 0..<columns {
            let cell = row * columns + column
            let owner = dots[cell] == 0 ? nil : owners[cell]
            if usesColour, owner != current { text += owner.map { Palette.escape($0, colours) } ?? Palette.reset }
            current = owner
            if let owner, usesMarks, !usesColour {
                text.append(BrailleCanvas.mark(owner))
                continue
            }
            let pattern = dots[cell] == 0 ? nil : Unicode.Scalar(UInt16(0x2800) + UInt16(dots[cell]))
            text.unicodeScalars.append(pattern ?? " ")
        }
        return text + (usesColour && current != nil ? Palette.reset : "")
    }
}

/// How many colours a terminal has.
public enum ColourDepth: Sendable {
    case none
    /// Those of ANSI, which are whatever the user has made of them.
    case sixteen
    /// 256 and more.
    case many
}

extension Palette {
    static let reset = "\u{1B}[0m"

    /// The colour of a line out of the 256 of xterm, or the nearest that every terminal has.
    static func escape(_ line: Int, _ colours: ColourDepth) -> String {
        let (many, few) = ([32, 166, 36, 175, 214, 74, 246], [94, 31, 32, 35, 33, 36, 39])
        let code = colours == .many ? "38;5;\(many[line % many.count])" : "\(few[line % few.count])"
        return "\u{1B}[\(code)m"
    }

    /// The nearest colour of xterm's cube to that of the scale, as a background.
    static func background(_ place: Double) -> String {
        let colour = scale(place)
        // The levels of the cube are 0, 95, 135, 175, 215, 255.
        func level(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }
        let code = 16 + 36 * level(colour.red) + 6 * level(colour.green) + level(colour.blue)
        return "\u{1B}[48;5;\(code)m"
    }
}
