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
