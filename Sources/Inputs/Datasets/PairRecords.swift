internal import Archive
internal import Foundation
internal import Tensors

/// The content of a file of pairs before it is written: pictures of one size, with captions, keywords and labels.
public struct PairRecords: Sendable {
    /// One picture and all that is known about it.
    public struct Record: Sendable {
        /// RGB, of the records' side.
        public var picture: Picture
        public var set: String
        /// `train`, `validation` or `test`.
        public var split: String
        /// Where the picture comes from, unique within its set.
        public var name: String
        /// What it shares with its near duplicates; none of them is in another split.
        public var group: String
        public var captions: [(language: String, text: String)]
        public var keywords: [String]
        /// The class per taxonomy.
        public var labels: [String: String]

        public init(
            picture: Picture, set: String, split: String, name: String, group: String,
            captions: [(language: String, text: String)], keywords: [String] = [], labels: [String: String] = [:]
        ) {
            self.picture = picture
            self.set = set
            self.split = split
            self.name = name
            self.group = group
            self.captions = captions
            self.keywords = keywords
            self.labels = labels
        }
    }

    static let formatVersion = 1

    public var records: [Record]
    /// Where the data come from: package versions, licences. Stored as JSON.
    public var provenance: [String: String]

    public init(records: [Record], provenance: [String: String]) {
        self.records = records
        self.provenance = provenance
    }

    /// Writes the file, whole or not at all. Equal records give equal bytes in every dataset.
    public func write(to path: String) throws {
        guard let first = records.first?.picture else { throw PairError.empty(path, "pictures") }
        guard
            records.allSatisfy({
                $0.picture.width == first.width && $0.picture.height == first.height && $0.picture.channels == 3
            })
        else { throw PairError.unusable(path, reason: "its pictures differ in size") }
        if let bare = records.first(where: { $0.captions.contains { $0.text.allSatisfy(\.isWhitespace) } }) {
            throw PairError.unusable(path, reason: "picture \(bare.name) of \(bare.set) has an empty caption")
        }
        try AtomicWrite.replace(path) { temporary in
            let file = try HDF5File(writing: temporary)
            var sums = DatasetSums(file: file)
            try sums.write(
                records.flatMap(\.picture.samples), shape: [records.count, first.height, first.width, 3], at: "images")
            try sums.write(records.map(\.set), at: "sets")
            try sums.write(records.map(\.split), at: "split")
            try sums.write(records.map(\.name), at: "names")
            try sums.write(records.map(\.group), at: "groups")
            try sums.write(records.map { $0.keywords.joined(separator: " | ") }, at: "keywords")
            try writeCaptions(&sums)
            try writeLabels(&sums)
            try file.setAttribute("kind", to: .text("pairs"))
            try file.setAttribute("format_version", to: .integer(Self.formatVersion))
            try file.setAttribute("provenance", to: .text(Self.json(provenance)))
            try file.setAttribute("hash", to: .text(sums.total))
            try file.close()
        }
    }

    /// The text under which a provenance is stored: keys sorted.
    static func json(_ provenance: [String: String]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(provenance)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private func writeCaptions(_ sums: inout DatasetSums) throws {
        var byLanguage: [String: (texts: [String], pictures: [Int64])] = [:]
        for (index, record) in records.enumerated() {
            for (language, text) in record.captions {
                byLanguage[language, default: ([], [])].texts.append(text)
                byLanguage[language, default: ([], [])].pictures.append(Int64(index))
            }
        }
        for (language, captions) in byLanguage.sorted(by: { $0.key < $1.key }) {
            try sums.write(captions.texts, at: "captions/\(language)/text")
            try sums.write(captions.pictures, shape: [captions.pictures.count], at: "captions/\(language)/picture")
        }
    }

    private func writeLabels(_ sums: inout DatasetSums) throws {
        for taxonomy in Set(records.flatMap(\.labels.keys)).sorted() {
            // Classes in order of first appearance: the order of the sources.
            var classes: [String] = []
            var numbers: [String: Int32] = [:]
            let labels = records.map { record -> Int32 in
                guard let name = record.labels[taxonomy] else { return -1 }
                if let number = numbers[name] { return number }
                numbers[name] = Int32(classes.count)
                classes.append(name)
                return Int32(classes.count - 1)
            }
            try sums.write(labels, shape: [labels.count], at: "labels/\(taxonomy)")
            try sums.write(classes, at: "classes/\(taxonomy)")
        }
    }
}

/// Writes datasets and keeps their sums, whose sum stands for the content of the file.
private struct DatasetSums {
    let file: HDF5File
    private var lines: [String] = []

    init(file: HDF5File) { self.file = file }

    var total: String { SHA256Hash.of(bytes: Data(lines.joined(separator: "\n").utf8)) }

    mutating func write<Element: HDF5Scalar>(_ values: [Element], shape: Shape, at name: String) throws {
        try file.write(values, shape: shape, at: name)
        lines.append("\(name) \(shape) " + values.withUnsafeBytes { SHA256Hash.of(bytes: $0) })
    }

    mutating func write(_ texts: [String], at name: String) throws {
        try file.write(texts, at: name)
        // The length before each text keeps different lists apart.
        let bytes = texts.reduce(into: Data()) { $0 += Data("\($1.utf8.count):".utf8) + Data($1.utf8) }
        lines.append("\(name) [\(texts.count)] " + SHA256Hash.of(bytes: bytes))
    }
}
