public import Autodiff
public import Inputs
public import Layers

/// CLIP's text encoder E_T, a causal transformer (Radford et al., 2021): B texts -> features [B, D], not normalised.
///
/// A text's feature is taken at its end-of-text token, which has the highest id; what follows it changes nothing, so
/// a batch is padded to its longest text only.
public struct CLIPTextTransformer {
    public let configuration: Configuration
    /// [vocabularySize, width]
    private let tokenEmbedding: Parameter
    /// [contextLength, width]
    private let positionEmbedding: Parameter
    private let blocks: CLIPBlocks
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
        blocks = try CLIPBlocks(
            width: width, layers: configuration.layers, heads: configuration.heads, mlpWidth: configuration.mlpWidth,
            activation: configuration.activation, epsilon: configuration.epsilon, scope: scope)
        finalNorm = try LayerNorm(width: width, epsilon: configuration.epsilon, scope: scope["norm_final"])
        projection = try Linear(
            inputs: width, outputs: configuration.outputs, bias: false, scope: scope["projection"])
    }

    /// B texts of at most `contextLength` tokens -> features [B, D].
    public func callAsFunction(_ batch: TokenBatch, tape: Tape? = nil) -> Variable {
        let T = batch.tokenCount
        let words = Variable.embedding(
            table: tokenEmbedding(on: tape), ids: batch.ids, shape: [batch.batchSize, T])  // [B, T, width]
        let positions = Variable.embedding(
            table: positionEmbedding(on: tape), ids: Array(0..<Int32(T)), shape: [T])  // [T, width]
        let states = blocks(words.adding(broadcast: positions), mask: .causal)
        return projection(finalNorm(states.gatheringTokens(at: batch.endPositions)))
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

extension CLIPTextTransformer {
    /// The sizes of a text tower.
    public struct Configuration: Codable, Equatable, Sendable {
        public var vocabularySize: Int
        /// The most tokens of a text.
        public var contextLength: Int
        public var width: Int
        public var layers: Int
        /// The number of attention heads; it divides `width`.
        public var heads: Int
        public var mlpWidth: Int
        /// D, the width of the features.
        public var outputs: Int
        public var activation: Activation
        /// Of every norm.
        public var epsilon: Float

        /// `mlpWidth` nil is four times the width; vocabulary and context are CLIP's.
        public init(
            vocabularySize: Int = 49_408, contextLength: Int = 77, width: Int, layers: Int, heads: Int,
            mlpWidth: Int? = nil, outputs: Int, activation: Activation = .quickGELU, epsilon: Float = 1e-5
        ) {
            self.vocabularySize = vocabularySize
            self.contextLength = contextLength
            self.width = width
            self.layers = layers
            self.heads = heads
            self.mlpWidth = mlpWidth ?? 4 * width
            self.outputs = outputs
            self.activation = activation
            self.epsilon = epsilon
        }

        func validate() throws {
            try requirePositive(
                "the text tower",
                [
                    ("vocabularySize", vocabularySize), ("contextLength", contextLength), ("width", width),
                    ("layers", layers), ("heads", heads), ("mlpWidth", mlpWidth), ("outputs", outputs),
                ])
            try requireDivisor("heads", heads, of: "width", width)
        }
    }
}
