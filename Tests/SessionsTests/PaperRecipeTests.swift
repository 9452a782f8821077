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
        #expect(dry.reply != nil)
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
