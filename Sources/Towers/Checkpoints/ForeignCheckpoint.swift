internal import Archive
internal import Foundation
internal import Inputs
internal import Layers
internal import Tensors

/// A CLIP in the files of another program: what it is, how its pictures and texts are prepared, and its tensors.
public struct ForeignCheckpoint {
    /// How the files are organised and what the tensors are called.
    public enum Family: String, Sendable {
        case huggingFaceCLIP = "Hugging Face CLIP"
        case huggingFaceSigLIP = "Hugging Face SigLIP"
        case openCLIP = "open_clip"
        case openCLIPCustomText = "open_clip with a text tower of its own"
        case openCLIPEVA02 = "open_clip EVA-02"

        var names: NameTable {
            switch self {
            case .huggingFaceCLIP: CLIPModel.huggingFace
            case .huggingFaceSigLIP: CLIPModel.huggingFaceSigLIP
            case .openCLIP: CLIPModel.openCLIP
            case .openCLIPCustomText: CLIPModel.openCLIPCustomText
            case .openCLIPEVA02: CLIPModel.openCLIPEVA02
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
        /// Where a file says nothing about it: a state dictionary without configuration.
        public var isQuickGELU: Bool?

        public init(
            contextLength: Int? = nil, imageSize: Int? = nil, preprocessing: String? = nil, isQuickGELU: Bool? = nil
        ) {
            self.contextLength = contextLength
            self.imageSize = imageSize
            self.preprocessing = preprocessing
            self.isQuickGELU = isQuickGELU
        }
    }

    /// Where the tokenizer is.
    public enum TokenizerFiles: Equatable, Sendable {
        /// In the folder of the model.
        case folder(String)
        /// OpenAI's, which open_clip brings along.
        case openAI
    }

    public let family: Family
    public private(set) var image: VisionTransformer.Configuration
    public private(set) var text: CLIPTextTransformer.Configuration
    public private(set) var preprocessing: PicturePreprocessing
    public let tokenizer: TokenizerFiles
    /// The files that hold the tensors.
    public let weightFiles: [String]
    private let options: Options
    private let readTensors: () throws -> NamedTensors

    /// Whether a folder is one that this can read.
    public static func isFolderOfModel(_ path: String) -> Bool {
        ["config.json", "open_clip_config.json"].contains { FileManager.default.fileExists(atPath: path + "/" + $0) }
    }

    /// Reads the description of a folder, or of one file of tensors; tensors are read by `model()`.
    /// Throws `ArchiveError` where something is missing, damaged, or of a kind that is not computed here.
    public init(_ path: String, options: Options = Options()) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ArchiveError.missingFile(path)
        }
        let description =
            try isFolder.boolValue ? Self.description(ofFolder: path, options) : Self.description(ofFile: path, options)
        family = description.family
        image = description.image
        text = description.text
        tokenizer = description.tokenizer
        weightFiles = description.weights
        readTensors = description.tensors
        self.options = options
        try image.validate()
        try text.validate()
        guard let preprocessing = try Self.preprocessing(options, image) ?? description.preprocessing else {
            throw ArchiveError.unreadable(
                path,
                reason:
                    "it does not say how its pictures are prepared; give preprocess=openai, imagenet or siglip, or a "
                    + "preprocessor_config.json")
        }
        guard preprocessing.size == image.imageSize else {
            throw ArchiveError.unreadable(
                path,
                reason:
                    "its pictures are prepared as \(preprocessing.size) pixels, its image tower takes \(image.imageSize)"
            )
        }
        self.preprocessing = preprocessing
        if let length = options.contextLength { text.contextLength = length }
        if let size = options.imageSize, size != image.imageSize {
            image.imageSize = size
            self.preprocessing.size = size
            self.preprocessing.fitting.resizedSide = nil
        }
        image.prepare(as: self.preprocessing)
        try image.validate()
        try text.validate()
    }

    /// The model, its parameters mapped from the files until they are used.
    /// Throws `ArchiveError` for a missing, extra or misshapen tensor, `ConfigurationError` for sizes that do not fit.
    public func model() throws -> CLIPModel {
        var tensors = family.names.tensors(try readTensors().tensors)
        if let length = options.contextLength { PositionEmbeddings.stretch(&tensors, to: length) }
        if options.imageSize != nil { PositionEmbeddings.resize(&tensors, for: image) }
        return try CLIPModel(
            image: image, text: text, hasLogitBias: tensors["logit_bias"] != nil,
            source: ParameterSource(tensors: tensors, .adopted))
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
        func weights(_ names: [String]) throws -> String {
            guard let name = names.first(where: has) else { throw ArchiveError.missingFile(folder + "/" + names[0]) }
            return folder + "/" + name
        }
        let huggingFace = [
            "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
        ]
        let openCLIP = [
            "open_clip_model.safetensors", "open_clip_pytorch_model.bin", "open_clip_pytorch_model.pt",
            "open_clip_model.safetensors.index.json",
        ]
        if has("open_clip_config.json"), !has("config.json") || openCLIP.contains(where: has) {
            return try OpenCLIPConfiguration(folder + "/open_clip_config.json").description(
                weights: try weights(openCLIP + huggingFace), folder: folder)
        }
        guard has("config.json") else {
            throw ArchiveError.unreadable(folder, reason: "it has neither config.json nor open_clip_config.json")
        }
        let path = try weights(huggingFace)
        let preprocessing = try PicturePreprocessing.huggingFace(folder: folder)
        let configuration = try HuggingFaceConfiguration(folder + "/config.json", preprocessing: preprocessing)
        return Description(
            family: configuration.family, image: configuration.image, text: configuration.text,
            preprocessing: preprocessing, tokenizer: .folder(folder), weights: [path],
            tensors: { try NamedTensors(reading: path) })
    }

    private static func description(ofFile path: String, _ options: Options) throws -> Description {
        let tensors = try NamedTensors(reading: path)
        return try StateDictionary(tensors, path: path, isQuickGELU: options.isQuickGELU).description()
    }

    private static func preprocessing(
        _ options: Options, _ image: VisionTransformer.Configuration
    ) throws -> PicturePreprocessing? {
        guard let written = options.preprocessing else { return nil }
        return try PicturePreprocessing.named(written, size: image.imageSize)
            ?? PicturePreprocessing.huggingFace(file: written)
    }
}
