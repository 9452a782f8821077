public import Autodiff
public import Inputs
public import Layers

/// The decoder of a language model without its head: normalised last states. The tokens of a batch's texts stand one behind
/// the other, [R, width], without padding.
public struct Decoder: TokenEncoder {
    public let configuration: DecoderConfiguration
    private let words: TokenEmbedding
    private let blocks: [DecoderBlock]
    private let norm: RMSNorm

    /// Parameters `embeddings/words`, `blocks/N` and `norm`. Throws what the source throws.
    public init(_ configuration: DecoderConfiguration, scope: ParameterScope) throws {
        self.configuration = configuration
        words = try TokenEmbedding(
            count: configuration.vocabularySize, width: configuration.width, scope: scope["embeddings"]["words"])
        var layer = 0
        blocks = try scope["blocks"].stack(of: configuration.layers) { scope in
            defer { layer += 1 }
            return try DecoderBlock(configuration, isSliding: configuration.slidingLayers.contains(layer), scope: scope)
        }
        norm = try RMSNorm(width: configuration.width, epsilon: configuration.epsilon, scope: scope["norm"])
    }

    public var width: Int { configuration.width }

    public var padsTexts: Bool { false }

    public func callAsFunction(_ batch: TokenBatch, tape: Tape? = nil) -> TokenStates {
        let (tokens, width) = (batch.tokenCount, configuration.headWidth)
        let everywhere = configuration.rotary.angles(tokens: tokens, width: width)
        let sliding = configuration.windowRotary?.angles(tokens: tokens, width: width) ?? everywhere
        let ids = (0..<batch.batchSize).flatMap { batch[$0] }
        var x = words(ids, shape: [ids.count], tape: tape)  // [R, D]
        if configuration.embeddingScale != 1 { x = x.scaled(by: configuration.embeddingScale) }
        for block in blocks {
            x = x.passed { block($0, block.isSliding ? sliding : everywhere, lengths: batch.lengths) }
        }
        return TokenStates(norm(x), lengths: batch.lengths)
    }
}

/// A block of a language model: [R, width] -> [R, width].
struct DecoderBlock {
    let norm1: RMSNorm
    let query: Linear
    let key: Linear
    let value: Linear
    let queryNorm: RMSNorm?
    let keyNorm: RMSNorm?
    let output: Linear
    let postNorm1: RMSNorm?
    let norm2: RMSNorm
    let gate: Linear
    let up: Linear
    let down: Linear
    let postNorm2: RMSNorm?
    let activation: Activation
    let attention: GroupedAttention
    let isSliding: Bool

    /// Parameters `norm1`, `attention/query`, `key`, `value`, `output`, `query_norm`, `key_norm`, `post_norm1`, `norm2`,
    /// `mlp/gate`, `up`, `down` and `post_norm2`.
    init(_ configuration: DecoderConfiguration, isSliding: Bool, scope: ParameterScope) throws {
        let (width, E) = (configuration.width, configuration.headWidth)
        func norm(_ scope: ParameterScope, width: Int) throws -> RMSNorm {
            try RMSNorm(width: width, epsilon: configuration.epsilon, scope: scope)
        }
        func projection(_ name: String, heads: Int) throws -> Linear {
            try Linear(
                inputs: width, outputs: heads * E, bias: configuration.hasProjectionBias,
                scope: scope["attention"][name])
        }
        func inner(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Linear {
            try Linear(inputs: inputs, outputs: outputs, bias: configuration.hasInnerBias, scope: scope["mlp"][name])
        }
        norm1 = try norm(scope["norm1"], width: width)
        query = try projection("query", heads: configuration.heads)
        key = try projection("key", heads: configuration.keyHeads)
        value = try projection("value", heads: configuration.keyHeads)
        queryNorm = configuration.hasHeadNorms ? try norm(scope["attention"]["query_norm"], width: E) : nil
        keyNorm = configuration.hasHeadNorms ? try norm(scope["attention"]["key_norm"], width: E) : nil
        output = try Linear(
            inputs: configuration.heads * E, outputs: width, bias: configuration.hasOutputBias,
            scope: scope["attention"]["output"])
        postNorm1 = configuration.hasPostNorms ? try norm(scope["post_norm1"], width: width) : nil
        norm2 = try norm(scope["norm2"], width: width)
        gate = try inner("gate", width, configuration.mlpWidth)
        up = try inner("up", width, configuration.mlpWidth)
        down = try inner("down", configuration.mlpWidth, width)
        postNorm2 = configuration.hasPostNorms ? try norm(scope["post_norm2"], width: width) : nil
        activation = configuration.activation
        attention = GroupedAttention(
            heads: configuration.heads, keyHeads: configuration.keyHeads, scale: configuration.attentionScale,
            cap: configuration.attentionCap, isCausal: configuration.isCausal,
            window: isSliding ? configuration.window : nil)
        self.isSliding = isSliding
    }

    func callAsFunction(_ x: Variable, _ angles: RotaryAngles, lengths: [Int]) -> Variable {
        let input = norm1(x)
        let (q, k) = (query(input), key(input))  // [R, H·E], [R, K·E]
        let found = Variable.attention(
            query: (queryNorm?(q) ?? q).rotated(by: angles, lengths: lengths),
            key: (keyNorm?(k) ?? k).rotated(by: angles, lengths: lengths),
            value: value(input), attention, lengths: lengths)
        let added = output(found)
        let attended = x + (postNorm1?(added) ?? added)
        let second = norm2(attended)
        let inner = down(activation(gate(second), times: up(second)))
        return attended + (postNorm2?(inner) ?? inner)
    }
}
