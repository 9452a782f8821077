internal import Foundation

/// The Tux Paint stamps: photos and drawings with a sentence in many languages. Only their PNG files are used: the others
/// are SVG drawings.
struct StampSource {
    /// The folder `stamps`.
    let folder: String
    let side: Int

    func load(_ report: (SourceReport) -> Void) throws -> [SourcePicture] {
        guard let walk = FileManager.default.enumerator(atPath: folder) else { throw PreparationError.missing(folder) }
        let files = walk.compactMap { $0 as? String }
        let drawings = files.count { $0.hasSuffix(".svg") }
        let paths = files.filter { $0.hasSuffix(".png") }.map { String($0.dropLast(4)) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let (root, side) = (folder, side)
        let read = parallelMap(paths) { path -> (picture: Picture, captions: [(language: String, text: String)])? in
            let captions = Self.captions(FileManager.default.contents(atPath: "\(root)/\(path).txt") ?? Data())
            guard !captions.isEmpty, let picture = try? Picture.read("\(root)/\(path).png") else { return nil }
            return (picture.squared(side: side), captions)
        }
        let languages = Self.completeLanguages(read.compactMap { $0?.captions })
        let leaves = FolderNames(paths.map(Self.folder))
        var seen: Set<[UInt8]> = []
        var duplicates = 0
        let stamps = zip(paths, read).compactMap { path, stamp -> SourcePicture? in
            guard let stamp else { return nil }
            guard seen.insert(stamp.picture.samples).inserted else { duplicates += 1; return nil }
            let top = path.split(separator: "/").first.map(String.init) ?? path
            return SourcePicture(
                set: "stamps", name: path, picture: stamp.picture,
                captions: stamp.captions.filter { languages.contains($0.language) }, keywords: [],
                labels: ["stamp_top": FolderNames.words(top), "stamp_folder": leaves.name(of: Self.folder(path))],
                groupKeys: ["caption:" + CaptionText.normalized(stamp.captions[0].text)])
        }
        report(
            SourceReport(
                set: "stamps",
                counts: [
                    ("PNG files", paths.count), ("SVG files left out", drawings),
                    ("without a caption", read.count { $0 == nil }), ("exact duplicates", duplicates),
                    ("kept", stamps.count),
                ]))
        return stamps
    }

    private static func folder(_ path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// The first line is English; the others read `language.utf8=sentence`. Empty where the English one is.
    private static func captions(_ file: Data) -> [(language: String, text: String)] {
        let lines = String(decoding: file, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let english = CaptionText.cleaned(String(lines.first ?? ""))
        if CaptionText.normalized(english).isEmpty { return [] }
        var captions = [(language: "en", text: english)]
        for line in lines.dropFirst() {
            guard let mark = line.range(of: ".utf8=") else { continue }
            let text = CaptionText.cleaned(String(line[mark.upperBound...]))
            let language = String(line[..<mark.lowerBound])
            if !text.isEmpty, !captions.contains(where: { $0.language == language }) {
                captions.append((language, text))
            }
        }
        return captions
    }

    private static func completeLanguages(_ stamps: [[(language: String, text: String)]]) -> Set<String> {
        let uses = Dictionary(stamps.joined().map { ($0.language, 1) }, uniquingKeysWith: +)
        return Set(uses.filter { Double($0.value) >= EmojiSource.completeness * Double(stamps.count) }.keys)
    }
}
