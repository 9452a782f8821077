import Archive
import Autodiff
import Foundation
import Inputs
import Layers
import Tensors
import TestSupport
import Testing

@testable import Towers

private let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/checkpoints").path

/// Checkpoints of other libraries with random weights: what they compute from them, computed here from the same files.
@Suite struct ForeignCheckpointTests {
    let expected: Fixture
    init() throws { expected = try Fixture("checkpoints/expected") }

    /// Features, logits, loss, and the gradient of every parameter of a contrastive step.
    private func expectParity(
        _ name: String, file: String, _ tolerance: Tolerance = Tolerance(relative: 1e-4), gradients: Bool = true,
        options: ForeignCheckpoint.Options = .init()
    ) throws {
        let checkpoint = try ForeignCheckpoint(folder + "/" + file, options: options)
        expectNear(
            try CheckpointParity(
                try checkpoint.model(), names: checkpoint.family.names, wanted: expected.group(name),
                gradients: gradients), file, tolerance)
    }

    private func expectNear(_ parity: CheckpointParity, _ name: String, _ tolerance: Tolerance) {
        #expect(parity.unmatched.isEmpty)
        for (value, found, wanted) in parity.values {
            expectClose(found, wanted, "\(name) \(value)", tolerance)
        }
        for (value, found) in parity.vanishing {
            #expect(found.values.allSatisfy { abs($0) < 1e-6 }, "\(name) \(value)")
        }
    }

    @Test func huggingFaceCLIPInShards() throws { try expectParity("hf-clip", file: "hf-clip") }
    @Test func huggingFaceSigLIP() throws { try expectParity("hf-siglip", file: "hf-siglip") }
    @Test func huggingFaceSigLIP2() throws { try expectParity("hf-siglip2", file: "hf-siglip2") }
    @Test func openCLIPFolder() throws { try expectParity("open-clip", file: "open-clip") }

    /// A state dictionary in half precision, whose sizes follow from the shapes.
    @Test func openCLIPEVA02() throws {
        try expectParity(
            "eva02-clip", file: "eva02-clip.safetensors", gradients: false, options: .init(preprocessing: "openai"))
    }

    /// EVA-CLIP's own files call the same tensors otherwise, and hold tables of the rotary grid.
    @Test func evaCLIPsOwnNames() throws {
        let source = folder + "/eva02-clip.safetensors"
        let spellings = [
            ("visual.trunk.", "visual."), ("q_proj.bias", "q_bias"), ("v_proj.bias", "v_bias"),
            ("attn.norm.", "attn.inner_attn_ln."), ("mlp.norm.", "mlp.ffn_ln."), ("mlp.fc1_g.", "mlp.w1."),
            ("mlp.fc1_x.", "mlp.w2."),
        ]
        var tensors = try NamedTensors(reading: source).tensors.map { name, value in
            let block = name.hasPrefix("visual.") ? name.replacing("mlp.fc2.", with: "mlp.w3.") : name
            return (name: spellings.reduce(block) { $0.replacing($1.0, with: $1.1) }, value: value)
        }
        tensors += ["visual.rope.freqs_cos", "visual.blocks.0.attn.rope.freqs_sin"].map { ($0, Tensor.zeros([9, 8])) }
        let file = NSTemporaryDirectory() + "proclip-eva-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try SafetensorsFile.write(file, tensors: tensors)
        let options = ForeignCheckpoint.Options(preprocessing: "openai")
        let (ours, theirs) = (
            try ForeignCheckpoint(file, options: options), try ForeignCheckpoint(source, options: options)
        )
        #expect(ours.image == theirs.image && ours.text == theirs.text)
        for (a, b) in zip(try ours.model().parameters, try theirs.model().parameters) {
            #expect(a.path == b.path && a.value.values == b.value.values, "\(a.path)")
        }
    }

    /// Positions of 5 x 5 for pictures of 3 x 3 patches, as the folder says how pictures are prepared.
    @Test func huggingFaceDINOv2() throws {
        let foreign = try ForeignTower(folder + "/hf-dinov2")
        #expect(foreign.image.imageSize == 12 && foreign.preprocessing.fitting.resizedSide == 16)
        let features = try foreign.tower().image(Variable(try expected.tensor("hf-dinov2/pictures"))).value
        expectClose(features, try expected.tensor("hf-dinov2/image"), "hf-dinov2", Tolerance(relative: 1e-4))
    }

