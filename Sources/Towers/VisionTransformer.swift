public import Autodiff
public import Layers

/// An image encoder E_I, a vision transformer: pictures [B, 3, S, S] -> features [B, D], not yet normalised.
///
/// Source: Dosovitskiy et al., 2021 (arXiv 2010.11929); the default style is that of Radford et al., 2021 (arXiv
/// 2103.00020): no bias in the patch embedding, a norm before the blocks, and a projection of the class token after
/// the last norm. Other styles are those of SigLIP (arXiv 2303.15343), DINOv2 (arXiv 2304.07193) and EVA-02.
public struct VisionTransformer {
    public let configuration: Configuration
    private let patchEmbedding: Linear
    /// [width]
    private let classEmbedding: Parameter?
    /// [N + 1, width] with a class token, whose row is the first, else [N, width]
    private let positionEmbedding: Parameter
    private let preNorm: LayerNorm?
    private let blocks: TransformerStack
    private let postNorm: LayerNorm
    private let pool: AttentionPool?
    private let projection: Linear?
    private let rotation: GridRotation?

    /// Parameters `patch_embedding`, `class_embedding`, `position_embedding`, `norm_pre`, `blocks/0...`, `norm_post`,
    /// `pool` and `projection`, as far as the style has them. Throws a `ConfigurationError` where the sizes do not fit
    /// each other, and what the source throws.
    ///
    /// Fresh weights have CLIP's deviations; those of the patch embedding have the variance of PyTorch's convolutions.
    public init(configuration: Configuration, scope: ParameterScope) throws {
        try configuration.validate()
        self.configuration = configuration
        let (width, style) = (configuration.width, configuration.style)
        let inputs = 3 * configuration.patchSize * configuration.patchSize
        let deviation = 1 / Float(width).squareRoot()
        patchEmbedding = try Linear(
            inputs: inputs, outputs: width, bias: style.hasPatchBias, deviation: 1 / Float(3 * inputs).squareRoot(),
            scope: scope["patch_embedding"])
        classEmbedding =
            style.hasClassToken
            ? try scope.parameter("class_embedding", [width], .normal(deviation: deviation)) : nil
        positionEmbedding = try scope.parameter(
            "position_embedding", [configuration.tokenCount, width], .normal(deviation: deviation))
        let epsilon = configuration.epsilon
        preNorm = style.hasPreNorm ? try LayerNorm(width: width, epsilon: epsilon, scope: scope["norm_pre"]) : nil
        blocks = try TransformerStack(configuration.block, layers: configuration.layers, scope: scope)
        postNorm = try LayerNorm(width: width, epsilon: epsilon, scope: scope["norm_post"])
        pool = style.pooling == .attention ? try AttentionPool(configuration.block, scope: scope["pool"]) : nil
        projection =
            style.projection == .none
            ? nil
            : try Linear(
                inputs: width, outputs: configuration.outputs, bias: style.projection == .biased,
                scope: scope["projection"])
        rotation = style.rotaryGrid.map { side in
            GridRotation(
                side: configuration.imageSize / configuration.patchSize, trainedSide: side,
                headWidth: width / configuration.heads, skipped: style.hasClassToken ? 1 : 0)
        }
    }

    /// Pictures [B, 3, S, S], scaled by the configuration's mean and deviation -> features [B, D].
    public func callAsFunction(_ pictures: Variable) -> Variable {
        let patches = patchEmbedding(.patches(of: pictures, size: configuration.patchSize))  // [B, N, width]
        let tokens = (classEmbedding.map { patches.prepending(token: $0(beside: patches)) } ?? patches)
            .adding(broadcast: positionEmbedding(beside: patches))  // [B, N + 1, width]
        let states = blocks(preNorm.map { $0(tokens) } ?? tokens, rotation: rotation)
        let features = pooled(states)
        return projection.map { $0(features) } ?? features
    }

    /// [B, T, width] -> [B, width], normed
    private func pooled(_ states: Variable) -> Variable {
        if let pool { return pool(postNorm(states)) }
        let first = [Int](repeating: 0, count: states.shape[0])
        return postNorm(states.gatheringTokens(at: first))
    }
}
