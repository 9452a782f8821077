internal import Foundation

/// The drawings of the Open Clip Art Library: PNG pictures, described by the metadata of the SVG files beside them.
struct OpenclipartSource {
    /// The folders `png` and `svg`, with equal trees inside.
    let png: String
    let svg: String
    let side: Int

    /// Folders whose pictures differ in noise only.
    static let droppedFolders: Set<String> = ["stars", "gradients", "duplicates"]
    /// A title that more pictures bear than this is the name of a collection, not of what is shown.
    static let collectionSize = 8

    /// Four decks that differ in their borders.
    private static let playingCards = "recreation/games/cards/"

    private struct Drawing: Sendable {
        let path: String
        let picture: Picture
        let metadata: DrawingMetadata
    }

    func load(_ report: (SourceReport) -> Void) throws -> [SourcePicture] {
        let files = try listed()
        let wanted = files.filter {
            Self.droppedFolders.isDisjoint(with: $0.split(separator: "/").dropLast().map(String.init))
        }
        var counts = SourceReport(
            set: "openclipart", counts: [("files", files.count), ("in dropped folders", files.count - wanted.count)])
        let (png, svg, side) = (png, svg, side)
        let read = parallelMap(wanted) { path -> Drawing? in
            guard let picture = try? Picture.read("\(png)/\(path).png").squared(side: side) else { return nil }
            let metadata = FileManager.default.contents(atPath: "\(svg)/\(path).svg") ?? Data()
            return Drawing(path: path, picture: picture, metadata: DrawingMetadata(svg: [UInt8](metadata)))
        }
        let readable = read.compactMap { $0 }
        let inked = readable.filter { $0.picture.samples.contains { $0 < 250 } }
        var seen: Set<[UInt8]> = []
        let unique = inked.filter { seen.insert($0.picture.samples).inserted }
        let pictures = captioned(unique)
        counts.counts += [
            ("unreadable", wanted.count - readable.count), ("blank", readable.count - inked.count),
            ("exact duplicates", inked.count - unique.count), ("without a caption", unique.count - pictures.count),
            ("kept", pictures.count),
        ]
        report(counts)
        return pictures
    }

    /// The PNG files without extension, sorted; `unsorted` comes last, so that a duplicate keeps the telling folder.
    private func listed() throws -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: png) else { throw PreparationError.missing(png) }
        let files = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".png") }.map { String($0.dropLast(4)) }
        guard !files.isEmpty else { throw PreparationError.missing("\(png)/*.png") }
        return files.map { (path: $0, isUnsorted: $0.hasPrefix("unsorted/")) }
            .sorted {
                $0.isUnsorted == $1.isUnsorted ? $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) : $1.isUnsorted
            }
            .map(\.path)
    }

    private func captioned(_ drawings: [Drawing]) -> [SourcePicture] {
        let uses = Dictionary(drawings.map { (Self.title($0.metadata), 1) }, uniquingKeysWith: +)
        let leaves = FolderNames(drawings.map { Self.folder($0.path) })
        return drawings.compactMap { drawing in
            let metadata = drawing.metadata
            let title = Self.title(metadata)
            let isCollection =
                title.isEmpty || title == metadata.creator || uses[title, default: 0] > Self.collectionSize
            let file = String(drawing.path.split(separator: "/").last ?? "")
            let caption = isCollection ? CaptionText.title(ofFileName: file, author: metadata.creator) : title
            guard caption.count(where: \.isLetter) >= 2 else { return nil }
            let keywords = metadata.keywords.filter { Self.isKeyword($0, author: metadata.creator) }
            var captions = [("en", caption)]
            if let long = Self.longCaption(caption, metadata.description, keywords) {
                captions.append(("en-long", long))
            }
            let folder = Self.folder(drawing.path)
            return SourcePicture(
                set: "openclipart", name: drawing.path, picture: drawing.picture, captions: captions,
                keywords: keywords,
                labels: [
                    "folder_top": FolderNames.words(folder.split(separator: "/").first.map(String.init) ?? folder),
                    "folder": leaves.name(of: folder),
                ],
                groupKeys: Self.groupKeys(caption) + (drawing.path.hasPrefix(Self.playingCards) ? ["folder:cards"] : [])
            )
        }
    }

    /// The title without the collector's prefix "Clipart by NAME - "; one that is a file name, in words.
    private static func title(_ metadata: DrawingMetadata) -> String {
        var title = metadata.title
        if title.hasPrefix("Clipart by "), let dash = title.range(of: " - ") {
            title = String(title[dash.upperBound...])
        }
        for suffix in [".svg", ".png"] where title.hasSuffix(suffix) { title.removeLast(4) }
        return title.contains(" ") ? title : title.replacingOccurrences(of: "-", with: " ")
    }

    /// Leaves out the author, the folder of unsorted drawings and remains of a script ("hash(0x8589f20)").
    private static func isKeyword(_ keyword: String, author: String) -> Bool {
        let word = keyword.lowercased()
        return word != "unsorted" && word != author.lowercased() && !word.hasPrefix("hash")
            && word.contains(where: \.isLetter)
    }

    private static func folder(_ path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// Versions in colour, in black and white or with a number are the same drawing.
    private static func groupKeys(_ caption: String) -> [String] {
        let bare = caption.prefix { $0 != "(" }
        let words = CaptionText.normalized(String(bare)).split(separator: " ").filter { $0 != "bw" }
        let key = words.isEmpty ? CaptionText.normalized(caption) : words.joined(separator: " ")
        return Array(Set(["title:" + key, "title:" + CaptionText.normalized(caption)])).sorted()
    }

    /// Title, description and keywords as one text; nil below six words. Addresses are no description.
    private static func longCaption(_ caption: String, _ description: String, _ keywords: [String]) -> String? {
        let isText = !["@", "http", "HASH("].contains { description.contains($0) }
        let repeats = CaptionText.normalized(description) == CaptionText.normalized(caption)
        var parts = [caption]
        if isText, !repeats, !description.isEmpty { parts.append(description) }
        if !keywords.isEmpty { parts.append(keywords.joined(separator: ", ")) }
        let text = parts.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }.joined(separator: ". ") + "."
        return text.split(separator: " ").count >= 6 ? text : nil
    }
}

/// Readable class names of folders: the last part in words, with its parent before it where two folders end alike.
struct FolderNames {
    private let names: [String: String]

    init(_ folders: [String]) {
        let folders = Set(folders)
        let uses = Dictionary(folders.map { (Self.last($0), 1) }, uniquingKeysWith: +)
        names = Dictionary(
            uniqueKeysWithValues: folders.map { folder in
                let parts = folder.split(separator: "/")
                let isShared = uses[Self.last(folder), default: 0] > 1
                return (folder, Self.words(parts.suffix(isShared ? 2 : 1).joined(separator: " ")))
            })
    }

    func name(of folder: String) -> String { names[folder] ?? Self.words(folder) }

    static func words(_ name: String) -> String {
        name.split { "_- ".contains($0) }.joined(separator: " ").lowercased()
    }

    private static func last(_ folder: String) -> String {
        folder.split(separator: "/").last.map(String.init) ?? folder
    }
}
