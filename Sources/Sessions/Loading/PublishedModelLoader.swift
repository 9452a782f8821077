internal import Archive
internal import Inputs
internal import Language
internal import Towers

extension HuggingFaceCache {
    /// How a model that is not here gets here; nil for what cannot be its name.
    func advice(on name: String) -> String? {
        guard Self.isName(name) else { return nil }
        return "nor is \(name) in the Hugging Face cache \(folder); \"hf download \(name)\" brings it, this program "
            + "fetches nothing from there"
    }
}

/// A model in our own form or in that of other programs, which the Hugging Face cache may hold.
protocol PublishedModelLoader: ModelFileLoader {}

extension PublishedModelLoader {
    func readings(_ written: String, in context: CheckContext) -> [String] {
        fileReadings(written, in: context) + [context.places.huggingFace.snapshot(of: written)].compactMap { $0 }
    }

    func names(in context: CheckContext) -> [String] { fileNames(in: context) + context.places.huggingFace.names }

    func help(for written: String, in context: CheckContext) -> String? {
        context.places.huggingFace.advice(on: written)
    }

    func options(_ arguments: Arguments, in context: CheckContext) -> ForeignCheckpoint.Options {
        let preprocessing = arguments.text("preprocess").map { written in
            PicturePreprocessing.names.contains(written) ? written : context.absolute(written)
        }
        return ForeignCheckpoint.Options(
            contextLength: arguments.integer("context"), imageSize: arguments.integer("image_size"),
            preprocessing: preprocessing, orientation: arguments.orientation,
            isQuickGELU: arguments.text("activation").map { $0 == "quickgelu" })
    }

    /// Throws for a file of ours that is of another kind, or for which a key was given that it answers itself.
    func checkOurs(_ path: String, _ arguments: Arguments) throws {
        try ModelFile.check(path, kind: kind.rawValue)
        if let key = ["preprocess", "activation"].first(where: arguments.given.contains) {
            throw arguments.diagnostic(
                .contradiction, "\(path) says itself what \(key)= would say", at: key, help: "leave it out")
        }
    }

    /// What WHERE is called in a summary.
    func origin(_ path: String, _ arguments: Arguments) -> String {
        let written = arguments.text("where") ?? ""
        return HuggingFaceCache.isName(written) ? written : path.split(separator: "/").last.map(String.init) ?? path
    }
}

extension Arguments {
    /// Whether pictures are to be turned; nil for as the model's files say.
    var orientation: PictureFitting.Orientation? { boolean("upright").map { $0 ? .upright : .stored } }
}
