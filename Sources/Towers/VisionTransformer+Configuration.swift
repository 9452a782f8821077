public import Inputs
public import Layers

extension VisionTransformer {
    /// The sizes of an image tower, and how its pictures are prepared.
    public struct Configuration: Codable, Equatable, Sendable {
        /// S, the side of a picture in pixels.
        public var imageSize: Int
        /// The side of a patch in pixels; what does not fill a patch at the lower and right edges is not seen.
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
        public var style: Style
        /// What is subtracted from each channel of a picture in 0...1, and what it is divided by: three values each.
        public var mean: [Float]
        public var deviation: [Float]
        /// How a picture becomes a square of `imageSize`.
        public var fitting: PictureFitting

        /// `mlpWidth` nil is four times the width; `mean` and `deviation` are those of OpenAI's CLIP.
        public init(
            imageSize: Int, patchSize: Int, width: Int, layers: Int, heads: Int, mlpWidth: Int? = nil, outputs: Int,
            activation: Activation = .quickGELU, epsilon: Float = 1e-5, style: Style = Style(),
            mean: [Float] = PairDataset.clipMean, deviation: [Float] = PairDataset.clipDeviation,
            fitting: PictureFitting = .whiteSquare
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
            self.style = style
            self.mean = mean
            self.deviation = deviation
            self.fitting = fitting
        }

        /// N, the number of patches of a picture.
        public var patchCount: Int { (imageSize / patchSize) * (imageSize / patchSize) }
        /// N, and one for the class token.
        public var tokenCount: Int { patchCount + (style.hasClassToken ? 1 : 0) }

        var block: TransformerBlock.Configuration {
            TransformerBlock.Configuration(
                width: width, heads: heads, mlpWidth: mlpWidth, activation: activation, epsilon: epsilon,
                style: style.block)
        }

        /// Throws a `ConfigurationError` for sizes that do not fit each other.
        public func validate() throws {
            try requirePositive(
                "the image tower",
                [
                    ("imageSize", imageSize), ("patchSize", patchSize), ("width", width), ("layers", layers),
                    ("heads", heads), ("mlpWidth", mlpWidth), ("outputs", outputs),
                ])
            try requireDivisor("heads", heads, of: "width", width)
            guard patchSize <= imageSize else {
                throw ConfigurationError("a picture of \(imageSize) pixels has no patch of \(patchSize)")
            }
            // Attention is quadratic in them; this keeps what a file claims from filling the memory.
            guard patchCount <= 100_000 else {
                throw ConfigurationError("\(patchCount) patches a picture are too many; give smaller pictures")
            }
            if let side = style.rotaryGrid {
                try requirePositive("the image tower", [("rotaryGrid", side)])
                try requireDivisor("4 x heads", 4 * heads, of: "width", width)
            }
            guard style.pooling != .classToken || style.hasClassToken else {
                throw ConfigurationError("the image tower takes its features from a class token that it does not have")
            }
            guard style.projection != .none || outputs == width else {
                throw ConfigurationError(
                    "the image tower has no projection, so that its width \(width) cannot become \(outputs) outputs")
            }
            guard mean.count == 3, deviation.count == 3, deviation.allSatisfy({ $0 > 0 }) else {
                throw ConfigurationError(
                    "mean and deviation of the pictures need three values each, deviations above 0")
            }
        }
    }

    /// What differs between the image towers of published models; the defaults are CLIP's.
    public struct Style: Codable, Equatable, Sendable {
        public enum Pooling: String, Codable, Sendable {
            case classToken, attention
        }
        public enum Projection: String, Codable, Sendable {
            case none, linear, biased
        }

        public var hasClassToken: Bool
        public var hasPatchBias: Bool
        /// A norm of the tokens before the blocks.
        public var hasPreNorm: Bool
        public var pooling: Pooling
        public var projection: Projection
        public var block: TransformerBlock.Style
        /// The side of the grid of patches on which rotary positions were trained; nil for none.
        public var rotaryGrid: Int?

        public init(
            hasClassToken: Bool = true, hasPatchBias: Bool = false, hasPreNorm: Bool = true,
            pooling: Pooling = .classToken, projection: Projection = .linear, block: TransformerBlock.Style = .init(),
            rotaryGrid: Int? = nil
        ) {
            self.hasClassToken = hasClassToken
            self.hasPatchBias = hasPatchBias
            self.hasPreNorm = hasPreNorm
            self.pooling = pooling
            self.projection = projection
            self.block = block
            self.rotaryGrid = rotaryGrid
        }

        public static let siglip = Style(
            hasClassToken: false, hasPatchBias: true, hasPreNorm: false, pooling: .attention, projection: .none)
        public static let dinov2 = Style(
            hasPatchBias: true, hasPreNorm: false, projection: .none, block: .init(hasLayerScale: true))
        public static let eva02 = Style(
            hasPatchBias: true, hasPreNorm: false, projection: .biased,
            block: .init(isGated: true, hasInnerNorms: true, hasKeyBias: false), rotaryGrid: 16)
    }
}
