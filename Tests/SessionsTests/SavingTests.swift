import Archive
import Foundation
import Language
import Tensors
import Testing
import Towers

@testable import Sessions

private let checkpoints =
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../TowersTests/Fixtures/checkpoints")
    .standardized
    .path()

/// What `save` writes is what `load` reads, and the same tensors as the library's own file holds.
@Suite struct SavingTests {
    private func withWorld(_ body: (TinyWorld) throws -> Void) throws {
        let world = try TinyWorld()
        defer { try? FileManager.default.removeItem(atPath: world.folder) }
        try body(world)
    }

    private func vectors(_ world: TinyWorld, _ name: String) -> [Float]? {
        (world.session.bindings[name]?.handle.content as? EmbeddingsContent)?.embeddings.vectors.values
    }

    @Test func aCLIPComesBackFromEveryForm() throws {
        try withWorld { world in
            var text = """
                load pairs ./tiny.h5 as data
                load clip pico-clip as teacher
                embed data with=teacher of=image as e
                embed ["a red apple", "two dogs"] with=teacher as t

                """
            let forms = [("hf", "./hf"), ("openclip", "./oc"), ("safetensors", "./t.safetensors"), ("hdf5", "./t.h5")]
            for (format, path) in forms {
                text += """
                    save teacher \(path) format=\(format)
                    load clip \(path) as \(format)
                    embed data with=\(format) of=image as e_\(format)
                    embed ["a red apple", "two dogs"] with=\(format) as t_\(format)

                    """
            }
            let errors = world.errors(text)
            #expect(errors.isEmpty, "\(errors)")
            #expect(vectors(world, "e")?.isEmpty == false)
            for (format, _) in forms {
                #expect(vectors(world, "t_\(format)") == vectors(world, "t"), "\(format)")
                #expect(vectors(world, "e_\(format)")?.count == vectors(world, "e")?.count, "\(format)")
            }
            for format in ["safetensors", "hdf5"] { #expect(vectors(world, "e_\(format)") == vectors(world, "e")) }
        }
    }

    /// Our folder for transformers holds what transformers wrote, tensor for tensor, and its tokenizer.
    @Test func huggingFacesTensorsComeBackUnderTheirNames() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                load clip \(checkpoints)/hf-clip as teacher
                save teacher ./hf format=hf
                load clip ./hf as back
                embed ["a red apple"] with=teacher as t0
                embed ["a red apple"] with=back as t1
                """)
            #expect(errors.isEmpty, "\(errors)")
            #expect(vectors(world, "t1") == vectors(world, "t0") && vectors(world, "t0")?.count == 10)
            let written = try NamedTensors(reading: world.folder + "/hf/model.safetensors").tensors
            let original = try NamedTensors(reading: checkpoints + "/hf-clip/model.safetensors.index.json").tensors
            #expect(Set(written.keys) == Set(original.keys))
            for (name, tensor) in original {
                #expect(written[name]?.shape == tensor.shape && written[name]?.values == tensor.values, "\(name)")
            }
            let card = try String(contentsOfFile: world.folder + "/hf/README.md", encoding: .utf8)
            #expect(card.contains("library_name: transformers") && card.contains("the middle 16 x 16 cut out"))
        }
    }

    /// A tokenizer that is not CLIP's lies beside the file, and the file says which it was.
    @Test(arguments: ["h5", "safetensors"], ["hf-clip", "hf-siglip"])
    func aTokenizerOfItsOwnLiesBesideTheFile(ending: String, name: String) throws {
        try withWorld { world in
            let errors = world.errors(
                """
                load clip \(checkpoints)/\(name) as teacher
                embed ["a red apple", "two dogs!"] with=teacher as t0
                save teacher ./out/copy.\(ending) format=\(ending == "h5" ? "hdf5" : ending)
                load clip ./out/copy.\(ending) as back
                embed ["a red apple", "two dogs!"] with=back as t1
                """)
            #expect(errors.isEmpty, "\(errors)")
            #expect(vectors(world, "t1") == vectors(world, "t0") && vectors(world, "t0")?.isEmpty == false)
            let folder = world.folder + "/out/copy.tokenizer"
            try FileManager.default.removeItem(atPath: folder + "/tokenizer.json")
            world.expectErrors([
                ("load clip ./out/copy.\(ending) as x", "E601", "its tokenizer lay beside it in copy.tokenizer")
            ])
        }
    }

    /// What is computed with decides which model embeddings are by, not the file that it lies in.
    @Test func anIndexOutlivesSavingTheModel() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                load pairs ./tiny.h5 as data
                load clip \(checkpoints)/hf-clip as teacher
                distill llm to=teacher data=data preset=pico epochs=1 batch=8 blocks=1 as made
                embed data with=made of=image as e
                save made ./made.h5; save made ./made.safetensors format=safetensors; save made ./made format=hf
                load weights ./made.h5 embedder=llm as a
                load weights ./made.safetensors embedder=llm as b
                load weights ./made embedder=llm as c
                search "a red apple" in=e with=a as ra
                search "a red apple" in=e with=b as rb
                search "a red apple" in=e with=c as rc
                save made ./rounded.h5 precision=float16
                load weights ./rounded.h5 embedder=llm as rounded
                save rounded ./whole.h5
                load weights ./whole.h5 embedder=llm as whole
                embed data with=rounded of=image as h
                search "a red apple" in=h with=whole as rh
                """)
            #expect(errors.isEmpty, "\(errors)")
            world.expectErrors([
                ("search a in=e with=rounded as x", "E216", "rounded did not make these embeddings: their model has")
            ])
        }
    }

    @Test func openCLIPsTensorsComeBackUnderTheirNames() throws {
        try withWorld { world in
            // The tokenizer does not matter here; a vocabulary of 40 has none.
            let model = try ForeignModel(checkpoints + "/open-clip")
            let content = ClipContent(
                model: model.clip, tokenizer: try world.session.clipTokenizer(), identity: ModelIdentity(model.clip),
                origin: "test")
            world.session.bindings.bind("m", to: content, statement: "load", inputs: [])
            #expect(world.errors("save m ./oc format=openclip").isEmpty)
            let written = try NamedTensors(reading: world.folder + "/oc/open_clip_model.safetensors").tensors
            let original = try NamedTensors(reading: checkpoints + "/open-clip/open_clip_model.safetensors").tensors
            #expect(Set(written.keys) == Set(original.keys))
            for (name, tensor) in original {
                #expect(written[name]?.shape == tensor.shape && written[name]?.values == tensor.values, "\(name)")
            }
            let back = try ForeignModel(world.folder + "/oc")
            #expect(back.checkpoint.image == model.checkpoint.image && back.checkpoint.text == model.checkpoint.text)
        }
    }

    @Test func aTunedModelBringsItsAdapterAlong() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                load pairs ./tiny.h5 as data
                load clip \(checkpoints)/hf-clip as teacher
                distill llm to=teacher data=data preset=pico epochs=1 batch=8 blocks=2 as s1
                tune s1 data=data preset=pico epochs=1 batch=8 as tuned
                save tuned ./tuned format=hf
                """)
            #expect(errors.isEmpty, "\(errors)")
            let tuned = try #require(world.session.bindings["tuned"]?.handle.content as? ModelContent).model
            let (back, embedder) = try ModelFile.aligned(world.folder + "/tuned")
            #expect(embedder.name == "tiny" && back.parameters.map(\.path) == tuned.parameters.map(\.path))
            for (a, b) in zip(back.parameters, tuned.parameters) {
                #expect(a.value.values == b.value.values, "\(a.path)")
            }
            // The embedder is in no list of published ones.
            #expect(world.errors("load weights ./tuned as back").first?.contains("tiny") == true)
            #expect(world.errors("load weights ./tuned embedder=llm as back").isEmpty)
            let adapter = try NamedTensors(reading: world.folder + "/tuned/adapter.safetensors").tensors
            #expect(adapter["text_adaptor.0.fn.3.weight"]?.shape == [12, 24])
            #expect(adapter["text_adaptor.3.weight"]?.shape == [10, 12])
            let card = try String(contentsOfFile: world.folder + "/tuned/README.md", encoding: .utf8)
            #expect(card.contains("CLIPVisionModelWithProjection") && card.contains("tune s1 data=data"))
        }
    }

    @Test(arguments: [
        ("save tuned ./x format=openclip", "no model with an adapter"),
        ("save teacher ./x.h5 precision=bfloat16", "HDF5 has no bfloat16"),
        ("save teacher ./x.h5 format=safetensors", "contradict each other"),
        ("save teacher ./tiny.h5 format=hf", "tiny.h5"),
    ])
    func whatDoesNotGoTogetherIsSaidBeforeWork(statement: String, words: String) throws {
        try withWorld { world in
            let text = """
                load pairs ./tiny.h5 as data
                load clip \(checkpoints)/hf-clip as teacher
                tune llm tower=teacher data=data preset=pico epochs=1 batch=8 blocks=1 as tuned
                \(statement)
                """
            let error = world.errors(text).first ?? ""
            #expect(error.contains(words), "\(error)")
        }
    }
}

private struct ForeignModel {
    let checkpoint: ForeignCheckpoint
    let clip: CLIPModel

    init(_ path: String) throws {
        checkpoint = try ForeignCheckpoint(path)
        clip = try checkpoint.model()
    }
}
