import Archive
import Layers
import Tensors
import Testing
import Towers

/// What does not fit is refused by name; fresh weights depend on the seed and their path only.
@Suite struct StrictBuildingTests {
    private let image = VisionTransformer.Configuration(
        imageSize: 8, patchSize: 4, width: 6, layers: 1, heads: 2, outputs: 5)
    private let text = CLIPTextTransformer.Configuration(
        vocabularySize: 11, contextLength: 7, width: 4, layers: 1, heads: 2, outputs: 5)
    private let adapter = Adapter.Configuration(inputs: 3, outputs: 5, blocks: 1, standardises: true)

    private func clip(_ source: ParameterSource) throws -> [Parameter] {
        try CLIPModel(image: image, text: text, source: source).parameters
    }
    private func aligned(_ source: ParameterSource) throws -> [Parameter] {
        try AlignedModel(image: image, adapter: adapter, source: source).parameters
    }
    private func tensors(_ parameters: [Parameter]) -> [String: Tensor] {
        Dictionary(uniqueKeysWithValues: parameters.map { ($0.path, $0.value) })
    }

    @Test func everyMissingOrMisshapenTensorIsNamed() throws {
        for build in [clip, aligned] {
            let all = tensors(try build(ParameterSource(seed: 1)))
            for (path, tensor) in all {
                var tensors = all
                tensors[path] = nil
                #expect(throws: ArchiveError.missingTensor(path, available: tensors.keys.sorted())) {
                    try build(ParameterSource(tensors: tensors))
                }
                tensors[path] = .zeros(Shape(tensor.shape.dimensions + [2]))
                #expect(
                    throws: ArchiveError.misshapenTensor(
                        path, expected: tensor.shape, found: Shape(tensor.shape.dimensions + [2]))
                ) {
                    try build(ParameterSource(tensors: tensors))
                }
            }
        }
    }

    @Test func extraTensorsAreNamed() throws {
        var tensors = tensors(try clip(ParameterSource(seed: 1)))
        tensors["image/blocks/1/norm1/bias"] = .zeros([6])
        #expect(throws: ArchiveError.extraTensors(["image/blocks/1/norm1/bias"])) {
            try clip(ParameterSource(tensors: tensors))
        }
    }

    @Test func towersOfDifferentWidthsAreRefused() {
        let sentence = { (other: String) in "the image tower gives 5 features and \(other) 6; make them equal" }
        var (text, adapter) = (text, adapter)
        (text.outputs, adapter.outputs) = (6, 6)
        let model = #expect(throws: ConfigurationError.self) {
            try CLIPModel(image: image, text: text, source: ParameterSource(seed: 1))
        }
        #expect(model?.description == sentence("the text tower"))
        let aligned = #expect(throws: ConfigurationError.self) {
            try AlignedModel(image: image, adapter: adapter, source: ParameterSource(seed: 1))
        }
        #expect(aligned?.description == sentence("the adapter"))
    }

    @Test func sizesThatDoNotFitAreRefused() {
        var (image, text, adapter) = (image, text, adapter)
        (image.patchSize, text.heads, adapter.expansion) = (9, 3, 0)
        func sentence(_ build: (ParameterScope) throws -> Void) -> String? {
            #expect(throws: ConfigurationError.self) { try build(ParameterSource(seed: 1).root) }?.description
        }
        #expect(
            sentence { _ = try VisionTransformer(configuration: image, scope: $0) }
                == "a picture of 8 pixels has no patch of 9")
        #expect(
            sentence { _ = try CLIPTextTransformer(configuration: text, scope: $0) }
                == "width 4 is not a multiple of heads 3; change one of them")
        #expect(
            sentence { _ = try Adapter(configuration: adapter, scope: $0) }
                == "expansion of the adapter is 0; give a number from 1 to 1000000")
    }

    @Test func freshWeightsDependOnSeedAndPathOnly() throws {
        let first = tensors(try clip(ParameterSource(seed: 1))).mapValues(\.values)
        #expect(try tensors(clip(ParameterSource(seed: 1))).mapValues(\.values) == first)
        #expect(try tensors(clip(ParameterSource(seed: 2))).mapValues(\.values) != first)
        let source = ParameterSource(seed: 1)
        _ = try CLIPTextTransformer(configuration: text, scope: source.root["text"])
        _ = try VisionTransformer(configuration: image, scope: source.root["image"])
        for parameter in try source.finish() {
            #expect(parameter.value.values == first[parameter.path], "\(parameter.path)")
        }
        let together = tensors(try aligned(ParameterSource(seed: 1)))
        #expect(together["image/projection/weight"]?.values == first["image/projection/weight"])
    }
}
