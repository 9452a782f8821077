internal import Archive
internal import Foundation
public import Inputs
internal import Layers
internal import Tensors

/// A CLIP in the files of another program: what it is, how its pictures and texts are prepared, and its tensors.
public struct ForeignCheckpoint {
    /// How the files are organised and what the tensors are called.
    public enum Family: String, Sendable {
        case huggingFaceCLIP = "Hugging Face CLIP"
        case huggingFaceSigLIP = "Hugging Face SigLIP"
        case huggingFaceSigLIP2 = "Hugging Face SigLIP 2 of flexible size, here for squares"
        case openCLIP = "open_clip"
        case openCLIPCustomText = "open_clip with a text tower of its own"
        case openCLIPEVA02 = "open_clip EVA-02"
        case openCLIPSigLIP = "open_clip SigLIP"

        var names: NameTable {
            switch self {
            case .huggingFaceCLIP: CLIPModel.huggingFace
            case .huggingFaceSigLIP: CLIPModel.huggingFaceSigLIP
            case .huggingFaceSigLIP2: CLIPModel.huggingFaceSigLIP2
            case .openCLIP: CLIPModel.openCLIP
            case .openCLIPCustomText: CLIPModel.openCLIPCustomText
            case .openCLIPEVA02: CLIPModel.openCLIPEVA02
            case .openCLIPSigLIP: CLIPModel.openCLIPSigLIP
            }
        }
    }

    /// What the one who loads wants otherwise than the files say.
    public struct Options: Sendable {
        /// The most tokens of a text: position embeddings are stretched as in Long-CLIP.
        public var contextLength: Int?
        /// The side of a picture: position embeddings are interpolated.
        public var imageSize: Int?
        /// One of `PicturePreprocessing.names`, or a file in the form of `preprocessor_config.json`.
        public var preprocessing: String?
        /// Whether pictures are turned as their EXIF data say, which the published models leave to their users.
        public var orientation: PictureFitting.Orientation?
        /// Where a file says nothing about it: a state dictionary without configuration.
        public var isQuickGELU: Bool?

        public init(
            contextLength: Int? = nil, imageSize: Int? = nil, preprocessing: String? = nil,
            orientation: PictureFitting.Orientation? = nil, isQuickGELU: Bool? = nil
        ) {
            self.contextLength = contextLength
            self.imageSize = imageSize
            self.preprocessing = preprocessing
            self.orientation = orientation
            self.isQuickGELU = isQuickGELU
        }
    }

    /// Where the tokenizer is.
    public enum TokenizerFiles: Equatable, Sendable {
        /// In a folder, such as that of the model, with what is done to texts before they reach it.
        case folder(String, TextCleaning?)
        /// OpenAI's, which open_clip brings along.
        case openAI
    }

    public let family: Family
    public private(set) var image: VisionTransformer.Configuration
    public private(set) var text: CLIPTextTransformer.Configuration
    public let preprocessing: PicturePreprocessing
    public let tokenizer: TokenizerFiles
    /// The files that hold the tensors.
    public let weightFiles: [String]
    private let options: Options
    private let readTensors: () throws -> NamedTensors

    /// Reads the description of a folder, or of one file of tensors; tensors are read by `model()`.
    /// Throws `ArchiveError` where something is missing, damaged, or of a kind that is not computed here.
    public init(_ path: String, options: Options = Options()) throws {
        let description =
            try CheckpointFolder.isFolder(path)
            ? Self.description(ofFolder: path, options) : Self.description(ofFile: path, options)
        (family, tokenizer, weightFiles) = (description.family, description.tokenizer, description.weights)
        readTensors = description.tensors
        self.options = options
        (image, text) = (description.image, description.text)
        try image.validate()
        try text.validate()
        preprocessing = try image.settle(description.preprocessing, options, path)
        if let length = options.contextLength { text.contextLength = length }
        try text.validate()
    }

    /// The model, its parameters mapped from the files until they are used.
    /// Throws `ArchiveError` for a missing, extra or misshapen tensor, `ConfigurationError` for sizes that do not fit.
    public func model() throws -> CLIPModel {
        let file = try readTensors()
        var tensors = family.names.tensors(file.tensors)
        if let length = options.contextLength { PositionEmbeddings.stretch(&tensors, to: length) }
        if options.imageSize != nil { PositionEmbeddings.resize(&tensors, for: image, kernel: .antialiased) }
        return try family.names.namingErrors(as: file) {
            try CLIPModel(
                image: image, text: text, hasLogitBias: tensors["logit_bias"] != nil,
                source: ParameterSource(tensors: tensors, .adopted))
        }
    }

    // MARK: What the files say

    struct Description {
        let family: Family
        let image: VisionTransformer.Configuration
        let text: CLIPTextTransformer.Configuration
        let preprocessing: PicturePreprocessing?
        let tokenizer: TokenizerFiles
        let weights: [String]
        let tensors: () throws -> NamedTensors
    }

    private static func description(ofFolder folder: String, _ options: Options) throws -> Description {
        func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + name) }
        let openCLIP = [
            "open_clip_model.safetensors", "open_clip_pytorch_model.bin", "open_clip_pytorch_model.pt",
            "open_clip_model.safetensors.index.json",
        ]
        if has("open_clip_config.json"), !has("config.json") || openCLIP.contains(where: has) {
            return try OpenCLIPConfiguration(folder + "/open_clip_config.json").description(
                weights: try CheckpointFolder.weights(in: folder, openCLIP + CheckpointFolder.huggingFace),
                folder: folder)
        }
        guard has("config.json") else {
            throw ArchiveError.unreadable(folder, reason: "it has neither config.json nor open_clip_config.json")
        }
        let path = try CheckpointFolder.weights(in: folder, CheckpointFolder.huggingFace)
        let preprocessing = try PicturePreprocessing.huggingFace(folder: folder)
        let configuration = try HuggingFaceConfiguration(folder + "/config.json", preprocessing: preprocessing)
        return Description(
            family: configuration.family, image: configuration.image, text: configuration.text,
            preprocessing: preprocessing, tokenizer: .folder(folder, nil), weights: [path],
            tensors: { try NamedTensors(reading: path) })
    }

    private static func description(ofFile path: String, _ options: Options) throws -> Description {
        let tensors = try NamedTensors(reading: path)
        return try StateDictionary(tensors, path: path, options: options).description()
    }
}
