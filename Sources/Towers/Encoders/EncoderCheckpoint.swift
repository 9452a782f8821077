internal import Archive
internal import Foundation
internal import Layers
internal import Tensors

/// The files of a network that reads tokens: what it is, and its tensors at our paths, mapped until they are used.
struct EncoderCheckpoint {
    enum Architecture {
        case bert(BERTConfiguration)
        case decoder(DecoderConfiguration)
        case latents(LatentAttention.Configuration, DecoderConfiguration)
    }

    private(set) var architecture: Architecture
    private(set) var tensors: [String: Tensor]
    /// transformers' names of such a network, which adapters use too.
    let names: NameTable
    /// The files that hold the tensors.
    private(set) var files: [String]
    /// Where the description is, for errors.
    let path: String

    /// The weights that a folder may hold, first the one that wins.
    private static let weights = [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
    ]

    /// Reads `config.json` and the tensors of a folder of transformers. Throws `ArchiveError`.
    init(folder: String) throws {
        let entries = try ModelEntries(folder + "/config.json")
        path = entries.path
        let kind = try entries.text("model_type") ?? "model of no kind"
        (architecture, names) = try Self.description(kind, entries)
        let read = try NamedTensors(folder: folder, anyOf: Self.weights)
        tensors = names.tensors(read.tensors)
        files = read.files
    }

    /// Reads a GGUF file. Throws `ArchiveError`.
    init(gguf file: GGUFFile) throws {
        path = file.path
        let configuration = try DecoderConfiguration(file)
        architecture = .decoder(configuration)
        tensors = Decoder.gguf.tensors(file.tensors)
        // The names differ between the families by their norms only.
        names = Decoder.huggingFace(configuration.hasPostNorms ? .gemma3 : .llama)
        files = [file.path]
    }

    private static func description(_ kind: String, _ entries: ModelEntries) throws -> (Architecture, NameTable) {
        if let bert = BERTConfiguration.Kind(rawValue: kind) {
            return (.bert(try BERTConfiguration(bert, entries)), BERT.huggingFace(bert))
        }
        // Models of text and pictures describe their text tower in a section, or did so beside it.
        let text = try entries.section("text_config") ?? entries
        if kind == "nvembed" {
            var decoder = try DecoderConfiguration(.mistral, text)
            decoder.isCausal = false
            let latents = try LatentAttention.configuration(
                entries.section("latent_attention_config") ?? entries, decoder: decoder)
            return (.latents(latents, decoder), LatentAttention.huggingFace)
        }
        let aliases: [String: DecoderConfiguration.Kind] = ["gemma3": .gemma3, "qwen2_vl": .qwen2VL]
        guard let decoder = DecoderConfiguration.Kind(rawValue: kind) ?? aliases[kind] else {
            let known =
                BERTConfiguration.Kind.allCases.map(\.rawValue) + DecoderConfiguration.Kind.allCases.map(\.rawValue)
            throw entries.unusable(
                "it describes a \(kind); \((known + aliases.keys.sorted()).joined(separator: ", ")) and nvembed are "
                    + "computed here")
        }
        return (.decoder(try DecoderConfiguration(decoder, text)), Decoder.huggingFace(decoder))
    }

    /// A configuration that lies beside the tensors decides about the vectors as they do.
    func configurationNote() throws -> String {
        files.contains(path) ? "" : ", config.json \(try SHA256Hash.of(file: path).prefix(12))"
    }

    var vocabularySize: Int {
        switch architecture {
        case .bert(let configuration): configuration.vocabularySize
        case .decoder(let configuration), .latents(_, let configuration): configuration.vocabularySize
        }
    }

    /// The most tokens of a text.
    var maximumLength: Int {
        switch architecture {
        case .bert(let configuration): configuration.maximumLength
        case .decoder(let configuration), .latents(_, let configuration): configuration.maximumLength
        }
    }

    /// What each token of a language model sees; nil for an encoder, where it is no choice.
    var attention: EmbedderSettings.Attention? {
        get {
            switch architecture {
            case .bert: nil
            case .decoder(let configuration), .latents(_, let configuration):
                configuration.isCausal ? .causal : .bidirectional
            }
        }
        set {
            switch architecture {
            case .bert: return
            case .decoder(var configuration):
                configuration.isCausal = newValue == .causal
                architecture = .decoder(configuration)
            case .latents(let latents, var configuration):
                configuration.isCausal = newValue == .causal
                architecture = .latents(latents, configuration)
            }
        }
    }

    /// With LoRA adapters of PEFT merged into the tensors, one after the other. Throws `ArchiveError` where one does not fit.
    func merging(_ adapters: [String]) throws -> EncoderCheckpoint {
        if !adapters.isEmpty { try requirePublishedOrder() }
        var result = self
        for folder in adapters {
            let adapter = try LowRankAdapter(folder: folder, names: names)
            try adapter.merge(into: &result.tensors)
            result.files += adapter.files
        }
        return result
    }

    /// Throws `ArchiveError` where no adapter of other programs fits, and none that is trained here would fit elsewhere.
    func requirePublishedOrder() throws {
        if case .decoder(let configuration) = architecture, configuration.rotary.isInterleaved {
            throw ArchiveError.unreadable(
                path,
                reason:
                    "its queries and keys are ordered as GGUF has them and no adapter is; give the folder that it was "
                    + "made from")
        }
    }

    /// Integers where the matrices are rounded already.
    var usualPrecision: ProductPrecision {
        tensors.values.contains { $0.shape.rank == 2 && $0.elementType != .float32 } ? .int16 : .float32
    }

    /// The network, its matrices frozen as the files hold them, and its parameters, of which those of low rank are fresh.
    /// Throws `ArchiveError` for a missing, extra or misshapen tensor.
    func encoder(
        products: ProductPrecision, lowRank: LowRank? = nil
    ) throws -> (encoder: any TokenEncoder, parameters: [Parameter]) {
        let source = ParameterSource(tensors: tensors, .frozen, products: products, lowRank: lowRank)
        let encoder: any TokenEncoder
        switch architecture {
        case .bert(let configuration): encoder = try BERT(configuration, scope: source.root)
        case .decoder(let configuration): encoder = try Decoder(configuration, scope: source.root)
        case .latents(let latents, let configuration):
            let decoder = try Decoder(configuration, scope: source.root)
            encoder = try LatentAttention(latents, decoder: decoder, scope: source.root)
        }
        return (encoder, try source.finish())
    }
}
