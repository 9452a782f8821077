internal import Archive
internal import Foundation
internal import Inputs
internal import Layers

/// A DINOv2 in the files of another program: a folder of Hugging Face or timm, or the file that it was published in.
public struct ForeignTower {
    public enum Family: String, Sendable {
        case huggingFace = "Hugging Face DINOv2"
        case timm = "DINOv2"

        var names: NameTable { self == .timm ? VisionTransformer.timm : VisionTransformer.huggingFaceDINOv2 }
    }

    public let family: Family
    public private(set) var image: VisionTransformer.Configuration
    public let preprocessing: PicturePreprocessing
    /// The files that hold the tensors.
    public let weightFiles: [String]
    private let tensors: () throws -> NamedTensors

    /// Reads the description of a folder or file; tensors are read by `tower()`. Pictures of another size than the positions
    /// were trained on are no contradiction here: DINOv2 itself interpolates.
    /// Throws `ArchiveError` where something is missing, damaged, or of a kind that is not computed here.
    public init(_ path: String, options: ForeignCheckpoint.Options = .init()) throws {
        let description = try CheckpointFolder.isFolder(path) ? Self.folder(path) : Self.file(path)
        (family, weightFiles, tensors) = (description.family, description.weights, description.tensors)
        var image = description.image
        try image.validate()
        if let size = options.imageSize ?? description.preprocessing?.size { image.imageSize = size }
        preprocessing = try image.settle(description.preprocessing, options, path)
        self.image = image
    }

    /// The tower, its parameters mapped from the files until they are used. Throws as `ForeignCheckpoint.model`.
    public func tower() throws -> ImageTower {
        let file = try tensors()
        var tensors = family.names.tensors(file.tensors)
        PositionEmbeddings.resize(&tensors, for: image, kernel: .cubic)
        return try family.names.namingErrors(as: file) {
            try ImageTower(image, source: ParameterSource(tensors: tensors, .adopted))
        }
    }

    // MARK: What the files say

    private struct Description {
        let family: Family
        let image: VisionTransformer.Configuration
        let preprocessing: PicturePreprocessing?
        let weights: [String]
        let tensors: () throws -> NamedTensors
    }

    private struct Content: Decodable {
        let model_type: String?
        let architecture: String?
        let pretrained_cfg: TimmPreprocessing?
        let hidden_size: Int?
        let num_hidden_layers: Int?
        let num_attention_heads: Int?
        let mlp_ratio: Double?
        let hidden_act: String?
        let layer_norm_eps: Float?
        let image_size: Int?
        let patch_size: Int?
        let num_channels: Int?
        let use_swiglu_ffn: Bool?
        let qkv_bias: Bool?
    }

    private static func folder(_ folder: String) throws -> Description {
        let path = folder + "/config.json"
        let content = try JSONFile.read(Content.self, path, expected: "the config.json of an image tower")
        let weights = try CheckpointFolder.weights(in: folder, CheckpointFolder.huggingFace)
        if let name = content.architecture {
            guard name.hasPrefix("vit_"), name.hasSuffix("_dinov2"), !name.contains("_reg") else {
                throw ArchiveError.unreadable(path, reason: "it describes timm's \(name); DINOv2 is known here")
            }
            return try timm(
                try NamedTensors(reading: weights), weights, try content.pretrained_cfg?.preprocessing(path))
        }
        return Description(
            family: .huggingFace, image: try configuration(content, path),
            preprocessing: try PicturePreprocessing.huggingFace(folder: folder), weights: [weights],
            tensors: { try NamedTensors(reading: weights) })
    }

    private static func configuration(_ content: Content, _ path: String) throws -> VisionTransformer.Configuration {
        guard content.model_type == "dinov2" else {
            throw ArchiveError.unreadable(
                path,
                reason:
                    "it describes a \(content.model_type ?? "model of no type"); dinov2 is known here, and load clip "
                    + "reads a clip or siglip, whose image tower tower= takes too")
        }
        guard content.num_channels ?? 3 == 3, content.use_swiglu_ffn != true, content.qkv_bias != false,
            let activation = Activation(huggingFace: content.hidden_act ?? "gelu")
        else { throw ArchiveError.unreadable(path, reason: "its DINOv2 is not the plain one of B and L") }
        let width = content.hidden_size ?? 768
        guard let inner = Int(exactly: (Double(width) * (content.mlp_ratio ?? 4)).rounded(.down)) else {
            throw ArchiveError.unreadable(path, reason: "its mlp_ratio is impossible")
        }
        return VisionTransformer.Configuration(
            imageSize: content.image_size ?? 224, patchSize: content.patch_size ?? 14, width: width,
            layers: content.num_hidden_layers ?? 12, heads: content.num_attention_heads ?? 12, mlpWidth: inner,
            outputs: width, activation: activation, epsilon: content.layer_norm_eps ?? 1e-6, style: .dinov2)
    }

    private static func file(_ path: String) throws -> Description {
        try timm(try NamedTensors(reading: path), path, nil)
    }

    /// Sizes follow from the shapes.
    private static func timm(
        _ tensors: NamedTensors, _ path: String, _ preprocessing: PicturePreprocessing?
    ) throws -> Description {
        let shapes = TensorShapes(tensors: tensors, path: path)
        guard shapes["patch_embed.proj.weight"] != nil, shapes["blocks.0.ls1.gamma"] != nil else {
            throw ArchiveError.unreadable(
                path,
                reason: "its tensors are not those of a DINOv2 as published; of Hugging Face load the whole folder")
        }
        return Description(
            family: .timm, image: try shapes.timmTower("", .dinov2, up: "fc1"), preprocessing: preprocessing,
            weights: tensors.files, tensors: { tensors })
    }
}
