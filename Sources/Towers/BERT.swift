public import Autodiff
public import Inputs
public import Layers
internal import Foundation
internal import Tensors

/// What distinguishes the published encoders of BERT's family: one stack of blocks serves them all.
public struct BERTConfiguration: Equatable, Sendable {
    public var width: Int
    public var layers: Int
    public var heads: Int
    public var mlpWidth: Int
    public var vocabularySize: Int
    /// Rows of the table of positions.
    public var positions: Int
    /// The row of a text's first token: RoBERTa's positions begin behind the number of its padding.
    public var firstPosition = 0
    /// Kinds of token, of which every token here is the first; 0 for a network without them.
    public var typeCount: Int
    public var epsilon: Float
    public var activation: Activation
    /// Distances that have a bias of their own in every score (MPNet), in buckets; nil for none.
    public var distanceBuckets: Int?

    /// The most tokens of a text.
    public var maximumLength: Int { positions - firstPosition }
}

/// The encoder of BERT (Devlin et al., 2019, arXiv 1810.04805), RoBERTa (arXiv 1907.11692) and MPNet (arXiv 2004.09297).
public struct BERT: TokenEncoder {
    public let configuration: BERTConfiguration
    private let words: TokenEmbedding
    /// [positions, width]
    private let positions: Parameter
    /// [typeCount, width]
    private let types: Parameter?
    /// [buckets, H]
    private let distances: Parameter?
    private let norm: LayerNorm
    private let blocks: [TransformerBlock]

    /// Parameters `embeddings/words`, `embeddings/positions`, `embeddings/types`, `embeddings/norm`, `distances` and
    /// `blocks/N`. Throws what the source throws.
    public init(_ configuration: BERTConfiguration, scope: ParameterScope) throws {
        let (width, embeddings) = (configuration.width, scope["embeddings"])
        self.configuration = configuration
        words = try TokenEmbedding(count: configuration.vocabularySize, width: width, scope: embeddings["words"])
        func table(_ scope: ParameterScope, _ name: String, _ rows: Int, _ columns: Int) throws -> Parameter {
            try scope.parameter(name, [rows, columns], .normal(deviation: 0.02))
        }
        positions = try table(embeddings, "positions", configuration.positions, width)
        types = configuration.typeCount == 0 ? nil : try table(embeddings, "types", configuration.typeCount, width)
        distances = try configuration.distanceBuckets.map { try table(scope, "distances", $0, configuration.heads) }
        norm = try LayerNorm(width: width, epsilon: configuration.epsilon, scope: embeddings["norm"])
        let block = TransformerBlock.Configuration(
            width: width, heads: configuration.heads, mlpWidth: configuration.mlpWidth,
            activation: configuration.activation, epsilon: configuration.epsilon,
            style: TransformerBlock.Style(normalizesAfter: true))
        blocks = try scope["blocks"].stack(of: configuration.layers) { try TransformerBlock(block, scope: $0) }
    }

    public var width: Int { configuration.width }

    public var padsTexts: Bool { true }

    public func callAsFunction(_ batch: TokenBatch, tape: Tape? = nil) -> TokenStates {
        let (B, T) = (batch.batchSize, batch.tokenCount)
        let first = Int32(configuration.firstPosition)
        var x = words(batch.ids, shape: [B, T], tape: tape)  // [B, T, D]
        x = x.adding(
            broadcast: .embedding(table: positions(on: tape), ids: (0..<Int32(T)).map { first + $0 }, shape: [T]))
        if let types {
            x = x.adding(broadcast: Variable.embedding(table: types(on: tape), ids: [0], shape: []).reshaped([width]))
        }
        let bias = distances.map { distanceBias($0.value, tokens: T) }
        x = norm(x)
        for block in blocks { x = x.passed { block($0, mask: .lengths(batch.lengths), bias: bias) } }
        return TokenStates(padded: x.reshaped([B * T, width]), tokens: T, lengths: batch.lengths)
    }

    /// What each score is increased by: [H, T, T].
    private func distanceBias(_ table: Tensor, tokens T: Int) -> Tensor {
        let (buckets, heads) = (table.shape[0], table.shape[1])
        let rows = (1 - T..<max(T, 1)).map { Self.bucket(distance: $0, of: buckets) }
        let result = Tensor(uninitialized: [heads, T, T])
        for head in 0..<heads {
            for (query, key) in (0..<T).flatMap({ query in (0..<T).map { (query, $0) } }) {
                result.data[(head * T + query) * T + key] = table.data[rows[key - query + T - 1] * heads + head]
            }
        }
        return result
    }

    /// The bucket of a key that lies `distance` behind its query: half of them for either side, of which half are exact
    /// and the others widen logarithmically up to 128 tokens (Raffel et al., 2020, arXiv 1910.10683, section 2.1).
    static func bucket(distance: Int, of buckets: Int) -> Int {
        let half = buckets / 2
        let exact = half / 2
        let side = distance > 0 ? half : 0
        let length = abs(distance)
        if length < exact { return side + length }
        let share = log(Float(length) / Float(exact)) / log(128 / Float(exact))
        return side + min(half - 1, exact + Int(share * Float(half - exact)))
    }
}
