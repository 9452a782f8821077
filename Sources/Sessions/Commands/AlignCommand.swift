internal import Archive
import Foundation
public import Language
internal import ProCLIP
internal import Rendering
internal import Towers

/// `align E data=D train=lora:R`
public struct AlignCommand: Command {
    public let name = "align"
    public let summary = "stage 0: teach a language model that texts of one meaning belong together"
    public let slots = [Slot("embedder", .handle([.embedder]), "the language model")]
    public let keys =
        [
            Key(
                "data", .handle([.pairs]), default: .required,
                "pairs; captions of one picture, in all their languages, mean the same"),
            Key(
                "train", .prefixed("lora", meaning: "RANK"), default: .value(.word("lora:16")),
                "matrices of low rank beside those of attention and feed-forward"),
            Key(
                "alpha", .number(1e-3...1e6), default: .none("twice the rank"),
                "the matrices of low rank count alpha / rank times"),
            Key("temperature", .number(1e-3...10), default: .value(.number(0.05)), "of the contrastive loss"),
            Key("languages", .list(.text), default: .none("all that the pairs have"), "whose captions are used"),
        ] + LearningKeys.keys(for: .align)
    public let examples = [
        "align llm data=train train=lora:16 preset=pico as aligned",
        "align llm data=train preset=pico epochs=1 canary=test as quick",
    ]
    public let seeAlso = ["load", "eval", "save", "distill"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .embedder }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        _ = try LearningKeys.options(arguments, for: .align)
        _ = try Self.rank(arguments)
        if let canary = arguments.handle("canary")?.content as? PairsContent,
            (arguments.texts("languages") ?? canary.data.languages).allSatisfy({ $0 == canary.language })
        {
            throw arguments.diagnostic(
                .contradiction, "there are no captions in another language than \(canary.language)", at: "canary",
                help: "an embedder sees no pictures; its canary are pairs in several languages")
        }
        guard let content = arguments.handle("embedder")?.content as? EmbedderContent else { return }
        guard content.embedder is LanguageModelEmbedder else {
            throw arguments.diagnostic(
                .wrongType, "\(content.embedder.name) has no matrices that could be trained", at: "embedder")
        }
        if content.adaptation != nil {
            throw arguments.diagnostic(
                .contradiction, "\(arguments.handle("embedder")?.name ?? "it") is aligned already", at: "embedder",
                help: "align it for more epochs, or save it and load the model with lora= to go on from there")
        }
    }

    private static func rank(_ arguments: Arguments) throws(Diagnostic) -> Int {
        let written = arguments.text("train") ?? ""
        guard let rank = Int(written.dropFirst("lora:".count)), (1...1024).contains(rank) else {
            throw arguments.diagnostic(
                .outOfBounds, "\"\(written)\" names no rank", at: "train", help: "write lora:16, a rank from 1 to 1024")
        }
        return rank
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let content: EmbedderContent = try arguments.content("embedder")
        guard let embedder = content.embedder as? LanguageModelEmbedder else { return Outcome() }
        let options = try LearningKeys.options(arguments, for: .align)
        let rank = try Self.rank(arguments)
        let groups = try Self.groups(arguments)
        let experiment = AlignExperiment(
            embedder: embedder, rank: rank, alpha: Float(arguments.number("alpha") ?? Double(2 * rank)),
            temperature: Float(arguments.number("temperature") ?? 0.05), groups: groups)
        return try session.perform(experiment, options, arguments)
    }

    /// The distinct captions of each picture, in the languages that are wanted.
    private static func groups(_ arguments: Arguments) throws -> [[String]] {
        let pairs: PairsContent = try arguments.content("data")
        var groups = [[String]](repeating: [], count: pairs.data.pictureCount)
        for (_, captions) in try pairs.captions(in: arguments.texts("languages")) {
            for caption in captions {
                let isNew = !groups[caption.picture].contains { $0.utf8.elementsEqual(caption.text.utf8) }
                if isNew { groups[caption.picture].append(caption.text) }
            }
        }
        return groups
    }
}
