import Foundation
import Language
import Rendering
import Testing

@testable import Sessions

/// What a recorded replay leaves, and what becomes of it.
@Suite struct RunRecordTests {
    private func replay(_ world: TinyWorld, _ folder: String, reusing: Bool = true, epochs: Int = 2) throws -> [String]
    {
        let recipe = """
            param epochs=2
            load pairs ./tiny.h5 split=train as train
            \(MethodTests.pretrain.replacing("epochs=2", with: "epochs=$epochs")) as teacher
            eval teacher on=train as r
            plot loss teacher
            """
        try recipe.write(toFile: world.folder + "/a.pcl", atomically: true, encoding: .utf8)
        let session = world.session.companion(in: world.folder)
        var said: [String] = []
        session.log = { said.append($0) }
        try session.override("epochs=\(epochs)")
        let results = session.replay(
            world.folder + "/a.pcl", recordingTo: world.folder + "/" + folder, reusing: reusing)
        try #require(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        return said
    }

    /// Trainings of one name in a loop are told apart by the loop's values.
    @Test func theRunsOfASweepHaveNamesOfTheirOwn() throws {
        let world = try TinyWorld()
        let recipe = """
            load pairs ./tiny.h5 split=train as train
            for seed in 1..2
                for rate in [1e-3, 2e-3]
                    \(MethodTests.pretrain) seed=$seed lr=$rate as teacher
                end
            end
            """
        try recipe.write(toFile: world.folder + "/a.pcl", atomically: true, encoding: .utf8)
        let results = world.session.companion(in: world.folder).replay(
            world.folder + "/a.pcl", recordingTo: world.folder + "/runs/a")
        try #require(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        let totals = try RecordedRun(world.folder + "/runs/a").courses.filter(\.isTotal)
        #expect(
            totals.map(\.name)
                == [1, 2].flatMap { seed in
                    ["0.001", "0.002"].map { "teacher(seed=\(seed), rate=\($0))/loss" }
                })
        #expect(totals.allSatisfy { $0.steps.count == totals[0].steps.count } && Set(totals.map(\.values)).count == 4)
        let checkpoints = try FileManager.default.contentsOfDirectory(atPath: world.folder + "/runs/a/checkpoints")
        #expect(
            checkpoints.sorted()
                == [1, 2].flatMap { seed in ["0.001", "0.002"].map { "teacher-seed=\(seed)-rate=\($0).h5" } })
        let record = try file(world, "runs/a/record.json")
        #expect(record.contains(#""name":"teacher(seed=2, rate=0.001)""#))
    }

    private func file(_ world: TinyWorld, _ name: String) throws -> String {
        try String(contentsOfFile: world.folder + "/" + name, encoding: .utf8)
    }

    @Test func unchangedTrainingsAreTakenFromBefore() throws {
        let world = try TinyWorld()
        #expect(try replay(world, "runs/a") == [])
        let again = try replay(world, "runs/b")
        #expect(
            again == [
                "teacher: nothing has changed since it was trained, so it is taken from there; --fresh trains it anew"
            ])
        #expect(try replay(world, "runs/c") == again)
        #expect(try replay(world, "runs/d", reusing: false) == [])
        #expect(try replay(world, "runs/e", epochs: 3) == [])
        let kept = try ["a", "b", "d"].map { try results(world, "runs/\($0)") }
        #expect(kept[0] == kept[1] && kept[0] == kept[2])
        #expect(try kept[0] != results(world, "runs/e"))
        let losses = try ["a", "b"].map {
            try RecordedRun(world.folder + "/runs/\($0)").courses.first { $0.isTotal }?.values
        }
        #expect(losses[0] == losses[1] && losses[0]?.isEmpty == false)
        // Another picture, another training.
        let bytes = try TinyWorld(sets: ["even", "odd", "third"]).folder
        try FileManager.default.removeItem(atPath: world.folder + "/tiny.h5")
        try FileManager.default.copyItem(atPath: bytes + "/tiny.h5", toPath: world.folder + "/tiny.h5")
        #expect(try replay(world, "runs/f") == [])
    }

    private func results(_ world: TinyWorld, _ folder: String) throws -> Fields {
        try RecordedRun(world.folder + "/" + folder).results
    }

    @Test func runsAreListedLoadedComparedAndDrawn() throws {
        let world = try TinyWorld()
        _ = try replay(world, "runs/a")
        _ = try replay(world, "runs/b", epochs: 3)
        let report = try file(world, "runs/a/report.html")
        #expect(report.contains("eval teacher on=train as r") && report.contains("<svg"))
        let session = world.session.companion(in: world.folder)
        let text = """
            list runs
            load run ./runs/a as a
            load run ./runs/b as b
            compare a b as c
            plot loss a b as p
            save p ./p.svg
            save p ./p.png
            assert a.r.n_images == 30 and a.exit_status == 0 and b.param.epochs == "3"
            assert c.a.r.mean_recall == a.r.mean_recall
            """
        let replies = session.execute(Source(name: "t", text: text))
        try #require(replies.exitStatus == .ok, "\(replies.last.map { "\($0.outcome)" } ?? "")")
        guard case .table(let list) = replies[0].blocks[0], case .table(let table) = replies[3].blocks[0] else {
            Issue.record("no tables")
            return
        }
        #expect(list.rows.map { $0[0] } == ["./runs/a", "./runs/b"])
        #expect(table.columns.map(\.name).prefix(2) == ["run", "epochs"])
        #expect(
            try Data(contentsOf: URL(filePath: world.folder + "/p.png")).prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
        #expect(try file(world, "p.svg").hasPrefix("<svg"))
        try "{".write(toFile: world.folder + "/runs/a/record.json", atomically: true, encoding: .utf8)
        #expect(session.execute(Source(name: "t", text: "load run ./runs/a as a")).exitStatus == .failed)
        #expect(session.execute(Source(name: "t", text: "load run ./runs as a")).exitStatus == .missing)
    }

    @Test func anEstimateTrainsNothing() throws {
        let world = try TinyWorld()
        try world.requireNoErrors("load pairs ./tiny.h5 split=train as train")
        let result = world.type("%estimate \(MethodTests.pretrain) as teacher")
        #expect(result.exitStatus == .ok)
        #expect(result.first?.fields["steps"] == .integer(8))
        #expect(result.first?.fields["seconds"] != nil)
        #expect(world.session.bindings["teacher"] == nil)
        #expect(world.session.transcript.entries.map(\.statement) == ["load pairs ./tiny.h5 split=train as train"])
    }

    @Test func checksAreThoseOfTheStandard() {
        // RFC 3720, appendix B.4.
        #expect(CRC32C.of(Array("123456789".utf8)) == 0xE306_9283)
        #expect(CRC32C.of(Array(repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.of(Array(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    }

    @Test func eventsAreRecords() throws {
        let folder = NSTemporaryDirectory() + "proclip-events-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let events = try EventFile(in: folder, at: Date(timeIntervalSince1970: 1))
        try events.append([("a/loss", 0.5)], step: 300, at: Date(timeIntervalSince1970: 2))
        let bytes = Array(try Data(contentsOf: URL(filePath: events.path)))
        #expect(events.path.contains("events.out.tfevents.1."))
        // wall_time, step, file_version
        #expect(Array(bytes[12..<36]) == [9, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 16, 0, 26, 13] + Array("brain.Event".utf8))
        let second = Array(bytes[(8 + 4 + 26 + 4)...])
        #expect(second.prefix(8) == [29, 0, 0, 0, 0, 0, 0, 0])
        let content = Array(second[12..<41])
        #expect(
            content == [9, 0, 0, 0, 0, 0, 0, 0, 0x40, 16, 0xAC, 2, 42, 15, 10, 13, 10, 6] + Array("a/loss".utf8)
                + [0x15, 0, 0, 0, 0x3F])
        let check = CRC32C.masked(content)
        #expect(Array(second[41..<45]) == (0..<4).map { UInt8(truncatingIfNeeded: check >> ($0 * 8)) })
    }

    @Test func aSweepEndsInOneTable() throws {
        let session = fakeSession()
        let results = session.execute(
            Source(name: "t", text: "for a in [0.25, 0.5]; make result acc1=$a as r; end; for k in 1..3; print $k; end")
        )
        guard case .table(let table) = results[2].blocks.first else {
            Issue.record("no table")
            return
        }
        #expect(
            table.columns.map(\.name) == ["a", "acc1", "T2I@5"])
        #expect(table.rows.map { $0[1] } == [0.25, 0.5])
        #expect(results.count == 6)
        // Several results keep their names, and intervals do not fill the table.
        var sweep = Sweep(over: "k")
        var bindings = Bindings()
        for name in ["a", "b"] {
            let fields: Fields = ["acc1": 0.5, "acc1_low": 0.4, "acc1_high": 0.6, "n_low": 3.5]
            bindings.bind(name, to: FakeContent(kind: .result, fields: fields), statement: "", inputs: [])
        }
        let made = ["a", "b"].map {
            StatementResult(
                n: 1, verb: "make", name: $0, seconds: 0, statement: "", outcome: .success(Reply()), isPaused: false)
        }
        for element in 1...2 { sweep.add(.number(Double(element)), made[...], in: bindings) }
        guard case .table(let both)? = sweep.reply?.blocks.first else {
            Issue.record("no table")
            return
        }
        #expect(both.columns.map(\.name) == ["k", "a.acc1", "a.n_low", "b.acc1", "b.n_low"])
    }
}
