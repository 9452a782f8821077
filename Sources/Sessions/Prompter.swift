/// Asks the user something. A session without one never asks.
public protocol Prompter {
    /// The text as the user leaves it in an editor. Throws where there is none.
    func edit(_ text: String) throws -> String
}
