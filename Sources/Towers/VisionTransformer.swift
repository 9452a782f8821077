public import Autodiff
public import Layers

/// CLIP's image encoder E_I, a vision transformer: pictures [B, 3, S, S] -> features [B, D], not yet normalised.
///
/// Source: Dosovitskiy et al., 2021 (arXiv 2010.11929), as changed by Radford et al., 2021 (arXiv 2103.00020): no bias
/// in the patch embedding, a norm before the blocks, and a projection of the class token after the last norm.
public struct VisionTransformer {
    public let configuration: Configuration
    private let patchEmbedding: Linear
    /// [width]
    private let classEmbedding: Parameter
    /// [N + 1, width], the class token's first
    private let positionEmbedding: Parameter
    private let preNorm: LayerNorm
    private let blocks: CLIPBlocks
    private let postNorm: LayerNorm
    private let projection: Linear

    /// Parameters `patch_embedding`, `class_embedding`, `position_embedding`, `norm_pre`, `blocks/0...`, `norm_post`
    /// and `projection`. Throws a `ConfigurationError` where the sizes do not fit each other, and what the source throws.
    ///
    /// Fresh weights have CLIP's deviations; those of the patch embedding have the variance of PyTorch's convolutions.
    public init(configuration: Configuration, scope: ParameterScope) throws {
        try configuration.validate()
        self.configuration = configuration
        let width = configuration.width
        let inputs = 3 * configuration.patchSize * configuration.patchSize
        let deviation = 1 / Float(width).squareRoot()
        patchEmbedding = try Linear(
            inputs: inputs, outputs: width, bias: false, deviation: 1 / Float(3 * inputs).squareRoot(),
            scope: scope["patch_embedding"])
        classEmbedding = try scope.parameter("class_embedding", [width], .normal(deviation: deviation))
        positionEmbedding = try scope.parameter(
            "position_embedding", [configuration.patchCount + 1, width], .normal(deviation: deviation))
        preNorm = try LayerNorm(width: width, epsilon: configuration.epsilon, scope: scope["norm_pre"])
        blocks = try CLIPBlocks(
            width: width, layers: configuration.layers, heads: configuration.heads, mlpWidth: configuration.mlpWidth,
            activation: configuration.activation, epsilon: configuration.epsilon, scope: scope)
        postNorm = try LayerNorm(width: width, epsilon: configuration.epsilon, scope: scope["norm_post"])
        projection = try Linear(
            inputs: width, outputs: configuration.outputs, bias: false, scope: scope["projection"])
    }

    /// Pictures [B, 3, S, S], scaled by the configuration's mean and deviation -> features [B, D].
    public func callAsFunction(_ pictures: Variable) -> Variable {
        let patches = patchEmbedding(.patches(of: pictures, size: configuration.patchSize))  // [B, N, width]
        let tokens = patches.prepending(token: classEmbedding(beside: patches))
            .adding(broadcast: positionEmbedding(beside: patches))  // [B, N + 1, width]
        let states = blocks(preNorm(tokens))
        let first = [Int](repeating: 0, count: pictures.shape[0])
        return projection(postNorm(states.gatheringTokens(at: first)))
    }
}

extension VisionTransformer {
    /// The sizes of an image tower, and how its pictures are prepared.
    public struct Configuration: Codable, Equatable, Sendable {
        /// S, the side of a picture in pixels.
        public var imageSize: Int
        /// The side of a patch in pixels; it divides `imageSize`.
        public var patchSize: Int
        public var width: Int
        public var layers: Int
        /// The number of attention heads; it divides `width`.
        public var heads: Int
        public var mlpWidth: Int
        /// D, the width of the features.
        public var outputs: Int
        public var activation: Activation
        /// Of every norm.
        public var epsilon: Float
        /// What is subtracted from each channel of a picture in 0...1, and what it is divided by: three values each.
        public var mean: [Float]
        public var deviation: [Float]

        /// `mlpWidth` nil is four times the width; `mean` and `deviation` are those of OpenAI's CLIP.
        public init(
            imageSize: Int, patchSize: Int, width: Int, layers: Int, heads: Int, mlpWidth: Int? = nil, outputs: Int,
            activation: Activation = .quickGELU, epsilon: Float = 1e-5,
            mean: [Float] = [0.48145466, 0.4578275, 0.40821073],
            deviation: [Float] = [0.26862954, 0.26130258, 0.27577711]
        ) {
            self.imageSize = imageSize
            self.patchSize = patchSize
            self.width = width
            self.layers = layers
            self.heads = heads
            self.mlpWidth = mlpWidth ?? 4 * width
            self.outputs = outputs
            self.activation = activation
            self.epsilon = epsilon
            self.mean = mean
            self.deviation = deviation
        }

        /// N, the number of patches of a picture.
        public var patchCount: Int { (imageSize / patchSize) * (imageSize / patchSize) }

        func validate() throws {
            try requirePositive(
                "the image tower",
                [
                    ("imageSize", imageSize), ("patchSize", patchSize), ("width", width), ("layers", layers),
                    ("heads", heads), ("mlpWidth", mlpWidth), ("outputs", outputs),
                ])
            try requireDivisor("heads", heads, of: "width", width)
            try requireDivisor("patchSize", patchSize, of: "imageSize", imageSize)
            guard mean.count == 3, deviation.count == 3, deviation.allSatisfy({ $0 > 0 }) else {
                throw ConfigurationError(
                    "mean and deviation of the pictures need three values each, deviations above 0")
            }
        }
    }
}
