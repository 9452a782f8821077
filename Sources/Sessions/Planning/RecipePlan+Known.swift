internal import Inputs
internal import Towers

/// What is known before it is there.
extension RecipePlan {
    /// What a statement loads: as it is on this machine, as an earlier statement writes it, or as it was published.
    func loaded(_ arguments: Arguments, _ content: (any HandleContent)?) -> Known? {
        let written = arguments.text("where") ?? ""
        switch content {
        case let clip as ClipContent: return .clip(clip.model.image.configuration, clip.model.text.configuration)
        case let tower as TowerContent: return .tower(tower.tower.image.configuration)
        case let content as EmbedderContent:
            var parameters: Double?
            if case .embedder(_, let known)? = PublishedShape(named: content.embedder.name) { parameters = known }
            return .embedder(
                Embedder(
                    name: content.embedder.name, dimension: content.embedder.dimension, parametersPerToken: parameters))
        case let pairs as PairsContent:
            return .pairs(
                Pairs(
                    source: source(arguments), pictures: pairs.data.pictureCount, texts: pairs.captions.count,
                    side: pairs.data.imageSize?.height, splits: pairs.data.splits.count,
                    classes: pairs.data.taxonomies.compactMap { try? pairs.data.classes($0).count }.max() ?? 0))
        default: break
        }
        let shape = PublishedShape(named: written)
        switch (arguments.text("kind"), files[absolute(written)]) {
        case ("clip", .clip(let image, let text)?): return .clip(image, text)
        case ("weights", let known?): return known
        case ("pairs", .pairs(let pairs)?): return .pairs(limited(pairs, arguments))
        case ("pairs", _):
            if let size = PublishedPairs(at: written) {
                let whole = Pairs(
                    source: source(arguments), pictures: size.pictures, texts: size.texts, classes: size.classes)
                return .pairs(limited(whole, arguments))
            }
            return arguments.integer("limit").map {
                .pairs(Pairs(source: source(arguments), pictures: $0, texts: $0))
            }
        default: break
        }
        switch (arguments.text("kind"), shape) {
        case ("clip", .clip(let image, let text)?): return .clip(image, text)
        case ("tower", .clip(let image, _)?): return .tower(image)
        case ("embedder", .embedder(let dimension, let parameters)?):
            return .embedder(
                Embedder(
                    name: written, dimension: arguments.integer("dimensions") ?? dimension,
                    parametersPerToken: parameters))
        default: return nil
        }
    }

    private func limited(_ pairs: Pairs, _ arguments: Arguments) -> Pairs {
        guard let limit = arguments.integer("limit"), limit < pairs.pictures else { return pairs }
        return Pairs(
            source: pairs.source, pictures: limit, texts: limit * pairs.texts / pairs.pictures, side: pairs.side,
            splits: pairs.splits, classes: pairs.classes)
    }

    /// Where captions come from, whatever part of them a limit takes.
    private func source(_ arguments: Arguments) -> String {
        let words = [arguments.text("where").map(absolute), arguments.text("split"), arguments.text("lang")]
        return (words.compactMap(\.self) + (arguments.texts("sets") ?? [])).joined(separator: " ")
    }

    /// What `prepare` writes.
    mutating func prepare(_ arguments: Arguments) {
        guard let path = arguments.path("to") else { return }
        let side = arguments.integer("side")
        if arguments.text("what") == "grids" {
            guard let pairs = pairs(arguments, "data"), let count = arguments.integer("count") else { return }
            let number = count * GridComposition.sets.count * pairs.splits
            files[path] = .pairs(
                Pairs(source: path, pictures: number, texts: number, side: side, splits: pairs.splits))
        } else if let pairs = pairs(arguments, "what") {
            files[path] = .pairs(
                Pairs(source: path, pictures: pairs.pictures, texts: pairs.texts, side: side, splits: pairs.splits))
        } else if let size = arguments.path("what").flatMap({ PublishedPairs(at: $0) }) {
            files[path] = .pairs(Pairs(source: path, pictures: size.pictures, texts: size.texts, side: side))
        }
    }
}
