internal import Inputs
public import Language
internal import ProCLIP
internal import Rendering
internal import Towers

/// `pretrain data=D`
public struct PretrainCommand: Command {
    public let name = "pretrain"
    public let summary = "train a CLIP from scratch on pairs"
    public let keys =
        [
            Key("data", .handle([.pairs]), default: .required, "the pairs; their picture size is the model's"),
            Key("patch", .integer(1...1024), default: .value(.number(16)), "side of a patch in pixels"),
            Key("width", .integer(8...8192), default: .value(.number(192)), "width of the image tower"),
            Key("layers", .integer(1...200), default: .value(.number(4)), "blocks of the image tower"),
            Key("text_width", .integer(8...8192), default: .value(.number(128)), "width of the text tower"),
            Key("text_layers", .integer(1...200), default: .value(.number(2)), "blocks of the text tower"),
            Key("head_width", .integer(1...1024), default: .value(.number(32)), "width of an attention head"),
            Key("dimension", .integer(2...8192), default: .value(.number(128)), "width of the common space"),
            Key(
                "class_share", .number(0...1), default: .value(.number(0.4)),
                "share of the captions that get class words"),
            Key(
                "keyword_share", .number(0...1), default: .value(.number(0)),
                "share of the captions that get keywords"),
            Key("repeat", .list(.text), default: .none("1"), "how often a set comes up"),
            Key("augment", .boolean, default: .value(.boolean(true)), "random crops of the pictures"),
            Key("min_area", .number(0.01...1), default: .value(.number(0.7)), "least share of the area a crop keeps"),
            Key("flip", .number(0...1), default: .value(.number(0)), "chance of a mirror image"),
            Key("jitter", .number(0...0.5), default: .value(.number(0)), "how far colours stray"),
        ] + LearningKeys.keys(for: .pretrain)
    public let examples = [
        "pretrain data=train preset=pico epochs=24 repeat=emoji:2 as teacher",
        "pretrain data=train preset=pico epochs=1 as quick",
    ]
    public let seeAlso = ["distill", "save"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .clip }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        _ = try LearningKeys.options(arguments, for: .pretrain)
        for (tower, key) in [("image", "width"), ("text", "text_width")] {
            guard let width = arguments.integer(key), let head = arguments.integer("head_width"), width % head != 0
            else {
                continue
            }
            throw arguments.diagnostic(
                .contradiction, "the \(tower) tower's width \(width) is no multiple of head_width \(head)", at: key)
        }
        _ = try repeats(arguments)
        for (layers, width) in [("layers", "width"), ("text_layers", "text_width")] {
            // Attention has 4 matrices of width x width, the layers between 8.
            let side = Double(arguments.integer(width) ?? 0)
            try Memory.require(
                parameters: Double(arguments.integer(layers) ?? 0) * 12 * side * side, arguments, at: width,
                help: "give a smaller \(width) or fewer \(layers)")
        }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let pairs: PairsContent = try arguments.content("data")
        let options = try LearningKeys.options(arguments, for: .pretrain)
        guard let size = pairs.data.imageSize else { throw PairError.unequalPictures(pairs.data.path) }
        guard size.height == size.width else {
            throw arguments.diagnostic(
                .contradiction, "the pictures are \(size.height) x \(size.width); a CLIP needs square ones", at: "data")
        }
        guard let patch = arguments.integer("patch"), size.height % patch == 0 else {
            throw arguments.diagnostic(
                .contradiction, "the pictures' side of \(size.height) is no multiple of the patch's", at: "patch")
        }
        let tokenizer = try session.clipTokenizer()
        func share(_ key: String) -> Float { Float(arguments.number(key) ?? 0) }
        let (image, text) = Self.configurations(
            arguments, side: size.height, vocabulary: tokenizer.vocabularySize, context: tokenizer.contextLength)
        let configuration = ModelFile.ClipConfiguration(image: image, text: text)
        let sampling = PretrainStage.Sampling(
            classShare: share("class_share"), keywordShare: share("keyword_share"), repeats: try repeats(arguments),
            augmentation: arguments.boolean("augment") == true
                ? ImageAugmentation(minimumArea: share("min_area"), flipChance: share("flip"), jitter: share("jitter"))
                : nil)
        let experiment = PretrainExperiment(
            configuration: configuration, hasLogitBias: options.loss == .sigmoid, tokenizer: tokenizer, pairs: pairs,
            sampling: sampling)
        return try session.perform(experiment, options, arguments)
    }

    /// The sizes of both towers; vocabulary and context are CLIP's unless a tokenizer says otherwise.
    static func configurations(
        _ arguments: Arguments, side: Int, vocabulary: Int = 49_408, context: Int = 77
    ) -> (VisionTransformer.Configuration, CLIPTextTransformer.Configuration) {
        func number(_ key: String) -> Int { arguments.integer(key) ?? 1 }
        let image = VisionTransformer.Configuration(
            imageSize: side, patchSize: number("patch"), width: number("width"), layers: number("layers"),
            heads: number("width") / number("head_width"), outputs: number("dimension"))
        let text = CLIPTextTransformer.Configuration(
            vocabularySize: vocabulary, contextLength: context, width: number("text_width"),
            layers: number("text_layers"), heads: number("text_width") / number("head_width"),
            outputs: number("dimension"))
        return (image, text)
    }

    /// `emoji:2` as a number by set.
    private func repeats(_ arguments: Arguments) throws(Diagnostic) -> [String: Int] {
        var repeats: [String: Int] = [:]
        for text in arguments.texts("repeat") ?? [] {
            let parts = text.split(separator: ":")
            guard parts.count == 2, let times = Int(parts[1]), times > 0 else {
                throw arguments.diagnostic(
                    .wrongType, "\"\(text)\" does not say how often a set comes up", at: "repeat", help: "as in emoji:2"
                )
            }
            repeats[String(parts[0])] = times
        }
        return repeats
    }
}
