import Foundation
internal import Layers
internal import Rendering
internal import Towers

/// The parts of a model: what each takes and gives, how many parameters it has, where they come from.
struct ModelParts {
    private struct Part {
        let name: String
        let dimensions: String
        let parameters: Int
        let source: String
    }

    private let parts: [Part]
    let diagram: Diagram

    /// - `folder`: files in it go by their paths from there.
    init?(_ content: any HandleContent, in folder: String) {
        func source(_ files: [String], else origin: String) -> String {
            files.isEmpty ? origin : files.map { CheckContext.shown($0, from: folder) }.joined(separator: ", ")
        }
        switch content {
        case let clip as ClipContent: self.init(clip, source(clip.files, else: clip.origin))
        case let model as ModelContent: self.init(model, source(model.files, else: model.origin))
        case let tower as TowerContent: self.init(tower, source(tower.files, else: tower.origin))
        default: return nil
        }
    }

    private init(_ clip: ClipContent, _ source: String) {
        let (image, text) = (clip.model.image.configuration, clip.model.text.configuration)
        let count = Count(clip.model.parameters)
        let tower = Part(
            name: "text tower", dimensions: "\(text.contextLength) tokens of \(text.vocabularySize) -> \(text.width)",
            parameters: count("text") - count("text/projection"), source: source)
        let bridge = Part(
            name: "text projection", dimensions: "\(text.width) -> \(text.outputs)",
            parameters: count("text/projection"), source: source)
        let scale = Self.scalePart(clip.model.logitScale, clip.model.logitBias, source)
        parts = Self.imageParts(image, count, source) + [tower, bridge, scale]
        let textColumn = [
            Diagram.Box(["text"], output: "at most \(text.contextLength) tokens"),
            Diagram.Box(
                [
                    "text tower", "\(text.layers) blocks of \(text.width), \(text.heads) heads",
                    "\(text.style.isCausal ? "each token sees those before it" : "all tokens see each other"), "
                        + text.activation.rawValue,
                    Self.words(tower.parameters),
                ],
                output: text.style.pooling == .last ? "\(text.width), of the last token" : "\(text.width), of the end"),
            Self.bridge(text.width, text.outputs),
        ]
        diagram = Diagram(
            columns: [Self.imageColumn(image, count), textColumn],
            joint: Self.joint(clip.model.logitScale, clip.model.logitBias))
    }

    private init(_ tower: TowerContent, _ source: String) {
        let (image, count) = (tower.tower.image.configuration, Count(tower.tower.parameters))
        parts = Self.imageParts(image, count, source)
        diagram = Diagram(columns: [Self.imageColumn(image, count)], joint: "features of \(image.outputs)")
    }

    private init(_ model: ModelContent, _ source: String) {
        let (image, adapter) = (model.model.image.configuration, model.model.adapter.configuration)
        let count = Count(model.model.parameters)
        let embedder = model.embedder
        parts =
            Self.imageParts(image, count, source) + [
                Part(
                    name: "embedder", dimensions: "text -> \(embedder.dimension)", parameters: embedder.parameterCount,
                    source: "\(embedder.name), SHA-256 \(embedder.hash.prefix(12))..., frozen"),
                Part(
                    name: "adapter", dimensions: "\(adapter.inputs) -> \(adapter.outputs)",
                    parameters: count("adapter"), source: source),
                Self.scalePart(model.model.logitScale, model.model.logitBias, source),
            ]
        let textColumn = [
            Diagram.Box(["text"], output: ""),
            Diagram.Box(["embedder \(embedder.name), frozen"], output: "\(embedder.dimension)"),
            Diagram.Box(
                [
                    "adapter", "\(adapter.blocks) blocks, inner width \(adapter.expansion * adapter.inputs)",
                    "bridges \(adapter.inputs) -> \(adapter.outputs)", Self.words(count("adapter")),
                ], output: "\(adapter.outputs)"),
        ]
        diagram = Diagram(
            columns: [Self.imageColumn(image, count), textColumn],
            joint: Self.joint(model.model.logitScale, model.model.logitBias))
    }

