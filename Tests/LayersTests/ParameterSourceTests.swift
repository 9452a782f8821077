import Archive
import Autodiff
import Layers
import Tensors
import TestSupport
import Testing

@Suite struct ParameterSourceTests {
    private func tensors() -> [String: Tensor] {
        var generator = RandomGenerator(seed: 4)
        return [
            "head/weight": .normal([3, 5], using: &generator), "head/bias": .normal([3], using: &generator),
        ]
    }

    private func linear(_ source: ParameterSource) throws -> Linear {
        try Linear(inputs: 5, outputs: 3, scope: source.root["head"])
    }

    @Test func pathsFollowTheTree() throws {
        let source = ParameterSource(seed: 1)
        _ = try LayerNorm(width: 3, scope: source.root["blocks"][0]["norm1"])
        _ = try linear(source)
        #expect(
            try source.finish().map(\.path)
                == ["blocks/0/norm1/weight", "blocks/0/norm1/bias", "head/weight", "head/bias"])
    }

    @Test func freshValuesDependOnSeedAndPathOnly() throws {
        func values(_ seed: UInt64, first: Bool) throws -> [Float] {
            let source = ParameterSource(seed: seed)
            if !first { _ = try Linear(inputs: 2, outputs: 2, scope: source.root["other"]) }
            _ = try linear(source)
            return try #require(source.finish().first { $0.path == "head/weight" }).value.values
        }
        #expect(try values(1, first: true) == values(1, first: false))
        #expect(try values(1, first: true) != values(2, first: true))
    }

    @Test func missingTensorIsNamed() throws {
        var tensors = tensors()
        tensors["head/bias"] = nil
        #expect(throws: ArchiveError.missingTensor("head/bias", available: ["head/weight"])) {
            try linear(ParameterSource(tensors: tensors))
        }
    }

    @Test func misshapenTensorIsNamed() throws {
        var tensors = tensors()
        tensors["head/bias"] = .zeros([4])
        #expect(throws: ArchiveError.misshapenTensor("head/bias", expected: [3], found: [4])) {
            try linear(ParameterSource(tensors: tensors))
        }
    }

    @Test(arguments: ElementType.allCases.filter { !$0.isQuantized }, [ParameterSource.Use.copied, .adopted, .frozen])
    func aTensorThatIsNotFiniteIsNamed(type: ElementType, use: ParameterSource.Use) throws {
        for value in [Float.nan, .infinity, -.infinity] {
            var tensors = tensors()
            tensors["head/weight"]?.data[14] = value
            tensors["head/weight"] = tensors["head/weight"]?.converted(to: type)
            #expect(throws: ArchiveError.notFinite("head/weight")) {
                try linear(ParameterSource(tensors: tensors, use))
            }
        }
    }

    @Test func extraTensorsAreNamed() throws {
        var tensors = tensors()
        tensors["tail"] = .zeros([1])
        let source = ParameterSource(tensors: tensors)
        _ = try linear(source)
        #expect(throws: ArchiveError.extraTensors(["tail"])) { try source.finish() }
    }

    @Test func aPathIsTakenOnce() throws {
        let source = ParameterSource(tensors: tensors())
        _ = try linear(source)
        #expect(throws: ArchiveError.duplicateTensor("head/weight")) { try linear(source) }
    }

    @Test func parametersAreCopies() throws {
        let tensors = tensors()
        let source = ParameterSource(tensors: tensors)
        _ = try linear(source)
        for parameter in try source.finish() {
            #expect(parameter.value.storage.bytes != tensors[parameter.path]?.storage.bytes)
        }
    }

    /// A frozen weight gives what a dense one of the same rounded values gives, shares the file's memory and takes no
    /// gradient, while gradients still flow through it.
    @Test(arguments: ElementType.allCases.filter { !$0.isQuantized }) func frozenWeightsStayPacked(type: ElementType)
        throws
    {
        let packed = tensors().mapValues { $0.converted(to: type) }
        let source = ParameterSource(tensors: packed, .frozen)
        let frozen = try linear(source)
        #expect(try source.finish().map(\.path) == ["head/bias"])
        guard case .packed(let weight, _) = frozen.weight else {
            Issue.record("the weight is not packed")
            return
        }
        #expect(weight.elementType == type && weight.storage === packed["head/weight"]?.storage)
        let dense = try linear(ParameterSource(tensors: packed.mapValues { $0.converted(to: .float32) }))
        var generator = RandomGenerator(seed: 5)
        let (input, seed) = (Tensor.normal([7, 5], using: &generator), Tensor.normal([7, 3], using: &generator))
        func run(_ layer: Linear) -> [[Float]?] {
            let tape = Tape { $0 == "x" }
            let output = layer(tape.leaf(input, path: "x"))
            return [output.value.values, tape.gradients(of: output, seed: seed)["x"]?.values]
        }
        #expect(run(frozen) == run(dense))
        #expect(run(frozen)[1] != nil)
    }

    /// W + (alpha / rank) · B A beside a frozen W: values and gradients of the dense sum; nothing is changed at first.
    @Test func lowRankMatricesLearnBesideAFrozenOne() throws {
        let tensors = tensors()
        let lowRank = LowRank(rank: 2, alpha: 6, targets: ["head"], seed: 4)
        let source = ParameterSource(tensors: tensors, .frozen, lowRank: lowRank)
        let layer = try linear(source)
        let parameters = try source.finish()
        #expect(parameters.map(\.path).sorted() == ["head/bias", "head/lora/down", "head/lora/up"])
        var generator = RandomGenerator(seed: 5)
        let input = Tensor.normal([7, 5], using: &generator)
        let plain = try linear(ParameterSource(tensors: tensors, .frozen))
        #expect(layer(Variable(input)).value.values == plain(Variable(input)).value.values)
        guard case .adapted(let weight) = layer.weight else {
            Issue.record("the weight is not adapted")
            return
        }
        let up = Tensor.normal(weight.up.shape, using: &generator)
        weight.up.value.data.update(from: up.data, count: up.shape.count)
        let merged = weight.base.copied()
        Tensor.matmul(up, weight.down.value, alpha: 3, beta: 1, into: merged)
        let dense = try linear(ParameterSource(tensors: ["head/weight": merged, "head/bias": layer.bias!.value]))
        expectClose(layer(Variable(input)).value, dense(Variable(input)).value, "adapted layer")
        // The tape sees the matrices of low rank under their paths.
        let tape = Tape { $0.contains("/lora/") }
        let gradients = tape.gradients(of: layer(tape.constant(input)).sum())
        #expect(gradients["head/lora/down"] != nil && gradients["head/lora/up"] != nil && gradients["head/bias"] == nil)
    }

    @Test func aCountThatAFileClaimsEndsWithItsTensors() throws {
        let source = ParameterSource(tensors: ["0/a": Tensor.zeros([2])])
        #expect(throws: ArchiveError.missingTensor("1/a", available: ["0/a"])) {
            try source.root.stack(of: .max) { try $0.parameter("a", [2], .zeros) }
        }
    }
}
