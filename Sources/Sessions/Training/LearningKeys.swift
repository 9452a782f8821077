import Foundation
internal import Language
internal import Learning
internal import ProCLIP

/// The options that the learning verbs share, and how they become a run's settings. Defaults are the stage's own, so
/// what help prints is what runs.
enum LearningKeys {
    static let logitScale = Key(
        "logit_scale", .either([.choice(["teacher"]), .number(1e-6...1)]), default: .value(.word("teacher")),
        "where the temperature starts: the teacher's, or a number such as 0.07", isRare: true)

    /// What help lists first.
    private static let frequent: Set = ["lr", "tower_lr", "batch", "epochs", "lambda", "seed", "stop"]

    /// The start of logit_scale, the logarithm of the inverse temperature; nil for the teacher's.
    static func logitScale(_ arguments: Arguments) -> Float? {
        arguments.number("logit_scale").map { Float(-log($0)) }
    }

    static func keys(for stage: StageKind) -> [Key] {
        let defaults = Preset.allCases.map { preset in
            Dictionary(
                TrainingOptions(stage: stage, preset: preset).listed(for: stage).map { ($0.key, $0.value) },
                uniquingKeysWith: { $1 })
        }
        let choices = Preset.allCases.map(\.rawValue)
        let steps = ArgumentType.integer(1...1_000_000_000)
        let known: [(String, ArgumentType, String)] = [
            ("lr", .number(0...10), "peak learning rate"),
            ("tower_lr", .number(0...10), "peak learning rate of the image tower"),
            ("wd", .number(0...100), "decoupled weight decay of matrices"),
            ("batch", .integer(1...1_000_000), "samples a step"),
            ("epochs", .integer(0...1_000_000), "passes over the samples"),
            ("warmup", .integer(0...1_000_000_000), "steps of linear warm-up before the cosine"),
            ("clip", .number(1e-9...1e9), "largest global norm of the gradients"),
            (
                "loss", .choice(ContrastiveLoss.allCases.map(\.rawValue)),
                "what pairs are contrasted by: infonce as CLIP, sigmoid as SigLIP, whose models have a logit bias"
            ),
            ("lambda", .number(0...1e6), "weight of L_reg; 0 leaves it out"),
            ("ema", .number(0...1), "decay of the moving average of the image tower"),
            (
                "teacher", .choice(Teacher.allCases.map(\.rawValue)),
                "what L_reg holds the image tower to: its moving average, its initial state, or the features of that, "
                    + "cached once"
            ),
            ("info_weight", .number(0...1e9), "weight of the contrastive loss; 0 leaves it out"),
            ("ins_weight", .number(0...1e9), "weight of L_ins in the alignment losses; 0 leaves it out"),
            ("reduction", .choice(Reduction.allCases.map(\.rawValue)), "how the alignment losses gather their terms"),
            ("struct", .choice(StructurePenalty.allCases.map(\.rawValue)), "the penalty of L_struct"),
            ("struct_weight", .number(0...1e9), "weight of L_struct beside L_ins"),
            ("beta", .number(1e-9...1e9), "where smooth-L1 turns linear"),
            ("standardise", .boolean, "standardise the embedder's output per dimension first"),
            ("blocks", .integer(1...1000), "residual blocks of a new adapter"),
            ("expansion", .integer(1...1000), "hidden width of an adapter's block over its width"),
            (
                "micro", .integer(1...1_000_000),
                "samples that pass the networks at a time; loss and gradients stay those of the whole batch"
            ),
            ("recompute", .boolean, "keep only what goes into each block and compute it again: less memory, more time"),
            (
                "precision", .choice(TrainingPrecision.allCases.map(\.rawValue)),
                "of the networks' products; bf16 is faster where the processor has AMX, and single precision elsewhere"
            ),
            ("seed", .integer(0...Int.max), "of new parameters and the order of samples"),
            (
                "stop", .either([steps, .prefixed("drop", meaning: "SHARE%")]),
                "pause after so many steps, or drop:10% once the canary has lost so much of its highest reading"
            ),
        ]
        let measured =
            switch stage {
            case .align: "recall@1 between the languages is"
            case .tune: "zero-shot accuracy, retrieval and CKA are"
            case .distill, .pretrain: "zero-shot accuracy and retrieval are"
            }
        let canary = Key(
            "canary", .handle([.pairs]), default: .none("none"),
            "pairs on which \(measured) measured before the first step and after each epoch")
        let watch = Key(
            "watch", .choice(PairMap.allCases.map(\.rawValue)), default: .none("none"),
            "the heat map of the canary's first \(PairMap.usualCount) pairs that is drawn anew with each reading: sim, their cosines; "
                + "captions or pictures, the distances between those", isRare: true)
        let preset = Key(
            "preset", .choice(choices), default: .value(.word(Preset.paper.rawValue)),
            "where the other defaults come from")
        return [preset]
            + known.compactMap { name, type, help in
                let isRare = !frequent.contains(name)
                if let usual = unlisted(stage)[name] {
                    return Key(name, type, default: .none(usual), help, isRare: isRare)
                }
                let values = defaults.map { $0[name] }
                guard values.contains(where: { $0 != nil }) else { return nil }
                let words = zip(choices, values).map { "\($0) \($1 ?? "none")" }
                let isSame = Set(values.map { $0 ?? "none" }).count == 1
                let text = isSame ? values.first.flatMap { $0 } ?? "none" : words.joined(separator: ", ")
                return Key(name, type, default: .none(text), help, isRare: isRare)
            } + [canary] + (stage == .align ? [] : [watch])
    }

