public import Autodiff
public import Tensors

/// A transformer block: [B, T, width] -> [B, T, width]. One block serves every architecture; its style says what differs.
public struct TransformerBlock {
    public let norm1: LayerNorm
    public let attention: Attention
    /// [width]: LayerScale (Touvron et al., 2021, arXiv 2103.17239) of what attention and `mlp` add.
    public let scale1: Parameter?
    public let norm2: LayerNorm
    public let mlp: FeedForward
    public let scale2: Parameter?
    private let normalizesAfter: Bool

    /// Parameters `norm1`, `attention`, `norm2` and `mlp`, and `scale1` and `scale2` where the style has them.
    /// Throws what the source throws.
    public init(_ configuration: Configuration, scope: ParameterScope) throws {
        let (width, style) = (configuration.width, configuration.style)
        let innerEpsilon = style.hasInnerNorms ? configuration.epsilon : nil
        norm1 = try LayerNorm(width: width, epsilon: configuration.epsilon, scope: scope["norm1"])
        attention = try Attention(
            width: width, heads: configuration.heads, hasKeyBias: style.hasKeyBias, innerEpsilon: innerEpsilon,
            outputDeviation: configuration.outputDeviation, scope: scope["attention"])
        norm2 = try LayerNorm(width: width, epsilon: configuration.epsilon, scope: scope["norm2"])
        mlp = try FeedForward(
            width: width, inner: configuration.mlpWidth, activation: configuration.activation, isGated: style.isGated,
            innerEpsilon: innerEpsilon, upDeviation: configuration.upDeviation,
            downDeviation: configuration.outputDeviation, scope: scope["mlp"])
        func scale(_ name: String) throws -> Parameter? {
            style.hasLayerScale ? try scope.parameter(name, [width], .ones) : nil
        }
        scale1 = try scale("scale1")
        scale2 = try scale("scale2")
        normalizesAfter = style.normalizesAfter
    }

    /// - `bias`: [heads, T, T], a constant that is added to the scores of attention.
    public func callAsFunction(
        _ x: Variable, mask: AttentionMask = .none, rotation: GridRotation? = nil, bias: Tensor? = nil
    ) -> Variable {
        if normalizesAfter {
            let attended = norm1(x + attention(x, mask: mask, rotation: rotation, bias: bias))
            return norm2(attended + mlp(attended))
        }
        let attended = x + scaled(attention(norm1(x), mask: mask, rotation: rotation, bias: bias), by: scale1)
        return attended + scaled(mlp(norm2(attended)), by: scale2)
    }

    private func scaled(_ x: Variable, by scale: Parameter?) -> Variable {
        scale.map { x.multiplied(byRow: $0(beside: x)) } ?? x
    }
}

extension TransformerBlock {
    /// What differs between the blocks of published networks; the defaults are CLIP's.
    public struct Style: Codable, Equatable, Sendable {
        /// SwiGLU: a gate with the activation multiplies the inner units.
        public var isGated: Bool
        /// Norms of what the heads found and of the inner units, as in EVA-02.
        public var hasInnerNorms: Bool
        /// LayerScale, as in DINOv2.
        public var hasLayerScale: Bool
        public var hasKeyBias: Bool
        /// Norms follow the sums, as in BERT, and do not precede the branches.
        public var normalizesAfter: Bool

        public init(
            isGated: Bool = false, hasInnerNorms: Bool = false, hasLayerScale: Bool = false, hasKeyBias: Bool = true,
            normalizesAfter: Bool = false
        ) {
            self.isGated = isGated
            self.hasInnerNorms = hasInnerNorms
            self.hasLayerScale = hasLayerScale
            self.hasKeyBias = hasKeyBias
            self.normalizesAfter = normalizesAfter
        }
    }

    /// The sizes of a block.
    public struct Configuration: Sendable {
        public var width: Int
        public var heads: Int
        public var mlpWidth: Int
        public var activation: Activation
        public var epsilon: Float
        public var style: Style
        /// Of the fresh weights that write into the residual stream; nil gives `inputs^-0.5`.
        public var outputDeviation: Float?
        /// Of the fresh weights of `mlp/up`; nil gives `inputs^-0.5`.
        public var upDeviation: Float?

        public init(
            width: Int, heads: Int, mlpWidth: Int, activation: Activation, epsilon: Float = 1e-5,
            style: Style = Style(), outputDeviation: Float? = nil, upDeviation: Float? = nil
        ) {
            self.width = width
            self.heads = heads
            self.mlpWidth = mlpWidth
            self.activation = activation
            self.epsilon = epsilon
            self.style = style
            self.outputDeviation = outputDeviation
            self.upDeviation = upDeviation
        }
    }
}
