internal import Archive
internal import Foundation

/// Builds the file of real pictures with captions from Debian packages: what `prepare pictures` runs.
///
/// | set | pictures | splits |
/// |---|---|---|
/// | `emoji` | Noto Color Emoji, CLDR names and keywords in all complete languages | train, validation, test |
/// | `openclipart` | Open Clip Art Library, titles | train, validation, test |
/// | `emojione` | the emoji's concepts by another artist | test; taxonomy `seen` tells whether the emoji is trained on |
/// | `stamps` | Tux Paint stamps, sentences | test; taxonomy `seen` tells whether the caption is trained on |
///
/// The same packages give the same bytes in every dataset of the file.
public struct PicturePreparation {
    /// The sets of a preparation: all, and those that are prepared by default.
    public static let allSets = ["emoji", "openclipart", "emojione", "stamps"]
    public static let lightSets = ["emoji", "openclipart", "emojione"]
    /// Height and width of the prepared pictures, in pixels.
    public static let side = 64
    /// Raised when the same packages are to give another file.
    private static let revision = 2

    /// The folder in which packages are kept, `~/.cache/proclip/debian`.
    public static var defaultCache: String { WeightFolders.cache + "/debian" }

    private let sets: [String]
    private let cache: String
    private let progress: (String) -> Void

    /// - Parameters:
    ///   - sets: names among `allSets`; `light` and `all` stand for the default sets and for every set.
    ///   - cache: the folder in which packages are kept.
    ///   - progress: gets a line for every step.
    public init(
        sets: [String] = ["light"], cache: String = defaultCache, progress: @escaping (String) -> Void = { _ in }
    ) throws {
        let named = sets.flatMap { $0 == "all" ? Self.allSets : $0 == "light" ? Self.lightSets : [$0] }
        if let unknown = named.first(where: { !Self.allSets.contains($0) }) {
            throw PreparationError.unknownSet(unknown)
        }
        self.sets = Self.allSets.filter(named.contains)
        if self.sets.isEmpty { throw PreparationError.unknownSet("") }
        self.cache = cache
        self.progress = progress
    }

    /// Fetches what is missing, reads all pictures and writes the file, whole or not at all. A file that was prepared
    /// from the same packages in the same way is left as it is, unless `fresh`.
    ///
    /// - Returns: the prepared pairs.
    /// - Throws: `PreparationError`, `PictureError`, `ArchiveError`, `PairError`.
    @discardableResult
    public func prepare(to path: String, fresh: Bool = false) throws -> PairDataset {
        let start = Date()
        let packages = try found()
        var provenance = packages.mapValues { "\($0.version), \($0.package.licence)" }
        provenance["preparation"] = Self.manner + sets.joined(separator: " ")
        if !fresh, let existing = try? PairDataset.load(path), existing.provenance == PairRecords.json(provenance) {
            progress("\(path): \(existing.pictureCount) pictures, prepared from these packages already")
            return existing
        }
        let records = split(try sources(packages.mapValues(\.root))).filter { sets.contains($0.set) }
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try PairRecords(records: records, provenance: provenance).write(to: path)
        summarize(records)
        progress(String(format: "\(path): \(records.count) pictures in %.1f s", Date().timeIntervalSince(start)))
        return try PairDataset.load(path)
    }

    /// Whether pairs that are there already hold these sets, prepared as it is done now. No package is looked at.
    public func isDone(in data: PairDataset) -> Bool {
        Set(sets).isSubset(of: data.sets) && data.provenance.contains(Self.manner)
    }

    private static var manner: String { "proclip, revision \(revision), \(side) pixels, " }

    /// The packages that the sets need, by name.
    private func found() throws -> [String: DebianPackages.Found] {
        let packages = DebianPackages(cache: cache, progress: progress)
        var needed: [DebianPackages.Package] = []
        if wantsEmoji { needed += [.notoEmoji, .unicode, .cldr, .gemojione] }
        if sets.contains("openclipart") { needed += [.openclipartPNG, .openclipartSVG] }
        if sets.contains("stamps") { needed.append(.stamps) }
        return Dictionary(uniqueKeysWithValues: try needed.map { ($0.name, try packages.find($0)) })
    }

    private var wantsEmoji: Bool { sets.contains("emoji") || sets.contains("emojione") }

