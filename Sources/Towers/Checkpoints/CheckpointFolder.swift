internal import Archive
internal import Foundation

/// What the folders of published models have in common.
enum CheckpointFolder {
    /// The files of tensors that Hugging Face's programs write, the preferred first.
    static let huggingFace = [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    ]

    /// Throws `ArchiveError.missingFile` where there is neither file nor folder.
    static func isFolder(_ path: String) throws -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ArchiveError.missingFile(path)
        }
        return isFolder.boolValue
    }

    /// The first of the named files. Throws `ArchiveError.missingFile`.
    static func weights(in folder: String, _ names: [String]) throws -> String {
        let paths = names.map { folder + "/" + $0 }
        guard let path = paths.first(where: FileManager.default.fileExists) else {
            throw ArchiveError.missingFile(paths.first ?? folder)
        }
        return path
    }
}

extension VisionTransformer.Configuration {
    /// Takes the way in which pictures are prepared: what the options say, else what the files said.
    /// Throws `ArchiveError` where nobody says it, or says it for pictures of another size.
    mutating func settle(
        _ found: PicturePreprocessing?, _ options: ForeignCheckpoint.Options, _ path: String
    ) throws -> PicturePreprocessing {
        let given = try options.preprocessing.map {
            try PicturePreprocessing.named($0, size: imageSize) ?? PicturePreprocessing.huggingFace(file: $0)
        }
        guard var preprocessing = given ?? found else {
            throw ArchiveError.unreadable(
                path,
                reason:
                    "it does not say how its pictures are prepared; give preprocess=openai, imagenet or siglip, or a "
                    + "preprocessor_config.json")
        }
        if let size = options.imageSize {
            imageSize = size
            if preprocessing.size != size { (preprocessing.size, preprocessing.fitting.resizedSide) = (size, nil) }
        }
        guard preprocessing.size == imageSize else {
            throw ArchiveError.unreadable(
                path,
                reason: "its pictures are prepared as \(preprocessing.size) pixels, its image tower takes \(imageSize)")
        }
        if let orientation = options.orientation { preprocessing.fitting.orientation = orientation }
        prepare(as: preprocessing)
        try validate()
        return preprocessing
    }
}
