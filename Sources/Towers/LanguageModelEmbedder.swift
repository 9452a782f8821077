internal import Archive
internal import Autodiff
internal import Foundation
internal import Inputs
internal import Layers
public import Tensors

/// A language model as an embedder: a text's states, pooled, sent through the steps that its files name, and mostly
/// L2-normalised. BERT's family as sentence-transformers has it (Reimers and Gurevych, 2019, arXiv 1908.10084), and
/// decoders.
public final class LanguageModelEmbedder: TextEmbedder, @unchecked Sendable {
    // Everything is immutable after `init`, parameters included: nothing trains this model.
    public let name: String
    public let hash: String
    public let preprocessing: EmbedderPreprocessing
    public let dimension: Int
    private let encoder: any TokenEncoder
    private let tokenizer: any SubwordTokenizer
    private let pooling: EmbedderSettings.Pooling
    private let prompt: String
    /// Tokens that are not pooled.
    private let skipped: Int
    private let lowercases: Bool
    private let steps: [SentenceModules.Step]
    private let isNormalised: Bool
    let checkpoint: EncoderCheckpoint
    let precision: ProductPrecision

    /// The most tokens of a batch, padding included: bounds memory.
    private static let tokensInBatch = 2048
    /// Of a model whose files do not say.
    private static let usualLength = 512

    /// Loads a GGUF file. Its matrices stay mapped and encoded. Throws where it is damaged, of an architecture that is not
    /// computed here, or does not fit the settings.
    ///
    /// - `adapters`: folders of LoRA adapters that are merged, in their order.
    public convenience init(
        name: String, gguf path: String, settings: EmbedderSettings = EmbedderSettings(), adapters: [String] = []
    ) throws {
        let file = try GGUFFile(path)
        let checkpoint = try EncoderCheckpoint(gguf: file).merging(adapters)
        let length = try Self.length(settings, checkpoint, usual: Self.usualLength)
        try self.init(
            name, checkpoint, settings, modules: nil, length: length,
            try EmbedderTokenizer(file, maximumLength: length, words: checkpoint.vocabularySize))
    }

    /// Loads a folder of transformers or sentence-transformers: `config.json`, tensors, tokenizer, and where they are there
    /// the files of the modules. Throws where a file is missing, damaged, or asks for what is not computed here, and for a
    /// missing, extra or misshapen tensor.
    public convenience init(
        name: String, folder: String, settings: EmbedderSettings = EmbedderSettings(), adapters: [String] = []
    ) throws {
        let modules = try SentenceModules(folder: folder)
        let checkpoint = try EncoderCheckpoint(folder: modules.transformer).merging(adapters)
        let settings = settings.completed(by: modules.settings)
        let length = try Self.length(settings, checkpoint, usual: modules.maximumLength ?? Self.usualLength)
        try self.init(
            name, checkpoint, settings, modules: modules, length: length,
            try EmbedderTokenizer(
                folder: modules.transformer, maximumLength: length, words: checkpoint.vocabularySize))
    }

