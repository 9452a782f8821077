import Archive
import Foundation
import Language
import ProCLIP
import Synchronization
import Tensors
import Testing
import Towers

@testable import Sessions

/// The whole method on forty small squares, through the language.
@Suite struct MethodTests {
    static let start = """
        load pairs ./tiny.h5 split=train as train
        load pairs ./tiny.h5 split=test as test
        \(pretrain) as teacher
        """
    static let pretrain = """
        pretrain data=train preset=pico epochs=2 batch=8 patch=8 width=32 layers=1 text_width=32 text_layers=1 \
        dimension=16 augment=false
        """
    static let steps = "preset=pico epochs=2 batch=8"
    static let sizes = steps + " blocks=1"

    @Test func fromPretrainingToTheTable() throws {
        let world = try TinyWorld()
        let results = world.run(
            """
            \(Self.start)
            embed train with=llm as e
            distill llm to=teacher data=train texts=[train, classes] \(Self.sizes) as s1
            tune s1 data=train \(Self.steps) as proclip
            tune llm tower=teacher data=train lambda=0 train=adapter \(Self.sizes) as lit
            eval proclip on=test task=[retrieval, zeroshot] as r
            compare teacher s1 lit proclip on=test as c
            assert r.n_images == 10 and r.even.n_images == 5
            assert c.teacher.cka > 0.999 and c.lit.cka > 0.999 and c.proclip.cka < 1
            assert c.proclip.mean_recall == r.mean_recall and c.proclip.odd.acc1 == r.odd.acc1
            save proclip ./out/proclip.h5
            save teacher ./out/teacher.h5 precision=float16
            load clip ./out/teacher.h5 as half
            eval half on=test as h
            """)
        #expect(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        #expect(world.number("e.dimension") == 12)
        #expect(FileManager.default.fileExists(atPath: world.folder + "/out/proclip.h5"))
    }

    @Test func aPausedRunResumesToTheSameBits() throws {
        let world = try TinyWorld()
        let results = world.run(
            """
            \(Self.start)
            distill llm to=teacher data=train \(Self.sizes) as s1
            tune s1 data=train \(Self.steps) as whole
            tune s1 data=train \(Self.steps) stop=3 as parts
            resume parts
            eval whole on=test as a
            eval parts on=test as b
            assert a.mean_recall == b.mean_recall
            """)
        #expect(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        let models = ["whole", "parts"].compactMap { world.session.bindings[$0]?.handle.content as? ModelContent }
        let hashes = try models.map { try $0.model.hash }
        #expect(hashes.count == 2 && hashes[0] == hashes[1])
        #expect(models.allSatisfy { !$0.isPaused })
    }

