internal import Inputs
internal import Language
internal import ProCLIP
internal import Towers

/// What the learning verbs take.
extension RecipePlan {
    /// A CLIP from nothing.
    mutating func pretraining(_ step: Step) -> Work? {
        let arguments = step.arguments
        guard let pairs = pairs(arguments, "data"), let side = pairs.side,
            let options = try? LearningKeys.options(arguments, for: .pretrain)
        else { return Work(unknown: ["how many pairs there are, and how large"]) }
        let (image, text) = PretrainCommand.configurations(arguments, side: side)
        if let name = step.name { known[name] = .clip(image, text) }
        let (picture, caption) = (OperationCount(image), OperationCount(text, tokens: Self.tokens))
        let memory = TrainingMemory(
            tuning: image, imageParameters: Int(picture.parameters), text: text, tokens: Self.tokens,
            train: [.image, .text], average: false, batch: options.batch, recompute: options.recompute ?? false)
        return Work(
            operations: 3 * Double(pairs.texts * options.epochs) * (picture.operations + caption.operations),
            bytes: Double(memory.total))
    }

    /// A language model's matrices of low rank: gradients pass its own, which get none.
    mutating func aligning(_ step: Step) -> Work? {
        let arguments = step.arguments
        guard case .embedder(let embedder)? = sizes(arguments, "embedder") else {
            return Work(unknown: ["the sizes of \(arguments.handle("embedder")?.name ?? "the model")"])
        }
        if let name = step.name {
            known[name] = .embedder(
                Embedder(
                    name: "\(embedder.name) as \(name)", dimension: embedder.dimension,
                    parametersPerToken: embedder.parametersPerToken))
        }
        guard let pairs = pairs(arguments, "data"), let parameters = embedder.parametersPerToken,
            let options = try? LearningKeys.options(arguments, for: .align)
        else { return Work(unknown: ["how many texts there are"]) }
        let texts = Double(pairs.texts * max(1, arguments.texts("languages")?.count ?? 1) * options.epochs)
        return Work(
            operations: 4 * parameters * Double(Self.tokens) * texts, bytes: 4 * parameters,
            unknown: ["the memory of its steps"])
    }

    mutating func distilling(_ step: Step) -> Work? {
        let arguments = step.arguments
        guard case .embedder(let embedder)? = sizes(arguments, "embedder"),
            case .clip(let image, let text)? = sizes(arguments, "to"),
            let options = try? LearningKeys.options(arguments, for: .distill)
        else { return Work(unknown: ["the sizes of what it names"]) }
        let adapter = Adapter.Configuration(
            inputs: embedder.dimension, outputs: image.outputs, blocks: options.blocks, expansion: options.expansion)
        if let name = step.name { known[name] = .model(image, adapter, embedder) }
        guard let pairs = pairs(arguments, "data") else { return Work(unknown: ["how many texts there are"]) }
        // A caption, perhaps a long one beside it, and its translations.
        let others = (arguments.texts("languages") ?? []).count + (arguments.text("long") == nil ? 0 : 1)
        let texts = Double(pairs.texts * (1 + others))
        var work = Work()
        vectors(of: pairs, by: embedder, &work)
        if others > 0 {
            let beside = Pairs(source: pairs.source + " beside", pictures: pairs.pictures, texts: pairs.texts)
            vectors(of: beside, times: others, by: embedder, &work)
        }
        // The teacher reads what others are pulled to.
        let read = Double(pairs.texts * (arguments.text("long") == nil ? 1 : 2))
        work.operations += read * OperationCount(text, tokens: Self.tokens).operations
        work.operations += 3 * OperationCount(adapter).operations * texts * Double(options.epochs)
        work.bytes += read * Double(image.outputs) * 4
        work.bytes += Double(
            TrainingMemory(distilling: adapter, batch: options.batch, recompute: options.recompute ?? false).total)
        return work
    }

