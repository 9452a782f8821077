import Language
import Rendering
import Testing

@testable import Sessions

@Suite struct ExplainTests {
    /// Every word that a user meets has a sentence, a screen and the mathematics, and they are not the same.
    @Test func everyWordIsExplainedAtThreeDepths() throws {
        let table = CommandTable.standard
        let terms = ["ins", "struct", "ins_long", "info", "sigmoid", "chance", "loss"]
        let metrics = [
            "mean_recall", "image_retrieval_recall@1", "text_retrieval_recall@10", "acc1", "acc5",
            "mean_per_class_recall", "cka",
            "acc", "pair_acc", "probe_acc1", "alignment", "image_uniformity", "text_uniformity", "modality_gap",
            "recall@1",
            "separability", "seconds",
        ]
        let files = [".h5", ".npy", ".safetensors", ".gguf", ".pcl", "record.json", ".svg"]
        let warnings = ["collapse", "cut texts", "stale", "paused", "forgetting", "not finite"]
        let words =
            table.verbs + table.commands.flatMap { $0.keys.map(\.name) } + terms + metrics + files + warnings
            + HandleKind.allCases.map(\.rawValue) + Diagnostic.Code.allCases.map(\.rawValue)
        for word in words.uniqued {
            let explanation = try #require(Explanation(word, table), "\(word)")
            let texts = Explanation.Depth.allCases.map(explanation.text)
            #expect(texts.allSatisfy { $0.count > 10 } && Set(texts).count == 3, "\(word): \(texts)")
            #expect(!texts[0].contains("\n") && texts[0].hasSuffix("."), "\(word): \(texts[0])")
        }
    }

    @Test func noTwoConceptsShareAName() {
        let names = Concept.all.flatMap(\.names)
        let repeated = Dictionary(grouping: names, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
        #expect(repeated == [])
    }

    private func text(_ world: TinyWorld, _ statement: String) -> String {
        world.run(statement).flatMap(\.blocks).compactMap { if case .note(let text) = $0 { text } else { nil } }
            .joined(separator: "\n")
    }

    @Test func aTrainedModelIsTakenApartByItsOwnNumbers() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(
            """
            \(MethodTests.start)
            distill llm to=teacher data=train \(MethodTests.sizes) as s1
            tune s1 data=train \(MethodTests.steps) canary=test as proclip
            tune s1 data=train \(MethodTests.steps) lambda=0 as loose
            """)
        let distilled = text(world, "explain s1")
        #expect(distilled.contains("its loss L_dis went from ") && distilled.contains("    struct: "))
        #expect(!distilled.contains("ln 8"))
        let tuned = text(world, "explain proclip")
        #expect(
            tuned.contains("info ") && tuned.contains("against ln 8 = 2.08") && tuned.contains("dominates the gradient")
        )
        #expect(tuned.contains("cosines count ") && tuned.contains("canary: acc1 is "))
        #expect(tuned.contains("made by: tune s1 data=train"))
        #expect(text(world, "explain loose").contains("100 % of the loss"))
        #expect(text(world, "explain proclip depth=sentence").split(separator: "\n").count == 1)
        #expect(text(world, "explain proclip depth=mathematics").contains("smooth_l1"))
        // Another training under the same name has another checkpoint.
        try world.requireNoErrors("distill llm to=teacher data=train \(MethodTests.sizes) seed=5 as s1; drop s1")
        #expect(text(world, "explain last").contains("loose"))
    }

    @Test func aResultStandsBesideChance() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(
            "\(MethodTests.start)\neval teacher on=test task=[retrieval, zeroshot] as r; embed test with=teacher as e")
        let told = text(world, "explain r")
        #expect(told.contains("    even.image_retrieval_recall@1") == false)
        #expect(told.contains("    even.acc1 ") && told.contains("times chance (0.2)"))
        #expect(told.contains("recall@k is the share of questions"))
        #expect(text(world, "explain e").contains("embeddings: a vector for each of some texts or pictures"))
        #expect(text(world, "explain teacher").contains("logit_scale"))
        world.expectErrors([("explain lambada", "E211", "did you mean: lambda")])
    }
}

@Suite struct LanguageReferenceTests {
    @Test func everyVerbAndIdeaHasItsSection() {
        let page = LanguageReference(commands: .standard).markdown
        let lines = page.split(separator: "\n").map(String.init)
        for verb in CommandTable.standard.verbs { #expect(lines.contains("## \(verb)"), "\(verb)") }
        for concept in Concept.all { #expect(lines.contains("### \(concept.names[0])"), "\(concept.names[0])") }
        for command in CommandTable.standard.commands {
            for example in command.examples { #expect(lines.contains(example), "\(example)") }
            for key in command.keys {
                #expect(page.contains("| \(key.name.replacing("_", with: "\\_"))= |"), "\(key.name)")
            }
        }
        #expect(lines.count { $0 == "```" } % 2 == 0)
    }
}
