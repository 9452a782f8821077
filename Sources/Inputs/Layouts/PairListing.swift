/// What a collection of pictures with captions holds, before any picture has been decoded.
struct PairListing: Sendable {
    /// A picture and all that is said about it.
    struct Sample: Sendable {
        var source: PictureSource
        /// Unique within the collection.
        var name: String
        /// The collection's name where it does not tell sets apart.
        var set: String
        /// `train`, `validation` or `test`.
        var split = "train"
        /// Captions by language; `en-long` for long English ones.
        var captions: [(language: String, text: String)] = []
        /// The class per taxonomy.
        var labels: [String: String] = [:]
        /// What it shares with pictures that belong together; its own name where there is none.
        var group: String?
    }

    /// Something that was passed over.
    struct Omission: Codable, Equatable, Sendable {
        var name: String
        var reason: String
    }

    var samples: [Sample] = []
    /// What was chosen where there was a choice, a sentence each.
    var notes: [String] = []
    var omitted: [Omission] = []

    /// The split that a name of a folder, a file or a column's entry stands for; nil where it is none.
    static func split(named name: String) -> String? {
        switch name.lowercased() {
        case "train", "training", "restval": "train"
        case "val", "valid", "validation", "dev": "validation"
        case "test", "testing": "test"
        default: nil
        }
    }

    /// The split among the parts of a name such as `captions_val2017` or `train/0001`; nil where none is named.
    static func split(within name: String) -> String? {
        name.split { !$0.isLetter }.lazy.compactMap { split(named: String($0)) }.first
    }

    /// Adds a picture with a caption, or the caption to the picture of that name.
    mutating func add(_ sample: Sample, numbers: inout [String: Int]) {
        if let number = numbers[sample.name] {
            samples[number].captions += sample.captions
        } else {
            numbers[sample.name] = samples.count
            samples.append(sample)
        }
    }
}
