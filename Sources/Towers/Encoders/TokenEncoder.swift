public import Autodiff
public import Inputs

/// A network that reads tokens.
public protocol TokenEncoder {
    /// D, the width of a token's state.
    var width: Int { get }
    /// Whether texts of a batch are computed at the length of the longest.
    var padsTexts: Bool { get }
    func callAsFunction(_ batch: TokenBatch, tape: Tape?) -> TokenStates
}

/// The states of the tokens of B texts.
public struct TokenStates {
    /// [R, D]
    public let values: Variable
    /// The rows of each text's tokens.
    public let rows: [Range<Int>]

    /// - `values`: [B·T, D], each text filled up to T tokens, of which `lengths` say how many count.
    init(padded values: Variable, tokens T: Int, lengths: [Int]) {
        self.values = values
        rows = lengths.enumerated().map { $0 * T..<$0 * T + $1 }
    }

    /// - `values`: [R, D], the tokens of the texts one behind the other; `lengths` are R together.
    init(_ values: Variable, lengths: [Int]) {
        self.values = values
        var start = 0
        rows = lengths.map { length in
            defer { start += length }
            return start..<start + length
        }
    }

    init(_ values: Variable, rows: [Range<Int>]) { (self.values, self.rows) = (values, rows) }
}
