/// ρ of L_struct: what a difference of two distances costs.
public enum Penalty: Codable, Equatable, Sendable {
    /// x², as the paper prints it.
    case squared
    /// x²/(2β) below β, |x| − β/2 from there on (Huber; PyTorch's `smooth_l1_loss`); the released code takes β = 1.
    case smoothL1(beta: Float)

    /// ρ(x).
    @inlinable
    public func value(_ x: Float) -> Float {
        switch self {
        case .squared: x * x
        case .smoothL1(let beta): abs(x) < beta ? x * x / (2 * beta) : abs(x) - beta / 2
        }
    }

    /// ρ'(x).
    @inlinable
    public func slope(_ x: Float) -> Float {
        switch self {
        case .squared: 2 * x
        case .smoothL1(let beta): abs(x) < beta ? x / beta : (x < 0 ? -1 : 1)
        }
    }
}
