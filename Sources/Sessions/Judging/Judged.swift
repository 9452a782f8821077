internal import ProCLIP
internal import Tensors
internal import Towers

/// A model as evaluation sees it: pictures and texts to one space. CLIP itself and every aligned model are judged alike.
struct Judged {
    let name: String
    let image: VisionTransformer
    /// Texts -> [N, D], L2-normalised.
    let texts: ([String]) throws -> Tensor

    init(_ handle: Handle, _ arguments: Arguments, at slot: String, in session: Session) throws {
        name = handle.name
        if let clip = handle.content as? ClipContent {
            image = clip.model.image
            texts = { Features.texts($0, by: clip.model.text, tokenizer: clip.tokenizer) }
        } else {
            let content = try arguments.content(of: handle, at: slot, as: ModelContent.self)
            image = content.model.image
            texts = { Features.texts(try session.embed($0, with: content.embedder).vectors, by: content.model.adapter) }
        }
    }
}
