import Foundation

/// 10,000 lines of every script, the same as Fixtures/tokenizers/lines.py makes.
enum MixedLines {
    static let all = lines(10_000, seed: 2026)
    static let folder =
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/tokenizers").path

    private static let sentences: [[Unicode.Scalar]] = {
        let text = (try? String(contentsOfFile: folder + "/sentences.txt", encoding: .utf8)) ?? ""
        return text.unicodeScalars.split(separator: "\n").map(Array.init)
    }()
    private static let scripts: [ClosedRange<UInt64>] = [
        0x20...0x7e, 0x20...0x7e, 0xa0...0x24f, 0x250...0x2ff, 0x300...0x36f, 0x370...0x3ff, 0x400...0x52f,
        0x530...0x58f, 0x590...0x5ff, 0x600...0x6ff, 0x700...0x7bf, 0x900...0x97f, 0x980...0x9ff, 0xa00...0xaff,
        0xb00...0xbff, 0xc00...0xcff, 0xd00...0xdff, 0xe00...0xeff, 0xf00...0xfff, 0x1000...0x109f,
        0x10a0...0x10ff, 0x1100...0x11ff, 0x1200...0x137f, 0x13a0...0x13ff, 0x1400...0x167f, 0x1680...0x17ff,
        0x1800...0x18af, 0x1ab0...0x1aff, 0x1e00...0x1eff, 0x1f00...0x1fff, 0x2000...0x206f, 0x2070...0x209f,
        0x20a0...0x20ff, 0x2100...0x218f, 0x2190...0x23ff, 0x2460...0x24ff, 0x2500...0x27bf, 0x2e80...0x2fdf,
        0x3000...0x303f, 0x3040...0x30ff, 0x3100...0x31ff, 0x3200...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
        0xa000...0xa4cf, 0xa640...0xa69f, 0xac00...0xd7a3, 0xe000...0xe0ff, 0xf900...0xfaff, 0xfb00...0xfdff,
        0xfe00...0xfe6f, 0xff00...0xffef, 0xfff0...0xffff, 0x10000...0x103ff, 0x10400...0x10fff,
        0x11000...0x11fff, 0x12000...0x12fff, 0x16000...0x16fff, 0x1d000...0x1d7ff, 0x1f000...0x1f2ff,
        0x1f300...0x1faff, 0x20000...0x2a6df, 0xe0000...0xe01ff, 0xf0000...0xf00ff, 0x0...0x1f, 0x7f...0x9f,
    ]
    private static let spaces: [UInt64] = [
        0x20, 0x20, 0x20, 0x09, 0x0a, 0x0d, 0x0b, 0x0c, 0x85, 0xa0, 0x1680, 0x2003, 0x200b, 0x2028, 0x2029, 0x202f,
        0x3000, 0x2581, 0xfeff,
    ]
    private static let emoji: [UInt64] = [
        0x1f468, 0x1f469, 0x1f467, 0x1f466, 0x2764, 0x1f3fd, 0x1f3fb, 0x200d, 0xfe0f, 0xfe0e, 0x1f1eb, 0x1f1f7, 0x31,
        0x20e3, 0x1f600, 0x2600, 0x1fae0, 0xe0067, 0xe007f,
    ]

    /// SplitMix64.
    private struct Generator {
        var state: UInt64

        mutating func below(_ count: Int) -> Int {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
            return Int((z ^ z >> 31) % UInt64(count))
        }

        mutating func of<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

        mutating func character(_ script: ClosedRange<UInt64>) -> Unicode.Scalar {
            scalar(script.lowerBound + UInt64(below(script.count)))
        }

        mutating func word() -> [Unicode.Scalar] {
            of(of(sentences).split(separator: " ", omittingEmptySubsequences: false).map(Array.init))
        }
    }

    private static func scalar(_ value: UInt64) -> Unicode.Scalar { Unicode.Scalar(UInt32(value)) ?? " " }

    private static func many(_ count: Int, _ part: () -> [Unicode.Scalar]) -> [Unicode.Scalar] {
        (0..<count).flatMap { _ in part() }
    }

    private static func line(_ random: inout Generator) -> [Unicode.Scalar] {
        switch random.below(10) {
        case 0: return random.of(sentences)
        case 1:
            return Array((0..<1 + random.below(12)).map { _ in random.word() }.joined(separator: [" "]))
        case 2: return many(random.below(8)) { random.word() + [scalar(random.of(spaces))] }
        case 3:
            let script = random.of(scripts)
            return many(1 + random.below(30)) { [random.character(script)] }
        case 4: return many(random.below(20)) { [random.character(random.of(scripts))] }
        case 5:
            return many(1 + random.below(12)) { [random.of(random.of(sentences)), random.character(0x300...0x36f)] }
        case 6: return many(1 + random.below(10)) { [scalar(random.of(emoji))] }
        case 7: return many(random.below(6)) { [scalar(random.of(spaces))] }
        case 8:
            let character = random.character(random.of(scripts))
            return Array(repeating: character, count: 1 + random.below(200))
        default:
            let text = random.of(sentences)
            let start = random.below(text.count)
            return text[start...].prefix(1 + random.below(20)).flatMap { $0.properties.uppercaseMapping.unicodeScalars }
        }
    }

    private static func lines(_ count: Int, seed: UInt64) -> [String] {
        func string(_ scalars: [Unicode.Scalar]) -> String { String(String.UnicodeScalarView(scalars)) }
        var random = Generator(state: seed)
        var result = (0..<count - 2).map { _ in string(line(&random)) }
        result.append(string(many(100_000) { [random.of(Array("etaoinshrdlu".unicodeScalars))] }))
        var text = ""
        while text.utf8.count < 100_000 { text += string(line(&random) + [" "]) }
        return result + [text]
    }
}
