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

    @Test(arguments: [(-1, 0), (2, 2), (9, 4.6051702)] as [(Float, Float)])
    func scaleIsClamped(start: Float, end: Float) {
        let scale = Parameter(path: "logit_scale", value: Tensor(scalar: start))
        Contrastive(logitScale: scale).clamp()
        #expect(scale.value.item == end)
    }

    @Test func chanceLevelIsTheLogarithmOfTheBatch() {
        #expect(Contrastive.chance(batch: 256) == Float(log(256.0)))
    }
}
