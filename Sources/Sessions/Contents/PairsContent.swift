internal import Inputs
internal import Rendering

/// Pictures with captions in one language.
struct PairsContent: HandleContent {
    let kind = HandleKind.pairs
    let data: PairDataset
    let language: String
    let captions: [PairDataset.Caption]

    init(data: PairDataset, language: String) throws {
        self.data = data
        self.language = language
        captions = try data.captions(language: language)
    }

    /// The picture that `embed` labels so: its set and its name.
    func picture(_ label: String) -> Picture? {
        zip(data.setOfPicture, data.names).map { "\($0)/\($1)" }.firstIndex(of: label).flatMap { try? data.picture($0) }
    }

    /// The captions in some languages; without a choice in all, of which the chosen pictures may lack some.
    func captions(in languages: [String]?) throws -> [(language: String, captions: [PairDataset.Caption])] {
        if let languages { return try languages.map { ($0, try data.captions(language: $0)) } }
        return try data.languages.compactMap { language in
            do { return (language, try data.captions(language: language)) } catch PairError.empty { return nil }
        }
    }

    private var size: String { data.imageSize.map { "\($0.height) x \($0.width)" } ?? "their own sizes" }
    var notes: [String] { data.notes }
    var fields: Fields { ["n_images": .integer(data.pictureCount), "n_texts": .integer(captions.count)] }
    var shape: String {
        "[\(data.pictureCount), " + (data.imageSize.map { "\($0.height), \($0.width)" } ?? "each its own size") + ", 3]"
    }
    var byteCount: Int? { data.imageSize.map { data.pictureCount * $0.height * $0.width * 3 } }
    var summary: String {
        "\(data.pictureCount) pictures of \(size), \(captions.count) captions "
            + "(\(language)); sets \(data.sets.joined(separator: ", ")); \(data.splits.joined(separator: ", "))"
    }
}
