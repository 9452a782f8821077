internal import Inputs
internal import Language
internal import ProCLIP
internal import Rendering
internal import Tensors
internal import Towers

/// What the statements of a recipe will take at the least, from the sizes of what they name: the operations of their matrix
/// products at the speed that this machine multiplies with, and the memory of parameters, vectors and activations.
struct RecipePlan {
    /// A statement that has been checked.
    struct Step: Sendable {
        let verb: String
        let arguments: Arguments
        let name: String?
    }

    /// What is known of a handle before it is there.
    enum Known {
        case clip(VisionTransformer.Configuration, CLIPTextTransformer.Configuration)
        case tower(VisionTransformer.Configuration)
        /// Nil where the sizes of the model are not known.
        case embedder(dimension: Int, parametersPerToken: Double?)
        case pairs(Int, texts: Int)
        case model(
            VisionTransformer.Configuration, Adapter.Configuration, parametersPerToken: Double?, embedder: String)
    }

    /// What a statement does.
    struct Work {
        var operations = 0.0
        var bytes = 0.0
        /// What could not be counted.
        var unknown: [String] = []
    }

    /// How long a text is taken to be.
    static let tokens = 32
    private(set) var known: [String: Known] = [:]
    private(set) var rows: [(statement: String, work: Work)] = []
    /// Texts and pictures that an embedder or a teacher has seen already: they are cached.
    private var embedded: Set<String> = []

    /// Takes up a step. `loaded` is what it loads, where that is on this machine.
    mutating func add(_ step: Step, loaded: (any HandleContent)?) {
        let arguments = step.arguments
        switch step.verb {
        case "load": if let name = step.name { known[name] = Self.known(arguments, loaded) }
        case "embed": add(step, embedding(arguments))
        case "distill": add(step, distilling(step))
        case "tune": add(step, tuning(step))
        case "eval", "compare": add(step, judging(arguments))
        default: break
        }
    }

    private mutating func add(_ step: Step, _ work: Work?) {
        if let work { rows.append((step.arguments.statement, work)) }
    }

    private static func known(_ arguments: Arguments, _ loaded: (any HandleContent)?) -> Known? {
        switch loaded {
        case let clip as ClipContent: return .clip(clip.model.image.configuration, clip.model.text.configuration)
        case let tower as TowerContent: return .tower(tower.tower.image.configuration)
        case let content as EmbedderContent:
            var parameters: Double?
            if case .embedder(_, let known)? = PublishedShape(named: content.embedder.name) { parameters = known }
            return .embedder(dimension: content.embedder.dimension, parametersPerToken: parameters)
        case let pairs as PairsContent: return .pairs(pairs.data.pictureCount, texts: pairs.captions.count)
        default: break
        }
        switch (arguments.text("kind"), PublishedShape(named: arguments.text("where") ?? "")) {
        case ("clip", .clip(let image, let text)?): return .clip(image, text)
        case ("tower", .clip(let image, _)?): return .tower(image)
        case ("embedder", .embedder(let dimension, let parameters)?):
            return .embedder(dimension: dimension, parametersPerToken: parameters)
        case ("pairs", _): return arguments.integer("limit").map { .pairs($0, texts: $0) }
        default: return nil
        }
    }

    private func sizes(_ arguments: Arguments, _ name: String) -> Known? {
        arguments.handle(name).flatMap { known[$0.name] }
    }

    /// The vectors of texts, which are computed once and kept in memory.
    private mutating func vectors(
        of data: String, texts: Int, by embedder: String, _ dimension: Int, _ parameters: Double?, _ work: inout Work
    ) {
        work.bytes += Double(texts * dimension) * 4
        guard embedded.insert("\(embedder) \(data)").inserted else { return }
        guard let parameters else {
            work.unknown.append("the vectors by \(embedder)")
            return
        }
        work.operations += 2 * parameters * Double(Self.tokens * texts)
    }

    private mutating func embedding(_ arguments: Arguments) -> Work? {
        guard let data = arguments.handles("what").first ?? arguments.handle("what"),
            let model = arguments.handle("with"),
            case .pairs(let pictures, let texts)? = known[data.name]
        else { return nil }
        var work = Work()
        switch known[model.name] {
        case .embedder(let dimension, let parameters)?:
            vectors(of: data.name, texts: texts, by: model.name, dimension, parameters, &work)
        case .clip(let image, let text)?:
            work.operations =
                arguments.text("of") == "image"
                ? Double(pictures) * OperationCount(image).operations
                : Double(texts) * OperationCount(text, tokens: Self.tokens).operations
        default: return nil
        }
        return work
    }