    private init(
        _ name: String, _ files: EncoderCheckpoint, _ settings: EmbedderSettings, modules: SentenceModules?,
        length: Int,
        _ tokenizer: EmbedderTokenizer
    ) throws {
        var checkpoint = files
        checkpoint.attention = settings.attention ?? files.attention
        self.checkpoint = checkpoint
        precision = settings.precision ?? checkpoint.usualPrecision
        encoder = try checkpoint.encoder(products: precision).encoder
        self.name = name
        self.tokenizer = tokenizer.tokenizer
        pooling = settings.pooling ?? .mean
        prompt = try Self.prompt(settings, modules?.prompts ?? [:], checkpoint.path)
        steps = modules?.steps ?? [.normalise]
        lowercases = modules?.lowercases ?? false
        let promptTokens = settings.includesPrompt ?? true ? 0 : Self.promptLength(prompt, tokenizer.tokenizer)
        skipped = max(promptTokens, settings.skipsFirst ?? false ? 1 : 0)
        let width = try Self.width(of: steps, from: encoder.width, checkpoint.path)
        dimension = settings.dimensions ?? width
        guard (1...width).contains(dimension) else {
            throw ArchiveError.unreadable(
                checkpoint.path, reason: "its vectors have \(width) values, the first \(dimension) are asked for")
        }
        isNormalised = if case .normalise = steps.last { true } else { false }
        hash = try Self.hash(of: checkpoint.files + (modules?.files ?? []))
        let attention = checkpoint.attention.map { ", \($0.rawValue) attention" } ?? ""
        let products = precision == .float32 ? "" : ", \(precision.rawValue) products"
        let changes = [
            skipped == 0 ? nil : "without the first \(skipped) tokens",
            dimension == width ? nil : "the first \(dimension) values",
        ].compactMap(\.self)
        preprocessing = EmbedderPreprocessing(
            tokens: "\(tokenizer.description), \(prompt.isEmpty ? "no prompt" : "prompt \"\(prompt)\""), at most "
                + "\(length) tokens\(lowercases ? ", lower case" : "")\(attention)\(products)"
                + (try checkpoint.configurationNote()),
            pooling: pooling.rawValue + (changes.isEmpty ? "" : " (\(changes.joined(separator: ", ")))"),
            normalisation: isNormalised ? "l2" : "none")
    }

    /// The same embedder on another network: its own with trained matrices beside those of the files.
    init(_ other: LanguageModelEmbedder, encoder: any TokenEncoder, hash: String) {
        (name, preprocessing, dimension) = (other.name, other.preprocessing, other.dimension)
        (tokenizer, pooling, prompt, skipped) = (other.tokenizer, other.pooling, other.prompt, other.skipped)
        (lowercases, steps, isNormalised) = (other.lowercases, other.steps, other.isNormalised)
        (checkpoint, precision) = (other.checkpoint, other.precision)
        (self.encoder, self.hash) = (encoder, hash)
    }

    public var parameterCount: Int { checkpoint.tensors.values.map(\.shape.count).reduce(0, +) }
    public var files: [String] { checkpoint.files }

    private func tokenized(_ text: String) -> (ids: [Int32], isCut: Bool) {
        tokenizer.encode(prompt + (lowercases ? text.lowercased() : text))
    }

    public func countOfCut(_ texts: [String]) -> Int { texts.count { tokenized($0).isCut } }

    public func embed(_ texts: [String], _ done: ([Int], Tensor) throws -> Void) throws {
        let rows = rows(of: texts)
        let workspace = Workspace()
        try forEachBatch(of: rows, tokensInBatch: Self.tokensInBatch, isPadded: encoder.padsTexts) { numbers in
            // Nothing is recorded: the tape lends its memory to one batch after the other.
            let tape = Tape(workspace: workspace) { _ in false }
            let vectors = vectors(of: numbers.map { rows[$0] }, by: encoder, tape: tape).value
            guard dimension < vectors.shape[1] else { return try done(numbers, vectors) }
            let shortened = Variable(vectors.columns(dimension))
            try done(numbers, (isNormalised ? shortened.l2Normalized() : shortened).value)
        }
    }

    /// Whether gradients reach the network from its vectors.
    var isDifferentiable: Bool {
        steps.allSatisfy { if case .normalise = $0 { true } else { false } } && dimension == encoder.width
    }

    /// The token ids of each text with its prompt.
    func rows(of texts: [String]) -> [[Int32]] {
        texts.map { text in
            let ids = tokenized(text).ids
            // An empty text of a vocabulary without marks.
            return ids.isEmpty ? [tokenizer.padding] : ids
        }
    }

    /// B rows of ids -> [B, d], all the values that the network gives.
    func vectors(of rows: [[Int32]], by encoder: any TokenEncoder, tape: Tape? = nil) -> Variable {
        let batch = tokenizer.batch(rows)
        return steps.reduce(pooling(encoder(batch, tape: tape), skipped: skipped)) { x, step in
            switch step {
            case .dense(let layer): layer(x)
            case .normalise: x.l2Normalized()
            }
        }
    }
}

// MARK: What the files and settings come to

extension LanguageModelEmbedder {
    private static func length(
        _ settings: EmbedderSettings, _ checkpoint: EncoderCheckpoint, usual: Int
    ) throws -> Int {
        let most = checkpoint.maximumLength
        let length = settings.maximumLength ?? min(usual, most)
        guard (2...max(2, most)).contains(length) else {
            throw ArchiveError.unreadable(
                checkpoint.path, reason: "it takes 2 to \(most) tokens, \(length) are asked for")
        }
        return length
    }

    private static func prompt(
        _ settings: EmbedderSettings, _ prompts: [String: String], _ path: String
    ) throws -> String {
        guard let name = settings.promptName else { return settings.prompt ?? "" }
        guard let prompt = prompts[name] else {
            let known = prompts.keys.sorted().joined(separator: ", ")
            throw ArchiveError.unreadable(
                path, reason: "it has no prompt called \"\(name)\"; there is \(known.isEmpty ? "none" : known)")
        }
        return prompt
    }

    /// Tokens of a prompt with the marks before it, as sentence-transformers counts them.
    private static func promptLength(_ prompt: String, _ tokenizer: any SubwordTokenizer) -> Int {
        guard !prompt.isEmpty else { return 0 }
        let (ids, marks) = (tokenizer.encode(prompt).ids, tokenizer.encode("").ids)
        return ids.count - (ids.last != nil && ids.last == marks.last ? 1 : 0)
    }

    private static func width(of steps: [SentenceModules.Step], from width: Int, _ path: String) throws -> Int {
        try steps.reduce(width) { width, step in
            guard case .dense(let dense) = step else { return width }
            guard dense.inputs == width else {
                throw ArchiveError.unreadable(
                    path, reason: "a Dense module beside it takes \(dense.inputs) values and is given \(width)")
            }
            return dense.outputs
        }
    }

    /// Of one file its own hash, of several the hash of theirs.
    private static func hash(of files: [String]) throws -> String {
        let hashes = try files.map { try SHA256Hash.of(file: $0) }
        return hashes.count == 1 ? hashes[0] : SHA256Hash.of(bytes: Data(hashes.joined().utf8))
    }
}
