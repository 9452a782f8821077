internal import Archive
internal import Foundation

/// A row a caption: CSV, TSV or a text between bars with names in the first line, or the picture's file and the caption without
/// such a line (as Flickr8k's `token.txt`), or JSON lines; a folder's own is `metadata.csv` or `metadata.jsonl`, as of Hugging
/// Face's datasets. Rows of one picture are its captions.
struct RowsLayout: PairLayout {
    let name = "a CSV, TSV or JSON-lines file of pictures and captions"

    private static let pictureNames = [
        "filepath", "file_path", "image", "image_path", "file_name", "filename", "image_name", "path", "img", "picture",
    ]
    private static let captionNames = [
        "caption", "captions", "title", "text", "sentence", "comment", "description", "statement",
    ]
    private static let labelNames = ["label", "class", "category", "type"]

    func matches(_ place: PairPlace) -> Bool {
        file(place) != nil || place.areAll("csv", "tsv", "psv", "jsonl")
            || place.areAll("txt") && place.files.allSatisfy(Self.isTable)
    }

    /// Whether a text is a table of pictures, not lines of something else.
    private static func isTable(_ path: String) -> Bool {
        let columns = FileStart.text(path).map { SeparatedText($0, unnamed: unnamed, isValue: isPicture).columns } ?? []
        return columns.count > 1 && pictureNames.contains(where: columns.contains)
    }

    /// The columns of a table without names.
    private static let unnamed = ["file_name", "caption"]

    private static func isPicture(_ field: String) -> Bool {
        Picture.fileEndings.contains(URL(filePath: withoutNumber(field)).pathExtension.lowercased())
    }

    /// `x.jpg` of `x.jpg#3`, the number of a caption.
    private static func withoutNumber(_ name: String) -> String {
        guard let mark = name.lastIndex(of: "#"), mark > name.startIndex,
            name[mark...].dropFirst().allSatisfy(\.isNumber)
        else { return name }
        return String(name[..<mark])
    }

    private func file(_ place: PairPlace) -> String? { place.file("metadata.jsonl") ?? place.file("metadata.csv") }

    func listing(_ place: PairPlace) throws -> PairListing {
        var listing = PairListing()
        var numbers: [String: Int] = [:]
        for path in file(place).map({ [$0] }) ?? place.files {
            let rows = try path.hasSuffix(".jsonl") ? Self.lines(path, &listing) : Self.table(path, &listing)
            try add(rows, of: path, place, to: &listing, &numbers)
        }
        return listing
    }

    private func add(
        _ rows: [[String: JSONTree]], of path: String, _ place: PairPlace, to listing: inout PairListing,
        _ numbers: inout [String: Int]
    ) throws {
        let columns = Set(rows.prefix(100).flatMap(\.keys))
        func first(_ names: [String]) -> String? { names.first(where: columns.contains) }
        let short = columns.contains("shortsv_captions") ? "shortsv_captions" : nil
        guard let picture = first(Self.pictureNames), let caption = short ?? first(Self.captionNames) else {
            throw PairError.unusable(
                path,
                reason: "of its columns \(columns.sorted().joined(separator: ", ")) none is a picture's file "
                    + "(\(Self.pictureNames.joined(separator: ", "))) or none a caption "
                    + "(\(Self.captionNames.joined(separator: ", ")))")
        }
        listing.notes.append("\(picture) names the picture, \(caption) the caption")
        let label = first(Self.labelNames.filter { $0 != caption })
        let base = PictureFinder(besides: path, given: place.pictures).base(
            of: rows.prefix(8).compactMap { $0[picture]?.text })
        for row in rows {
            guard let name = row[picture]?.text, !name.isEmpty else {
                listing.omitted.append(.init(name: "a row of \(path)", reason: "it names no picture"))
                continue
            }
            let language = row["lang"]?.text ?? row["language"]?.text ?? "en"
            var captions = SampleDescription.texts(row[caption]).map { (language, $0) }
            captions += SampleDescription.texts(row["longsv_captions"]).map { ("\(language)-long", $0) }
            let split = PairListing.split(within: name) ?? place.split ?? "train"
            var sample = PairListing.Sample(
                source: .file(PictureFinder.path(name, in: base)), name: name, set: place.name, split: split,
                captions: captions, labels: label.flatMap { row[$0].flatMap(Self.word) }.map { ["class": $0] } ?? [:])
            SampleDescription.apply(.object(row), to: &sample)
            listing.add(sample, numbers: &numbers)
        }
    }

    private static func word(_ value: JSONTree) -> String? { value.text ?? value.integer.map(String.init) }

    private static func table(_ path: String, _ listing: inout PairListing) throws -> [[String: JSONTree]] {
        let table = SeparatedText(try TextFile.read(path), unnamed: unnamed, isValue: isPicture)
        let named = [",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"][table.separator] ?? "separators"
        let isBare = table.columns == unnamed && table.rows.first?.line == 1
        listing.notes.append(
            "\(URL(filePath: path).lastPathComponent) has \(named) between its fields"
                + (isBare ? " and no names of columns" : ""))
        return table.rows.compactMap { line, fields in
            guard fields.count == table.columns.count else {
                listing.omitted.append(
                    .init(name: "line \(line)", reason: "it has \(fields.count) fields of \(table.columns.count)"))
                return nil
            }
            var values = fields.map(\.trimmed)
            if isBare { values[0] = withoutNumber(values[0]) }
            return Dictionary(
                zip(table.columns, values.map { JSONTree.text($0) }), uniquingKeysWith: { first, _ in first })
        }
    }

    /// The objects of a file of JSON lines, their keys in lower case.
    static func lines(_ path: String, _ listing: inout PairListing) throws -> [[String: JSONTree]] {
        let lines = try TextFile.read(path).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.enumerated().compactMap { number, line in
            if line.allSatisfy(\.isWhitespace) { return nil }
            guard let object = (try? JSONDecoder().decode(JSONTree.self, from: Data(line.utf8)))?.object else {
                listing.omitted.append(.init(name: "line \(number + 1)", reason: "it is no JSON object"))
                return nil
            }
            return Dictionary(object.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        }
    }
}
