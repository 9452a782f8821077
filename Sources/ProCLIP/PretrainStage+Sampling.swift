public import Inputs

extension PretrainStage {
    /// How pairs become training samples.
    public struct Sampling: Codable, Equatable, Sendable {
        /// The share of texts with class words: before the caption, after it, or alone.
        public var classShare: Float
        /// The share of texts with some of the picture's keywords: after the caption, or alone.
        public var keywordShare: Float
        /// How often a picture of a set comes up in an epoch; 1 for sets that are not named.
        public var repeats: [String: Int]
        /// Random crops, mirror images and colours; nil for none.
        public var augmentation: ImageAugmentation?

        public init(
            classShare: Float = 0.4, keywordShare: Float = 0, repeats: [String: Int] = [:],
            augmentation: ImageAugmentation? = ImageAugmentation()
        ) {
            self.classShare = classShare
            self.keywordShare = keywordShare
            self.repeats = repeats
            self.augmentation = augmentation
        }
    }
}