    /// Image towers alone: EVA-02 (rotary grid, SwiGLU, inner norms), SigLIP (attention pooling) and DINOv2 (LayerScale) against
    /// timm, DINOv2 against transformers too; pictures of which a rest fills no patch.
    @Test(arguments: [
        (
            "eva02", CLIPModel.openCLIPEVA02,
            VisionTransformer.Configuration(
                imageSize: 12, patchSize: 4, width: 16, layers: 2, heads: 2, mlpWidth: 42, outputs: 10,
                activation: .silu, epsilon: 1e-6, style: .eva02)
        ),
        (
            "dinov2", VisionTransformer.huggingFaceDINOv2,
            VisionTransformer.Configuration(
                imageSize: 12, patchSize: 4, width: 16, layers: 2, heads: 2, mlpWidth: 32, outputs: 16,
                activation: .gelu, epsilon: 1e-6, style: .dinov2)
        ),
        (
            "timm-siglip", CLIPModel.openCLIPSigLIP,
            VisionTransformer.Configuration(
                imageSize: 14, patchSize: 4, width: 16, layers: 2, heads: 2, mlpWidth: 24, outputs: 16,
                activation: .gelu, epsilon: 1e-6, style: .siglip)
        ),
        (
            "timm-dinov2", VisionTransformer.timm,
            VisionTransformer.Configuration(
                imageSize: 14, patchSize: 4, width: 16, layers: 2, heads: 2, mlpWidth: 24, outputs: 16,
                activation: .gelu, epsilon: 1e-6, style: .dinov2)
        ),
    ])
    func imageTowers(name: String, names: NameTable, configuration: VisionTransformer.Configuration) throws {
        let source = ParameterSource(tensors: names.tensors(expected.group("\(name)/tensors")))
        let tower = try ImageTower(configuration, source: source)
        expectNear(
            try CheckpointParity(tower, names: names, wanted: expected.group(name)), name, Tolerance(relative: 1e-4))
    }

    /// LLM2CLIP's adapter, four blocks and one wide one, through PyTorch's file.
    @Test(arguments: [(4, 2), (1, 8)]) func adaptersOfLLM2CLIP(blocks: Int, expansion: Int) throws {
        let name = "adapter-\(blocks)x\(expansion)"
        let (configuration, tensors) = try ForeignAdapter.read(folder + "/\(name).bin")
        #expect(configuration == Adapter.Configuration(inputs: 12, outputs: 10, blocks: blocks, expansion: expansion))
        let source = ParameterSource(tensors: tensors)
        let adapter = try Adapter(configuration: configuration, scope: source.root["adapter"])
        _ = try source.finish()
        let output = adapter(Variable(try expected.tensor("\(name)/vectors"))).value
        expectClose(output, try expected.tensor("\(name)/output"), name, Tolerance(relative: 1e-4))
    }

    @Test func bfloat16OfPyTorchStaysUntilItIsUsed() throws {
        let model = try ForeignCheckpoint(folder + "/hf-clip-bin").model()
        #expect(model.parameters.allSatisfy { $0.stored.elementType == .bfloat16 })
        try expectParity("hf-clip", file: "hf-clip-bin", Tolerance(relative: 0.1), gradients: false)
        _ = model.logitScale.value
        #expect(model.logitScale.stored.elementType == .float32)
    }

    /// Half precision in a TorchScript archive, whose sizes follow from the shapes.
    @Test func openAIsArchive() throws {
        let checkpoint = try ForeignCheckpoint(folder + "/openai.pt")
        #expect(checkpoint.image.activation == .quickGELU && checkpoint.text.contextLength == 6)
        #expect(checkpoint.preprocessing.fitting == PictureFitting(.shortestSide))
        try expectParity("openai", file: "openai.pt", gradients: false)
    }

