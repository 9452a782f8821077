internal import Archive

/// What a JSON object beside a picture says about it: the form in which pairs are written for others, and that is read back
/// without loss.
///
/// `caption` is the first English one, for programs that know of one only; `captions` are all, by language; `name`, `set`,
/// `split`, `labels` and `group` are as in `PairDataset`.
enum SampleDescription {
    static func object(_ record: PairRecords.Record) -> [String: JSONTree] {
        var captions: [String: [JSONTree]] = [:]
        for (language, text) in record.captions { captions[language, default: []].append(.text(text)) }
        let first = record.captions.first { $0.language == "en" } ?? record.captions.first
        return [
            "caption": .text(first?.text ?? ""), "captions": .object(captions.mapValues(JSONTree.array)),
            "name": .text(record.name), "set": .text(record.set), "split": .text(record.split),
            "labels": .object(record.labels.mapValues(JSONTree.text)), "group": .text(record.group),
        ]
    }

    /// Takes over what an object says of a sample; nothing else changes.
    static func apply(_ object: JSONTree, to sample: inout PairListing.Sample) {
        if let captions = object["captions"]?.object {
            sample.captions = captions.keys.sorted().flatMap { language in
                texts(captions[language]).map { (language, $0) }
            }
        }
        if let name = object["name"]?.text { sample.name = name }
        if let set = (object["set"] ?? object["dataset"])?.text { sample.set = set }
        if let split = object["split"]?.text.flatMap(PairListing.split(named:)) { sample.split = split }
        if let group = object["group"]?.text { sample.group = group }
        sample.labels.merge(object["labels"]?.object?.compactMapValues(\.text) ?? [:]) { $1 }
    }

    /// A text, or the texts of an array.
    static func texts(_ value: JSONTree?) -> [String] {
        (value?.array?.compactMap(\.text) ?? value?.text.map { [$0] } ?? []).map(\.trimmed)
    }
}
