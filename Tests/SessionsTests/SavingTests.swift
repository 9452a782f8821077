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
            let refused = world.errors("save teacher ./copy.h5").first ?? ""
            #expect(refused.contains("has a tokenizer of its own, which only format=hf keeps"))
        }
    }

    @Test func openCLIPsTensorsComeBackUnderTheirNames() throws {
        try withWorld { world in
            // The tokenizer does not matter here; a vocabulary of 40 has none.
            let model = try ForeignModel(checkpoints + "/open-clip")
            let content = ClipContent(
                model: model.clip, tokenizer: try world.session.clipTokenizer(), identity: FileIdentity(known: "0"),
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
