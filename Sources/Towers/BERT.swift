public import Autodiff
public import Inputs
public import Layers

/// The extents of a BERT encoder, as its `config.json` states them.
public struct BERTConfiguration: Codable, Equatable, Sendable {
    public let width: Int
    public let layers: Int
    public let heads: Int
    public let mlpWidth: Int
    public let vocabularySize: Int
    public let maximumLength: Int
    public let typeCount: Int
    public let epsilon: Float
    public let activation: String

    enum CodingKeys: String, CodingKey {
        case width = "hidden_size"
        case layers = "num_hidden_layers"
        case heads = "num_attention_heads"
        case mlpWidth = "intermediate_size"
        case vocabularySize = "vocab_size"
        case maximumLength = "max_position_embeddings"
        case typeCount = "type_vocab_size"
        case epsilon = "layer_norm_eps"
        case activation = "hidden_act"
    }
}

/// The encoder of BERT (Devlin et al., 2019, arXiv 1810.04805): token ids [B, T] -> states [B, T, width].
public struct BERT {
    /// [V, width]
    private let words: Parameter
    /// [maximumLength, width]
    private let positions: Parameter
    /// [typeCount, width]; every token here is of type 0
    private let types: Parameter
    private let norm: LayerNorm
    private let blocks: [TransformerBlock]

    /// Parameters `embeddings/words`, `embeddings/positions`, `embeddings/types`, `embeddings/norm` and `blocks/N`.
    public init(configuration: BERTConfiguration, scope: ParameterScope) throws {
        let (width, embeddings) = (configuration.width, scope["embeddings"])
        func table(_ name: String, _ rows: Int) throws -> Parameter {
            try embeddings.parameter(name, [rows, width], .normal(deviation: 0.02))
        }
        words = try table("words", configuration.vocabularySize)
        positions = try table("positions", configuration.maximumLength)
        types = try table("types", configuration.typeCount)
        norm = try LayerNorm(width: width, epsilon: configuration.epsilon, scope: embeddings["norm"])
        let block = TransformerBlock.Configuration(
            width: width, heads: configuration.heads, mlpWidth: configuration.mlpWidth, activation: .gelu,
            epsilon: configuration.epsilon, style: TransformerBlock.Style(normalizesAfter: true))
        blocks = try scope["blocks"].stack(of: configuration.layers) { try TransformerBlock(block, scope: $0) }
    }

    public func callAsFunction(_ batch: TokenBatch, tape: Tape? = nil) -> Variable {
        func table(_ parameter: Parameter) -> Variable {
            tape?.leaf(parameter.value, path: parameter.path) ?? Variable(parameter.value)
        }
        let (B, T) = (batch.batchSize, batch.tokenCount)
        let ids = Variable.embedding(table: table(words), ids: batch.ids, shape: [B, T])  // [B, T, D]
        let order = Variable.embedding(table: table(positions), ids: (0..<Int32(T)).map { $0 }, shape: [T])  // [T, D]
        let type = Variable.embedding(table: table(types), ids: [0], shape: []).reshaped([types.value.shape[1]])  // [D]
        var x = norm(ids.adding(broadcast: order).adding(broadcast: type))
        for block in blocks { x = block(x, mask: .lengths(batch.lengths)) }
        return x
    }
}