    @Test func whatTheFilesSayOfPictures() throws {
        let clip = try ForeignCheckpoint(folder + "/hf-clip").preprocessing
        #expect(clip.fitting == PictureFitting(.shortestSide, .bicubic, rounding: .down))
        #expect(
            clip.description == """
                pictures: shorter side resized to 16 (bicubic), the middle 16 x 16 cut out; mean 0.481455 0.457828 0.408211, \
                deviation 0.26863 0.261303 0.275777 (preprocessor_config.json)
                """)
        #expect(try ForeignCheckpoint(folder + "/hf-siglip").preprocessing.fitting == PictureFitting(.squash))
        #expect(try ForeignCheckpoint(folder + "/open-clip").image.fitting == PictureFitting(.shortestSide))
    }

    @Test func tokenizerOfTheFolder() throws {
        let tokenizer = try #require(try CLIPTokenizer(folder: folder + "/hf-clip", contextLength: 24))
        let batch = tokenizer.encode([
            "a red apple", "two dogs, it's 3 o'clock", "", "ÜBER den Wolken  和 <|endoftext|> x",
        ])
        let wanted = try expected.tensor("hf-clip/ids")
        for row in 0..<4 {
            #expect(batch[row].map { Float($0) } == Array(wanted.rows(row..<row + 1).values.prefix(batch[row].count)))
        }
        #expect(tokenizer.vocabularySize == 574 && tokenizer.vocabulary.count == 574)
    }

    @Test func positionsAreStretchedAndInterpolatedOnDemand() throws {
        let path = folder + "/open-clip"
        let plain = try ForeignCheckpoint(path).model()
        let long = try ForeignCheckpoint(path, options: .init(imageSize: 20)).model()
        #expect(long.image.configuration.imageSize == 20 && long.image.configuration.tokenCount == 26)
        let old = try #require(plain.parameters.first { $0.path == "image/position_embedding" }).value
        let new = try #require(long.parameters.first { $0.path == "image/position_embedding" }).value
        #expect(new.rows(0..<1).values == old.rows(0..<1).values)
        expectClose(new, try expected.tensor("positions/image"), "positions of 5 x 5")
        for size in [2, 5] {
            expectClose(
                PositionEmbeddings.resized(old, extra: 1, side: size, .cubic).rows(1..<1 + size * size),
                try expected.tensor("positions/cubic\(size)"), "plain positions of \(size) x \(size)")
        }
        let stretched = PositionEmbeddings.stretched(try expected.tensor("positions/text77"), to: 248)
        expectClose(stretched, try expected.tensor("positions/text248"), "Long-CLIP's positions")
    }

    @Test func whatCannotBeReadIsNamed() throws {
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("clip-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: copy) }
        func sentence(_ source: String, _ file: String, replacing old: String, with new: String) throws -> String {
            try? FileManager.default.removeItem(atPath: copy)
            try FileManager.default.copyItem(atPath: folder + "/" + source, toPath: copy)
            let path = copy + "/" + file
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains(old))
            try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: false, encoding: .utf8)
            do {
                _ = try ForeignCheckpoint(copy).model()
                return "read"
            } catch { return String(describing: error) }
        }
        let index = "model.safetensors.index.json"
        for (source, file, old, new, words) in [
            ("hf-clip", "config.json", "\"clip\"", "\"blip\"", "it describes a blip"),
            ("hf-clip", "config.json", "quick_gelu", "relu", "its activation is relu"),
            ("hf-clip", "config.json", "\"hidden_size\": 16", "\"hidden_size\": 20", "has shape"),
            ("hf-clip", "config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "layers.2.layer_norm1"),
            ("hf-clip", "config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1", "no layer asks for"),
            ("hf-clip", "config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": -1", "from 1 to"),
            (
                "hf-clip", "config.json", "\"hidden_size\": 16", "\"hidden_size\": \"x\"",
                "hidden_size is of a wrong type"
            ),
            ("hf-clip", "config.json", "\"patch_size\": 4", "\"patch_size\": 0", "from 1 to"),
            ("hf-clip", "config.json", "\"eos_token_id\": 573", "\"eos_token_id\": 7", "end-of-text token is 7"),
            ("hf-clip", "config.json", "{", "[", "is not the config.json"),
            ("hf-clip", "preprocessor_config.json", "\"resample\": 3", "\"resample\": 0", "none of lanczos"),
            ("hf-clip", "preprocessor_config.json", "16", "32", "prepared as 32 pixels"),
            ("hf-clip", "preprocessor_config.json", "image_mean", "image_men", "lacks three numbers image_mean"),
            ("hf-clip", index, "model-00001", "../model-00001", "which is not in its own folder"),
            ("hf-clip", index, "model-00001-of-00002", "model-00003-of-00002", "there is no file"),
            ("hf-clip", index, "text_projection.weight", "text_projection.wait", "does not say that"),
            ("open-clip", "open_clip_config.json", "\"vision_cfg\"", "\"vision\"", "lacks model_cfg.vision_cfg"),
            ("open-clip", "open_clip_config.json", "\"shortest\"", "\"random\"", "its resize_mode is random"),
            ("open-clip", "open_clip_config.json", "preprocess_cfg", "other", "give preprocess=openai"),
        ] {
            let found = try sentence(source, file, replacing: old, with: new)
            #expect(found.contains(words), "\(old) -> \(new): \(found)")
        }
        #expect(throws: ArchiveError.missingFile(copy + "x")) { try ForeignCheckpoint(copy + "x") }
    }
}
