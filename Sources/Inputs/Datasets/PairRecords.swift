internal import Archive
internal import Foundation
internal import Tensors

/// The content of a file of pairs before it is written: pictures of one size, with captions, keywords and labels.
public struct PairRecords: Sendable {
    /// One picture and all that is known about it.
    public struct Record: Sendable {
        /// Gives the picture: RGB, of the size of all records. It is asked for once, when it is written.
        public var picture: @Sendable () throws -> Picture
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
            picture: @escaping @autoclosure @Sendable () throws -> Picture, set: String, split: String, name: String,
            group: String,
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
    ///
    /// - `progress`: hears how many pictures are written, of how many.
    public func write(to path: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws {
        guard let first = try records.first?.picture() else { throw PairError.empty(path, "pictures") }
        if let bare = records.first(where: { $0.captions.contains { $0.text.allSatisfy(\.isWhitespace) } }) {
            throw PairError.unusable(path, reason: "picture \(bare.name) of \(bare.set) has an empty caption")
        }
        try AtomicWrite.replace(path) { temporary in
            let file = try HDF5File(writing: temporary)
            var sums = DatasetSums(file: file)
            try sums.write(shape: [records.count, first.height, first.width, 3], at: "images") { rows in
                defer { progress(rows.upperBound, records.count) }
                return try parallelMap(Array(records[rows])) { record in Result { try record.picture() } }.flatMap {
                    result in
                    let picture = try result.get()
                    guard picture.width == first.width, picture.height == first.height, picture.channels == 3 else {
                        throw PairError.unusable(path, reason: "its pictures differ in size")
                    }
                    return picture.samples
                }
            }
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
            let named = Taxonomy(records.map { $0.labels[taxonomy] })
            try sums.write(named.labels, shape: [named.labels.count], at: "labels/\(taxonomy)")
            try sums.write(named.classes, at: "classes/\(taxonomy)")
        }
    }
}

/// Writes datasets and keeps their sums, whose sum stands for the content of the file.
private struct DatasetSums {
    let file: HDF5File
    private var lines: [String] = []

    init(file: HDF5File) { self.file = file }

    var total: String { SHA256Hash.of(bytes: Data(lines.joined(separator: "\n").utf8)) }

    /// Rows of bytes in blocks, so that they need never be in memory together.
    mutating func write(shape: Shape, at name: String, rows: (Range<Int>) throws -> [UInt8]) throws {
        var sum = RunningSHA256()
        try file.write(shape: shape, at: name, rowsAtOnce: 256) { range in
            let bytes = try rows(range)
            sum.add(bytes)
            return bytes
        }
        lines.append("\(name) \(shape) " + sum.hexadecimal)
    }

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
