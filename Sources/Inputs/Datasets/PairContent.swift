internal import Archive
internal import Foundation
internal import Tensors

/// What a file of pairs or another layout holds, checked: every list as long as there are pictures, every index within its
/// list. Captions of a file are read when a language is first asked for.
final class PairContent: @unchecked Sendable {
    let path: String
    let hash: String
    let provenance: String
    let count: Int
    let pictures: any PictureStore
    let sets: [String]
    let splits: [String]
    let names: [String]
    let groups: [String]
    let keywords: [String]
    let languages: [String]
    let labels: [String: [Int32]]
    let classes: [String: [String]]
    /// What should be known about how they were read.
    let notes: [String]
    private let lock = NSLock()
    private var captions: [String: [PairDataset.Caption]] = [:]

    init(path: String) throws {
        let file = try HDF5File(reading: path)
        let kind = try? file.attribute("kind").text
        guard kind == "pairs" else {
            throw PairError.unusable(path, reason: kind.map { "its kind is \($0)" } ?? "it says of no kind what it is")
        }
        let version = try file.attribute("format_version").text
        guard version == String(PairRecords.formatVersion) else {
            throw PairError.unusable(
                path, reason: "its format version is \(version), \(PairRecords.formatVersion) is read here")
        }
        let shape = try file.shape(of: "images")
        guard shape.rank == 4, shape[3] == 3, shape.count > 0 else {
            throw PairError.unusable(path, reason: "images has shape \(shape), [N, height, width, 3] is needed")
        }
        let count = shape[0]
        func strings(_ name: String) throws -> [String] {
            let values = try file.strings(name)
            guard values.count == count else {
                throw PairError.unusable(path, reason: "\(name) has \(values.count) entries for \(count) pictures")
            }
            return values
        }
        var labels: [String: [Int32]] = [:]
        var classes: [String: [String]] = [:]
        for taxonomy in file.contains("labels") ? try file.children(of: "labels") : [] {
            let numbers = try file.array("labels/\(taxonomy)", of: Int32.self)
            let names = try file.strings("classes/\(taxonomy)")
            guard numbers.count == count, numbers.allSatisfy({ $0 >= -1 && Int($0) < names.count }) else {
                throw PairError.unusable(path, reason: "labels of \(taxonomy) do not fit its pictures and classes")
            }
            labels[taxonomy] = numbers
            classes[taxonomy] = names
        }
        self.path = path
        hash = try file.attribute("hash").text
        provenance = try file.attribute("provenance").text
        self.count = count
        pictures = MappedPictures(images: try file.bytes("images"), height: shape[1], width: shape[2])
        notes = []
        sets = try strings("sets")
        splits = try strings("split")
        names = try strings("names")
        groups = try strings("groups")
        keywords = try strings("keywords")
        languages = file.contains("captions") ? try file.children(of: "captions") : []
        self.labels = labels
        self.classes = classes
    }

    /// The pictures of a listing that can be read, at most a tenth or ten left out. All are decoded once, unless they are
    /// the files that were looked at before.
    ///
    /// Throws `PictureError.tooManyUnreadable`.
    init(_ listing: PairListing, at path: String, progress: (Int, Int) -> Void) throws {
        let checked = try PictureInspection.inspect(listing, at: path, progress: progress)
        let samples = checked.samples
        (self.path, count, provenance) = (path, samples.count, PairRecords.json(["files": path]))
        hash = checked.hash
        pictures = EncodedPictures(sources: samples.map(\.source))
        sets = samples.map(\.set)
        splits = samples.map(\.split)
        names = samples.map(\.name)
        groups = samples.map { $0.group ?? $0.name }
        keywords = samples.map { _ in "" }
        var captions: [String: [PairDataset.Caption]] = [:]
        for (picture, sample) in samples.enumerated() {
            for (language, text) in sample.captions {
                captions[language, default: []].append(PairDataset.Caption(text: text, picture: picture))
            }
        }
        languages = captions.keys.sorted()
        var labels: [String: [Int32]] = [:]
        var classes: [String: [String]] = [:]
        for taxonomy in Set(samples.flatMap(\.labels.keys)).sorted() {
            let named = Taxonomy(samples.map { $0.labels[taxonomy] })
            (labels[taxonomy], classes[taxonomy]) = (named.labels, named.classes)
        }
        (self.labels, self.classes, notes) = (labels, classes, checked.notes)
        self.captions = captions
    }

    func captions(language: String) throws -> [PairDataset.Caption] {
        guard languages.contains(language) else {
            throw PairError.unknown(kind: "language", name: language, available: languages)
        }
        return try lock.withLock {
            if let known = captions[language] { return known }
            let file = try HDF5File(reading: path)
            guard try file.attribute("hash").text == hash else { throw PairError.changed(path) }
            let texts = try file.strings("captions/\(language)/text")
            let pictures = try file.array("captions/\(language)/picture", of: Int64.self)
            guard texts.count == pictures.count, pictures.allSatisfy({ $0 >= 0 && Int($0) < count }) else {
                throw PairError.unusable(path, reason: "captions in \(language) do not fit its pictures")
            }
            if let empty = texts.firstIndex(where: { $0.allSatisfy(\.isWhitespace) }) {
                throw PairError.unusable(path, reason: "caption \(empty) in \(language) is empty")
            }
            let read = zip(texts, pictures).map { PairDataset.Caption(text: $0, picture: Int($1)) }
            captions[language] = read
            return read
        }
    }
}
