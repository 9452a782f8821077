import Autodiff
import Foundation
import Layers
import Learning
import Tensors
import Testing

@Suite struct ContrastiveTests {
    @Test func valueAndGradientsEqualPyTorch() throws {
        let fixture = try Fixture("contrastive")
        let tape = Tape()
        let image = tape.leaf(try fixture["image"].copied(), path: "image")
        let text = tape.leaf(try fixture["text"].copied(), path: "text")
        let contrastive = Contrastive(logitScale: Parameter(path: "scale", value: try fixture["scale"].copied()))
        let loss = contrastive(image: image, text: text)
        #expect(relativeError(loss.value, try fixture["loss"]) < 1e-5)
        let gradients = tape.gradients(of: loss)
        for path in ["image", "text", "scale"] {
            let gradient = try #require(gradients[path])
            #expect(relativeError(gradient, try fixture["gradient/\(path)"]) < 1e-4, "\(path)")
        }
    }

    @Test(arguments: [(-1, 0), (2, 2), (9, 4.6051702)] as [(Float, Float)])
    func scaleIsClamped(start: Float, end: Float) {
        let scale = Parameter(path: "logit_scale", value: Tensor(scalar: start))
        Contrastive(logitScale: scale).clamp()
        #expect(scale.value.data[0] == end)
    }

    @Test func chanceLevelIsTheLogarithmOfTheBatch() {
        #expect(Contrastive.chance(batch: 256) == Float(log(256.0)))
    }
}
