internal import Archive
internal import Foundation

/// Crossmodal-3600: `captions.jsonl` with the captions of each picture in 36 languages, the pictures in `images/KEY.jpg`.
struct CrossmodalLayout: PairLayout {
    let name = "Crossmodal-3600's captions.jsonl"

    func matches(_ place: PairPlace) -> Bool {
        guard let path = file(place), let start = FileStart.text(path) else { return false }
        return start.contains("\"image/key\"")
    }

    private func file(_ place: PairPlace) -> String? {
        place.file("captions.jsonl") ?? (place.areAll("jsonl") ? place.files.first : nil)
    }

    func listing(_ place: PairPlace) throws -> PairListing {
        guard let path = file(place) else { return PairListing() }
        var listing = PairListing()
        var numbers: [String: Int] = [:]
        let rows = try RowsLayout.lines(path, &listing)
        let names = rows.map { $0["image/key"]?.text.map { "\($0).jpg" } }
        let base = PictureFinder(besides: path, given: place.pictures).base(of: names.prefix(8).compactMap(\.self))
        for (row, name) in zip(rows, names) {
            guard let name else {
                listing.omitted.append(.init(name: "a line of \(path)", reason: "it has no image/key"))
                continue
            }
            let captions = row.keys.sorted().flatMap { language in
                SampleDescription.texts(row[language]?["caption"]).map { (language, $0) }
            }
            listing.add(
                .init(
                    source: .file(PictureFinder.path(name, in: base)), name: name, set: "xm3600", split: "test",
                    captions: captions),
                numbers: &numbers)
        }
        return listing
    }
}

/// The beginning of a file, for telling what it is.
enum FileStart {
    static func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    static func bytes(_ path: String, count: Int = 65_536) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var block = [UInt8](repeating: 0, count: count)
        return Array(block[..<fread(&block, 1, count, file)])
    }
}
