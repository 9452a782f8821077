/// Decoding of HTML character references as browsers do it (HTML Living Standard, section 13.2.5.72 and following).
enum HTMLEntities {
    /// What a name stands for.
    private struct Entity {
        let scalars: [Unicode.Scalar]
        /// Whether the name counts without a semicolon too, as old names do.
        let standsBare: Bool
    }

    /// The named references of the standard by name, read from the table when the first `&` is met.
    private static let entities: [String: Entity] = {
        var entities: [String: Entity] = [:]
        for line in table.split(separator: "\n") {
            for entry in line.split(separator: " ") {
                let parts = entry.split(whereSeparator: { $0 == "=" || $0 == ":" })
                let codePoints = parts[1].split(separator: "+").compactMap { UInt32($0, radix: 16) }
                entities[String(parts[0])] = Entity(
                    scalars: codePoints.compactMap(Unicode.Scalar.init), standsBare: entry.contains(":"))
            }
        }
        return entities
    }()

    /// Decodes every reference, without a semicolon too where the standard allows it ("&ampere" is "&ere").
    static func decoded(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        replacingReferences(in: text) { number($0, needsSemicolon: false) ?? longestName($0) }
    }

    /// Decodes only references that end in a semicolon, and small-letter names in capitals too ("&EACUTE;").
    static func decodedStrictly(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        replacingReferences(in: text) { number($0, needsSemicolon: true) ?? wholeName($0) }
    }

    private typealias Reference = (scalars: [Unicode.Scalar], length: Int)

    /// `find` is given what follows each `&`; nil leaves that `&` alone.
    private static func replacingReferences(
        in text: [Unicode.Scalar], find: (ArraySlice<Unicode.Scalar>) -> Reference?
    ) -> [Unicode.Scalar] {
        guard var position = text.firstIndex(of: "&") else { return text }
        var result = Array(text[..<position])
        while position < text.count {
            if text[position] == "&", let reference = find(text[(position + 1)...]) {
                result += reference.scalars
                position += 1 + reference.length
            } else {
                result.append(text[position])
                position += 1
            }
        }
        return result
    }

    private static func number(_ text: ArraySlice<Unicode.Scalar>, needsSemicolon: Bool) -> Reference? {
        guard text.first == "#" else { return nil }
        let isHexadecimal = text.dropFirst().first == "x" || text.dropFirst().first == "X"
        let prefix = isHexadecimal ? 2 : 1
        let radix: UInt32 = isHexadecimal ? 16 : 10
        var value: UInt32 = 0
        var length = prefix
        for scalar in text.dropFirst(prefix) {
            guard scalar.isASCII, let digit = Character(scalar).hexDigitValue, digit < radix else { break }
            value = min(value * radix + UInt32(digit), 0x11_0000)
            length += 1
        }
        guard length > prefix else { return nil }
        let semicolon = text.dropFirst(length).first == ";"
        let scalars = decoded(number: value)
        if needsSemicolon && (!semicolon || length > 25 || scalars == [";"]) { return nil }
        return (scalars, semicolon ? length + 1 : length)
    }

    /// What a number stands for: C1 controls are Windows-1252, surrogates and too large numbers U+FFFD, other control
    /// characters and non-characters nothing.
    private static func decoded(number: UInt32) -> [Unicode.Scalar] {
        guard number != 0, let scalar = Unicode.Scalar(number) else { return ["\u{fffd}"] }
        switch number {
        case 0x80...0x9f: return [Windows1252.scalar(for: scalar)]
        case 0x01...0x08, 0x0b, 0x0e...0x1f, 0x7f, 0xfdd0...0xfdef: return []
        default: return number & 0xfffe == 0xfffe ? [] : [scalar]
        }
    }

    private static func name(_ text: ArraySlice<Unicode.Scalar>) -> String {
        let letters = text.prefix(32).prefix { $0.isASCII && (Character($0).isLetter || Character($0).isNumber) }
        return String(String.UnicodeScalarView(letters))
    }

    private static func longestName(_ text: ArraySlice<Unicode.Scalar>) -> Reference? {
        let name = name(text)
        if text.dropFirst(name.count).first == ";", let entity = entities[name] {
            return (entity.scalars, name.count + 1)
        }
        for length in stride(from: name.count, to: 1, by: -1) {
            if let entity = entities[String(name.prefix(length))], entity.standsBare { return (entity.scalars, length) }
        }
        return nil
    }

    private static func wholeName(_ text: ArraySlice<Unicode.Scalar>) -> Reference? {
        let name = name(text)
        guard name.count <= 24, text.dropFirst(name.count).first == ";" else { return nil }
        if let entity = entities[name] { return (entity.scalars, name.count + 1) }
        let small = name.lowercased()
        guard name == name.uppercased(), let entity = entities[small], longestName(text) == nil else { return nil }
        return (entity.scalars.flatMap { Array($0.properties.uppercaseMapping.unicodeScalars) }, name.count + 1)
    }
}

/// The code page that web pages mean by C1 control characters.
enum Windows1252 {
    private static let upper: [Unicode.Scalar] = Array(
        "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ".unicodeScalars)

    /// The character at the place of a C1 control character; itself where the code page has none.
    static func scalar(for control: Unicode.Scalar) -> Unicode.Scalar { upper[Int(control.value) - 0x80] }
}
