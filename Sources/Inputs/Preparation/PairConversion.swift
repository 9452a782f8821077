internal import Archive
internal import Foundation

/// Writes pairs of any layout in one of the layouts that can hold all of them.
public struct PairConversion {
    /// What is written, as the name of the target says.
    enum Target {
        /// `x.h5`: decoded pictures of one size.
        case pairs
        /// `x.tar`: a webdataset shard.
        case shard
        /// Any other name: a folder with `metadata.jsonl`.
        case folder

        init(_ path: String) {
            self = path.hasSuffix(".h5") || path.hasSuffix(".hdf5") ? .pairs : path.hasSuffix(".tar") ? .shard : .folder
        }
    }

    private let data: PairDataset
    private let fitting: PictureFitting
    private let side: Int
    private let progress: (_ done: Int, _ total: Int) -> Void

    /// - `fitting`: how pictures become squares of `side` where they are written decoded; encoded ones stay as they are.
    /// - `progress`: hears how many pictures are written, of how many.
    public init(
        _ data: PairDataset, fitting: PictureFitting, side: Int, progress: @escaping (_ done: Int, _ total: Int) -> Void
    ) {
        (self.data, self.fitting, self.side, self.progress) = (data, fitting, side, progress)
    }

    /// Writes the file, whole or not at all; of a folder `metadata.jsonl` comes last.
    /// Throws `PairError`, `PictureError` or `ArchiveError`.
    public func write(to path: String) throws {
        let records = try data.records { [data, fitting, side] in fitting(try data.picture($0), side: side) }
        switch Target(path) {
        case .pairs:
            try PairRecords(records: records, provenance: ["files": data.path, "preparation": description])
                .write(to: path, progress: progress)
        case .shard:
            let names = try records.indices.flatMap { index in
                [Self.key(index) + "." + (try data.encoded(index).ending), Self.key(index) + ".json"]
            }
            try TarArchive.write(path, names: names) { member in
                if member % 2 == 1 { return Array(try Self.line(SampleDescription.object(records[member / 2])).utf8) }
                progress(member / 2 + 1, records.count)
                return try data.encoded(member / 2).bytes
            }
        case .folder:
            try AtomicWrite.makeFolder(path + "/images")
            let lines = try records.enumerated().map { index, record in
                let (bytes, ending) = try data.encoded(index)
                let name = "images/\(Self.key(index)).\(ending)"
                try AtomicWrite.replace(path + "/" + name, with: Data(bytes))
                progress(index + 1, records.count)
                return try Self.line(
                    SampleDescription.object(record).merging(["file_name": .text(name)]) { $1 })
            }
            try AtomicWrite.replace(path + "/metadata.jsonl", with: Data((lines.joined(separator: "\n") + "\n").utf8))
        }
    }

    private var description: String { fitting.description(side: side) }

    private static func key(_ index: Int) -> String { String(format: "%08d", index) }

    private static func line(_ object: [String: JSONTree]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(JSONTree.object(object)), as: UTF8.self)
    }
}

extension PairDataset {
    /// The records of the selected pictures, in all languages. `picture` gives a picture by its number.
    fileprivate func records(_ picture: @escaping @Sendable (Int) throws -> Picture) throws -> [PairRecords.Record] {
        var captions = [[(language: String, text: String)]](repeating: [], count: pictureCount)
        for language in languages {
            do {
                for caption in try self.captions(language: language) {
                    captions[caption.picture].append((language, caption.text))
                }
            } catch PairError.empty {
                // The selected pictures lack this language.
                continue
            }
        }
        let classes = try Dictionary(
            uniqueKeysWithValues: taxonomies.map { ($0, (try self.labels($0), try self.classes($0))) })
        let (sets, splits, names, groups, keywords) = (
            setOfPicture, splitOfPicture, self.names, self.groups, self.keywords
        )
        return try (0..<pictureCount).map { index in
            PairRecords.Record(
                picture: try picture(index), set: sets[index], split: splits[index], name: names[index],
                group: groups[index], captions: captions[index], keywords: keywords[index],
                labels: classes.compactMapValues { labels, names in labels[index] < 0 ? nil : names[labels[index]] })
        }
    }
}