    /// What is only listed where it is told, with what it is otherwise.
    private static func unlisted(_ stage: StageKind) -> [String: String] {
        var unlisted = ["stop": "none", "precision": TrainingPrecision.fp32.rawValue]
        if stage == .tune { (unlisted["teacher"], unlisted["info_weight"]) = (Teacher.ema.rawValue, "1") }
        if stage == .tune || stage == .distill { unlisted["ins_weight"] = "1" }
        return unlisted
    }

    /// Refuses a new adapter that no memory would hold.
    static func checkAdapter(
        _ arguments: Arguments, of embedder: String, _ options: TrainingOptions
    ) throws(Diagnostic) {
        guard let content = arguments.handle(embedder)?.content as? EmbedderContent else { return }
        let width = Double(content.embedder.dimension)
        try Memory.require(
            parameters: 2 * Double(options.blocks) * Double(options.expansion) * width * width, arguments,
            at: "expansion", help: "give fewer blocks or a smaller expansion")
    }

    /// The share of `stop=drop:SHARE`.
    private static func drop(_ arguments: Arguments) throws(Diagnostic) -> Double? {
        guard let word = arguments.text("stop") else { return nil }
        let text = word.dropFirst("drop:".count)
        let share = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
        guard let share, share > 0, share < 1 else {
            throw arguments.diagnostic(
                .outOfBounds, "\"\(word)\" names no share between 0 and 1", at: "stop", help: "as in stop=drop:10%")
        }
        try requireCanary(arguments, "stop=drop", "on which forgetting is seen", at: "stop")
        return share
    }

    private static func requireCanary(
        _ arguments: Arguments, _ option: String, _ role: String, at key: String
    ) throws(Diagnostic) {
        guard arguments["canary"] == nil else { return }
        throw arguments.diagnostic(.missingArgument, "\(option) needs canary=: the pairs \(role)", at: key)
    }

    /// The settings of a run: the preset's, with what the statement gives. Throws a diagnostic at the first that cannot be.
    static func options(_ arguments: Arguments, for stage: StageKind) throws(Diagnostic) -> TrainingOptions {
        let preset = arguments.text("preset").flatMap(Preset.init) ?? .paper
        let reduction = arguments.text("reduction").flatMap(Reduction.init) ?? .mean
        var options = TrainingOptions(stage: stage, preset: preset, reduction: reduction)
        func float(_ name: String) -> Float? { arguments.number(name).map { Float($0) } }
        if let value = float("lr") { options.learningRate = value }
        if let value = float("tower_lr") { options.towerLearningRate = value }
        if let value = float("wd") { options.weightDecay = value }
        if let value = arguments.integer("batch") { options.batch = value }
        if let value = arguments.integer("epochs") { options.epochs = value }
        if let value = arguments.integer("warmup") { options.warmup = value }
        if let value = arguments.number("clip") { options.clip = value }
        if let value = arguments.text("loss").flatMap(ContrastiveLoss.init) { options.loss = value }
        if let value = float("lambda") { options.lambda = value }
        if let value = float("ema") { options.ema = value }
        if let value = arguments.text("teacher").flatMap(Teacher.init) { options.teacher = value }
        if let value = float("info_weight") { options.infoWeight = value }
        if let value = float("ins_weight") { options.instanceWeight = value }
        if let value = arguments.text("struct").flatMap(StructurePenalty.init) { options.structure = value }
        if let value = float("struct_weight") { options.structWeight = value }
        if let value = float("beta") { options.beta = value }
        if let value = arguments.boolean("standardise") { options.standardise = value }
        if let value = arguments.integer("blocks") { options.blocks = value }
        if let value = arguments.integer("expansion") { options.expansion = value }
        if let value = arguments.integer("micro") { options.micro = value }
        if arguments.boolean("recompute") == true { options.recompute = true }
        if let value = arguments.text("precision").flatMap(TrainingPrecision.init) { options.precision = value }
        if let value = arguments.integer("seed") { options.seed = UInt64(value) }
        if let value = arguments.integer("stop") { options.stop = value }
        options.drop = try drop(arguments)
        if arguments.given.contains("watch") {
            try requireCanary(arguments, "watch", "that are drawn", at: "watch")
        }
        do {
            try options.validate(for: stage)
        } catch TrainingError.invalidOption(let key, let value, let expected) {
            throw arguments.diagnostic(.outOfBounds, "\(key)=\(value) is not possible", at: key, help: expected)
        } catch {
            throw Diagnostic(error, in: arguments, at: "batch")
        }
        return options
    }
}
