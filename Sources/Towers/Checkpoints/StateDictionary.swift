internal import Archive
internal import Layers
internal import Tensors

/// A CLIP in one file without a configuration: sizes follow from the shapes, as OpenAI's own loader finds them.
struct StateDictionary {
    private let tensors: NamedTensors
    private let path: String
    private let isQuickGELU: Bool
    private let isOpenAIs: Bool

    /// Files of OpenAI repeat the picture size and the context among their tensors; they need the activation that OpenAI
    /// trained with. Any other file has to be told. Throws `ArchiveError`.
    init(_ tensors: NamedTensors, path: String, isQuickGELU: Bool?) throws {
        self.tensors = tensors
        self.path = path
        let names = Set(tensors.tensors.keys).union(tensors.skipped.keys)
        guard names.contains("visual.conv1.weight") || names.contains("visual.trunk.patch_embed.proj.weight") else {
            let reason =
                names.contains { $0.hasPrefix("vision_model.") || $0.hasPrefix("text_model.") }
                ? "it has a configuration beside it; load the whole folder"
                : "its tensors are those of no CLIP known here"
            throw ArchiveError.unreadable(path, reason: reason)
        }
        isOpenAIs = names.isSuperset(of: ["input_resolution", "context_length", "vocab_size"])
        guard let activation = isQuickGELU ?? (isOpenAIs ? true : nil) else {
            throw ArchiveError.unreadable(
                path,
                reason: "it does not say which activation it was trained with; give activation=gelu (open_clip) or "
                    + "activation=quickgelu (OpenAI)")
        }
        self.isQuickGELU = activation
    }

    func description() throws -> ForeignCheckpoint.Description {
        let text = tensors.tensors["text.token_embedding.weight"] == nil ? "" : "text."
        let kernel = try shape("visual.conv1.weight", rank: 4)
        let tokens = try shape("visual.positional_embedding", rank: 2)[0]
        let outputs = try shape("visual.proj", rank: 2)[1]
        let words = try shape(text + "token_embedding.weight", rank: 2)
        let grid = Int(Double(max(0, tokens - 1)).squareRoot().rounded())
        guard grid * grid + 1 == tokens else {
            throw ArchiveError.unreadable(
                path, reason: "its \(tokens) picture positions are no square and a class token")
        }
        let activation: Activation = isQuickGELU ? .quickGELU : .gelu
        var preprocessing = isOpenAIs ? PicturePreprocessing.named("openai", size: grid * kernel[2]) : nil
        preprocessing?.source = "as OpenAI's CLIP prepares them"
        return ForeignCheckpoint.Description(
            family: text.isEmpty ? .openCLIP : .openCLIPCustomText,
            image: VisionTransformer.Configuration(
                imageSize: grid * kernel[2], patchSize: kernel[2], width: kernel[0], layers: layers("visual."),
                heads: max(1, kernel[0] / 64),
                mlpWidth: try shape("visual.transformer.resblocks.0.mlp.c_fc.weight", rank: 2)[0], outputs: outputs,
                activation: activation),
            text: CLIPTextTransformer.Configuration(
                vocabularySize: words[0], contextLength: try shape(text + "positional_embedding", rank: 2)[0],
                width: words[1], layers: layers(text), heads: max(1, words[1] / 64),
                mlpWidth: try shape(text + "transformer.resblocks.0.mlp.c_fc.weight", rank: 2)[0], outputs: outputs,
                activation: activation),
            preprocessing: preprocessing, tokenizer: .openAI, weights: tensors.files, tensors: { tensors })
    }

    private func shape(_ name: String, rank: Int) throws -> Shape {
        guard let tensor = tensors.tensors[name] else {
            throw ArchiveError.missingTensor(name, available: tensors.tensors.keys.sorted())
        }
        guard tensor.shape.rank == rank, tensor.shape.dimensions.allSatisfy({ (1...1_000_000).contains($0) }) else {
            throw ArchiveError.unreadable(path, reason: "its tensor \(name) has the shape \(tensor.shape)")
        }
        return tensor.shape
    }

    private func layers(_ tower: String) -> Int {
        let prefix = tower + "transformer.resblocks."
        let numbers = tensors.tensors.keys.compactMap { name in
            name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count).prefix { $0 != "." }) : nil
        }
        return (numbers.max() ?? -1) + 1
    }
}
