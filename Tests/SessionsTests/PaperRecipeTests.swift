import Foundation
import Testing

@testable import Sessions

/// The paper's experiments are stated completely, although no machine of ours has their data.
@Suite struct PaperRecipeTests {
    private static let recipes = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../Recipes/paper"
    ).standardized.path()
    private static let names = [
        "vit-b-32", "vit-b-16", "vit-l-14", "eva02-l-14", "siglip2-so-14", "ablation", "scaling", "long-clip",
    ]

    private func dry(_ path: String, _ assignments: [String] = []) throws -> DryRun {
        let world = try TinyWorld()
        for assignment in assignments { try world.session.override(assignment) }
        return world.session.dryRun(recipe: path)
    }

    @Test(arguments: names) func everyExperimentIsStatedCompletely(name: String) throws {
        let dry = try dry("\(Self.recipes)/\(name).pcl")
        #expect(dry.diagnostics.isEmpty, "\(dry.diagnostics)")
        #expect(!dry.missing.isEmpty)
        let reply = try #require(dry.reply)
        guard case .number(let seconds)? = reply.fields["seconds"] else {
            Issue.record("there is no time")
            return
        }
        #expect(seconds > 3600)
        guard case .note(let missing)? = reply.blocks.first else { return }
        #expect(missing.contains("checked as if these were there") && missing.contains("/benchmarks/"))
        // The sizes of published models and benchmarks are known.
        #expect(reply.fields["n_uncounted"] == .integer(0), "\(reply.blocks)")
    }

    @Test func thereAreNoOthers() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.recipes).filter { $0.hasSuffix(".pcl") }
        #expect(Set(files) == Set(Self.names.map { $0 + ".pcl" }))
    }

    /// Parts that a setting switches off are checked, too.
    @Test(arguments: [["extra_seeds=0"], ["seeds=1", "multilingual=1"]])
    func theStudyIsStatedCompletely(assignments: [String]) throws {
        let dry = try dry(Self.recipes + "/../study.pcl", assignments)
        #expect(dry.diagnostics.isEmpty, "\(dry.diagnostics)")
        let reply = try #require(dry.reply)
        #expect(reply.fields["n_statements"] != .integer(0))
    }

    private func operations(_ text: String) throws -> [Double] {
        let world = try TinyWorld()
        let path = world.folder + "/part.pcl"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let checked = world.session.check(recipe: path, expectingFiles: true)
        try #require(checked.diagnostics.isEmpty, "\(checked.diagnostics)")
        var plan = RecipePlan(absolute: world.session.context.absolute)
        for step in checked.steps { plan.add(step, loaded: nil) }
        #expect(plan.rows.flatMap(\.work.unknown).isEmpty)
        return plan.rows.map(\.work.operations)
    }

    /// A frozen model reads a text once: a larger part of the same file costs what is new in it, another file all of it.
    @Test func captionsAreCountedOncePerEmbedder() throws {
        let counted = try operations(
            """
            load embedder org/minilm as llm
            load pairs ./a.tar limit=1000 as some
            embed some with=llm
            load pairs ./a.tar limit=3000 as some
            embed some with=llm
            embed some with=llm
            load pairs ./b.tar limit=1000 as some
            embed some with=llm
            load embedder org/gemma3-270m as llm
            embed some with=llm
            """)
        let one = 2 * 6 * 12 * 384.0 * 384 * Double(RecipePlan.tokens) * 1000
        #expect(counted[0] == one && counted[1] == 2 * one && counted[2] == 0 && counted[3] == one)
        #expect(counted[4] > one)
    }

    /// Long captions are read by embedder and teacher like the short ones.
    @Test func longCaptionsAreCounted() throws {
        let start =
            "load embedder org/minilm as llm\nload clip org/clip-vit-base-patch32 as teacher\n"
            + "load pairs ./a.tar limit=1000 as some\n"
        let short = try operations(start + "distill llm to=teacher data=some as s1")
        let both = try operations(start + "distill llm to=teacher data=some long=en-long as s1")
        #expect(abs(both[0] / short[0] - 2) < 1e-9)
    }

    /// Pictures that are there are counted; of what is not nothing is made up.
    @Test func aFolderOfPicturesIsCounted() throws {
        let world = try TinyWorld()
        try FileManager.default.createDirectory(atPath: world.folder + "/photos", withIntermediateDirectories: true)
        for name in ["a.png", "b.jpg", "notes.txt"] {
            try Data().write(to: URL(filePath: world.folder + "/photos/" + name))
        }
        let path = world.folder + "/photos.pcl"
        try "load clip pico-clip as teacher\nembed ./photos with=teacher as e\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        #expect(world.session.dryRun(recipe: path).reply?.fields["n_statements"] == .integer(1))
        try "load clip pico-clip as teacher\nembed ./elsewhere with=teacher as e\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        let unknown = try #require(world.session.dryRun(recipe: path).reply)
        #expect(unknown.fields["n_uncounted"] == .integer(1) && unknown.fields["n_statements"] == .integer(0))
        #expect(
            unknown.blocks.allSatisfy { if case .note(let text) = $0 { !text.contains("in all") } else { false } })
    }

    /// What one statement writes and a later one loads is known before either has run.
    @Test func filesThatARecipeWritesAreKnown() throws {
        let counted = try operations(
            """
            load clip org/clip-vit-base-patch32 as teacher
            load pairs ./a.tar limit=1000 as some
            prepare grids data=some count=100 side=64 to=./grids.h5
            load pairs ./grids.h5 as grids
            pretrain data=grids epochs=1 as own
            save own ./own.h5
            load clip ./own.h5 as again
            eval again on=grids as r
            eval again on=[grids, some] as r
            """)
        #expect(counted.count == 3 && counted.allSatisfy { $0 > 0 })
        // Three sets of a hundred grids, then a thousand pictures more.
        try #require(counted.count == 3)
        #expect(abs(counted[2] / counted[1] - 1300.0 / 300) < 1e-9)
    }

    @Test func aBranchThatIsNotTakenIsChecked() throws {
        let world = try TinyWorld()
        let path = world.folder + "/off.pcl"
        try """
        load pairs ./tiny.h5 as p
        if 1 == 0
          for seed in []
            eval llm on=p as r
            collect r run=$seed as gathered
          end
          compare gathered as table
          compare nothing as other
        end
        """.write(toFile: path, atomically: true, encoding: .utf8)
        let found = world.session.dryRun(recipe: path).diagnostics
        #expect(found.count == 1 && found.first?.message.contains("\"nothing\"") == true, "\(found)")
    }

    @Test func tenTimesThePairsTakeTenTimesAsLong() throws {
        let runs = try ["3m", "30m"].map { try dry(Self.recipes + "/vit-b-32.pcl", ["scale=\($0)"]) }
        let bytes = runs.compactMap { run -> Double? in
            if case .number(let bytes)? = run.reply?.fields["bytes"] { bytes } else { nil }
        }
        // The vectors of thirty million captions, 4096 numbers each.
        #expect(bytes.count == 2 && bytes[1] > 30e6 * 4096 * 4 && bytes[0] < bytes[1] / 5, "\(bytes)")
    }

    @Test func mistakesAreStillMistakes() throws {
        let world = try TinyWorld()
        let path = world.folder + "/wrong.pcl"
        try "load clip nowhere as teacher\nload pairs ./none.tar as train\ntune teacher data=train epoch=2 as m\n"
            .write(
                toFile: path, atomically: true, encoding: .utf8)
        let dry = world.session.dryRun(recipe: path)
        #expect(dry.diagnostics.map(\.code) == [.unknownOption] && dry.missing.count == 2)
        #expect(world.session.dryRun(recipe: world.folder + "/no.pcl").diagnostics.map(\.code) == [.missingFile])
    }

    @Test func whatIsThereIsCounted() throws {
        let world = try TinyWorld()
        let path = world.folder + "/whole.pcl"
        try """
        load clip pico-clip as teacher
        load pairs ./tiny.h5 split=train as train
        tune teacher data=train preset=pico batch=8 as m
        eval m on=train as r
        """.write(toFile: path, atomically: true, encoding: .utf8)
        let dry = world.session.dryRun(recipe: path)
        #expect(dry.diagnostics.isEmpty && dry.missing.isEmpty)
        #expect(dry.reply?.fields["n_statements"] == .integer(2))
    }
}
