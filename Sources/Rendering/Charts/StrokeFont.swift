internal import Foundation

/// Letters as strokes, for pictures of pixels, which have no fonts: digits, the letters of ASCII and its usual signs.
///
/// A letter is a list of strokes, a stroke a list of points, a point two digits: x from 0 to 4 and y from 0 (top of a
/// capital) over 6 (the base line) to 8.
enum StrokeFont {
    /// The strokes of a character in units of a sixth of the height of a capital; a frame for what is not known.
    static func strokes(of character: Character) -> [[Drawing.Point]] {
        let base = glyphs[character] == nil ? character.decomposed : character
        let text = glyphs[base] ?? "0006464000"
        return text.split(separator: " ").map { stroke in
            let digits = stroke.compactMap(\.wholeNumberValue).map(Double.init)
            return stride(from: 0, to: digits.count - 1, by: 2).map { Drawing.Point(digits[$0], digits[$0 + 1]) }
        }
    }

    /// From one letter to the next, in the same units.
    static let advance = 5.8

    /// The unit of letters of a size, whose capitals are seven tenths of it high.
    static func unit(size: Double) -> Double { size * 0.7 / 6 }

    private static let glyphs: [Character: String] = [
        " ": "", "0": "100115364541301001 0541", "1": "112026 1636", "2": "01103041420646",
        "3": "01103041423323 334445361605",
        "4": "3630044434", "5": "400002324345361605", "6": "413010010516364544331304", "7": "00404216",
        "8": "103041423313020110 3344453616050413", "9": "051636454130100102133342",
        "A": "062046 1434", "B": "00063645443303 0030414233", "C": "4130100105163645", "D": "0006264442200000",
        "E": "40000646 0333",
        "F": "400006 0333", "G": "413010010516364543 4323", "H": "0006 4046 0343", "I": "1030 2026 1636",
        "J": "3040 40453616 1605",
        "K": "0006 400346", "L": "000646", "M": "0600234046", "N": "06004640", "O": "103041453616050110",
        "P": "06003041423303", "Q": "100105163645413010 2446", "R": "06003041423303 2346",
        "S": "413010010213334445361605",
        "T": "0040 2026", "U": "000516364540", "V": "002640", "W": "0016233640", "X": "0046 4006", "Y": "002340 2326",
        "Z": "00400646", "a": "12324346 431404051636", "b": "0006 0312324345361605", "c": "4332120305163645",
        "d": "4046 4332120305163645", "e": "04444332120305163645", "f": "302126 1232",
        "g": "4332120305163645 4247381807",
        "h": "0006 0312324346", "i": "2226 2020", "j": "22271807 2020", "k": "0006 3204 1436", "l": "102026 1636",
        "m": "0602 0313232426 2433344346", "n": "0602 0312324346", "o": "123243453616050312",
        "p": "0208 0312324345361605",
        "q": "4248 4332120305163645", "r": "1216 14233242", "s": "4212031434453606", "t": "20253646 1242",
        "u": "02051636 454246",
        "v": "022642", "w": "0216243642", "x": "0246 4206", "y": "0226 4218", "z": "02420646", ".": "2626", ",": "2617",
        "-": "1343", "+": "1343 2224", "_": "0646", "/": "4006", "(": "30212536", ")": "10212516", ":": "2222 2626",
        "%": "4006 0011 3546", "=": "0242 0444", "@": "46160501103041443432 3222132434", "#": "1016 3036 0242 0444",
        "'": "2021",
        "<": "420446", ">": "024406", "*": "1135 3115 2125", "[": "30101636", "]": "10303616", "|": "2026",
        "!": "2024 2626",
        "?": "011030412324 2626", "~": "0312233443", "\"": "1012 3032", "&": "4612112031320405162644", "^": "122032",
        "`": "1021", "{": "30212213242536", "}": "10212233242516", ";": "2222 2617", "\\": "0046",
        "$": "413010010213334445361605 2027", "…": "0606 2626 4646", "–": "0343", "—": "0343", "×": "1335 1533",
        "·": "2323", "°": "1021123110", "’": "2021", "→": "0343 324334",
    ]
}

extension Character {
    /// The letter without the marks above and below it; the character itself where it has none.
    fileprivate var decomposed: Character {
        String(self).decomposedStringWithCanonicalMapping.unicodeScalars.first.map { Character($0) } ?? self
    }
}
