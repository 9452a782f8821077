public import Tensors

/// The features of pictures from files, of which some may have been unreadable.
public struct PictureFeatures {
    /// [N, D], L2-normalised
    public let vectors: Tensor
    /// The pictures that have a vector, by their numbers, ascending.
    public let rows: [Int]
    /// The others, with the reason.
    public let unreadable: [(picture: Int, reason: any Error)]
    /// What should be known about how some were read.
    public let caveats: [(picture: Int, caveat: String)]
}
