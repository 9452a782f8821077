internal import Archive
internal import Foundation

/// A way in which pictures with captions are laid out in files.
protocol PairLayout: Sendable {
    /// What it is, in words.
    var name: String { get }
    /// Whether a place is laid out so. Looks at names and beginnings only.
    func matches(_ place: PairPlace) -> Bool
    /// Lists what is there. Throws `PairError` or `ArchiveError`.
    func listing(_ place: PairPlace) throws -> PairListing
}

/// Every layout that is read, the most particular first.
enum PairLayouts {
    static let all: [any PairLayout] = [
        WebdatasetLayout(), CrossmodalLayout(), PatternPairsLayout(), RowsLayout(), DescriptionLayout(),
        CaptionFilesLayout(), ClassFoldersLayout(),
    ]

    /// Whether a file begins as HDF5 files do.
    static func isHDF5(_ path: String) -> Bool {
        !PairPlace.isFolder(path)
            && FileStart.bytes(path, count: 8) == [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
    }

    static let names = "an HDF5 file of pairs, " + all.map(\.name).joined(separator: ", ")

    /// Throws `PairError.unknownLayout` where none matches, `.empty` where nothing is listed.
    static func listing(_ place: PairPlace) throws -> PairListing {
        guard let layout = all.first(where: { $0.matches(place) }) else { throw PairError.unknownLayout(place.written) }
        var listing = try layout.listing(place)
        let bare = listing.samples.filter { $0.captions.allSatisfy { $0.text.allSatisfy(\.isWhitespace) } }
        listing.omitted += bare.map { PairListing.Omission(name: $0.name, reason: "it has no caption") }
        listing.samples = listing.samples.compactMap { sample in
            var sample = sample
            sample.captions.removeAll { $0.text.allSatisfy(\.isWhitespace) }
            return sample.captions.isEmpty ? nil : sample
        }
        guard !listing.samples.isEmpty else {
            throw PairError.empty(
                place.written,
                "pictures with captions, read as \(layout.name)"
                    + (listing.omitted.first.map { " (\($0.name): \($0.reason))" } ?? ""))
        }
        listing.notes.insert("read as \(layout.name)", at: 0)
        return listing
    }
}
