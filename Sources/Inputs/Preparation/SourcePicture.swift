/// One picture on its way into a data set: its pixels at the set's size and all that is known about it.
struct SourcePicture {
    /// `emoji`, `openclipart`, `emojione` or `stamps`.
    let set: String
    /// Where it comes from, unique within the set: a code point sequence or a path without extension.
    let name: String
    let picture: Picture
    /// Captions by language code; `en-long` for the long English ones.
    var captions: [(language: String, text: String)]
    var keywords: [String]
    /// The class per taxonomy.
    var labels: [String: String]
    /// What the picture shares with its near duplicates: pictures with a common key fall into the same split.
    var groupKeys: [String]
}

/// What became of a source's pictures, for the report of a preparation.
struct SourceReport {
    let set: String
    /// Named counts in the order of the cleaning steps.
    var counts: [(String, Int)] = []

    var line: String { "\(set): " + counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ") }
}
