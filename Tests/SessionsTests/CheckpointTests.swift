import Foundation
import Language
import Testing

@testable import Sessions

private let checkpoints =
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../TowersTests/Fixtures/checkpoints")
    .standardized
    .path()

/// Models of other programs through the verbs.
@Suite struct CheckpointTests {
    private func withWorld(_ environment: [String: String] = [:], _ body: (TinyWorld) throws -> Void) throws {
        let world = try TinyWorld(environment: environment)
        defer { try? FileManager.default.removeItem(atPath: world.folder) }
        try body(world)
    }

    @Test func aFolderOfHuggingFaceIsLoadedUsedAndSaved() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                load clip \(checkpoints)/hf-clip as teacher
                load pairs ./tiny.h5 as data
                embed ["a red apple", "two dogs"] with=teacher as words
                embed data with=teacher of=image as pictures
                eval teacher on=data as r
                distill llm to=teacher data=data preset=pico epochs=1 batch=8 blocks=1 as s1
                tune s1 data=data preset=pico epochs=1 batch=8 as tuned
                """)
            #expect(errors.isEmpty, "\(errors)")
            #expect(world.number("teacher.image_size") == 16 && world.number("teacher.context") == 24)
            #expect(world.number("pictures.dimension") == 10 && world.number("words.n") == 2)
            #expect(world.number("r.mean_recall") != nil)
        }
    }

    /// A SigLIP with its own tokenizer, from texts to a model tuned by its own loss, and back into a folder.
    @Test func aSigLIPIsLoadedTrainedAndSaved() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                load clip \(checkpoints)/hf-siglip as teacher
                load pairs ./tiny.h5 as data
                embed ["a red apple", "two dogs"] with=teacher as words
                distill llm to=teacher data=data preset=pico epochs=1 batch=8 blocks=1 as s1
                tune s1 data=data preset=pico epochs=1 batch=8 as tuned
                save teacher ./siglip format=hf
                load clip ./siglip as again
                embed ["a red apple", "two dogs"] with=again as same
                save tuned ./tuned format=hf
                """)
            #expect(errors.isEmpty, "\(errors)")
            #expect(world.number("tuned.loss.sigmoid") != nil)
            #expect(try world.vectors("words").values == world.vectors("same").values)
            let card = try String(contentsOfFile: world.folder + "/tuned/README.md", encoding: .utf8)
            #expect(card.contains("SiglipVisionModel.from_pretrained") && card.contains("logit_bias"))
            world.expectErrors([
                ("save teacher ./x format=openclip", "E216", "open_clip has no CLIP of this architecture")
            ])
        }
    }

    /// A DINOv2 under a cold adapter, and in the place of another tower, with a projection as the bridge to the adapter.
    @Test func anImageTowerIsLoadedUsedAndSaved() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                load tower \(checkpoints)/hf-dinov2 as dino
                load tower \(checkpoints)/hf-dinov2 image_size=20 as large
                load clip \(checkpoints)/hf-clip as teacher
                load pairs ./tiny.h5 as data
                embed data with=dino of=image as e
                tune llm tower=dino data=data preset=pico lambda=0 epochs=1 batch=8 blocks=1 as cold
                distill llm to=teacher data=data preset=pico epochs=1 batch=8 blocks=1 as s1
                tune s1 tower=dino data=data preset=pico epochs=1 batch=8 as bridged
                eval bridged on=data as r
                save dino ./dino.h5
                load tower ./dino.h5 image_size=16 as again
                save dino ./dino format=hf
                load tower ./dino as folder
                embed data with=folder of=image as f
                save bridged ./bridged.h5
                """)
            #expect(errors.isEmpty, "\(errors)")
            #expect(world.number("dino.image_size") == 12 && world.number("large.image_size") == 20)
            #expect(world.number("again.image_size") == 16 && world.number("e.dimension") == 16)
            let model = try #require(world.session.bindings["bridged"]?.handle.content as? ModelContent).model
            #expect(model.image.configuration.outputs == 10 && model.image.configuration.style.projection == .linear)
            #expect(model.parameters.contains { $0.path == "image/projection/weight" && $0.shape == [10, 16] })
            let (e, f) = (try world.vectors("e"), try world.vectors("f"))
            #expect(e.values == f.values)
            world.expectErrors([
                ("load tower \(checkpoints)/hf-clip as t", "E601", "it describes a clip; dinov2 is known here"),
                ("load clip \(checkpoints)/hf-dinov2 as t", "E601", "it describes a dinov2"),
                ("load tower ./dino.h5 context=48 as t", "E203", "context"),
                ("embed [\"a\"] with=dino", "E209", "is an image tower and knows no texts"),
                ("save dino ./x format=openclip", "E216", "open_clip has no image tower without texts"),
            ])
        }
    }

    @Test func aTowerOfRandomWeights() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                load pairs ./tiny.h5 as data
                tune llm tower=random:vit-pico data=data preset=pico lambda=0 epochs=1 batch=8 blocks=1 loss=sigmoid as m
                save m ./m.h5
                """)
            #expect(errors.isEmpty, "\(errors)")
            let model = try #require(world.session.bindings["m"]?.handle.content as? ModelContent).model
            #expect(model.image.configuration.outputs == 128 && model.logitBias != nil)
            world.expectErrors([
                ("tune llm tower=random:vit-pica data=data as x", "E211", "there is no random tower vit-pica")
            ])
        }
    }

    /// A CLIP from scratch as SigLIP trains it keeps its bias in its file.
    @Test func pretrainingWithTheSigmoidLoss() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                load pairs ./tiny.h5 as data
                pretrain data=data preset=pico epochs=1 batch=8 width=32 layers=1 text_width=32 text_layers=1 patch=8 \
                    loss=sigmoid as c
                save c ./c.h5
                load clip ./c.h5 as again
                distill llm to=again data=data preset=pico epochs=1 batch=8 blocks=1 as s1
                tune s1 data=data preset=pico epochs=1 batch=8 as tuned
                tune s1 data=data preset=pico epochs=1 batch=8 loss=infonce as info
                """.replacingOccurrences(of: " \\\n", with: " "))
            #expect(errors.isEmpty, "\(errors)")
            let clip = try #require(world.session.bindings["again"]?.handle.content as? ClipContent).model
            #expect(clip.logitBias != nil)
            #expect(world.number("tuned.loss.sigmoid") != nil && world.number("info.loss.info") != nil)
        }
    }

    /// The pictures of the data are as large as another tower wants them.
    @Test func picturesAreFittedToTheTower() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                load pairs ./tiny.h5 as data
                load clip \(checkpoints)/hf-clip image_size=24 context=48 as teacher
                embed data with=teacher of=image as pictures
                eval teacher on=data as r
                """)
            #expect(errors.isEmpty, "\(errors)")
            #expect(world.number("teacher.image_size") == 24 && world.number("teacher.context") == 48)
        }
    }

    @Test func loadTellsHowPicturesArePrepared() throws {
        try withWorld { world in
            guard case .success(let reply)? = world.run("load clip \(checkpoints)/hf-clip as c").first?.outcome,
                case .note(let note)? = reply.blocks.first
            else {
                Issue.record("it was not loaded")
                return
            }
            #expect(note.contains("hf-clip (Hugging Face CLIP)"))
            #expect(note.contains("the middle 16 x 16 cut out") && note.contains("(preprocessor_config.json)"))
        }
    }

    @Test func picturesAreTurnedWhereThatIsWanted() throws {
        try withWorld { world in
            let pictures = checkpoints + "/../../../InputsTests/Fixtures/pictures/"
            let errors = world.errors(
                """
                load clip \(checkpoints)/hf-clip as stored
                load clip \(checkpoints)/hf-clip upright=true as turned
                """)
            #expect(errors.isEmpty, "\(errors)")
            func vector(_ file: String, _ model: String) throws -> [Float] {
                world.run("embed \(pictures)\(file) with=\(model) as e")
                let content = world.session.bindings["e"]?.handle.content as? EmbeddingsContent
                return try #require(content).embeddings.vectors.values
            }
            let (stored, turned) = (try vector("turned-6.jpg", "stored"), try vector("turned-6.jpg", "turned"))
            #expect(stored != turned)
            #expect(try vector("turned-1.jpg", "stored") == vector("turned-1.jpg", "turned"))
        }
    }

    @Test func aNameIsSoughtInTheCacheOfHuggingFace() throws {
        let hub = NSTemporaryDirectory() + "proclip-hub-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: hub) }
        let snapshots = hub + "/models--tiny--clip/snapshots"
        try FileManager.default.createDirectory(atPath: snapshots, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: checkpoints + "/hf-clip", toPath: snapshots + "/0123abc")
        try withWorld(["HF_HUB_CACHE": hub]) { world in
            #expect(world.errors("load clip tiny/clip as c").isEmpty)
            #expect(
                world.session.bindings["c"]?.handle.content?.summary.hasSuffix("tiny/clip (Hugging Face CLIP)") == true)
            let missing = world.errors("load clip tiny/clap as d").first ?? ""
            #expect(missing.contains("there is no file \(world.folder)/tiny/clap"))
            #expect(missing.contains("nor is tiny/clap in the Hugging Face cache \(hub)"))
            #expect(missing.contains("hf download tiny/clap"))
            // A folder of that name too: both readings are shown.
            try FileManager.default.createDirectory(
                atPath: world.folder + "/tiny/clip", withIntermediateDirectories: true)
            #expect(world.errors("load clip tiny/clip as e").first?.contains("can be") == true)
        }
    }

    /// TinyEmbedder's 12 values through adapters in LLM2CLIP's form, to the 10 features of the tower.
    @Test(arguments: ["adapter-4x2.bin", "adapter-1x8.bin"]) func anAdapterOfLLM2CLIPIsPutOnATower(file: String) throws
    {
        try withWorld { world in
            let errors = world.errors(
                """
                load pairs ./tiny.h5 as data
                load clip \(checkpoints)/hf-clip as teacher
                load weights \(checkpoints)/\(file) tower=teacher embedder=llm as m
                eval m on=data as r
                tune m data=data preset=pico epochs=1 batch=8 as tuned
                """)
            #expect(errors.isEmpty, "\(errors)")
            #expect(world.number("r.mean_recall") != nil)
            let error = world.errors("load weights \(checkpoints)/\(file) tower=teacher as m").first
            #expect(error?.contains("needs both tower= and embedder=") == true)
        }
    }

    @Test(arguments: [
        ("openai.pt", "", "its tokenizer has 49408 ids, its text tower 30"),
        (
            "open-clip/open_clip_model.safetensors", "",
            "trained with, nor how its pictures are prepared; give activation=gelu (open_clip) or activation=quickgelu "
                + "(OpenAI), and preprocess=openai, imagenet or siglip"
        ),
        (
            "open-clip/open_clip_model.safetensors", "preprocess=openai",
            "trained with; give activation=gelu (open_clip) or"
        ),
        ("open-clip/open_clip_model.safetensors", "activation=gelu", "give preprocess=openai, imagenet or siglip"),
        ("open-clip/open_clip_model.safetensors", "activation=gelu preprocess=./no.json", "there is no file"),
        ("hf-clip/model-00001-of-00002.safetensors", "", "load the whole folder"),
        ("hf-clip", "context=5", "context"), ("hf-clip", "upright=yes", "true or false"),
        ("../checkpoints", "", "it has neither config.json nor open_clip_config.json"),
    ])
    func whatIsMissingIsSaid(place: String, keys: String, words: String) throws {
        try withWorld { world in
            let error = world.errors("load clip \(checkpoints)/\(place) \(keys) as c").first ?? ""
            #expect(error.contains(words), "\(error)")
        }
    }
}