    /// All pictures of the sets; those of `emojione` come with the emoji whose concepts they share.
    private func sources(_ roots: [String: String]) throws -> [SourcePicture] {
        func place(_ package: DebianPackages.Package) -> String { (roots[package.name] ?? "") + "/" + package.probe }
        let report = { (source: SourceReport) in progress(source.line) }
        var sources: [SourcePicture] = []
        if wantsEmoji {
            let gems = (roots[DebianPackages.Package.gemojione.name] ?? "") + "/usr/share/rubygems-integration/all/gems"
            let versions = (try? FileManager.default.contentsOfDirectory(atPath: gems)) ?? []
            guard let gem = versions.filter({ $0.hasPrefix("gemojione-") }).max() else {
                throw PreparationError.missing("\(gems)/gemojione-*")
            }
            sources += try EmojiSource(
                font: place(.notoEmoji), list: place(.unicode), common: place(.cldr),
                emojiOne: "\(gems)/\(gem)/assets/png",
                side: Self.side
            ).load(report)
        }
        if sets.contains("openclipart") {
            sources += try OpenclipartSource(
                png: place(.openclipartPNG), svg: place(.openclipartSVG), side: Self.side
            ).load(report)
        }
        if sets.contains("stamps") { sources += try StampSource(folder: place(.stamps), side: Self.side).load(report) }
        return sources
    }

    /// Splits of the sets that are trained on; the others are for testing.
    private func split(_ sources: [SourcePicture]) -> [PairRecords.Record] {
        var assignment = SplitAssignment()
        var records: [PairRecords.Record] = []
        var keys = trainingKeys(sources.filter { Self.isTrained($0.set) })[...]
        for set in Self.allSets {
            let pictures = sources.filter { $0.set == set }
            let isTrained = Self.isTrained(set)
            let groups: [String?]
            if isTrained {
                groups = assignment.add(Array(keys.prefix(pictures.count)))
                keys = keys.dropFirst(pictures.count)
            } else {
                groups = pictures.map { assignment.group(sharing: $0.groupKeys) ?? $0.groupKeys[0] }
            }
            let between = groups.count { $0 == nil }
            if between > 0 { progress("\(set): \(between) near duplicates of both splits left out") }
            for case (let source, let group?) in zip(pictures, groups) {
                var labels = source.labels
                if !isTrained {
                    let split = assignment.group(sharing: source.groupKeys).map(SplitAssignment.split)
                    labels["seen"] = split == "train" ? "seen" : "unseen"
                }
                records.append(
                    PairRecords.Record(
                        picture: source.picture, set: set,
                        split: isTrained ? SplitAssignment.split(ofGroup: group) : "test",
                        name: source.name, group: group, captions: source.captions, keywords: source.keywords,
                        labels: labels))
            }
        }
        return records
    }

    /// The keys of the sets that are trained on, those of pictures that look alike included. A concept or a title holds
    /// within its set: a drawing of a banana is no duplicate of the emoji; only pictures tie the sets together.
    private func trainingKeys(_ sources: [SourcePicture]) -> [[String]] {
        let pictures = sources.map { "picture:" + SHA256Hash.of(bytes: $0.picture.samples) }
        let twins = NearDuplicates.earlierTwins(of: sources.map(\.picture))
        return sources.indices.map { sources[$0].groupKeys + [pictures[$0]] + twins[$0].map { pictures[$0] } }
    }

    private static func isTrained(_ set: String) -> Bool { set == "emoji" || set == "openclipart" }

    private func summarize(_ records: [PairRecords.Record]) {
        for set in sets {
            let counts = ["train", "validation", "test"].map { split in
                "\(split) \(records.count { $0.set == set && $0.split == split })"
            }
            progress("\(set): " + counts.joined(separator: ", "))
        }
    }
}

extension DebianPackages.Package {
    static let notoEmoji = Self(
        name: "fonts-noto-color-emoji", licence: "SIL OFL 1.1",
        probe: "usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
    static let unicode = Self(
        name: "unicode-data", licence: "Unicode", probe: "usr/share/unicode/emoji/emoji-test.txt")
    static let cldr = Self(
        name: "unicode-cldr-core", licence: "Unicode", probe: "usr/share/unicode/cldr/common")
    static let gemojione = Self(
        name: "ruby-gemojione", licence: "CC-BY-SA-4.0", probe: "usr/share/doc/ruby-gemojione")
    static let openclipartPNG = Self(
        name: "openclipart-png", licence: "public domain", probe: "usr/share/openclipart/png")
    static let openclipartSVG = Self(
        name: "openclipart-svg", licence: "public domain", probe: "usr/share/openclipart/svg")
    static let stamps = Self(
        name: "tuxpaint-stamps-default", licence: "GPL-2", probe: "usr/share/tuxpaint/stamps")
}