    private mutating func distilling(_ step: Step) -> Work? {
        let arguments = step.arguments
        guard let embedder = arguments.handle("embedder"), let data = arguments.handle("data"),
            let teacher = arguments.handle("to"),
            case .embedder(let dimension, let parameters)? = known[embedder.name],
            case .clip(let image, let text)? = known[teacher.name],
            let options = try? LearningKeys.options(arguments, for: .distill)
        else { return Work(unknown: ["the sizes of what it names"]) }
        let adapter = Adapter.Configuration(
            inputs: dimension, outputs: image.outputs, blocks: options.blocks, expansion: options.expansion)
        if let name = step.name {
            known[name] = .model(image, adapter, parametersPerToken: parameters, embedder: embedder.name)
        }
        guard case .pairs(_, let texts)? = known[data.name] else { return Work(unknown: ["how many texts there are"]) }
        var work = Work()
        vectors(of: data.name, texts: texts, by: embedder.name, dimension, parameters, &work)
        work.operations += Double(texts) * OperationCount(text, tokens: Self.tokens).operations
        work.operations += 3 * OperationCount(adapter).operations * Double(texts * options.epochs)
        work.bytes += Double(texts * image.outputs) * 4
        work.bytes += Double(
            TrainingMemory(distilling: adapter, batch: options.batch, recompute: options.recompute ?? false).total)
        return work
    }

    private mutating func tuning(_ step: Step) -> Work? {
        let arguments = step.arguments
        guard let start = arguments.handle("start"), let data = arguments.handle("data"),
            let options = try? LearningKeys.options(arguments, for: .tune),
            let parts = try? TuneCommand.parts(arguments)
        else { return nil }
        guard let pair = pair(arguments, start.name, options) else {
            return Work(unknown: ["the sizes of what it names"])
        }
        if let name = step.name {
            switch pair.texts {
            case .adapter(let adapter, let parameters, let embedder):
                known[name] = .model(pair.image, adapter, parametersPerToken: parameters, embedder: embedder)
            case .tower(let text): known[name] = .clip(pair.image, text)
            }
        }
        guard case .pairs(let pictures, let texts)? = known[data.name] else {
            return Work(unknown: ["how many pairs there are"])
        }
        var work = Work()
        let (image, samples) = (OperationCount(pair.image), Double(texts * options.epochs))
        let isSplit = options.micro.map { $0 < options.batch } ?? false
        // What is not kept is computed again.
        let again: Double = options.recompute == true || isSplit ? 1 : 0
        let (isCached, features) = (options.teacher == .cached, Double(pictures * pair.image.outputs) * 4)
        let isHeld = options.lambda > 0 && parts.contains(where: \.isOfImageTower)
        if let share = Self.trainedShare(parts, pair.image) {
            work.operations += samples * image.operations * (1 + again + 2 * share)
        } else {
            work.operations += Double(pictures) * image.operations
            work.bytes += features
        }
        if isHeld {
            work.operations += (isCached ? Double(pictures) : samples) * image.operations
            if isCached { work.bytes += features }
        }
        let side: OperationCount
        switch pair.texts {
        case .adapter(let adapter, let parameters, let embedder):
            vectors(of: data.name, texts: texts, by: embedder, adapter.inputs, parameters, &work)
            side = OperationCount(adapter)
            work.bytes += Double(
                TrainingMemory(
                    tuning: pair.image, imageParameters: Int(image.parameters), adapter: adapter, train: parts,
                    average: isHeld && !isCached, batch: options.batch, micro: options.micro,
                    recompute: options.recompute ?? false
                ).total)
        case .tower(let text):
            side = OperationCount(text, tokens: Self.tokens)
            work.bytes += 16 * side.parameters + 4 * image.parameters
            work.unknown.append("the memory of its steps")
        }
        let isTrained = parts.contains(.adapter) || parts.contains(.text)
        work.operations += samples * side.operations * (isTrained ? 3 + again : 1)
        return work
    }

