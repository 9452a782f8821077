public import Autodiff
public import Inputs
public import Layers

/// CLIP's text encoder E_T, a causal transformer (Radford et al., 2021): B texts -> features [B, D], not normalised.
///
/// A text's feature is taken at its end-of-text token, which has the highest id; what follows it changes nothing, so
/// a batch is padded to its longest text only. SigLIP's is not causal and takes the last token, so its tokenizer pads
/// every text to the full context.
public struct CLIPTextTransformer {
    public let configuration: Configuration
    /// [vocabularySize, width]
    private let tokenEmbedding: Parameter
    /// [contextLength, width]
    private let positionEmbedding: Parameter
    private let blocks: TransformerStack
    private let finalNorm: LayerNorm
    private let projection: Linear

    /// Parameters `token_embedding`, `position_embedding`, `blocks/0...`, `norm_final` and `projection`.
    /// Throws a `ConfigurationError` where the sizes do not fit each other, and what the source throws.
    ///
    /// Fresh weights have CLIP's deviations: 0.02 for tokens, 0.01 for positions, `width^-0.5` for the projection.
    public init(configuration: Configuration, scope: ParameterScope) throws {
        try configuration.validate()
        self.configuration = configuration
        let width = configuration.width
        tokenEmbedding = try scope.parameter(
            "token_embedding", [configuration.vocabularySize, width], .normal(deviation: 0.02))
        positionEmbedding = try scope.parameter(
            "position_embedding", [configuration.contextLength, width], .normal(deviation: 0.01))
        let block = TransformerBlock.Configuration(
            width: width, heads: configuration.heads, mlpWidth: configuration.mlpWidth,
            activation: configuration.activation, epsilon: configuration.epsilon)
        blocks = try TransformerStack(block, layers: configuration.layers, scope: scope)
        finalNorm = try LayerNorm(width: width, epsilon: configuration.epsilon, scope: scope["norm_final"])
        projection = try Linear(
            inputs: width, outputs: configuration.outputs, bias: configuration.style.hasProjectionBias,
            scope: scope["projection"])
    }

    /// B texts of at most `contextLength` tokens -> features [B, D].
    public func callAsFunction(_ batch: TokenBatch, tape: Tape? = nil) -> Variable {
        let T = batch.tokenCount
        let words = Variable.embedding(
            table: tokenEmbedding(on: tape), ids: batch.ids, shape: [batch.batchSize, T])  // [B, T, width]
        let positions = Variable.embedding(
            table: positionEmbedding(on: tape), ids: Array(0..<Int32(T)), shape: [T])  // [T, width]
        let states = blocks(words.adding(broadcast: positions), mask: configuration.style.isCausal ? .causal : .none)
        let ends =
            configuration.style.pooling == .last
            ? [Int](repeating: T - 1, count: batch.batchSize) : batch.endPositions
        return projection(finalNorm(states.gatheringTokens(at: ends)))
    }
}

extension TokenBatch {
    /// Where the highest id of each text stands first: the end-of-text token.
    fileprivate var endPositions: [Int] {
        (0..<batchSize).map { row in
            let tokens = self[row]
            let end = tokens.max().flatMap { tokens.firstIndex(of: $0) } ?? tokens.startIndex
            return end - tokens.startIndex
        }
    }
}
