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
            let (model, saved) = try ModelFile.clip(
                path, contextLength: options.contextLength, imageSize: options.imageSize,
                orientation: options.orientation)
            let tokenizer = try tokenizer(
                saved.files, saved.style, for: model.text.configuration, of: path, in: session)
            try session.noteInputs([path])
            return ClipContent(
                model: model, tokenizer: tokenizer, identity: ModelIdentity(model), origin: origin, files: [path],
                tokenizerFiles: saved.files,
                notes: [model.image.configuration.preprocessing(source: origin).description])
        }
        let checkpoint = try ForeignCheckpoint(path, options: options)
        let model = try checkpoint.model()
        let tokenizer = try tokenizer(checkpoint.tokenizer, for: checkpoint.text, of: path, in: session)
        try session.noteInputs(checkpoint.weightFiles)
        return ClipContent(
            model: model, tokenizer: tokenizer, identity: ModelIdentity(model),
            origin: "\(origin) (\(checkpoint.family.rawValue))", files: checkpoint.weightFiles,
            tokenizerFiles: checkpoint.tokenizer, notes: [checkpoint.preprocessing.description])
    }

    /// - `style`: of CLIP's own, where the files are that.
    private func tokenizer(
        _ files: ForeignCheckpoint.TokenizerFiles, _ style: CLIPTokenizer.Style = .openAI,
        for text: CLIPTextTransformer.Configuration, of path: String, in session: Session
    ) throws -> any Tokenizer {
        func fitting<Found: Tokenizer>(_ tokenizer: Found, _ count: Int) throws -> Found {
            if count <= text.vocabularySize { return tokenizer }
            throw ArchiveError.unreadable(
                path, reason: "its tokenizer has \(count) ids, its text tower \(text.vocabularySize)")
        }
        let length = text.contextLength
        guard case .folder(let folder, let cleaning) = files else {
            let tokenizer = try session.clipTokenizer(contextLength: length, style: style)
            return try fitting(tokenizer, tokenizer.vocabularySize)
        }
        let isSigLIP = text.style.pooling == .last
        if !isSigLIP, cleaning == nil, let own = try CLIPTokenizer(folder: folder, contextLength: length) {
            return try fitting(own, own.vocabularySize)
        }
        // SigLIP's text tower takes the last of all the tokens that it has room for, and open_clip fills them up for any.
        // SigLIP reads small letters only; open_clip's configuration says so itself.
        let tokenizer = try TokenizerFolder(folder).tokenizer(
            maximumLength: length, fillsLength: isSigLIP, lowercases: isSigLIP && cleaning == nil, cleaning: cleaning)
        return try fitting(tokenizer, tokenizer.vocabularySize)
    }
}
