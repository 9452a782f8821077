import Autodiff
import Layers
import Tensors
import TestSupport
import Testing
import Towers

/// The adapter and its standardisation against PyTorch.
@Suite struct AdapterTests {
    @Test(arguments: [
        ("paper", 4, 2, false), ("paper-standardised", 4, 2, true), ("released", 1, 8, false),
        ("released-standardised", 1, 8, true),
    ])
    func agreesWithPyTorch(name: String, blocks: Int, expansion: Int, standardises: Bool) throws {
        let fixture = try Fixture("adapter")
        let source = ParameterSource(tensors: fixture.group("\(name)/parameters"))
        let adapter = try Adapter(
            configuration: .init(
                inputs: 12, outputs: 7, blocks: blocks, expansion: expansion, standardises: standardises),
            scope: source.root)
        _ = try source.finish()
        let input = try fixture.tensor("\(name)/input")
        let tape = Tape()
        let output = adapter(tape.leaf(input, path: "input"))
        expectClose(output.value, try fixture.tensor("\(name)/output"), "\(name) output")
        let gradients = tape.gradients(of: output, seed: try fixture.tensor("\(name)/seed"))
        let expected = fixture.group("\(name)/gradients")
        #expect(gradients.paths == expected.keys.sorted())
        for (path, gradient) in expected {
            expectClose(
                gradients[path] ?? .zeros([]), gradient, "\(name) gradient of \(path)", Tolerance(relative: 3e-5))
        }
        #expect(adapter(Variable(input)).value.values == output.value.values)
    }

    private func standardised(_ vectors: Tensor) throws -> (deviation: Tensor, output: Tensor) {
        let (mean, deviation) = Standardisation.fitted(to: vectors)
        let source = ParameterSource(tensors: ["mean": mean, "deviation": deviation])
        let layer = try Standardisation(width: vectors.shape[1], scope: source.root)
        return (deviation, layer(Variable(vectors)).value)
    }

    @Test func standardisesEachDimension() throws {
        let (rows, width) = (500, 5)
        var generator = RandomGenerator(seed: 3)
        let noise = Tensor.normal([rows, width], using: &generator).values
        let vectors = noise.enumerated().map { 7 + Float($0 % width + 1) * $1 }
        let output = try standardised(Tensor(vectors, shape: [rows, width])).output.values
        for column in 0..<width {
            let values = stride(from: column, to: rows * width, by: width).map { Double(output[$0]) }
            let mean = values.reduce(0, +) / Double(rows)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
            #expect(abs(mean) < 1e-5 && abs(variance - 1) < 1e-5, "dimension \(column)")
        }
    }

    /// MiniLM has dimensions that hardly vary: dividing by their deviation would give NaN or magnified rounding.
    @Test func constantDimensionsStayFiniteAndSmall() throws {
        let vectors = Tensor([0.3, 1, 5e-8, 0.3, -1, 0, 0.3, 2, 0, 0.3, -2, 0], shape: [4, 3])
        let (deviation, output) = try standardised(vectors)
        #expect(deviation.values[0] == deviation.values[2] && deviation.values[0] > 0.05)
        for row in 0..<4 {
            #expect(abs(output.values[3 * row]) < 1e-6 && abs(output.values[3 * row + 2]) < 1e-6)
        }
        let equal = try standardised(Tensor.full([3, 4], 0.25))
        #expect(equal.deviation.values == [1, 1, 1, 1] && equal.output.values.allSatisfy { $0 == 0 })
    }
}