    mutating func tuning(_ step: Step) -> Work? {
        let arguments = step.arguments
        guard let start = arguments.handle("start"),
            let options = try? LearningKeys.options(arguments, for: .tune),
            let parts = try? TuneCommand.parts(arguments)
        else { return nil }
        guard let pair = pair(arguments, start.name, options) else {
            return Work(unknown: ["the sizes of what it names"])
        }
        if let name = step.name {
            switch pair.texts {
            case .adapter(let adapter, let embedder): known[name] = .model(pair.image, adapter, embedder)
            case .tower(let text): known[name] = .clip(pair.image, text)
            }
        }
        guard let pairs = pairs(arguments, "data") else {
            return Work(unknown: ["how many pairs there are"])
        }
        var work = Work()
        let (image, samples) = (OperationCount(pair.image), Double(pairs.texts * options.epochs))
        let isSplit = options.micro.map { $0 < options.batch } ?? false
        // What is not kept is computed again.
        let again: Double = options.recompute == true || isSplit ? 1 : 0
        let (isCached, features) = (options.teacher == .cached, Double(pairs.pictures * pair.image.outputs) * 4)
        let isHeld = options.lambda > 0 && parts.contains(where: \.isOfImageTower)
        if let share = Self.trainedShare(parts, pair.image) {
            work.operations += samples * image.operations * (1 + again + 2 * share)
        } else {
            work.operations += Double(pairs.pictures) * image.operations
            work.bytes += features
        }
        if isHeld {
            work.operations += (isCached ? Double(pairs.pictures) : samples) * image.operations
            if isCached { work.bytes += features }
        }
        let side: OperationCount
        switch pair.texts {
        case .adapter(let adapter, let embedder):
            vectors(of: pairs, by: embedder, &work)
            side = OperationCount(adapter)
            work.bytes += Double(
                TrainingMemory(
                    tuning: pair.image, imageParameters: Int(image.parameters), adapter: adapter, train: parts,
                    average: isHeld && !isCached, batch: options.batch, micro: options.micro,
                    recompute: options.recompute ?? false
                ).total)
        case .tower(let text):
            side = OperationCount(text, tokens: Self.tokens)
            work.bytes += Double(
                TrainingMemory(
                    tuning: pair.image, imageParameters: Int(image.parameters), text: text, tokens: Self.tokens,
                    train: parts, average: isHeld && !isCached, batch: options.batch, micro: options.micro,
                    recompute: options.recompute ?? false
                ).total)
        }
        let isTrained = parts.contains(.adapter) || parts.contains(.text)
        work.operations += samples * side.operations * (isTrained ? 3 + again : 1)
        return work
    }

    /// What both sides of a pair pass.
    private struct Pair {
        enum Texts {
            case adapter(Adapter.Configuration, Embedder)
            case tower(CLIPTextTransformer.Configuration)
        }
        var image: VisionTransformer.Configuration
        var texts: Texts
    }

    private func pair(_ arguments: Arguments, _ start: String, _ options: TrainingOptions) -> Pair? {
        var tower: VisionTransformer.Configuration?
        switch sizes(arguments, "tower") {
        case .clip(let image, _)?: tower = image
        case .tower(let image)?: tower = image
        default: tower = arguments.text("tower").flatMap { ImageTower.published[String($0.dropFirst("random:".count))] }
        }
        switch known[start] {
        case .clip(let image, let text)?: return Pair(image: image, texts: .tower(text))
        case .model(let image, let adapter, let embedder)?:
            return Pair(image: tower ?? image, texts: .adapter(adapter, embedder))
        case .embedder(let embedder)?:
            guard let tower else { return nil }
            let adapter = Adapter.Configuration(
                inputs: embedder.dimension, outputs: tower.outputs, blocks: options.blocks, expansion: options.expansion
            )
            return Pair(image: tower, texts: .adapter(adapter, embedder))
        default: return nil
        }
    }

    /// How much of the way back an image tower takes part in; nil where it is frozen.
    private static func trainedShare(
        _ parts: Set<TuneStage.Part>, _ image: VisionTransformer.Configuration
    ) -> Double? {
        guard let part = parts.first(where: \.isOfImageTower) else { return nil }
        return switch part {
        case .last(let count): Double(min(count, image.layers)) / Double(image.layers)
        // Gradients pass the frozen matrices, which get none themselves.
        case .lora: 0.5
        default: 1
        }
    }
}
