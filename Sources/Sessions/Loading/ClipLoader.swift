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
            only: ["clip", "tower", "weights"]),
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
            try requireIDs(tokenizer.vocabularySize, below: text.vocabularySize, path)
            return ClipContent(
                model: model, tokenizer: tokenizer, identity: try session.identity(of: [path]), origin: origin,
                files: [path],
                notes: [model.image.configuration.preprocessing(source: origin).description])
        }
        let checkpoint = try ForeignCheckpoint(path, options: options)
        return ClipContent(
            model: try checkpoint.model(), tokenizer: try tokenizer(of: checkpoint, in: session),
            identity: try session.identity(of: checkpoint.weightFiles),
            origin: "\(origin) (\(checkpoint.family.rawValue))",
            files: checkpoint.weightFiles, tokenizerFolder: checkpoint.tokenizer.folder,
            notes: [checkpoint.preprocessing.description])
    }

    private func tokenizer(of checkpoint: ForeignCheckpoint, in session: Session) throws -> any Tokenizer {
        let length = checkpoint.text.contextLength
        let path = checkpoint.weightFiles.first ?? "the model"
        guard case .folder(let folder) = checkpoint.tokenizer else {
            let tokenizer = try session.clipTokenizer(contextLength: length)
            try requireIDs(tokenizer.vocabularySize, below: checkpoint.text.vocabularySize, path)
            return tokenizer
        }
        let isSigLIP = checkpoint.text.style.pooling == .last
        if !isSigLIP, let own = try CLIPTokenizer(folder: folder, contextLength: length) {
            try requireIDs(own.vocabularySize, below: checkpoint.text.vocabularySize, path)
            return own
        }
        // SigLIP reads small letters only, and its text tower takes the last of all the tokens that it has room for.
        let tokenizer = try TokenizerFolder(folder).tokenizer(
            maximumLength: length, fillsLength: isSigLIP, lowercases: isSigLIP)
        try requireIDs(tokenizer.vocabularySize, below: checkpoint.text.vocabularySize, path)
        return tokenizer
    }

    private func requireIDs(_ found: Int, below count: Int, _ path: String) throws {
        guard found <= count else {
            throw ArchiveError.unreadable(path, reason: "its tokenizer has \(found) ids, its text tower \(count)")
        }
    }
}
