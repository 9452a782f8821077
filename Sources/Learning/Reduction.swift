/// How the alignment losses gather their terms over a batch of B samples.
///
/// `sum` is the literal form of the paper: L_ins adds B terms, L_struct adds B(B − 1)/2, so the weight of both grows
/// with the batch. `mean` divides each by its number of terms and is independent of the batch; with
/// `structWeight(batch:)` it keeps the balance that the sums have at the paper's own batch.
public enum Reduction: String, Codable, CaseIterable, Sendable {
    case sum, mean

    /// What L_struct is multiplied by under `mean` to equal, up to a common factor B, the sums over a batch of `batch`:
    /// (B − 1)/2, which is 63.5 for the paper's stage 1 (128 samples a device) and 255.5 for its stage 2 (512).
    public static func structWeight(batch: Int) -> Float { Float(batch - 1) / 2 }

    /// One sentence for the reader of a training log.
    public func explanation(structWeight: Float) -> String {
        switch self {
        case .sum:
            "reduction=sum: L_ins and L_struct are sums over the batch, as the paper prints them; "
                + "they grow with B and B²"
        case .mean:
            "reduction=mean: mean L_ins + \(structWeight) × mean L_struct; the weight stands for the paper's sums over "
                + "\(Int(2 * structWeight + 1)) samples and does not depend on the batch"
        }
    }
}
