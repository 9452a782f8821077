import Foundation
internal import Inputs
internal import ProCLIP
internal import Tensors
internal import Towers

/// A model as evaluation sees it: pictures and texts to one space. CLIP itself and every aligned model are judged alike.
struct Judged {
    let name: String
    let image: VisionTransformer
    let features: Features
    /// Texts -> [N, D], L2-normalised.
    let texts: ([String]) throws -> Tensor
    /// How many of the texts exceed the model's context and lose their end.
    let countOfCut: ([String]) -> Int
    /// How texts become vectors, as a file of embeddings says it.
    let textDescription: () throws -> [String: String]
    /// The same of pictures.
    let imageDescription: () throws -> [String: String]

    /// What cosines are multiplied by, and SigLIP's bias, which makes each label a question of its own.
    private let scale: Float
    private let bias: Float?

    init(_ handle: Handle, _ arguments: Arguments, at slot: String, in session: Session) throws {
        name = handle.name
        let features = Features(stop: session.stop) { [progress = session.progress] done, total in
            progress(Progress(label: "embed", step: done, total: total, samplesPerStep: 1))
        }
        self.features = features
        if let clip = handle.content as? ClipContent {
            image = clip.model.image
            (scale, bias) = (exp(clip.model.logitScale.value.item), clip.model.logitBias?.value.item)
            textDescription = {
                let text = clip.model.text.configuration
                var words = "the model's own tokenizer"
                if let own = clip.tokenizer as? CLIPTokenizer { words = "CLIP's byte pairs (\(own.style.rawValue))" }
                if case .folder(_, let cleaning?) = clip.tokenizerFiles { words += " (\(cleaning.rawValue))" }
                return Self.description(
                    try clip.identity.hash, "\(words), at most \(text.contextLength) tokens",
                    pooling: text.style.pooling == .last ? "last token" : "end of text")
            }
            imageDescription = { Self.description(of: clip.model.image, hash: try clip.identity.hash) }
            countOfCut = { clip.tokenizer.encode($0).cutCount }
            texts = {
                session.tellCut(clip.tokenizer.encode($0).cutCount, by: handle.name)
                return try features.texts($0, by: clip.model.text, tokenizer: clip.tokenizer)
            }
        } else if let content = handle.content as? TowerContent {
            image = content.tower.image
            (scale, bias) = (1, nil)
            textDescription = { [:] }
            imageDescription = { Self.description(of: content.tower.image, hash: try content.identity.hash) }
            countOfCut = { _ in 0 }
            texts = { _ in
                throw arguments.diagnostic(
                    .wrongKind, "\"\(handle.name)\" is an image tower and knows no texts", at: slot)
            }
        } else {
            let content = try arguments.content(of: handle, at: slot, as: ModelContent.self)
            image = content.model.image
            (scale, bias) = (exp(content.model.logitScale.value.item), content.model.logitBias?.value.item)
            textDescription = {
                let (embedder, preprocessing) = (content.embedder, content.embedder.preprocessing)
                return Self.description(
                    try content.identity.hash, "\(embedder.name) \(embedder.hash), \(preprocessing.tokens)",
                    pooling: preprocessing.pooling)
            }
            imageDescription = { Self.description(of: content.model.image, hash: try content.identity.hash) }
            countOfCut = content.embedder.countOfCut
            texts = { try features.texts(session.vectors(of: $0, by: content.embedder), by: content.model.adapter) }
        }
    }

    /// How likely each of some labels is, by its cosine with a picture: their softmax, or with a bias each by itself.
    func probabilities(_ cosines: [Float]) -> [Double] {
        if let bias { return cosines.map { 1 / (1 + exp(-Double(scale * $0 + bias))) } }
        let greatest = cosines.max() ?? 0
        let weights = cosines.map { exp(Double(scale * ($0 - greatest))) }
        return weights.map { $0 / weights.reduce(0, +) }
    }

    /// Features of pictures with what each is of.
    func labelled(_ vectors: Tensor, _ labels: [String]) throws -> LabelledEmbeddings {
        LabelledEmbeddings(
            vectors: vectors, labels: labels, role: .paths, model: name, description: try imageDescription())
    }

    private static func description(of tower: VisionTransformer, hash: String) -> [String: String] {
        let pooling = tower.configuration.style.pooling == .classToken ? "class token" : "attention"
        return description(hash, tower.configuration.preprocessing(source: "").content, pooling: pooling)
    }

    private static func description(_ hash: String, _ preprocessing: String, pooling: String) -> [String: String] {
        [
            "kind": "embeddings", "format_version": "2", "model_sha256": hash, "preprocessing": preprocessing,
            "pooling": pooling, "normalisation": "l2",
        ]
    }
}
