import Autodiff
import Tensors
import TestSupport
import Testing

/// What language models need besides: against PyTorch in float64, and against finite differences.
@Suite struct DecoderOperationTests {
    let fixture: Fixture
    init() throws { fixture = try Fixture("decoder-operations") }

    private static let attentions: [(String, GroupedAttention, [Int])] = [
        ("grouped", GroupedAttention(heads: 6, keyHeads: 2), [7, 4]),
        ("groupedBidirectional", GroupedAttention(heads: 4, keyHeads: 4, isCausal: false), [7, 3]),
        ("groupedWindow", GroupedAttention(heads: 4, keyHeads: 1, scale: 0.4, window: 3), [9, 6]),
        (
            "groupedWindowBidirectional", GroupedAttention(heads: 2, keyHeads: 1, isCausal: false, window: 4), [9, 6]
        ),
        ("groupedCap", GroupedAttention(heads: 4, keyHeads: 2, cap: 1.5, window: 4), [6, 1]),
    ]

    private func normal(_ shapes: [String: Shape]) -> [String: Tensor] {
        Dictionary(
            uniqueKeysWithValues: shapes.map { name, shape in
                var generator = RandomGenerator(seed: 1, stream: name)
                return (name, Tensor.normal(shape, using: &generator))
            })
    }

    @Test(arguments: 0..<5) func groupedAttention(index: Int) throws {
        let (name, form, lengths) = Self.attentions[index]
        try expectParity(fixture, name) {
            .attention(query: $0["query"]!, key: $0["key"]!, value: $0["value"]!, form, lengths: lengths)
        }
    }

    /// Eight query heads on one key head are cut into blocks of 32 tokens; with a copy of the key head for each of them
    /// a sequence is one block.
    @Test(arguments: [
        GroupedAttention(heads: 8, keyHeads: 1), GroupedAttention(heads: 8, keyHeads: 1, cap: 1.5, window: 20),
        GroupedAttention(heads: 8, keyHeads: 1, isCausal: false, window: 40),
    ])
    func blocksMakeNoDifference(form: GroupedAttention) {
        let (lengths, E) = ([75, 50], 4)
        let values = normal(["q": [125, 8 * E], "k": [125, E], "v": [125, E], "weights": [125, 8 * E]])
        func copied(_ x: Tensor) -> Tensor {
            Tensor(
                (0..<125).flatMap { row in (0..<8).flatMap { _ in x.rows(row..<row + 1).values } }, shape: [125, 8 * E])
        }
        func run(_ k: Tensor, _ v: Tensor, keyHeads: Int) -> (result: Tensor, gradients: [Tensor]) {
            let form = GroupedAttention(
                heads: 8, keyHeads: keyHeads, cap: form.cap, isCausal: form.isCausal, window: form.window)
            let tape = Tape()
            let leaves = [values["q"]!, k, v].enumerated().map { tape.leaf($1, path: "\($0)") }
            let result = Variable.attention(query: leaves[0], key: leaves[1], value: leaves[2], form, lengths: lengths)
            let gradients = tape.gradients(of: result, seed: values["weights"]!)
            return (result.value, (0..<3).map { gradients["\($0)"]! })
        }
        let found = run(values["k"]!, values["v"]!, keyHeads: 1)
        let wanted = run(copied(values["k"]!), copied(values["v"]!), keyHeads: 8)
        expectClose(found.result, wanted.result, "result")
        expectClose(found.gradients[0], wanted.gradients[0], "query")
        for index in 1...2 {
            let heads = wanted.gradients[index].values
            let sums = (0..<125 * E).map { place in
                (0..<8).reduce(Float(0)) { $0 + heads[place / E * 8 * E + $1 * E + place % E] }
            }
            expectClose(found.gradients[index], Tensor(sums, shape: [125, E]), "key or value")
        }
    }

    @Test func normsAndActivations() throws {
        try expectParity(fixture, "rmsNorm") { $0["x"]!.rmsNorm(weight: $0["w"]!, epsilon: 1e-6) }
        try expectParity(fixture, "rmsNormHeads") { $0["x"]!.rmsNorm(weight: $0["w"]!, epsilon: 1e-6) }
        try expectParity(fixture, "product") { $0["a"]! * $0["b"]! }
        try expectParity(fixture, "tanhGELU") { $0["x"]!.tanhGELU() }
        try expectParity(fixture, "silu") { $0["x"]!.silu() }
    }

    @Test(arguments: [("rotary", false), ("rotaryInterleaved", true)])
    func rotary(name: String, isInterleaved: Bool) throws {
        let angles = RotaryAngles(tokens: 6, frequencies: [1, 0.5, 0.1, 0.01], isInterleaved: isInterleaved)
        try expectParity(fixture, name) { $0["x"]!.rotated(by: angles, lengths: [5, 1, 3]) }
    }

    @Test func gradientsAgreeWithDifferences() {
        for cap in [nil, 1.5] as [Float?] {
            let form = GroupedAttention(heads: 4, keyHeads: 2, cap: cap, window: 2)
            checkGradient("grouped", normal(["q": [5, 8], "k": [5, 4], "v": [5, 4]])) {
                .attention(query: $0["q"]!, key: $0["k"]!, value: $0["v"]!, form, lengths: [3, 2])
            }
        }
        checkGradient("rms norm", normal(["x": [3, 16], "w": [8]])) {
            $0["x"]!.rmsNorm(weight: $0["w"]!, epsilon: 1e-6)
        }
        checkGradient("product", normal(["a": [7], "b": [7]])) { $0["a"]! * $0["b"]! }
        checkGradient("tanh gelu", normal(["x": [31]])) { $0["x"]!.tanhGELU() }
        checkGradient("silu", normal(["x": [31]])) { $0["x"]!.silu() }
        checkGradient("gate", normal(["x": [31], "f": [31]])) { $0["x"]!.tanhGELU(times: $0["f"]!) }
        let angles = RotaryAngles(tokens: 3, frequencies: [1, 0.3])
        checkGradient("rotary", normal(["x": [4, 8]])) { $0["x"]!.rotated(by: angles, lengths: [3, 1]) }
        let weight = normal(["w": [7, 5]])["w"]!.converted(to: .bfloat16)
        checkGradient("packed linear", normal(["x": [2, 3, 5], "b": [7]])) {
            $0["x"]!.linear(packed: weight, bias: $0["b"]!)
        }
    }
}
