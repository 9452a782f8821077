public import Layers

extension CLIPTextTransformer {
    /// The sizes of a text tower.
    public struct Configuration: Codable, Equatable, Sendable {
        public var vocabularySize: Int
        /// The most tokens of a text.
        public var contextLength: Int
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

        /// `mlpWidth` nil is four times the width; vocabulary and context are CLIP's.
        public init(
            vocabularySize: Int = 49_408, contextLength: Int = 77, width: Int, layers: Int, heads: Int,
            mlpWidth: Int? = nil, outputs: Int, activation: Activation = .quickGELU, epsilon: Float = 1e-5,
            style: Style = Style()
        ) {
            self.vocabularySize = vocabularySize
            self.contextLength = contextLength
            self.width = width
            self.layers = layers
            self.heads = heads
            self.mlpWidth = mlpWidth ?? 4 * width
            self.outputs = outputs
            self.activation = activation
            self.epsilon = epsilon
            self.style = style
        }

        func validate() throws {
            try requirePositive(
                "the text tower",
                [
                    ("vocabularySize", vocabularySize), ("contextLength", contextLength), ("width", width),
                    ("layers", layers), ("heads", heads), ("mlpWidth", mlpWidth), ("outputs", outputs),
                ])
            try requireDivisor("heads", heads, of: "width", width)
        }
    }

    /// What differs between the text towers of published models; the defaults are CLIP's.
    public struct Style: Codable, Equatable, Sendable {
        public enum Pooling: String, Codable, Sendable {
            /// The token with the highest id.
            case endOfText
            case last
        }

        public var isCausal: Bool
        public var pooling: Pooling
        public var hasProjectionBias: Bool

        public init(isCausal: Bool = true, pooling: Pooling = .endOfText, hasProjectionBias: Bool = false) {
            self.isCausal = isCausal
            self.pooling = pooling
            self.hasProjectionBias = hasProjectionBias
        }

        public static let siglip = Style(isCausal: false, pooling: .last, hasProjectionBias: true)
    }
}
