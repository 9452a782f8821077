internal import Archive
internal import Foundation

/// A folder of pictures, each with a text of the same name beside it: `x.jpg` and `x.txt`, a caption a line.
struct CaptionFilesLayout: PairLayout {
    let name = "a folder of x.jpg with x.txt"

    func matches(_ place: PairPlace) -> Bool {
        let texts = Set(place.below(["txt"]).map(Self.stem))
        return place.below(Picture.fileEndings).contains { texts.contains(Self.stem($0)) }
    }

    private static func stem(_ name: String) -> String { String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)]) }

    func listing(_ place: PairPlace) throws -> PairListing {
        let folder = place.folder ?? ""
        var listing = PairListing()
        for name in place.below(Picture.fileEndings) {
            guard let text = place.file(Self.stem(name) + ".txt") else {
                listing.omitted.append(.init(name: name, reason: "there is no \(Self.stem(name)).txt"))
                continue
            }
            let lines = try TextFile.read(text).split(whereSeparator: \.isNewline).map(\.trimmed)
            listing.samples.append(
                .init(
                    source: .file(folder + "/" + name), name: name, set: place.name,
                    split: PairListing.split(within: URL(filePath: name).deletingLastPathComponent().relativePath)
                        ?? place.split ?? "train",
                    captions: lines.map { ("en", $0) }))
        }
        return listing
    }
}