    /// Pieces and recomputation change what a step holds, not what it learns.
    @Test func microBatchesLearnTheSame() throws {
        let world = try TinyWorld()
        let results = world.run(
            """
            \(Self.start)
            distill llm to=teacher data=train \(Self.sizes) as s1
            tune s1 data=train \(Self.steps) as whole
            tune s1 data=train \(Self.steps) micro=3 recompute=true as pieces
            """)
        #expect(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        let losses = try ["whole", "pieces"].map { name in
            try #require((world.session.bindings[name]?.handle.content as? ModelContent)?.history.last?.loss)
        }
        #expect(abs(losses[0] - losses[1]) < 1e-3 * losses[0])
        #expect("\(results)".contains("micro"))
    }

    @Test func aPausedDistillationResumesToTheSameBits() throws {
        let world = try TinyWorld()
        let distill = "distill llm to=teacher data=train texts=[train, classes] \(Self.sizes)"
        let results = world.run(
            "\(Self.start)\n\(distill) as whole\n\(distill) stop=3 as parts\nprint parts.steps\nresume parts")
        #expect(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        let models = ["whole", "parts"].compactMap { world.session.bindings[$0]?.handle.content as? ModelContent }
        #expect(try models.count == 2 && models[0].model.hash == models[1].model.hash)
        #expect(models.allSatisfy { !$0.isPaused && $0.history == models[0].history && $0.history.count > 4 })
    }

    /// What the run started from is not trained again, and is the same to the bit.
    @Test func resumingAFileTakesStage1FromItsCheckpoint() throws {
        let world = try TinyWorld()
        let embedder = URL(filePath: #filePath).deletingLastPathComponent().path + "/../TowersTests/Fixtures/small-bert"
        let tune = "tune s1 data=train \(Self.steps)"
        let results = world.run(
            """
            load embedder \(embedder) as bert
            \(Self.start)
            distill bert to=teacher data=train \(Self.sizes) stop=2 as s1
            resume s1
            \(tune) as whole
            \(tune) stop=3 as parts
            """)
        #expect(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        let whole = world.session.bindings["whole"]?.handle.content as? ModelContent
        let other = Session(workingDirectory: "/", environment: ["HOME": world.folder], stop: world.session.stop)
        other.places = world.session.places
        let steps = Mutex<[String: Int]>([:])
        other.progress = { point in steps.withLock { $0[String(point.label.prefix(7)), default: 0] += 1 } }
        let checkpoints = world.folder + "/.cache/proclip/checkpoints"
        func resume() -> ModelContent? {
            let results = other.execute(Source(name: "test.pcl", text: "resume \(checkpoints)/parts.h5 as t"))
            #expect(results.exitStatus == .ok, "\(results.map(\.outcome))")
            return other.bindings["t"]?.handle.content as? ModelContent
        }
        let resumed = try #require(resume())
        #expect(try resumed.model.hash == whole?.model.hash && resumed.history == whole?.history)
        let trained = steps.withLock { $0 }
        #expect(trained["pretrai"] == nil && trained["distill"] == nil && trained["tune s1"] ?? 0 > 0)
    }

    @Test func aModelThatNoMemoryHoldsIsRefused() throws {
        let world = try TinyWorld()
        world.run(Self.start)
        for text in [
            "pretrain data=train width=8192 layers=200 as t",
            "pretrain data=train text_width=8192 text_layers=200 as t",
        ] {
            let errors = world.errors(text)
            #expect(errors.count == 1 && errors.first?.contains("[E210]") == true, "\(errors)")
            #expect(errors.first?.contains("TiB to train, this machine has") == true, "\(errors)")
        }
    }

    @Test func tuningShowsTheAdapterThatItHas() throws {
        let world = try TinyWorld()
        world.run("\(Self.start)\ndistill llm to=teacher data=train \(Self.sizes) expansion=3 as s1")
        let result = try #require(world.run("tune s1 data=train \(Self.steps) as m").first)
        let reply = try result.outcome.get()
        #expect("\(reply)".contains("standardise=true blocks=1 expansion=3"), "\(reply)")
    }

    @Test func aCheckpointIsEnoughToContinueInAnotherProcess() throws {
        let world = try TinyWorld()
        world.run("\(Self.start)\nlet n=3\n" + Self.pretrain + " stop=$n as teachers")
        #expect(world.session.bindings["teachers"]?.handle.content?.isPaused == true)
        let whole = world.session.bindings["teacher"]?.handle.content as? ClipContent
        let other = Session(
            workingDirectory: "/", environment: ["HOME": world.folder], stop: world.session.stop)
        other.places = world.session.places
        let path = world.folder + "/.cache/proclip/checkpoints/teachers.h5"
        let results = other.execute(Source(name: "test.pcl", text: "resume \(path) as t"))
        #expect(results.exitStatus == .ok, "\(results.map(\.outcome))")
        let resumed = other.bindings["t"]?.handle.content as? ClipContent
        #expect(try resumed != nil && resumed?.identity.hash == whole?.identity.hash)
    }

    @Test func anInterruptPausesAndTheRecipeEnds() throws {
        let world = try TinyWorld()
        world.run(Self.start)
        world.session.progress = { [stop = world.session.stop] point in
            if point.label.hasPrefix("distill"), point.step == 3 { stop.raise() }
        }
        let results = world.run("distill llm to=teacher data=train \(Self.sizes) as s1\nprint 'never'")
        #expect(results.map(\.verb) == ["distill"])
        #expect(results.exitStatus == .interrupted)
        world.session.progress = { _ in }
        #expect(world.run("resume s1 as s1\ntune s1 data=train \(Self.steps) as m").exitStatus == .ok)
    }

    @Test func judgingStopsToo() throws {
        let world = try TinyWorld()
        world.run("\(Self.start)\nprint 1")
        let results = world.session.execute(Source(name: "test.pcl", text: "print 2\neval teacher on=test as r")) {
            // A wish that comes while the statement before is shown is one for what follows.
            if $0.verb == "print" { world.session.stop.raise() }
        }
        #expect(results.map(\.verb) == ["print", ""] && results.exitStatus == .interrupted)
        let features = Features(stop: world.session.stop)
        let teacher = try #require(world.session.bindings["teacher"]?.handle.content as? ClipContent)
        #expect(throws: EmbeddingError.stopped(done: 0, total: 1)) {
            try features.texts(["a red square"], by: teacher.model.text, tokenizer: teacher.tokenizer)
        }
        #expect(world.run("eval teacher on=test as r").exitStatus == .ok)
    }

    @Test func trainingLeavesWhatItStartsFromAlone() throws {
        let world = try TinyWorld()
        world.run("\(Self.start)\ndistill llm to=teacher data=train \(Self.sizes) as s1")
        let before = try (world.session.bindings["s1"]?.handle.content as? ModelContent)?.model.hash
        world.run("tune s1 data=train \(Self.steps) as m")
        let after = try (world.session.bindings["s1"]?.handle.content as? ModelContent)?.model.hash
        #expect(before != nil && before == after)
    }

    @Test func mistakesAreFoundBeforeWork() throws {
        let world = try TinyWorld()
        world.run(Self.start)
        let cases = [
            ("tune llm data=train as m", "E205", "is an embedder: tuning needs an image tower"),
            ("distill llm to=teacher data=train as s1\ntune s1 data=train blocks=2 as m", "E216", "an adapter already"),
            ("distill llm to=train data=train as s1", "E209", "is of kind pairs"),
            ("distill llm to=teacher data=train texts=[clases] as s1", "E204", "did you mean: classes?"),
            ("distill llm to=teacher data=train epoch=3 as s1", "E203", "did you mean: epochs?"),
            ("distill llm to=teacher data=train preset=pica as s1", "E211", "did you mean: pico?"),
            ("distill llm to=teacher data=train lambda=1 as s1", "E203", "unknown option \"lambda\" of distill"),
            ("tune llm tower=teacher data=train batch=1 as m", "E210", "nothing to contrast"),
            ("tune llm tower=teacher data=train ema=1 as m", "E210", "ema=1.0 is not possible"),
            ("pretrain data=train width=30 as t", "E216", "no multiple of head_width"),
            ("pretrain data=train repeat=even as t", "E204", "as in emoji:2"),
            ("load pairs ./tiny.h5 split=train sets=evn as p", "E211", "did you mean: even?"),
            ("load pairs ./tiny.h5 lang=ja as p", "E211", "there is no language \"ja\""),
            ("load pairs ./tinny.h5 as p", "E401", "did you mean: ./tiny.h5?"),
            ("load clip pico as p", "E402", "no clip called \"pico\""),
            ("load embedder minlm as p", "E402", "did you mean: minilm?"),
            ("load clip ./tiny.h5 as p", "E601", "a model of kind clip"),
            ("fetch minlm", "E402", "minilm"),
            ("eval teacher on=test templates=[\"a picture\"] as r", "E211", "names no class"),
            ("resume teacher", "E216", "is not paused"),
            ("load run ./out as r", "E401", "there is no file"),
        ]
        world.expectErrors(cases)
    }

    /// Same text, same files: two processes with the same data write the same bytes.
    @Test func theSameRecipeGivesTheSameFiles() throws {
        let files = try (0..<2).map { _ in
            let world = try TinyWorld()
            let results = world.run(
                """
                \(Self.start)
                distill llm to=teacher data=train \(Self.sizes) as s1
                tune s1 data=train \(Self.steps) as m
                save teacher ./teacher.h5 precision=float16
                save m ./m.h5
                """)
            #expect(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
            return try ["teacher.h5", "m.h5"].map { try Data(contentsOf: URL(filePath: world.folder + "/" + $0)) }
        }
        #expect(files[0] == files[1])
    }

    @Test func whatAFileLacksIsSaidWithItsName() throws {
        let world = try TinyWorld()
        world.run("\(Self.start)\nsave teacher ./t.h5")
        let (tensors, attributes) = try readTensors(world.folder + "/t.h5")
        try writeTensors(
            world.folder + "/less.h5", tensors: tensors.filter { $0.key != "logit_scale" }.map { ($0.key, $0.value) },
            attributes: attributes)
        let deep = attributes["config"]?.replacingOccurrences(of: "\"layers\":1", with: "\"layers\":1000000")
        try writeTensors(
            world.folder + "/deep.h5", tensors: tensors.map { ($0.key, $0.value) },
            attributes: attributes.merging(["config": deep ?? ""]) { $1 })
        try writeTensors(
            world.folder + "/nan.h5",
            tensors: tensors.map { ($0.key, $0.key == "logit_scale" ? Tensor.full([], .nan) : $0.value) },
            attributes: attributes)
        try Data("x\n\u{e9}".utf8.dropLast()).write(to: URL(filePath: world.folder + "/latin.pcl"))
        let cases = [
            ("load clip ./less.h5 as c", "E601", "/less.h5 cannot be read: tensor logit_scale is missing"),
            ("load clip ./deep.h5 as c", "E601", "/deep.h5 cannot be read: tensor image/blocks/1/"),
            ("load clip ./t.h5/x as c", "E401", "there is no file"),
            ("load texts ./ as c", "E601", "Is a directory"),
            ("load texts ./latin.pcl as c", "E601", "is not UTF-8 text"),
            ("include ./latin.pcl", "E101", "is not UTF-8 text"),
            ("resume ./tiny.h5 as c", "E601", "is not a training checkpoint"),
            ("resume ./t.h5 as c", "E601", "is not a training checkpoint"),
            ("save teacher ./tiny.h5/a.h5", "E601", "/tiny.h5 cannot be made"),
            ("save teacher ./", "E601", "it is a folder"),
            (Self.pretrain + " as never\nsave never ./tiny.h5/a.h5", "E601", "/tiny.h5 cannot be made"),
            ("prepare pictures to=./tiny.h5/pictures.h5", "E601", "/tiny.h5 cannot be made"),
            ("load clip ./nan.h5 as c", "E601", "/nan.h5 cannot be read: tensor logit_scale holds values that are not"),
            ("pretrain data=train patch=7 as c", "E216", "side of 16 is no multiple of the patch's"),
        ]
        world.expectErrors(cases)
        #expect(world.session.bindings["never"] == nil)
    }

    @Test func twoReadingsAreAnError() throws {
        let world = try TinyWorld()
        world.run("\(Self.start)\nsave teacher ./named.h5")
        world.session.places.weights.append(world.folder)
        _ = FileManager.default.createFile(atPath: world.folder + "/named", contents: nil)
        let errors = world.errors("load clip named as t")
        #expect(errors.first?.contains("[E214]") == true)
        #expect(errors.first?.contains("/named or ") == true)
    }

    @Test func aRecordedRunKeepsWhatItDid() throws {
        let world = try TinyWorld()
        try "\(Self.start)\n".write(toFile: world.folder + "/r.pcl", atomically: true, encoding: .utf8)
        #expect(world.session.replay(world.folder + "/r.pcl", recordingTo: "./run").exitStatus == .ok)
        let record = try String(contentsOfFile: world.folder + "/run/record.json", encoding: .utf8)
        #expect(record.contains("\"epochs\":\"2\"") && record.contains("./tiny.h5") && !record.contains(world.folder))
        let metrics = try String(contentsOfFile: world.folder + "/run/metrics.jsonl", encoding: .utf8)
        #expect(metrics.split(separator: "\n").count == 8)
        #expect(FileManager.default.fileExists(atPath: world.folder + "/run/checkpoints/teacher.h5"))
    }

    @Test func everyVerbExplainsItself() {
        for command in CommandTable.standard.commands {
            #expect(!command.summary.isEmpty && !command.examples.isEmpty, "\(command.name)")
            let hasArguments = !command.slots.isEmpty || !command.keys.isEmpty
            #expect(command.examples.count >= 2 || !hasArguments, "\(command.name)")
            #expect(command.keys.allSatisfy { !$0.help.isEmpty && !$0.defaultText.isEmpty }, "\(command.name)")
            for example in command.examples {
                guard
                    case .complete = Parser.parse(
                        Source(name: "example", text: example, prompt: example.hasPrefix("%") ? "In [1]: " : nil))
                else {
                    Issue.record("the example does not parse: \(example)")
                    continue
                }
            }
            for other in command.seeAlso {
                #expect(CommandTable.standard.verbs.contains(other), "\(command.name) refers to \(other)")
            }
        }
    }
}

extension AlignedModel {
    fileprivate var hash: String { get throws { try ModelIdentity(self).hash } }
}