    /// What both sides of a pair pass.
    private struct Pair {
        enum Texts {
            case adapter(Adapter.Configuration, parametersPerToken: Double?, embedder: String)
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
        case .model(let image, let adapter, let parameters, let embedder)?:
            return Pair(
                image: tower ?? image, texts: .adapter(adapter, parametersPerToken: parameters, embedder: embedder))
        case .embedder(let dimension, let parameters)?:
            guard let tower else { return nil }
            let adapter = Adapter.Configuration(
                inputs: dimension, outputs: tower.outputs, blocks: options.blocks, expansion: options.expansion)
            return Pair(image: tower, texts: .adapter(adapter, parametersPerToken: parameters, embedder: start))
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

    private mutating func judging(_ arguments: Arguments) -> Work? {
        guard let data = arguments.handle("on") else { return nil }
        var work = Work()
        guard case .pairs(let pictures, let texts)? = known[data.name] else {
            return Work(unknown: ["how many pictures there are"])
        }
        for handle in arguments.handles("model") + [arguments.handle("model")].compactMap(\.self) {
            switch known[handle.name] {
            case .clip(let image, let text)?:
                work.operations += Double(pictures) * OperationCount(image).operations
                work.operations += Double(texts) * OperationCount(text, tokens: Self.tokens).operations
            case .model(let image, let adapter, let parameters, let embedder)?:
                work.operations += Double(pictures) * OperationCount(image).operations
                work.operations += Double(texts) * OperationCount(adapter).operations
                vectors(of: data.name, texts: texts, by: embedder, adapter.inputs, parameters, &work)
            default: work.unknown.append("the sizes of \(handle.name)")
            }
        }
        return work
    }

    /// Multiplications and additions a second of large matrices on this machine.
    static func measuredSpeed() -> Double {
        let side = 1024
        var generator = RandomGenerator(seed: 0)
        let (a, b) = (Tensor.normal([side, side], using: &generator), Tensor.normal([side, side], using: &generator))
        let (target, clock) = (Tensor.zeros([side, side]), ContinuousClock())
        Tensor.matmul(a, b, into: target)
        var (count, elapsed) = (0, 0.0)
        let start = clock.now
        while elapsed < 0.2 {
            Tensor.matmul(a, b, into: target)
            count += 1
            elapsed = (clock.now - start) / .seconds(1)
        }
        return 2 * Double(side * side * side) * Double(count) / elapsed
    }

    /// A row a statement that takes time.
    func reply(speed: Double) -> Reply {
        let counted = rows.filter { $0.work.operations > 0 }
        let seconds = counted.map { $0.work.operations / speed }
        let cells = zip(counted, seconds).map { row, seconds in
            [
                Scalar.text(Self.brief(row.statement)), .text(Self.time(seconds)),
                .text(Memory.text(Int(row.work.bytes))), .text(row.work.unknown.joined(separator: ", ")),
            ]
        }
        let table = Table(
            title: "at least, on this machine",
            columns: [
                "statement", Column("time", alignment: .trailing), Column("memory", alignment: .trailing),
                "not counted",
            ], rows: cells)
        let (total, most) = (seconds.reduce(0, +), counted.map(\.work.bytes).max() ?? 0)
        var sentences = [
            "in all \(Self.time(total)) at \(NumberStyle.significant(3).text(speed / 1e9)) billion operations a second, the "
                + "speed of large matrix products here, and \(Memory.text(Int(most))) of memory, of which this machine has "
                + Memory.text(Int(Memory.available)),
            "texts are taken as \(Self.tokens) tokens long; %estimate measures a statement whose data are there",
        ]
        let others = Dictionary(grouping: rows.filter { $0.work.operations == 0 }, by: \.work.unknown)
        sentences += others.sorted { $0.value.count > $1.value.count }.map { unknown, statements in
            "not counted: \(statements.count) statement\(statements.count == 1 ? "" : "s"), of which it is not known here: "
                + unknown.joined(separator: ", ")
        }
        return Reply(
            (counted.isEmpty ? [] : [.table(table)]) + [.note(sentences.joined(separator: "\n"))],
            fields: ["seconds": .number(total), "bytes": .number(most), "n_statements": .integer(counted.count)])
    }

    private static func brief(_ statement: String) -> String {
        statement.count <= 60 ? statement : String(statement.prefix(57)) + "..."
    }

    private static func time(_ seconds: Double) -> String {
        let units: [(limit: Double, size: Double, name: String)] = [
            (120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h"), (.infinity, 86_400, "days"),
        ]
        let unit = units.first { seconds < $0.limit } ?? units[3]
        return "\(NumberStyle.significant(3).text(seconds / unit.size)) \(unit.name)"
    }
}
