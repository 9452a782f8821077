internal import Archive
internal import Foundation
internal import Tensors

/// Pictures with captions, keywords and labels, from an HDF5 file of pairs or any other layout; all of them, or a selection
/// by set and split.
///
/// Pictures are numbered `0..<pictureCount` within the selection, in file order. They stay where they are: in the mapped
/// HDF5 or tar file, or in files of their own.
public struct PairDataset: Sendable {
    /// A caption and the picture that it describes.
    public struct Caption: Equatable, Sendable {
        public let text: String
        public let picture: Int
    }

    let content: PairContent
    /// The selected pictures as numbers of the file.
    let selection: [Int]
    /// The sets and the split that were asked for; nil for all.
    private let filter: String

    /// Opens a file of pairs, or pictures with captions in any other layout, a path or a pattern.
    ///
    /// - `pictures`: the folder of the pictures that a file of captions names; nil for wherever they are found.
    /// - `progress`: hears how many pictures of a layout have been looked at, of how many.
    /// - Throws: `PairError`, `PictureError` or `ArchiveError`.
    public static func load(
        _ path: String, pictures: String? = nil, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> PairDataset {
        let content =
            try isFile(path)
            ? PairContent(path: path)
            : PairContent(PairLayouts.listing(PairPlace(path, pictures: pictures)), at: path, progress: progress)
        return PairDataset(content: content, selection: Array(0..<content.count), filter: "")
    }

    /// Whether a path means an HDF5 file of pairs rather than another layout.
    ///
    /// Throws `PairError.unknownLayout` where it is laid out like nothing that is known.
    public static func isFile(_ path: String) throws -> Bool {
        let place = PairPlace(path)
        if place.areAll("h5", "hdf5") || PairLayouts.isHDF5(path) || place.files.isEmpty {
            return true
        }
        if PairLayouts.all.contains(where: { $0.matches(place) }) { return false }
        throw PairError.unknownLayout(path)
    }

    /// What should be known about how the data were read.
    public var notes: [String] { content.notes }

    private init(content: PairContent, selection: [Int], filter: String) {
        self.content = content
        self.selection = selection
        self.filter = filter
    }

    /// The pictures of one split (`all` or nil: of every split) and of the named sets (nil: of every set).
    ///
    /// Throws `PairError.unknown` for a set or split that is not there, `.empty` where nothing is left.
    public func selecting(split: String? = nil, sets: [String]? = nil) throws -> PairDataset {
        let split = split == "all" ? nil : split
        if let split, !splits.contains(split) {
            throw PairError.unknown(kind: "split", name: split, available: splits + ["all"])
        }
        for set in sets ?? [] where !self.sets.contains(set) {
            throw PairError.unknown(kind: "set", name: set, available: self.sets)
        }
        let kept = selection.filter { picture in
            (split.map { $0 == content.splits[picture] } ?? true)
                && (sets.map { $0.contains(content.sets[picture]) } ?? true)
        }
        let filter =
            filter + (split.map { " split=\($0)" } ?? "")
            + (sets.map { " sets=\($0.sorted().joined(separator: ","))" } ?? "")
        guard !kept.isEmpty else { throw PairError.empty(path, "pictures for\(filter)") }
        return PairDataset(content: content, selection: kept, filter: filter)
    }

    /// The pictures of the given numbers, in that order.
    public func selecting(pictures: [Int]) throws -> PairDataset {
        guard !pictures.isEmpty else { throw PairError.empty(path, "pictures in the selection") }
        let sum = SHA256Hash.of(bytes: Data(pictures.map(String.init).joined(separator: ",").utf8))
        return PairDataset(
            content: content, selection: pictures.map { selection[$0] }, filter: filter + " pictures=\(sum)")
    }

    public var path: String { content.path }
    public var pictureCount: Int { selection.count }
    /// Height and width of every picture, in pixels; nil where each has its own.
    public var imageSize: (height: Int, width: Int)? { content.pictures.size }
    /// The sets that the selected pictures come from, in file order.
    public var sets: [String] { Self.distinct(selection.lazy.map { content.sets[$0] }) }
    /// The splits that the selected pictures belong to, in file order.
    public var splits: [String] { Self.distinct(selection.lazy.map { content.splits[$0] }) }
    /// Every language with captions in the file; `en-long` stands for long English ones.
    public var languages: [String] { content.languages }
    public var taxonomies: [String] { content.labels.keys.sorted() }
    /// Set, split, source name, near-duplicate group and keywords of each selected picture.
    public var setOfPicture: [String] { selection.map { content.sets[$0] } }
    public var splitOfPicture: [String] { selection.map { content.splits[$0] } }
    public var names: [String] { selection.map { content.names[$0] } }
    public var groups: [String] { selection.map { content.groups[$0] } }
    public var keywords: [[String]] {
        selection.map { content.keywords[$0].split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    }
    /// Where the data come from, as the file records it (JSON).
    public var provenance: String { content.provenance }

    /// A sum over the content of the file and the selection: equal for equal data.
    public var hash: String { SHA256Hash.of(bytes: Data((content.hash + filter).utf8)) }

    /// The captions of the selected pictures in file order; a picture may have several, or none in this language.
    ///
    /// Throws `PairError.unknown` where the file has no such language, `.empty` where none of the pictures has a caption.
    public func captions(language: String = "en") throws -> [Caption] {
        let all = try content.captions(language: language)
        var numbers: [Int: [Int]] = [:]
        for (index, picture) in selection.enumerated() { numbers[picture, default: []].append(index) }
        let captions = all.flatMap { caption in
            (numbers[caption.picture] ?? []).map { Caption(text: caption.text, picture: $0) }
        }
        guard !captions.isEmpty else {
            throw PairError.empty(path, "captions in language \(language) for the selected pictures")
        }
        return captions
    }

    /// The class of each selected picture as an index into `classes(taxonomy)`; -1 where it has none.
    public func labels(_ taxonomy: String) throws -> [Int] {
        guard let labels = content.labels[taxonomy] else {
            throw PairError.unknown(kind: "taxonomy", name: taxonomy, available: taxonomies)
        }
        return selection.map { Int(labels[$0]) }
    }

    /// The names of a taxonomy's classes: of the whole file, whatever is selected.
    public func classes(_ taxonomy: String) throws -> [String] {
        guard let classes = content.classes[taxonomy] else {
            throw PairError.unknown(kind: "taxonomy", name: taxonomy, available: taxonomies)
        }
        return classes
    }

    /// Throws `PictureError` or `ArchiveError` where the picture can no longer be read.
    public func picture(_ index: Int) throws -> Picture { try content.pictures.picture(selection[index]) }

    /// The picture as a file: as it came, or as PNG where it is stored decoded; and how the file's name ends.
    func encoded(_ index: Int) throws -> (bytes: [UInt8], ending: String) {
        try content.pictures.encoded(selection[index])
    }

    private static func distinct(_ names: some Sequence<String>) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
