public import Autodiff
public import Inputs

/// A network that reads tokens: ids [B, T] -> the states of the tokens [B, T, width].
public protocol TokenEncoder {
    var width: Int { get }
    func callAsFunction(_ batch: TokenBatch, tape: Tape?) -> Variable
}
