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

    /// What is known of a handle or a file before it is there.
    enum Known {
        case clip(VisionTransformer.Configuration, CLIPTextTransformer.Configuration)
        case tower(VisionTransformer.Configuration)
        case embedder(Embedder)
        case pairs(Pairs)
        case model(VisionTransformer.Configuration, Adapter.Configuration, Embedder)
    }

    struct Embedder {
        /// What tells it from another of the same handle.
        let name: String
        let dimension: Int
        /// Nil where the sizes of the model are not known.
        let parametersPerToken: Double?
    }

    struct Pairs {
        /// What tells them from others of the same handle; subsets of one file share it.
        let source: String
        let pictures: Int
        let texts: Int
        /// Height and width of the pictures, where all have one.
        var side: Int?
        var splits = 1
        /// What zero-shot classification tells apart; 0 where that is not known.
        var classes = 0
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
    /// By the names of handles.
    var known: [String: Known] = [:]
    /// By the paths of files that statements write.
    var files: [String: Known] = [:]
    private(set) var rows: [(step: Step, work: Work)] = []
    /// How many texts of a source an embedder has seen already: they are cached.
    private var embedded: [String: Int] = [:]
    let absolute: (String) -> String

    /// - `absolute`: makes a path of a statement one from the root.
    init(absolute: @escaping (String) -> String) { self.absolute = absolute }

    /// Takes up a step. `loaded` is what it loads, where that is on this machine.
    mutating func add(_ step: Step, loaded: (any HandleContent)?) {
        let arguments = step.arguments
        switch step.verb {
        case "load": if let name = step.name { known[name] = self.loaded(arguments, loaded) }
        case "prepare": prepare(arguments)
        case "save": if let path = arguments.path("where") { files[path] = sizes(arguments, "what") }
        case "embed": add(step, embedding(arguments))
        case "pretrain": add(step, pretraining(step))
        case "align": add(step, aligning(step))
        case "distill": add(step, distilling(step))
        case "tune": add(step, tuning(step))
        case "eval", "compare": add(step, judging(arguments))
        default: break
        }
    }

    private mutating func add(_ step: Step, _ work: Work?) {
        if let work { rows.append((step, work)) }
    }

    func sizes(_ arguments: Arguments, _ name: String) -> Known? {
        arguments.handle(name).flatMap { known[$0.name] }
    }

    func pairs(_ arguments: Arguments, _ name: String) -> Pairs? {
        if case .pairs(let pairs)? = sizes(arguments, name) { pairs } else { nil }
    }

    /// The vectors of texts, which are computed once and kept in memory.
    mutating func vectors(of pairs: Pairs, times: Int = 1, by embedder: Embedder, _ work: inout Work) {
        let texts = pairs.texts * times
        work.bytes += Double(texts * embedder.dimension) * 4
        let key = "\(embedder.name) \(pairs.source)"
        let before = embedded[key] ?? 0
        guard texts > before else { return }
        embedded[key] = texts
        guard let parameters = embedder.parametersPerToken else {
            work.unknown.append("the vectors by \(embedder.name)")
            return
        }
        work.operations += 2 * parameters * Double(Self.tokens * (texts - before))
    }

    private mutating func embedding(_ arguments: Arguments) -> Work {
        guard let model = arguments.handle("with"), let sizes = known[model.name] else {
            return Work(unknown: ["the sizes of \(arguments.handle("with")?.name ?? "the model")"])
        }
        guard let pairs = embedded(arguments) else { return Work(unknown: ["how many texts or pictures there are"]) }
        var work = Work()
        let isOfPictures = arguments.text("of") == "image" || pairs.texts == 0
        func count(_ image: VisionTransformer.Configuration) {
            work.operations += Double(pairs.pictures) * OperationCount(image).operations
            work.bytes += Double(pairs.pictures * image.outputs) * 4
        }
        switch sizes {
        case .embedder(let embedder): vectors(of: pairs, by: embedder, &work)
        case .clip(let image, _) where isOfPictures: count(image)
        case .clip(_, let text):
            work.operations = Double(pairs.texts) * OperationCount(text, tokens: Self.tokens).operations
        case .tower(let image): count(image)
        case .model(let image, _, _) where isOfPictures: count(image)
        case .model(_, let adapter, let embedder):
            vectors(of: pairs, by: embedder, &work)
            work.operations += Double(pairs.texts) * OperationCount(adapter).operations
        case .pairs: break
        }
        return work
    }

    /// What `embed` is given: pairs, pictures that are there, or texts that stand in the statement.
    private func embedded(_ arguments: Arguments) -> Pairs? {
        if let pairs = pairs(arguments, "what") { return pairs }
        if let path = arguments.path("what") {
            let count = ImagesLoader.files(named: path).filter(ImagesLoader.isPicture).count
            return count == 0 ? nil : Pairs(source: path, pictures: count, texts: 0)
        }
        guard let texts = arguments.texts("what"), !texts.isEmpty, !texts.contains(where: { $0.contains("/") }) else {
            return nil
        }
        return Pairs(source: arguments.statement, pictures: 0, texts: texts.count)
    }

    private mutating func judging(_ arguments: Arguments) -> Work? {
        let names = arguments.handles("on").map(\.name)
        // Results, runs and embeddings are compared without a model.
        guard !names.isEmpty else { return nil }
        var work = Work()
        for name in names {
            guard case .pairs(let pairs)? = known[name] else { return Work(unknown: ["how many pictures there are"]) }
            for handle in arguments.handles("model") + [arguments.handle("model")].compactMap(\.self) {
                for asked in asked(of: pairs, arguments) { judge(handle.name, on: asked, &work) }
            }
        }
        work.unknown = work.unknown.uniqued
        return work
    }

    /// What a model embeds to be judged on pairs: themselves, the prompts of their classes, and what a probe learns from.
    private func asked(of pairs: Pairs, _ arguments: Arguments) -> [Pairs] {
        let tasks = JudgingKeys.tasks(arguments.texts("tasks") ?? arguments.texts("task")) ?? [.retrieval]
        var all = [pairs]
        if tasks.contains(.zeroshot) {
            let prompts = PromptTemplates.leastCount(arguments)
            all.append(
                Pairs(source: "\(pairs.source) classes \(prompts)", pictures: 0, texts: pairs.classes * prompts))
        }
        if tasks.contains(.probe), let learnt = self.pairs(arguments, "train") {
            all.append(Pairs(source: learnt.source, pictures: learnt.pictures, texts: 0))
        }
        return all
    }

    private mutating func judge(_ name: String, on pairs: Pairs, _ work: inout Work) {
        switch known[name] {
        case .clip(let image, let text)?:
            work.operations += Double(pairs.pictures) * OperationCount(image).operations
            work.operations += Double(pairs.texts) * OperationCount(text, tokens: Self.tokens).operations
            work.bytes += Double((pairs.pictures + pairs.texts) * image.outputs) * 4
        case .model(let image, let adapter, let embedder)?:
            work.operations += Double(pairs.pictures) * OperationCount(image).operations
            work.operations += Double(pairs.texts) * OperationCount(adapter).operations
            work.bytes += Double((pairs.pictures + pairs.texts) * image.outputs) * 4
            vectors(of: pairs, by: embedder, &work)
        case .embedder(let embedder)?: vectors(of: pairs, by: embedder, &work)
        default: work.unknown.append("the sizes of \(name)")
        }
    }
}
