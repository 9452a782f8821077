internal import Archive
internal import Foundation
internal import Inputs
internal import Layers

/// The `config.json` of a Hugging Face folder with a CLIP or SigLIP. What it leaves out has transformers' defaults.
struct HuggingFaceConfiguration {
    let family: ForeignCheckpoint.Family
    var image: VisionTransformer.Configuration
    var text: CLIPTextTransformer.Configuration

    private struct Content: Decodable {
        let model_type: String
        let projection_dim: Int?
        let text_config: Tower?
        let vision_config: Tower?
        /// Old files repeat the towers' sizes under these names, and these win.
        let text_config_dict: Tower?
        let vision_config_dict: Tower?
    }

    private struct Tower: Decodable {
        let hidden_size: Int?
        let intermediate_size: Int?
        let num_hidden_layers: Int?
        let num_attention_heads: Int?
        let max_position_embeddings: Int?
        let vocab_size: Int?
        let image_size: Int?
        let patch_size: Int?
        let num_channels: Int?
        let hidden_act: String?
        let layer_norm_eps: Float?
        let eos_token_id: Int?
        let projection_size: Int?
        let vision_use_head: Bool?
        let num_patches: Int?

        static let empty = try? JSONDecoder().decode(Tower.self, from: Data("{}".utf8))
    }

    /// Throws `ArchiveError` for a file that describes another kind of model.
    init(_ path: String, preprocessing: PicturePreprocessing?) throws {
        let content = try JSONFile.read(Content.self, path, expected: "the config.json of a Hugging Face model")
        guard let empty = Tower.empty else { throw ArchiveError.foreign(path, expected: "a configuration") }
        let image = content.vision_config_dict ?? content.vision_config ?? empty
        let text = content.text_config_dict ?? content.text_config ?? empty
        guard image.num_channels ?? 3 == 3 else {
            throw ArchiveError.unreadable(path, reason: "its pictures have \(image.num_channels ?? 0) channels, not 3")
        }
        switch content.model_type {
        case "clip":
            family = .huggingFaceCLIP
            let outputs = content.projection_dim ?? 512
            self.image = try Self.image(image, outputs: outputs, style: .init(), isSigLIP: false, path)
            self.text = try Self.text(text, outputs: outputs, style: .init(), isSigLIP: false, path)
            // The pooling of the text tower looks for the highest id, or for the end of text, which has it.
            let end = text.eos_token_id ?? 49407
            guard end == 2 || end == self.text.vocabularySize - 1 else {
                throw ArchiveError.unreadable(
                    path, reason: "its end-of-text token is \(end), not the last of \(self.text.vocabularySize)")
            }
        case "siglip", "siglip2":
            guard image.vision_use_head ?? true else {
                throw ArchiveError.unreadable(path, reason: "its image tower has no head")
            }
            // SigLIP 2 with fixed sizes calls itself siglip; the other kind takes pictures of any ratio, here squares.
            let isFlexible = content.model_type == "siglip2"
            family = isFlexible ? .huggingFaceSigLIP2 : .huggingFaceSigLIP
            let width = image.hidden_size ?? 768
            self.image = try Self.image(image, outputs: width, style: .siglip, isSigLIP: true, path)
            if isFlexible { self.image.imageSize = try Self.side(of: image, path) }
            let outputs = text.projection_size ?? text.hidden_size ?? 768
            self.text = try Self.text(text, outputs: outputs, style: .siglip, isSigLIP: true, path)
        default:
            throw ArchiveError.unreadable(
                path, reason: "it describes a \(content.model_type); clip and siglip are known here")
        }
        if let preprocessing { self.image.prepare(as: preprocessing) }
    }

    /// The side of a square of as many patches as there are positions.
    private static func side(of tower: Tower, _ path: String) throws -> Int {
        let (patches, patch) = (tower.num_patches ?? 256, tower.patch_size ?? 16)
        let grid = Int(Double(max(0, patches)).squareRoot().rounded())
        guard (1...1000).contains(grid), grid * grid == patches, (1...1000).contains(patch) else {
            throw ArchiveError.unreadable(path, reason: "its \(patches) patches of \(patch) pixels make no square")
        }
        return grid * patch
    }

    private static func image(
        _ tower: Tower, outputs: Int, style: VisionTransformer.Style, isSigLIP: Bool, _ path: String
    ) throws -> VisionTransformer.Configuration {
        VisionTransformer.Configuration(
            imageSize: tower.image_size ?? 224, patchSize: tower.patch_size ?? (isSigLIP ? 16 : 32),
            width: tower.hidden_size ?? 768, layers: tower.num_hidden_layers ?? 12,
            heads: tower.num_attention_heads ?? 12, mlpWidth: tower.intermediate_size ?? 3072, outputs: outputs,
            activation: try activation(tower, isSigLIP, path),
            epsilon: tower.layer_norm_eps ?? (isSigLIP ? 1e-6 : 1e-5),
            style: style)
    }

    private static func text(
        _ tower: Tower, outputs: Int, style: CLIPTextTransformer.Style, isSigLIP: Bool, _ path: String
    ) throws -> CLIPTextTransformer.Configuration {
        CLIPTextTransformer.Configuration(
            vocabularySize: tower.vocab_size ?? (isSigLIP ? 32_000 : 49_408),
            contextLength: tower.max_position_embeddings ?? (isSigLIP ? 64 : 77),
            width: tower.hidden_size ?? (isSigLIP ? 768 : 512), layers: tower.num_hidden_layers ?? 12,
            heads: tower.num_attention_heads ?? (isSigLIP ? 12 : 8),
            mlpWidth: tower.intermediate_size ?? (isSigLIP ? 3072 : 2048), outputs: outputs,
            activation: try activation(tower, isSigLIP, path),
            epsilon: tower.layer_norm_eps ?? (isSigLIP ? 1e-6 : 1e-5),
            style: style)
    }

    private static func activation(_ tower: Tower, _ isSigLIP: Bool, _ path: String) throws -> Activation {
        let name = tower.hidden_act ?? (isSigLIP ? "gelu_pytorch_tanh" : "quick_gelu")
        guard let activation = Activation(huggingFace: name) else {
            throw ArchiveError.unreadable(path, reason: "its activation is \(name), which is not computed here")
        }
        return activation
    }
}

extension Activation {
    private static let huggingFaceNames: [(String, Activation)] = [
        ("quick_gelu", .quickGELU), ("gelu", .gelu), ("gelu_pytorch_tanh", .tanhGELU), ("silu", .silu),
        ("gelu_new", .tanhGELU), ("gelu_fast", .tanhGELU), ("swish", .silu),
    ]

    init?(huggingFace name: String) {
        guard let known = Self.huggingFaceNames.first(where: { $0.0 == name }) else { return nil }
        self = known.1
    }

    var huggingFaceName: String { Self.huggingFaceNames.first { $0.1 == self }?.0 ?? rawValue }
}

extension VisionTransformer.Configuration {
    mutating func prepare(as preprocessing: PicturePreprocessing) {
        mean = preprocessing.mean
        deviation = preprocessing.deviation
        fitting = preprocessing.fitting
    }
}
