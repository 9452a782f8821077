import Autodiff
import Inputs
import Layers
import Tensors
import TestSupport
import Testing
import Towers

/// CLIP against transformers, from tensors under Hugging Face's names: features, loss and every parameter's gradient.
@Suite struct CLIPModelTests {
    let fixture: Fixture
    init() throws { fixture = try Fixture("clip") }

    private static let openai = Case(
        name: "openai",
        image: .init(imageSize: 12, patchSize: 4, width: 16, layers: 2, heads: 2, mlpWidth: 31, outputs: 10),
        text: .init(
            vocabularySize: 41, contextLength: 9, width: 12, layers: 2, heads: 3, mlpWidth: 17, outputs: 10))
    private static let gelu = Case(
        name: "gelu",
        image: .init(
            imageSize: 10, patchSize: 5, width: 9, layers: 1, heads: 1, outputs: 7, activation: .gelu, epsilon: 1e-6),
        text: .init(
            vocabularySize: 23, contextLength: 11, width: 20, layers: 3, heads: 4, mlpWidth: 21, outputs: 7,
            activation: .gelu, epsilon: 1e-6))

    struct Case: Sendable {
        let name: String
        let image: VisionTransformer.Configuration
        let text: CLIPTextTransformer.Configuration

        func model(_ tensors: [String: Tensor]) throws -> CLIPModel {
            try CLIPModel(image: image, text: text, source: ParameterSource(tensors: tensors))
        }
    }

    /// The fixture's rows without their padding, which a batch adds again up to its longest row only.
    private func texts(_ name: String) throws -> TokenBatch {
        let ids = try fixture.tensor("\(name)/ids")
        let rows = (0..<ids.shape[0]).map { row in
            ids.rows(row..<row + 1).values.map { Int32($0) }.filter { $0 > 0 }
        }
        return TokenBatch(rows: rows, padding: 0)
    }

    @Test(arguments: [openai, gelu]) func agreesWithTransformers(_ reference: Case) throws {
        let name = reference.name
        let model = try reference.model(CLIPModel.huggingFace.tensors(fixture.group("\(name)/tensors")))
        let (pictures, texts) = (try fixture.tensor("\(name)/pictures"), try texts(name))
        let tape = Tape()
        let image = model.image(tape.constant(pictures))
        let text = model.text(texts, tape: tape)
        expectClose(image.value, try fixture.tensor("\(name)/image"), "\(name) image features")
        expectClose(text.value, try fixture.tensor("\(name)/text"), "\(name) text features")
        let loss = Variable.infoNCE(
            image: image.l2Normalized(), text: text.l2Normalized(), logitScale: model.logitScale(on: tape))
        expectClose(loss.value, try fixture.tensor("\(name)/loss"), "\(name) loss")
        let gradients = tape.gradients(of: loss)
        let expected = CLIPModel.huggingFace.tensors(fixture.group("\(name)/gradients"))
        #expect(gradients.paths == model.parameters.map(\.path).sorted())
        for (path, gradient) in expected {
            let found = gradients[path] ?? .zeros([])
            if path.hasSuffix("attention/key/bias") {
                // 0 but for rounding: softmax ignores what all keys share.
                #expect(found.values.allSatisfy { abs($0) < 1e-6 }, "\(name) gradient of \(path)")
            } else {
                expectClose(found, gradient, "\(name) gradient of \(path)", Tolerance(relative: 3e-5))
            }
        }
        #expect(model.image(Variable(pictures)).value.values == image.value.values)
        #expect(model.text(texts).value.values == text.value.values)
    }

    @Test func whatFollowsTheEndChangesNothing() throws {
        let model = try Self.openai.model(CLIPModel.huggingFace.tensors(fixture.group("openai/tensors")))
        let padded = TokenBatch(rows: [[39, 7, 40], [39, 7, 40, 3, 3, 3, 3], [39, 40]], padding: 0)
        let features = model.text(padded).value
        let alone = model.text(TokenBatch(rows: [[39, 7, 40]], padding: 0)).value
        expectClose(features.rows(0..<1), alone, "a padded text", Tolerance(relative: 1e-6))
        expectClose(features.rows(1..<2), alone, "a text with tokens after its end", Tolerance(relative: 1e-6))
    }

    @Test func storedPositionsAreLeftOutAndUnknownNamesKept() {
        let tensors = ["text_model.embeddings.position_ids", "vision_model.head.weight", "text_projection.weight"]
        let renamed = CLIPModel.huggingFace.tensors(
            Dictionary(uniqueKeysWithValues: tensors.map { ($0, Tensor.zeros([1])) }))
        #expect(renamed.keys.sorted() == ["text/projection/weight", "vision_model.head.weight"])
    }
}
