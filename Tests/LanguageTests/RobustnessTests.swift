import Foundation
import Testing

@testable import Language

/// No input crashes or hangs the parser: random bytes, mutated recipes, deep nesting, long lines.
@Suite struct RobustnessTests {
    static let recipe = """
        # quickstart.pcl
        param epochs=4 "passes over the pairs in stage 2"
        load clip pico-clip as teacher
        load pairs ./Weights/data/pictures.h5 split=train sets=[emoji, openclipart] as train
        for l in [0, 2e-4, 4e-4, 1e-3]
            tune s1 data=train lambda=$l epochs=($epochs * 2) as "run${l}"
            if r.emoji.acc1 >= mean($l, 0.5) - 1 ; print 'x' ; else ; print "a\\n$l" ; end
        end
        assert not (r.image_retrieval_recall@5 < 0.1 or r.cka == 1..4) and max(r.a, 1) > -2
        save proclip ./out/${l}.h5
        """

    /// How often each of the tests is repeated: `make fuzz` gives ten million inputs in all.
    static let rounds = ProcessInfo.processInfo.environment["PROCLIP_FUZZ"].flatMap(Int.init) ?? 1

    /// Small and seeded; Knuth's MMIX constants.
    struct Randomness: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// Parses; what parses prints, and what is printed parses to the same print.
    func exercise(_ text: String) {
        let outcome = Parser.parse(Source(name: "fuzz.pcl", text: text))
        switch outcome {
        case .complete(let statements):
            let printed = statements.map(\.canonical).joined(separator: "\n")
            guard case .complete(let again) = Parser.parse(Source(name: "fuzz.pcl", text: printed)) else {
                Issue.record("does not parse back: \(printed)\nfrom: \(text)")
                return
            }
            #expect(again.map(\.canonical).joined(separator: "\n") == printed)
        case .incomplete(let diagnostic), .failed(let diagnostic):
            #expect(diagnostic.rendered().count < 2000)
        }
        _ = CursorContext.at(endOf: text)
        let page = Source(name: "fuzz.md", text: text)
        for source in [page, Source(name: "fuzz.pcl", text: text)] {
            // New outputs in the place of the old ones leave the statements as they are.
            let without = source.replacing(source.groups.map { ($0.place, "") })
            let isComplete = Parser.parse(Source(name: source.name, text: without)).isComplete
            #expect(isComplete || !Parser.parse(source).isComplete)
            #expect(source.prose.allSatisfy { !$0.text.isEmpty || $0.beginsCell })
        }
        _ = Parser.parse(Source(name: "In", text: text, prompt: "In [1]: "))
    }

    @Test func randomBytes() {
        var random = Randomness(state: 1)
        for _ in 0..<4000 * Self.rounds {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            exercise(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func randomPieces() {
        let pieces = [
            "let", "for", "if", "end", "else", "in", "as", "assert", "param", "x", "k=", "=", "1", "..", "2.5", "-",
            "+", "(", ")",
            "[", "]", ",", ";", "\n", " ", " ", " ", "'", "\"", "\\", "$", "$k", "${k}", "./p", "a.b", "==", "<", "not",
            "and",
            "max(", "#", "é", "\t", "true", "%", "1e400", "```proclip\n", "\n```\n", "\n```output\n", "\n#> ", "%time ",
        ]
        var random = Randomness(state: 2)
        for _ in 0..<12000 * Self.rounds {
            let count = Int.random(in: 0...24, using: &random)
            exercise((0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined())
        }
    }

    @Test func mutatedRecipes() {
        var random = Randomness(state: 3)
        let bytes = Array(Self.recipe.utf8)
        for _ in 0..<3000 * Self.rounds {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<mutated.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: mutated[at] = UInt8.random(in: 0...255, using: &random)
                case 1: mutated.remove(at: at)
                case 2: mutated.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: at)
                default: mutated.removeSubrange(at..<min(mutated.count - 1, at + 9))
                }
                if mutated.isEmpty { mutated = [32] }
            }
            exercise(String(decoding: mutated, as: UTF8.self))
        }
    }

    @Test(arguments: [
        ("x ", "[", ""), ("x ", "(", ""), ("assert ", "not ", ""), ("assert ", "-", "1"), ("assert 1", " + 1", ""),
        ("", "if true\n", ""), ("assert ", "max(", ""), ("x ", "aaaaaaaaaa", " ="), ("assert 1 < ", "2 + (", ""),
        ("é", "\u{301}", ""), ("x ", "\"a\" ", ""), ("x ", "$k", ""), ("", ";\n", ""), ("x [", "1, ", "2]"),
    ])
    func depthAndLengthAreBounded(head: String, unit: String, tail: String) {
        let elapsed = ContinuousClock().measure { exercise(head + String(repeating: unit, count: 100_000) + tail) }
        #expect(elapsed < .seconds(5))
    }
}

extension Parser.Outcome {
    fileprivate var isComplete: Bool { if case .complete = self { true } else { false } }
}
