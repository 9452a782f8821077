import Autodiff
import Tensors
import TestSupport
import Testing

/// Values and all gradients against PyTorch in float64, odd sizes, masks and duplicate rows included.
@Suite struct ParityTests {
    let fixture: Fixture
    init() throws { fixture = try Fixture("operations") }

    @Test func arithmetic() throws {
        try expectParity(fixture, "add") { $0["a"]! + $0["b"]! }
        try expectParity(fixture, "subtract") { $0["a"]! - $0["b"]! }
        try expectParity(fixture, "scale") { $0["x"]!.scaled(by: -0.7) }
        try expectParity(fixture, "scaleByVariable") { $0["x"]!.scaled(by: $0["s"]!) }
        try expectParity(fixture, "square") { $0["x"]!.squared() }
        try expectParity(fixture, "smoothL1") { $0["x"]!.smoothL1(beta: 0.5) }
        try expectParity(fixture, "sum") { $0["x"]!.sum() }
        try expectParity(fixture, "mean") { $0["x"]!.mean() }
        try expectParity(fixture, "product") { $0["a"]! * $0["b"]! }
        try expectParity(fixture, "rowProduct") { $0["x"]!.multiplied(byRow: $0["f"]!) }
        try expectParity(fixture, "repeated") { $0["x"]!.repeated(3) }
        try expectParity(fixture, "broadcast") { $0["x"]!.adding(broadcast: $0["p"]!) }
    }

    @Test func gradientsOfAllUsesAddUp() throws {
        try expectParity(fixture, "reuse") { inputs in
            let x = inputs["x"]!
            return (x + x.scaled(by: 0.5) + x.squared()).reshaped([5, 3])
        }
    }

    @Test(arguments: ["linear", "linearOne", "linearNoBias"]) func linear(name: String) throws {
        try expectParity(fixture, name) { $0["x"]!.linear(weight: $0["w"]!, bias: $0["b"]) }
    }

    @Test(arguments: ["layerNorm", "layerNormRow", "layerNormThree"]) func layerNorm(name: String) throws {
        try expectParity(fixture, name) { $0["x"]!.layerNorm(weight: $0["w"]!, bias: $0["b"]!, epsilon: 1e-5) }
    }

    @Test func activations() throws {
        try expectParity(fixture, "gelu") { $0["x"]!.gelu() }
        try expectParity(fixture, "quickGELU") { $0["x"]!.quickGELU() }
        try expectParity(fixture, "tanhGELU") { $0["x"]!.tanhGELU() }
        try expectParity(fixture, "silu") { $0["x"]!.silu() }
        try expectParity(fixture, "softmax") { $0["x"]!.softmax() }
        try expectParity(fixture, "softmaxOne") { $0["x"]!.softmax() }
    }

    @Test(arguments: [
        ("attention", 2, AttentionMask.none), ("attentionOne", 3, .none), ("attentionCausal", 1, .causal),
        ("attentionLengths", 4, .lengths([7, 1, 4])),
    ])
    func attention(name: String, heads: Int, mask: AttentionMask) throws {
        try expectParity(fixture, name) {
            .attention(query: $0["query"]!, key: $0["key"]!, value: $0["value"]!, heads: heads, mask: mask)
        }
    }

    /// Another number of queries than keys.
    @Test func attentionOfFewQueries() throws {
        try expectParity(fixture, "attentionPooled") {
            .attention(query: $0["query"]!, key: $0["key"]!, value: $0["value"]!, heads: 3, mask: .none)
        }
    }

    @Test func rotation() throws {
        let rotation = GridRotation(side: 3, trainedSide: 5, headWidth: 8, skipped: 1)
        try expectParity(fixture, "rotated") { $0["x"]!.rotated(by: rotation) }
    }

    @Test func rows() throws {
        try expectParity(fixture, "normalize") { $0["x"]!.l2Normalized() }
        try expectParity(fixture, "normalizeZero") { $0["x"]!.l2Normalized() }
    }

    /// Near duplicates: a difference of 1e-4 between float32 rows has about 3 digits left.
    @Test(arguments: [("distances", 1e-5), ("distancesDuplicates", 1e-4), ("distancesOne", 1e-5)] as [(String, Float)])
    func distances(name: String, relative: Float) throws {
        try expectParity(fixture, name, Tolerance(relative: relative)) { $0["x"]!.pairwiseDistances() }
    }

    @Test(arguments: ["infoNCE", "infoNCETwo", "infoNCEDuplicates"]) func infoNCE(name: String) throws {
        try expectParity(fixture, name) { .infoNCE(image: $0["image"]!, text: $0["text"]!, logitScale: $0["scale"]!) }
    }

    @Test func tokens() throws {
        try expectParity(fixture, "embedding") {
            .embedding(table: $0["table"]!, ids: [3, 0, 3, 10, 3, 1], shape: [2, 3])
        }
        try expectParity(fixture, "gatheringTokens") { $0["x"]!.gatheringTokens(at: [4, 0, 2]) }
        try expectParity(fixture, "meanPooled") {
            $0["x"]!.reshaped([3 * 5, $0["x"]!.shape[2]]).pooled(
                [0..<5, 5..<6, 10..<13].map { tokens in tokens.map { ($0, 1 / Float(tokens.count)) } })
        }
        try expectParity(fixture, "prepending") { $0["x"]!.prepending(token: $0["token"]!) }
        try expectParity(fixture, "patches") {
            .patches(of: $0["x"]!, size: 2).linear(weight: $0["w"]!.reshaped([5, 12]), bias: nil)
        }
    }
}
