public import Tensors

/// Recall@1, 5 and 10 in both directions over one pool, named as in CLIP_benchmark.
public struct RetrievalEvaluation: Sendable {
    /// What is counted as a hit, for the reader of a table.
    public static let convention =
        "texts deduplicated per pool; any picture that bears the text is a hit, and any of a picture's texts; "
        + "ties count as misses"

    /// For each text, how many wrong pictures score at least as high as its best right one.
    public let imageRanks: [Int?]
    /// For each picture, how many wrong texts score at least as high as its best right one; nil without text.
    public let textRanks: [Int?]

    /// Images `[N, D]` and texts `[M, D]`, L2-normalised; `bearers[t]` are the rows of the images that bear text t.
    /// Throws `EvaluationError` for empty pools, features that are not finite, and indices out of range.
    public init(images: Tensor, texts: Tensor, bearers: [[Int]]) throws {
        try images.requireFeatures("image features")
        try texts.requireFeatures("text features")
        guard images.shape[1] == texts.shape[1] else {
            throw EvaluationError.mismatched("image and text features", images.shape, texts.shape)
        }
        guard bearers.count == texts.shape[0] else {
            throw EvaluationError.count("lists of pictures", expected: texts.shape[0], found: bearers.count)
        }
        var textsOfImage = [[Int]](repeating: [], count: images.shape[0])
        for (text, pictures) in bearers.enumerated() {
            for picture in pictures {
                guard textsOfImage.indices.contains(picture) else {
                    throw EvaluationError.index("picture", picture, bound: images.shape[0])
                }
                textsOfImage[picture].append(text)
            }
        }
        imageRanks = Ranking.ranks(of: texts, among: images, relevant: bearers)
        textRanks = Ranking.ranks(of: images, among: texts, relevant: textsOfImage)
    }

    /// Text to image.
    public func imageRecall(at k: Int) -> Estimate { Ranking.recall(imageRanks, at: k) }
    /// Image to text.
    public func textRecall(at k: Int) -> Estimate { Ranking.recall(textRanks, at: k) }
    /// The mean of the six recalls: of texts and of pictures, each drawn with all its three.
    public var meanRecall: Estimate {
        Estimate(
            [imageRanks, textRanks].map { ranks in
                let hits = ranks.compactMap(\.self).map { rank in Double([1, 5, 10].count { rank < $0 }) }
                return Estimate.Part(weight: 1.0 / 6, values: hits)
            })
    }

    /// The named numbers of a result, in the order in which they are shown.
    public var estimates: [(name: String, value: Estimate)] {
        [1, 5, 10].map { ("image_retrieval_recall@\($0)", imageRecall(at: $0)) }
            + [1, 5, 10].map { ("text_retrieval_recall@\($0)", textRecall(at: $0)) } + [("mean_recall", meanRecall)]
    }

    public var counts: [(name: String, value: Int)] { [("n_images", textRanks.count), ("n_texts", imageRanks.count)] }
}
