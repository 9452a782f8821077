/// Asks the user something. A session without one never asks.
public protocol Prompter {
    /// The answer without its line end, nil at the end of input or on Ctrl-C.
    func ask(_ question: String) -> String?
}
