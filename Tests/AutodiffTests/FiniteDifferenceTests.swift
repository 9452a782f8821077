import Autodiff
import Tensors
import TestSupport
import Testing

/// Every operation's gradient against central differences of its own value.
@Suite struct FiniteDifferenceTests {
    private func normal(_ shapes: [String: Shape], seed: UInt64 = 1) -> [String: Tensor] {
        Dictionary(
            uniqueKeysWithValues: shapes.map { name, shape in
                var generator = RandomGenerator(seed: seed, stream: name)
                return (name, Tensor.normal(shape, using: &generator))
            })
    }

    @Test func arithmetic() {
        checkGradient("add", normal(["a": [3, 5], "b": [3, 5]])) { $0["a"]! + $0["b"]! }
        checkGradient("subtract", normal(["a": [3, 5], "b": [3, 5]])) { $0["a"]! - $0["b"]! }
        checkGradient("scale", normal(["x": [7]])) { $0["x"]!.scaled(by: 1.5) }
        checkGradient("scale by variable", normal(["x": [7], "s": []])) { $0["x"]!.scaled(by: $0["s"]!) }
        checkGradient("square", normal(["x": [7]])) { $0["x"]!.squared() }
        checkGradient("smooth L1", normal(["x": [31]])) { $0["x"]!.smoothL1(beta: 1) }
        checkGradient("sum", normal(["x": [3, 5]])) { $0["x"]!.sum() }
        checkGradient("mean", normal(["x": [3, 5]])) { $0["x"]!.mean() }
        checkGradient("broadcast", normal(["x": [2, 3, 5], "p": [3, 5]])) { $0["x"]!.adding(broadcast: $0["p"]!) }
        checkGradient("reshape", normal(["x": [2, 3]])) { $0["x"]!.reshaped([3, 2]).squared() }
    }

    @Test func layers() {
        checkGradient("linear", normal(["x": [2, 3, 5], "w": [7, 5], "b": [7]])) {
            $0["x"]!.linear(weight: $0["w"]!, bias: $0["b"]!)
        }
        checkGradient("layer norm", normal(["x": [3, 17], "w": [17], "b": [17]])) {
            $0["x"]!.layerNorm(weight: $0["w"]!, bias: $0["b"]!, epsilon: 1e-5)
        }
        checkGradient("gelu", normal(["x": [31]])) { $0["x"]!.gelu() }
        checkGradient("quick gelu", normal(["x": [31]])) { $0["x"]!.quickGELU() }
        checkGradient("softmax", normal(["x": [3, 17]])) { $0["x"]!.softmax() }
    }

    @Test(arguments: [AttentionMask.none, .causal, .lengths([1, 3])]) func attention(mask: AttentionMask) {
        checkGradient("attention", normal(["q": [2, 3, 4], "k": [2, 3, 4], "v": [2, 3, 4]])) {
            .attention(query: $0["q"]!, key: $0["k"]!, value: $0["v"]!, heads: 2, mask: mask)
        }
    }

    @Test func embeddings() {
        checkGradient("normalize", normal(["x": [3, 17]])) { $0["x"]!.l2Normalized() }
        checkGradient("distances", normal(["x": [5, 17]])) { $0["x"]!.pairwiseDistances() }
        checkGradient("infoNCE", normal(["i": [5, 7], "t": [5, 7], "s": []])) {
            .infoNCE(image: $0["i"]!.l2Normalized(), text: $0["t"]!.l2Normalized(), logitScale: $0["s"]!)
        }
        checkGradient("embedding", normal(["t": [5, 3]])) { .embedding(table: $0["t"]!, ids: [4, 0, 4], shape: [3]) }
    }

    @Test func tokens() {
        checkGradient("gather", normal(["x": [2, 3, 5]])) { $0["x"]!.gatheringTokens(at: [2, 0]) }
        checkGradient("pool", normal(["x": [6, 5]])) { $0["x"]!.pooled([[(0, 0.5), (2, 2)], [(4, -1)]]) }
        checkGradient("max pool", normal(["x": [6, 5]]), step: 1e-3) { $0["x"]!.maxPooled([0..<3, 2..<5]) }
        checkGradient("prepend", normal(["x": [2, 3, 5], "t": [5]])) { $0["x"]!.prepending(token: $0["t"]!) }
        checkGradient("patches", normal(["x": [1, 3, 4, 6]])) { .patches(of: $0["x"]!, size: 2) }
    }
}
