internal import Archive
internal import Foundation
internal import Inputs
internal import Layers
public import Tensors

/// Models as folders that open_clip loads as `local-dir:FOLDER`.
public enum OpenCLIPExport {
    /// `open_clip_config.json` and `open_clip_model.safetensors`. Throws `ArchiveError`, or a `ConfigurationError` for a
    /// model that open_clip's plain CLIP cannot be.
    public static func write(_ model: CLIPModel, as type: ElementType, to folder: String) throws {
        let (image, text) = (model.image.configuration, model.text.configuration)
        guard image.style == .init(), text.style == .init(), image.activation == text.activation,
            [.gelu, .quickGELU].contains(image.activation)
        else { throw ConfigurationError("open_clip has no plain CLIP of this architecture; save the model as hdf5") }
        let modes: [PictureFitting.Mode: JSONTree] = [
            .shortestSide: "shortest", .longestSide: "longest", .squash: "squash", .whiteSquare: "squash",
        ]
        let content: JSONTree = [
            "model_cfg": [
                "embed_dim": JSONTree(image.outputs), "quick_gelu": .boolean(image.activation == .quickGELU),
                "vision_cfg": [
                    "image_size": JSONTree(image.imageSize), "layers": JSONTree(image.layers),
                    "width": JSONTree(image.width), "head_width": JSONTree(image.width / image.heads),
                    "patch_size": JSONTree(image.patchSize), "mlp_ratio": ratio(image.mlpWidth, image.width),
                    "norm_kwargs": ["eps": JSONTree(image.epsilon)],
                ],
                "text_cfg": [
                    "context_length": JSONTree(text.contextLength), "vocab_size": JSONTree(text.vocabularySize),
                    "width": JSONTree(text.width), "heads": JSONTree(text.heads), "layers": JSONTree(text.layers),
                    "mlp_ratio": ratio(text.mlpWidth, text.width), "norm_kwargs": ["eps": JSONTree(text.epsilon)],
                ],
            ],
            "preprocess_cfg": [
                "size": [JSONTree(image.imageSize), JSONTree(image.imageSize)], "mode": "RGB",
                "mean": JSONTree(image.mean), "std": JSONTree(image.deviation),
                "interpolation": image.fitting.interpolation == .bilinear ? "bilinear" : "bicubic",
                "resize_mode": modes[image.fitting.mode] ?? "shortest",
            ],
        ]
        try JSONFile.write(content, to: folder + "/open_clip_config.json")
        try HuggingFaceExport.write(
            model.parameters.map { ($0.path, $0.value) }, CLIPModel.openCLIP, as: type,
            to: folder + "/open_clip_model.safetensors")
    }

    /// A ratio whose product with the width is not below the inner width: open_clip drops the fraction.
    private static func ratio(_ inner: Int, _ width: Int) -> JSONTree {
        let ratio = Double(inner) / Double(width)
        return .number(Int(ratio * Double(width)) == inner ? ratio : ratio.nextUp)
    }
}