    private static func scalePart(_ scale: Parameter, _ bias: Parameter?, _ source: String) -> Part {
        Part(
            name: bias == nil ? "logit scale" : "logit scale, bias", dimensions: "", parameters: bias == nil ? 1 : 2,
            source: source)
    }

    private static func joint(_ scale: Parameter, _ bias: Parameter?) -> String {
        func text(_ value: Double) -> String { NumberStyle.significant(4).text(value) }
        let product = "cosine x \(text(exp(Double(scale.value.item))))"
        guard let bias = bias?.value.item else { return product }
        return "\(product) \(bias < 0 ? "-" : "+") \(text(Double(abs(bias))))"
    }

    private static func bridge(_ width: Int, _ outputs: Int) -> Diagram.Box {
        Diagram.Box(["projection, bridges \(width) -> \(outputs)"], output: "\(outputs)")
    }

    /// What an architecture has of its own.
    private static func style(_ image: VisionTransformer.Configuration) -> String {
        let (style, block) = (image.style, image.style.block)
        let traits: [(Bool, String)] = [
            (style.pooling == .attention, "attention pooling"), (style.pooling == .classToken, "class token"),
            (style.rotaryGrid != nil, "rotary positions"), (block.isGated, "SwiGLU"),
            (block.hasInnerNorms, "inner norms"), (block.hasLayerScale, "LayerScale"),
            (!block.isGated, image.activation.rawValue),
        ]
        return traits.filter(\.0).map(\.1).joined(separator: ", ")
    }

    private static func imageParts(
        _ image: VisionTransformer.Configuration, _ count: Count, _ source: String
    ) -> [Part] {
        let projection = count("image/projection")
        let side = image.imageSize
        let tower = Part(
            name: "image tower", dimensions: "\(side) x \(side) x 3 -> \(image.width)",
            parameters: count("image") - projection, source: source)
        if image.style.projection == .none { return [tower] }
        let bridge = Part(
            name: "image projection", dimensions: "\(image.width) -> \(image.outputs)", parameters: projection,
            source: source)
        return [tower, bridge]
    }

    private static func imageColumn(_ image: VisionTransformer.Configuration, _ count: Count) -> [Diagram.Box] {
        let side = image.imageSize
        let projection = count("image/projection")
        let boxes = [
            Diagram.Box(["picture"], output: "\(side) x \(side)"),
            Diagram.Box(
                [
                    "image tower, patches of \(image.patchSize)",
                    "\(image.layers) blocks of \(image.width), \(image.heads) heads", style(image),
                    words(count("image") - projection),
                ], output: "\(image.width)"),
        ]
        if image.style.projection == .none { return boxes }
        return boxes + [bridge(image.width, image.outputs)]
    }

    var table: Table {
        Table(
            title: "parts", columns: ["part", "dimensions", Column("parameters", style: .significant(9)), "from"],
            rows: parts.map {
                [.text($0.name), .text($0.dimensions), .integer($0.parameters), .text($0.source)]
            } + [["all", "", .integer(parts.map(\.parameters).reduce(0, +)), ""]])
    }

    private static func words(_ count: Int) -> String {
        let count = Double(count)
        let (value, unit) = count >= 1e6 ? (count / 1e6, " million") : (count, "")
        return NumberStyle.significant(3).text(value) + unit + " parameters"
    }

    /// The numbers below a path.
    private struct Count {
        let parameters: [Parameter]
        init(_ parameters: [Parameter]) { self.parameters = parameters }

        func callAsFunction(_ path: String) -> Int {
            parameters.filter { $0.path.hasPrefix(path + "/") || $0.path == path }.map(\.shape.count).reduce(0, +)
        }
    }
}
