import Foundation
internal import Layers
internal import Rendering
internal import Towers

/// The parts of a model: what each takes and gives, how many parameters it has, where they come from.
struct ModelParts {
    private struct Part {
        let name: String
        let dimensions: String
        let parameters: Int?
        let source: String
    }

    private let parts: [Part]
    let diagram: Diagram

    init?(_ content: any HandleContent) {
        switch content {
        case let clip as ClipContent: self.init(clip)
        case let model as ModelContent: self.init(model)
        case let tower as TowerContent: self.init(tower)
        default: return nil
        }
    }

    private init(_ clip: ClipContent) {
        let (image, text) = (clip.model.image.configuration, clip.model.text.configuration)
        let count = Count(clip.model.parameters)
        let source = clip.files.isEmpty ? clip.origin : clip.files.joined(separator: ", ")
        let tower = Part(
            name: "text tower", dimensions: "\(text.contextLength) tokens of \(text.vocabularySize) -> \(text.width)",
            parameters: count("text") - count("text/projection"), source: source)
        let bridge = Part(
            name: "text projection", dimensions: "\(text.width) -> \(text.outputs)",
            parameters: count("text/projection"), source: source)
        parts = Self.imageParts(image, count, source) + [tower, bridge]
        let textColumn = [
            Diagram.Box(["text"], output: "at most \(text.contextLength) tokens"),
            Diagram.Box(
                [
                    "text tower", "\(text.layers) blocks of \(text.width), \(text.heads) heads",
                    Self.words(tower.parameters),
                ], output: "\(text.width)"),
            Diagram.Box(["projection \(text.width) x \(text.outputs)"], output: "\(text.outputs)"),
        ]
        diagram = Diagram(
            columns: [Self.imageColumn(image, count), textColumn],
            joint: "cosine x \(Self.scale(clip.model.logitScale))")
    }

    private init(_ tower: TowerContent) {
        let (image, count) = (tower.tower.image.configuration, Count(tower.tower.parameters))
        let source = tower.files.isEmpty ? tower.origin : tower.files.joined(separator: ", ")
        parts = Self.imageParts(image, count, source)
        diagram = Diagram(columns: [Self.imageColumn(image, count)], joint: "features of \(image.outputs)")
    }

    private init(_ model: ModelContent) {
        let (image, adapter) = (model.model.image.configuration, model.model.adapter.configuration)
        let count = Count(model.model.parameters)
        let source = model.files.isEmpty ? model.origin : model.files.joined(separator: ", ")
        let embedder = model.embedder
        parts =
            Self.imageParts(image, count, source) + [
                Part(
                    name: "embedder", dimensions: "text -> \(embedder.dimension)", parameters: nil,
                    source: "\(embedder.name), SHA-256 \(embedder.hash.prefix(12))..., frozen"),
                Part(
                    name: "adapter", dimensions: "\(adapter.inputs) -> \(adapter.outputs)",
                    parameters: count("adapter"), source: source),
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
            joint: "cosine x \(Self.scale(model.model.logitScale))")
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
                    "\(image.layers) blocks of \(image.width), \(image.heads) heads",
                    words(count("image") - projection),
                ], output: "\(image.width)"),
        ]
        if image.style.projection == .none { return boxes }
        return boxes + [Diagram.Box(["projection \(image.width) x \(image.outputs)"], output: "\(image.outputs)")]
    }

    var table: Table {
        Table(
            title: "parts", columns: ["part", "dimensions", Column("parameters", style: .significant(9)), "from"],
            rows: parts.map {
                [.text($0.name), .text($0.dimensions), $0.parameters.map(Scalar.integer) ?? .missing, .text($0.source)]
            })
    }

    private static func words(_ count: Int?) -> String {
        let count = Double(count ?? 0)
        let (value, unit) = count >= 1e6 ? (count / 1e6, " million") : (count, "")
        return NumberStyle.significant(3).text(value) + unit + " parameters"
    }

    private static func scale(_ logarithm: Parameter) -> String {
        NumberStyle.significant(4).text(exp(Double(logarithm.value.item)))
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
