internal import Archive
internal import Language
internal import ProCLIP

/// `load embeddings`: what `save` wrote of embeddings as HDF5, or LLM2CLIP's of a webdataset shard.
struct EmbeddingsLoader: Loader {
    let kind = HandleKind.embeddings
    let place = "an HDF5 file of embeddings that save wrote, or NAME_text_embeddings.tar of LLM2CLIP"

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        EmbeddingsContent(embeddings: try read(path, in: session))
    }

    /// Throws `ArchiveError` for a file that is none or damaged.
    func read(_ path: String, in session: Session) throws -> LabelledEmbeddings {
        try session.noteInput(path)
        return try LabelledEmbeddings(reading: path)
    }
}
