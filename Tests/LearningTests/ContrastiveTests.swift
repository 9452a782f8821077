import Autodiff
import Foundation
import Layers
import Learning
import Tensors
import TestSupport
import Testing

@Suite struct ContrastiveTests {
    @Test func valueAndGradientsEqualPyTorch() throws {
        let fixture = try Fixture("contrastive")
        let tape = Tape()
        let image = tape.leaf(try fixture.tensor("image").copied(), path: "image")
        let text = tape.leaf(try fixture.tensor("text").copied(), path: "text")
        let contrastive = Contrastive(logitScale: Parameter(path: "scale", value: try fixture.tensor("scale").copied()))
        let loss = contrastive(image: image, text: text)
        expectClose(loss.value, try fixture.tensor("loss"), "loss", Tolerance(relative: 1e-5))
        let gradients = tape.gradients(of: loss)
        for path in ["image", "text", "scale"] {
            let gradient = try #require(gradients[path])
            expectClose(gradient, try fixture.tensor("gradient/\(path)"), "\(path)", Tolerance(relative: 1e-4))
        }
    }

    /// More pairs than a block of logits has rows, against the sums in double precision.
    @Test func blocksAddUpToTheWhole() throws {
        var generator = RandomGenerator(seed: 4)
        let (count, width, scale) = (3000, 3, Float(1.5))
        let (image, text) = (
            Tensor.normal([count, width], using: &generator), Tensor.normal([count, width], using: &generator)
        )
        let (x, y) = (image.values.map(Double.init), text.values.map(Double.init))
        let factor = exp(Double(scale))
        let logits = (0..<count * count).map { index in
            let (i, j) = (index / count, index % count)
            return factor * (0..<width).reduce(0.0) { $0 + x[i * width + $1] * y[j * width + $1] }
        }
        func logSum(_ start: Int, _ step: Int) -> Double {
            let values = (0..<count).map { logits[start + $0 * step] }
            let largest = values.max() ?? 0
            return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
        }
        let rows = (0..<count).map { logSum($0 * count, 1) }
        let columns = (0..<count).map { logSum($0, count) }
        let right = (0..<count).reduce(0.0) { $0 + logits[$1 * count + $1] }
        let loss = ((rows + columns).reduce(0, +) - 2 * right) / Double(2 * count)
        var dimage = [Double](repeating: 0, count: count * width)
        var dtext = dimage
        var dscale = 0.0
        for i in 0..<count {
            for j in 0..<count {
                let logit = logits[i * count + j]
                let chance = exp(logit - rows[i]) + exp(logit - columns[j]) - (i == j ? 2 : 0)
                let slope = chance / Double(2 * count)
                dscale += slope * logit
                for k in 0..<width {
                    dimage[i * width + k] += slope * factor * y[j * width + k]
                    dtext[j * width + k] += slope * factor * x[i * width + k]
                }
            }
        }
        let tape = Tape()
        let value = Variable.infoNCE(
            image: tape.leaf(image, path: "image"), text: tape.leaf(text, path: "text"),
            logitScale: tape.leaf(Tensor(scalar: scale), path: "scale"))
        #expect(abs(Double(value.value.item) - loss) < 1e-5 * loss)
        let gradients = tape.gradients(of: value)
        for (path, expected) in [("image", dimage), ("text", dtext), ("scale", [dscale])] {
            let found = try #require(gradients[path]).values
            let worst = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
            #expect(worst < 1e-4 * (expected.map(abs).max() ?? 0), "\(path)")
        }
    }

    /// SigLIP's loss.
    @Test func sigmoidLossEqualsPyTorch() throws {
        let fixture = try Fixture("sigmoid")
        let tape = Tape()
        let image = tape.leaf(try fixture.tensor("image").copied(), path: "image")
        let text = tape.leaf(try fixture.tensor("text").copied(), path: "text")
        let contrastive = Contrastive(
            logitScale: Parameter(path: "scale", value: try fixture.tensor("scale").copied()),
            logitBias: Parameter(path: "bias", value: try fixture.tensor("bias").copied()))
        let loss = contrastive(image: image, text: text)
        expectClose(loss.value, try fixture.tensor("loss"), "loss", Tolerance(relative: 1e-5))
        let gradients = tape.gradients(of: loss)
        for path in ["image", "text", "scale", "bias"] {
            let gradient = try #require(gradients[path])
            expectClose(gradient, try fixture.tensor("gradient/\(path)"), "\(path)", Tolerance(relative: 1e-4))
        }
    }

    @Test func sigmoidLossHasTheSlopesOfItsDifferences() {
        var generator = RandomGenerator(seed: 3, stream: "pairs")
        let inputs = [
            "image": Tensor.normal([5, 3], using: &generator), "text": Tensor.normal([5, 3], using: &generator),
            "scale": Tensor(scalar: 0.7), "bias": Tensor(scalar: -1.5),
        ]
        checkGradient("pairwise sigmoid", inputs) {
            .pairwiseSigmoid(
                image: $0["image"]!, text: $0["text"]!, logitScale: $0["scale"]!, logitBias: $0["bias"]!)
        }
    }

    /// Far from 0 the logarithm is a straight line, not an overflow.
    @Test func sigmoidLossStaysFinite() throws {
        let features = Variable(Tensor([1, -1], shape: [2, 1]))
        for (bias, expected) in [(-200, 400), (200, 400)] as [(Float, Float)] {
            let loss = Variable.pairwiseSigmoid(
                image: features, text: features, logitScale: Variable(Tensor(scalar: 0)),
                logitBias: Variable(Tensor(scalar: bias)))
            #expect(abs(loss.value.item - expected / 2) < 2)
        }
    }

    @Test(arguments: [(-1, 0), (2, 2), (9, 4.6051702)] as [(Float, Float)])
    func scaleIsClamped(start: Float, end: Float) {
        let scale = Parameter(path: "logit_scale", value: Tensor(scalar: start))
        Contrastive(logitScale: scale).clamp()
        #expect(scale.value.item == end)
    }

    @Test func chanceLevelIsTheLogarithmOfTheBatch() {
        let scale = Parameter(path: "logit_scale", value: Tensor(scalar: 0))
        #expect(Contrastive(logitScale: scale).chance(batch: 256) == Float(log(256.0)))
        // Of the sigmoid loss: every logit ln(1 / (B - 1)), the log odds of a right pair.
        let zeros = Variable(Tensor.zeros([8, 3]))
        let bias = Parameter(path: "logit_bias", value: Tensor(scalar: -log(7)))
        let contrastive = Contrastive(logitScale: scale, logitBias: bias)
        #expect(abs(contrastive(image: zeros, text: zeros).value.item - contrastive.chance(batch: 8)) < 1e-5)
    }

    /// SigLIP's published scales lie above 100.
    @Test func sigmoidLossLeavesItsScaleAlone() {
        let scale = Parameter(path: "logit_scale", value: Tensor(scalar: 4.77))
        Contrastive(logitScale: scale, logitBias: Parameter(path: "logit_bias", value: Tensor(scalar: -13))).clamp()
        #expect(scale.value.item == 4.77)
    }
}
