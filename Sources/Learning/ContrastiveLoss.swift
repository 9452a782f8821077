/// What pairs are contrasted by.
public enum ContrastiveLoss: String, Codable, CaseIterable, Sendable {
    /// Each picture finds its text among those of the batch, and each text its picture (CLIP).
    case infonce
    /// Every picture with every text is a yes-or-no question of its own (SigLIP).
    case sigmoid
}
