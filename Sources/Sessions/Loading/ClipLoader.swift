internal import Archive
import Foundation
internal import Inputs
internal import Language
internal import Towers

/// `load clip`: a CLIP in our own HDF5 form, or in the files of Hugging Face, open_clip or OpenAI.
struct ClipLoader: PublishedModelLoader {
    let kind = HandleKind.clip
    let place =
        "an HDF5 file of a CLIP or its name in the folders of weights, a folder of Hugging Face or open_clip, a .pt, .bin or "
        + ".safetensors file, or org/name in the Hugging Face cache"

    static let keys = [
        Key(
            "context", .integer(21...100_000), default: .none("the model's own"),
            "most tokens of a text: positions after the 20th are stretched, as in Long-CLIP", only: ["clip"]),
        Key(
            "image_size", .integer(1...10_000), default: .none("the model's own"),
            "side of a picture: positions are interpolated", only: ["clip", "tower"]),
        Key(
            "preprocess", .text, default: .none("what the model's files say"),
            "how pictures are prepared: openai, imagenet, siglip, or a preprocessor_config.json",
            only: ["clip", "tower"]),
        Key(
            "upright", .boolean, default: .none("as the model's files say, else false"),
            "turn pictures as their EXIF data say; the published models' own preparation does not",
            only: ["clip", "weights"]),
        Key(
            "activation", .choice(["gelu", "quickgelu"]), default: .none("what the model's files say"),
            "for a file of tensors that has no configuration", only: ["clip"]),
    ]

    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws {
        if ModelFile.isOurs(path) {
            try checkOurs(path, arguments)
        } else {
            _ = try ForeignCheckpoint(path, options: options(arguments, in: context))
        }
    }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        let options = options(arguments, in: session.context)
        let origin = origin(path, arguments)
        if ModelFile.isOurs(path) {
            let (model, style) = try ModelFile.clip(
                path, contextLength: options.contextLength, imageSize: options.imageSize,
                orientation: options.orientation)
            let text = model.text.configuration
            let tokenizer = try session.clipTokenizer(contextLength: text.contextLength, style: style)
            try requireIDs(of: tokenizer, below: text.vocabularySize, path)
            return ClipContent(
<<<<<<< HEAD
                model: model, tokenizer: tokenizer, identity: try session.identity(of: [path]), origin: origin)
=======
                model: model, tokenizer: tokenizer, identity: try session.identity(of: [path]), origin: name,
                files: [path],
                notes: [model.image.configuration.preprocessing(source: name).description])
>>>>>>> c206466 (Pictures: bytes equal to Pillow's for every kind of file, WebP, EXIF orientation; unreadable files are left out and listed)
        }
        let checkpoint = try ForeignCheckpoint(path, options: options)
        return ClipContent(
            model: try checkpoint.model(), tokenizer: try tokenizer(of: checkpoint, in: session),
            identity: try session.identity(of: checkpoint.weightFiles),
            origin: "\(origin) (\(checkpoint.family.rawValue))",
            files: checkpoint.weightFiles, notes: [checkpoint.preprocessing.description])
    }

    private func tokenizer(of checkpoint: ForeignCheckpoint, in session: Session) throws -> any Tokenizer {
        let length = checkpoint.text.contextLength
        let tokenizer =
            switch checkpoint.tokenizer {
            case .folder(let folder): try CLIPTokenizer(folder: folder, contextLength: length)
            case .openAI: try session.clipTokenizer(contextLength: length)
            }
        let path = checkpoint.weightFiles.first ?? "the model"
        try requireIDs(of: tokenizer, below: checkpoint.text.vocabularySize, path)
        return tokenizer
    }

    private func requireIDs(of tokenizer: CLIPTokenizer, below count: Int, _ path: String) throws {
        guard tokenizer.vocabularySize <= count else {
            throw ArchiveError.unreadable(
                path, reason: "its tokenizer has \(tokenizer.vocabularySize) ids, its text tower \(count)")
        }
    }
<<<<<<< HEAD
=======

    private func options(_ arguments: Arguments, in context: CheckContext) -> ForeignCheckpoint.Options {
        let preprocessing = arguments.text("preprocess").map { written in
            PicturePreprocessing.names.contains(written) ? written : context.absolute(written)
        }
        return ForeignCheckpoint.Options(
            contextLength: arguments.integer("context"), imageSize: arguments.integer("image_size"),
            preprocessing: preprocessing, orientation: Self.orientation(arguments),
            isQuickGELU: arguments.text("activation").map { $0 == "quickgelu" })
    }

    static func orientation(_ arguments: Arguments) -> PictureFitting.Orientation? {
        arguments.boolean("upright").map { $0 ? .upright : .stored }
    }

    private static func isOurs(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
            !["pt", "bin"].contains((path as NSString).pathExtension)
        else { return false }
        return ModelFile.describesItself(path)
    }
>>>>>>> c206466 (Pictures: bytes equal to Pillow's for every kind of file, WebP, EXIF orientation; unreadable files are left out and listed)
}
