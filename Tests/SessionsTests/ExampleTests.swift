import Foundation
import Language
import Testing

@testable import Sessions

/// What help shows is what works: each example of each verb runs as it stands, in a folder with small data.
@Suite struct ExampleTests {
    /// The smallest PNG.
    static let pixel = Data(
        base64Encoded:
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

    /// Of the paused run; other examples write it too.
    private static let checkpoint = "/.cache/proclip/checkpoints/proclip.h5"

    /// A folder as the examples take it for granted, and the handles that they name.
    private func prepared() throws -> TinyWorld {
        let world = try TinyWorld(sets: ["emoji", "openclipart", "emojione", "stamps"])
        let files = FileManager.default
        for folder in ["Weights/data", "pictures", "run/checkpoints", ".cache/proclip/models"] {
            try files.createDirectory(atPath: world.folder + "/" + folder, withIntermediateDirectories: true)
        }
        try files.copyItem(atPath: world.folder + "/tiny.h5", toPath: world.folder + "/Weights/data/pictures.h5")
        try #require(Self.pixel).write(to: URL(filePath: world.folder + "/pictures/pixel.png"))
        try Data("let answer=42\n".utf8).write(to: URL(filePath: world.folder + "/common.pcl"))
        try files.createDirectory(atPath: world.folder + "/Tutorials", withIntermediateDirectories: true)
        try Data("# A lesson\n\n```proclip\nprint 2\n```\n".utf8).write(
            to: URL(filePath: world.folder + "/Tutorials/00-lesson.md"))
        try Data("cat\ndog\n".utf8).write(to: URL(filePath: world.folder + "/classes.txt"))
        let bert = URL(filePath: #filePath).deletingLastPathComponent().path + "/../TowersTests/Fixtures/small-bert"
        try files.copyItem(atPath: bert, toPath: world.folder + "/.cache/proclip/models/minilm")
        let results = world.run(
            """
            load embedder minilm as llm
            load pairs ./tiny.h5 split=train as train
            load pairs ./tiny.h5 split=test as test
            \(MethodTests.pretrain) as teacher
            distill llm to=teacher data=train \(MethodTests.sizes) as s1
            tune llm tower=teacher data=train lambda=0 \(MethodTests.sizes) as llm2clip
            embed test with=teacher as e
            embed test with=llm as e2
            embed ./pictures with=teacher as p
            prepare train to=./shards/000.tar
            save p ./pictures/index.h5
            eval teacher on=test as r
            collect r run=1 as table
            collect r run=1 row=1 as sweep
            collect r run=1 row=1 as sweep2
            tune s1 data=train \(MethodTests.steps) stop=2 as proclip
            """)
        try #require(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        let recorded = world.session.companion(in: world.folder).replay(
            world.folder + "/common.pcl", recordingTo: "./runs/tiny")
        try #require(recorded.exitStatus == .ok)
        try files.copyItem(atPath: world.folder + Self.checkpoint, toPath: world.folder + "/run/checkpoints/proclip.h5")
        for line in ["list", "print 2", "let x=1", "print $x", "print 5", "%save ./session.md"] { world.type(line) }
        return world
    }

    /// `fetch` needs the network; `make test` runs it before the tests.
    @Test func everyExampleRuns() throws {
        let world = try prepared()
        let (bindings, places) = (world.session.bindings, world.session.places)
        for command in CommandTable.standard.commands where command.name != "fetch" {
            for example in command.examples {
                (world.session.bindings, world.session.places) = (bindings, places)
                let kept = try Data(contentsOf: URL(filePath: world.folder + "/run/checkpoints/proclip.h5"))
                try kept.write(to: URL(filePath: world.folder + Self.checkpoint))
                let results = example.hasPrefix("%") ? world.type(example) : world.run(example)
                #expect(results.exitStatus == .ok, "\(example): \(results.last.map { "\($0.outcome)" } ?? "")")
            }
        }
    }
}
