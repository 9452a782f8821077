internal import Archive
internal import Layers
internal import Tensors

/// A CLIP in one file without a configuration: sizes follow from the shapes, as OpenAI's own loader finds them.
struct StateDictionary {
    private let shapes: TensorShapes
    private let activation: Activation
    private let isOpenAIs: Bool
    /// Where an EVA-02 is and what the first matrix of its perceptrons is called: as open_clip and as EVA-CLIP have it.
    private let eva02: (place: String, up: String)?

    /// Files of OpenAI repeat the picture size and the context among their tensors; they need the activation that OpenAI
    /// trained with. EVA-02's texts were trained with GELU. For any other file the options have to say it. Throws
    /// `ArchiveError`, which names all that they lack.
    init(_ tensors: NamedTensors, path: String, options: ForeignCheckpoint.Options) throws {
        shapes = TensorShapes(tensors: tensors, path: path)
        let names = Set(tensors.tensors.keys).union(tensors.skipped.keys)
        let towers = [("visual.trunk.", "fc1_g"), ("visual.", "w1")]
        eva02 = towers.first { place, up in names.contains("\(place)blocks.0.mlp.\(up).weight") }
        guard names.contains("visual.conv1.weight") || eva02 != nil else {
            let hasConfiguration = ["vision_model.", "text_model.", "visual.trunk."].contains { prefix in
                names.contains { $0.hasPrefix(prefix) }
            }
            throw ArchiveError.unreadable(
                path,
                reason: hasConfiguration
                    ? "it has a configuration beside it; load the whole folder"
                    : names.contains("patch_embed.proj.weight")
                        ? "it is an image tower without texts; load tower reads those"
                        : "its tensors are those of no CLIP known here")
        }
        isOpenAIs = names.isSuperset(of: ["input_resolution", "context_length", "vocab_size"])
        guard let isQuick = options.isQuickGELU ?? (isOpenAIs ? true : eva02 != nil ? false : nil) else {
            let lacksPreprocessing = options.preprocessing == nil
            throw ArchiveError.unreadable(
                path,
                reason: "it does not say which activation it was trained with"
                    + (lacksPreprocessing ? ", nor how its pictures are prepared" : "")
                    + "; give activation=gelu (open_clip) or activation=quickgelu (OpenAI)"
                    + (lacksPreprocessing ? ", and preprocess=openai, imagenet or siglip" : ""))
        }
        activation = isQuick ? .quickGELU : .gelu
    }

    func description() throws -> ForeignCheckpoint.Description {
        let prefix = shapes["text.token_embedding.weight"] == nil ? "" : "text."
        let image = try eva02.map { try shapes.timmTower($0.place, .eva02, up: $0.up) } ?? plainTower()
        var preprocessing = isOpenAIs ? PicturePreprocessing.named("openai", size: image.imageSize) : nil
        preprocessing?.source = "as OpenAI's CLIP prepares them"
        let tensors = shapes.tensors
        return ForeignCheckpoint.Description(
            family: eva02 != nil ? .openCLIPEVA02 : prefix.isEmpty ? .openCLIP : .openCLIPCustomText, image: image,
            text: try text(prefix, outputs: image.outputs), preprocessing: preprocessing, tokenizer: .openAI,
            weights: tensors.files, tensors: { tensors })
    }

    private func plainTower() throws -> VisionTransformer.Configuration {
        let kernel = try shapes.shape("visual.conv1.weight", rank: 4)
        let positions = try shapes.shape("visual.positional_embedding", rank: 2)[0]
        return VisionTransformer.Configuration(
            imageSize: try shapes.imageSize(positions: positions, extra: 1, patch: kernel[2]), patchSize: kernel[2],
            width: kernel[0], layers: shapes.layers("visual.transformer.resblocks."), heads: max(1, kernel[0] / 64),
            mlpWidth: try shapes.shape("visual.transformer.resblocks.0.mlp.c_fc.weight", rank: 2)[0],
            outputs: try shapes.shape("visual.proj", rank: 2)[1], activation: activation)
    }

    private func text(_ prefix: String, outputs: Int) throws -> CLIPTextTransformer.Configuration {
        let words = try shapes.shape(prefix + "token_embedding.weight", rank: 2)
        return CLIPTextTransformer.Configuration(
            vocabularySize: words[0], contextLength: try shapes.shape(prefix + "positional_embedding", rank: 2)[0],
            width: words[1], layers: shapes.layers(prefix + "transformer.resblocks."), heads: max(1, words[1] / 64),
            mlpWidth: try shapes.shape(prefix + "transformer.resblocks.0.mlp.c_fc.weight", rank: 2)[0],
            outputs: outputs, activation: activation)
    }
}
