internal import Archive
internal import Foundation

/// MMVP-VLM: `Questions.csv` with a number, a visual pattern and a statement a row, the pictures in
/// `MLLM_VLM Images/PATTERN/NUMBER.jpg`. Two rows that follow one another are a pair: pictures that CLIP confuses.
struct PatternPairsLayout: PairLayout {
    let name = "MMVP-VLM's Questions.csv"

    func matches(_ place: PairPlace) -> Bool {
        guard let path = file(place), let start = FileStart.text(path)?.split(whereSeparator: \.isNewline).first else {
            return false
        }
        return Set(SeparatedText(String(start)).columns).isSuperset(of: ["type", "statement"])
    }

    private func file(_ place: PairPlace) -> String? {
        place.file("Questions.csv") ?? (place.areAll("csv") ? place.files.first : nil)
    }

    func listing(_ place: PairPlace) throws -> PairListing {
        guard let path = file(place) else { return PairListing() }
        var listing = PairListing()
        let table = SeparatedText(try TextFile.read(path))
        guard let type = table.columns.firstIndex(of: "type"), let statement = table.columns.firstIndex(of: "statement")
        else { return listing }
        let rows = table.rows.filter { $0.fields.count == table.columns.count }.map { row in
            (name: "\(row.fields[type])/\(row.fields[0]).jpg", type: row.fields[type], text: row.fields[statement])
        }
        let base = PictureFinder(besides: path, given: place.pictures).base(of: rows.prefix(8).map(\.name))
        for (number, row) in rows.enumerated() {
            listing.samples.append(
                .init(
                    source: .file(PictureFinder.path(row.name, in: base)), name: row.name, set: "mmvp", split: "test",
                    captions: [("en", row.text.trimmed)], labels: ["pattern": row.type],
                    group: "pair \(number / 2)"))
        }
        return listing
    }
}
