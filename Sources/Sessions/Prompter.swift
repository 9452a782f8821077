/// Asks the user something. A session without one never asks.
public protocol Prompter {
    /// The text as the user leaves it in an editor. Throws where there is none.
    func edit(_ text: String) throws -> String
    /// The answer to a question, without white space around it; nil where none is given.
    func ask(_ question: String) -> String?
}
