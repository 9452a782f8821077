/// Texts and pictures that are searched together: texts are distinct, and every picture that bears a text answers it.
public struct CaptionPool: Equatable, Sendable {
    /// Distinct texts, in the order of their first appearance.
    public let texts: [String]
    /// Pictures by their index in the dataset, ascending.
    public let pictures: [Int]
    /// For each text, its pictures, as positions in `pictures`.
    public let bearers: [[Int]]

    /// The captions of one source set.
    public init(captions: [(text: String, picture: Int)]) {
        pictures = Set(captions.map(\.picture)).sorted()
        let position = Dictionary(uniqueKeysWithValues: pictures.enumerated().map { ($1, $0) })
        // Swift compares strings by canonical equivalence; datasets and tokenizers go by bytes.
        var known: [[UInt8]: Int] = [:]
        var texts: [String] = []
        var bearers: [[Int]] = []
        for caption in captions {
            guard let picture = position[caption.picture] else { continue }
            let bytes = Array(caption.text.utf8)
            if let text = known[bytes] {
                if !bearers[text].contains(picture) { bearers[text].append(picture) }
            } else {
                known[bytes] = texts.count
                texts.append(caption.text)
                bearers.append([picture])
            }
        }
        self.texts = texts
        self.bearers = bearers
    }
}
