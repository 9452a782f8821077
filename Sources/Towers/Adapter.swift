public import Autodiff
public import Layers

/// The adapter A: vectors of the embedder [B, d] -> embeddings [B, D] of length 1.
///
/// L2-normalises its input, applies N residual blocks `x + Linear(GELU(Linear(LayerNorm(x))))` with e·d inner units, a
/// LayerNorm and a Linear d -> D, and L2-normalises the result. Source: LLM2CLIP (arXiv 2411.04997), ProCLIP (arXiv
/// 2510.18795, appendix A.1). Where the configuration asks for it, the input is standardised per dimension first.
public struct Adapter {
    public let configuration: Configuration
    private let standardisation: Standardisation?
    private let blocks: [Block]
    private let norm: LayerNorm
    private let projection: Linear

    /// Parameters `blocks/0/norm`, `blocks/0/up`, `blocks/0/down`..., `norm` and `projection`; with standardisation
    /// also the constants `standardise/mean` and `standardise/deviation` (fresh: 0 and 1).
    /// Throws a `ConfigurationError` for a size that is no size, and what the source throws.
    ///
    /// Fresh weights are normal with the variance of PyTorch's Linear, 1 / (3 inputs); fresh biases are 0.
    public init(configuration: Configuration, scope: ParameterScope) throws {
        try configuration.validate()
        self.configuration = configuration
        let width = configuration.inputs
        standardisation =
            configuration.standardises ? try Standardisation(width: width, scope: scope["standardise"]) : nil
        blocks = try scope["blocks"].stack(of: configuration.blocks) {
            try Block(width: width, expansion: configuration.expansion, scope: $0)
        }
        norm = try LayerNorm(width: width, scope: scope["norm"])
        projection = try Linear(
            inputs: width, outputs: configuration.outputs, deviation: 1 / Float(3 * width).squareRoot(),
            scope: scope["projection"])
    }

    public func callAsFunction(_ vectors: Variable) -> Variable {
        let scaled = standardisation.map { $0(vectors) } ?? vectors
        let states = blocks.reduce(scaled.l2Normalized()) { x, block in x.passed { block($0) } }
        return projection(norm(states)).l2Normalized()
    }

    /// [B, d] -> [B, d]
    private struct Block {
        let norm: LayerNorm
        let up: Linear
        let down: Linear

        init(width: Int, expansion: Int, scope: ParameterScope) throws {
            let inner = width * expansion
            norm = try LayerNorm(width: width, scope: scope["norm"])
            up = try Linear(
                inputs: width, outputs: inner, deviation: 1 / Float(3 * width).squareRoot(), scope: scope["up"])
            down = try Linear(
                inputs: inner, outputs: width, deviation: 1 / Float(3 * inner).squareRoot(), scope: scope["down"])
        }

        func callAsFunction(_ x: Variable) -> Variable { x + down(up(norm(x)).gelu()) }
    }
}

extension Adapter {
    /// The sizes of an adapter.
    public struct Configuration: Codable, Equatable, Sendable {
        /// d, the width of the embedder's vectors.
        public var inputs: Int
        /// D, the width of the image tower's features.
        public var outputs: Int
        /// N: 4 in the paper's main results, 12 in its scaled adapter, 1 in the released model.
        public var blocks: Int
        /// e: 2 in the paper, 8 in the released model.
        public var expansion: Int
        /// Whether the embedder's vectors are standardised per dimension.
        public var standardises: Bool

        public init(inputs: Int, outputs: Int, blocks: Int = 4, expansion: Int = 2, standardises: Bool = false) {
            self.inputs = inputs
            self.outputs = outputs
            self.blocks = blocks
            self.expansion = expansion
            self.standardises = standardises
        }

        func validate() throws {
            try requirePositive("the adapter", [("inputs", inputs), ("outputs", outputs), ("expansion", expansion)])
            guard blocks >= 0 else { throw ConfigurationError("the adapter has \(blocks) blocks; give 0 or more") }
        }
    }
}
