/// Multiplications and additions of a forward pass, and the parameters, from sizes alone. Norms, activations and biases are
/// left out: they are little beside the matrices.
public struct OperationCount: Sendable {
    public private(set) var operations: Double
    public private(set) var parameters: Double

    /// A picture through a tower.
    public init(_ image: VisionTransformer.Configuration) {
        let patch = Double(3 * image.patchSize * image.patchSize * image.width)
        self.init(
            tokens: image.tokenCount, width: image.width, inner: image.mlpWidth, layers: image.layers,
            matrices: image.style.block.isGated ? 3 : 2)
        operations += 2 * patch * Double(image.patchCount) + 2 * Double(image.width * image.outputs)
        parameters += patch + Double(image.width * (image.outputs + image.tokenCount))
    }

    /// A text of so many tokens through a text tower.
    public init(_ text: CLIPTextTransformer.Configuration, tokens: Int) {
        self.init(
            tokens: min(tokens, text.contextLength), width: text.width, inner: text.mlpWidth, layers: text.layers,
            matrices: 2)
        operations += 2 * Double(text.width * text.outputs)
        parameters += Double(text.width * (text.vocabularySize + text.contextLength + text.outputs))
    }

    /// A vector through an adapter.
    public init(_ adapter: Adapter.Configuration) {
        let (width, inner) = (Double(adapter.inputs), Double(adapter.inputs * adapter.expansion))
        parameters = Double(adapter.blocks) * 2 * width * inner + width * Double(adapter.outputs)
        operations = 2 * parameters
    }

    private init(tokens: Int, width: Int, inner: Int, layers: Int, matrices: Int) {
        let (T, w) = (Double(tokens), Double(width))
        let own = 4 * w * w + Double(matrices) * w * Double(inner)
        parameters = Double(layers) * own
        operations = Double(layers) * T * (2 * own + 4 * T * w)
    }
}
