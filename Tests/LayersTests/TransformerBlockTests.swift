import Autodiff
import Layers
import Tensors
import TestSupport
import Testing

/// A whole block against PyTorch: output and the gradient of every parameter, at its path.
@Suite struct TransformerBlockTests {
    let fixture: Fixture
    init() throws { fixture = try Fixture("blocks") }

    @Test(arguments: [
        ("vision", 3, 31, Activation.gelu, AttentionMask.none), ("text", 2, 64, .quickGELU, .causal),
        ("padded", 1, 17, .gelu, .lengths([7, 1, 4])),
    ])
    func matchesPyTorch(name: String, heads: Int, mlpWidth: Int, activation: Activation, mask: AttentionMask) throws {
        let input = try fixture.tensor("\(name)/input")
        let source = ParameterSource(tensors: fixture.group("\(name)/parameters"))
        let block = try TransformerBlock(
            TransformerBlock.Configuration(
                width: input.shape[2], heads: heads, mlpWidth: mlpWidth, activation: activation), scope: source.root)
        #expect(try source.finish().count == 16)
        let tape = Tape()
        let output = block(tape.leaf(input, path: "input"), mask: mask)
        expectClose(output.value, try fixture.tensor("\(name)/output"), "\(name) output")
        let gradients = tape.gradients(of: output, seed: try fixture.tensor("\(name)/seed"))
        let expected = fixture.group("\(name)/gradients")
        #expect(gradients.paths == expected.keys.sorted())
        // The key bias's gradient is 0 but for rounding: softmax ignores what all keys share.
        for (path, gradient) in expected where path != "attention/key/bias" {
            expectClose(
                gradients[path] ?? .zeros([]), gradient, "\(name) gradient of \(path)", Tolerance(relative: 3e-5))
        }
        #expect(block(Variable(input), mask: mask).value.values == output.value.values)
    }
}
