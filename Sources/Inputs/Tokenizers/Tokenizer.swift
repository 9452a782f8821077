/// Splits texts into the token ids that a text encoder was trained on.
///
/// A text that exceeds the encoder's limit is cut, never refused; the batch counts the cut ones.
public protocol Tokenizer: Sendable {
    func encode(_ texts: [String]) -> TokenBatch
}
