/// The sizes of published models by their names: what can be told of one before it is on the machine.
public enum PublishedShape: Sendable {
    case clip(image: VisionTransformer.Configuration, text: CLIPTextTransformer.Configuration)
    /// d, and the parameters that every token passes.
    case embedder(dimension: Int, parametersPerToken: Double)

    /// The model that a name speaks of, as in `openai/clip-vit-base-patch32`; nil for one that is not known here.
    public init?(named name: String) {
        let name = name.lowercased().replacing("_", with: "-")
        guard let shape = Self.known.first(where: { $0.words.allSatisfy(name.contains) })?.shape else { return nil }
        self = shape
    }

    private static let known: [(words: [String], shape: PublishedShape?)] = [
        (["siglip2", "so400m", "patch14"], siglip),
        (["eva02", "large"], eva), (["eva02", "l-14"], eva),
        (["vit", "base", "patch32"], clip("vit-b-32", 512)), (["vit-b-32"], clip("vit-b-32", 512)),
        (["vit", "base", "patch16"], clip("vit-b-16", 512)), (["vit-b-16"], clip("vit-b-16", 512)),
        (["vit", "large", "patch14"], clip("vit-l-14", 768)), (["vit-l-14"], clip("vit-l-14", 768)),
        (["llama-3-8b"], decoder(4096, layers: 32, inner: 14_336, keys: 1024)),
        (["nv-embed-v2"], decoder(4096, layers: 32, inner: 14_336, keys: 1024)),
        (["qwen3-embedding-0.6b"], decoder(1024, layers: 28, inner: 3072, keys: 1024, queries: 2048)),
        (["qwen3-embedding-8b"], decoder(4096, layers: 36, inner: 12_288, keys: 1024)),
        (["gme", "qwen2-vl-2b"], decoder(1536, layers: 28, inner: 8960, keys: 256)),
        (["gemma3-270m"], decoder(640, layers: 18, inner: 2048, keys: 256, queries: 1024)),
        (["minilm"], .embedder(dimension: 384, parametersPerToken: 6 * 12 * 384 * 384)),
    ]

    private static func clip(_ tower: String, _ width: Int) -> PublishedShape? {
        ImageTower.published[tower].map { image in
            .clip(
                image: image,
                text: CLIPTextTransformer.Configuration(
                    width: width, layers: 12, heads: width / 64, outputs: image.outputs))
        }
    }

    /// EVA02-CLIP-L/14 (arXiv 2303.15389).
    private static let eva = PublishedShape.clip(
        image: VisionTransformer.Configuration(
            imageSize: 224, patchSize: 14, width: 1024, layers: 24, heads: 16, mlpWidth: 2730, outputs: 768,
            style: .eva02),
        text: CLIPTextTransformer.Configuration(width: 768, layers: 12, heads: 12, outputs: 768))

    /// SigLIP2 SO400M/14 at 224 pixels (arXiv 2502.14786).
    private static let siglip = PublishedShape.clip(
        image: VisionTransformer.Configuration(
            imageSize: 224, patchSize: 14, width: 1152, layers: 27, heads: 16, mlpWidth: 4304, outputs: 1152,
            style: .siglip),
        text: CLIPTextTransformer.Configuration(
            vocabularySize: 256_000, contextLength: 64, width: 1152, layers: 27, heads: 16, mlpWidth: 4304,
            outputs: 1152, style: .siglip))

    /// A decoder with grouped heads and a gated feed-forward.
    private static func decoder(
        _ width: Int, layers: Int, inner: Int, keys: Int, queries: Int? = nil
    ) -> PublishedShape {
        let queries = queries ?? width
        return .embedder(
            dimension: width,
            parametersPerToken: Double(layers) * Double(2 * width * queries + 2 * width * keys + 3 * width * inner))
    }
}
