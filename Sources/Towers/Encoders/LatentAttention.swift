public import Autodiff
public import Inputs
public import Layers
internal import Tensors

/// A decoder whose states look up a table of trained vectors, as NV-Embed has it (Lee et al., 2024, arXiv 2405.17428,
/// section 3.1.1): the mean of what its tokens find is a text's embedding.
public struct LatentAttention: TokenEncoder {
    /// The sizes of the table and of the heads that read it.
    public struct Configuration: Equatable, Sendable {
        public var latents: Int
        public var width: Int
        public var heads: Int
        public var headWidth: Int
    }

    private let decoder: Decoder
    /// [N, width]
    private let latents: Parameter
    private let norm1: LayerNorm
    private let contextNorm: LayerNorm
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let output: Linear
    private let heads: Int
    private let norm2: LayerNorm
    private let mlp: FeedForward

    /// Parameters of the decoder, and below `latent_attention`: `latents`, `norm1`, `context_norm`, `attention/query`, `key`,
    /// `value`, `output`, `norm2` and `mlp`. Throws what the source throws.
    public init(_ configuration: Configuration, decoder: Decoder, scope: ParameterScope) throws {
        let (width, inner) = (decoder.width, configuration.heads * configuration.headWidth)
        let (scope, own) = (scope["latent_attention"], configuration.width)
        func projection(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Linear {
            try Linear(inputs: inputs, outputs: outputs, bias: false, scope: scope["attention"][name])
        }
        self.decoder = decoder
        heads = configuration.heads
        latents = try scope.parameter("latents", [configuration.latents, own], .normal(deviation: 1))
        norm1 = try LayerNorm(width: width, scope: scope["norm1"])
        contextNorm = try LayerNorm(width: own, scope: scope["context_norm"])
        query = try projection("query", width, inner)
        key = try projection("key", own, inner)
        value = try projection("value", own, inner)
        output = try projection("output", inner, width)
        norm2 = try LayerNorm(width: width, scope: scope["norm2"])
        mlp = try FeedForward(
            width: width, inner: 4 * width, activation: .gelu, isGated: true, scope: scope["mlp"])
    }

    public var width: Int { decoder.width }

    public var padsTexts: Bool { decoder.padsTexts }

    public func callAsFunction(_ batch: TokenBatch, tape: Tape?) -> TokenStates {
        let states = decoder(batch, tape: tape)
        // Every token asks by itself: the texts of a batch are one sequence of questions.
        let x = states.values.reshaped([1, states.values.shape[0], width])  // [1, R, D]
        let table = latents(on: tape)
        let context = contextNorm(table.reshaped([1, table.shape[0], table.shape[1]]))  // [1, N, D]
        let attention = Variable.attention(
            query: query(norm1(x)), key: key(context), value: value(context), heads: heads, mask: .none)
        let attended = x + output(attention)
        let found = (attended + mlp(norm2(attended))).reshaped(states.values.shape)
        return TokenStates(found, rows: states.rows)
    }
}

extension LatentAttention {
    /// The names of NV-Embed's files: a Mistral and the table beside it.
    static let huggingFace: NameTable = {
        let (block, ours) = ("latent_attention_model.cross_attend_blocks", "latent_attention")
        let decoder = Decoder.huggingFace(.mistral)
        let places: [String: NameTable.Place] = [
            "latent_attention_model.latents": "latent_attention/latents",
            block + ".0.norm": .init(stringLiteral: ours + "/norm1"),
            block + ".0.norm_context": .init(stringLiteral: ours + "/context_norm"),
            block + ".0.fn.to_q": .init(stringLiteral: ours + "/attention/query"),
            block + ".0.fn.to_kv.weight": .stacked(["key", "value"].map { "\(ours)/attention/\($0)/weight" }),
            block + ".0.fn.to_out": .init(stringLiteral: ours + "/attention/output"),
            block + ".1.norm": .init(stringLiteral: ours + "/norm2"),
            block + ".1.fn.net.0.weight": .stacked(["up", "gate"].map { "\(ours)/mlp/\($0)/weight" }),
            block + ".1.fn.net.0.bias": .stacked(["up", "gate"].map { "\(ours)/mlp/\($0)/bias" }),
            block + ".1.fn.net.2": .init(stringLiteral: ours + "/mlp/down"),
        ]
        return NameTable(
            decoder.places.merging(places) { $1 }, unused: decoder.unused, prefixes: decoder.prefixes)
    }()

    static func configuration(_ entries: ModelEntries, decoder: DecoderConfiguration) throws -> Configuration {
        let configuration = Configuration(
            latents: try entries.integer("num_latents_value") ?? 512,
            width: try entries.integer("latent_dim") ?? decoder.width,
            heads: try entries.integer("num_cross_heads") ?? 8,
            headWidth: try entries.integer("cross_dim_head") ?? decoder.width)
        let sizes = [configuration.latents, configuration.width, configuration.heads, configuration.headWidth]
        guard sizes.allSatisfy({ (1...1 << 20).contains($0) }) else {
            throw entries.unusable("it describes \(sizes) latents, their width, heads and their width")
        }
        return configuration
    }
}
