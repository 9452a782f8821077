internal import Foundation

/// A folder a class, `CLASS/x.jpg`, or one above it a split, `train/CLASS/x.jpg`. The caption is the class's name.
struct ClassFoldersLayout: PairLayout {
    let name = "folders of pictures named after their classes"

    func matches(_ place: PairPlace) -> Bool { place.below(Picture.fileEndings).contains { $0.contains("/") } }

    func listing(_ place: PairPlace) throws -> PairListing {
        var listing = PairListing(notes: ["the caption of a picture is the name of its class"])
        for name in place.below(Picture.fileEndings) {
            let folders = name.split(separator: "/").dropLast().map(String.init)
            guard let last = folders.last else {
                listing.omitted.append(.init(name: name, reason: "it lies in no class's folder"))
                continue
            }
            let label = last.replacing("_", with: " ")
            var sample = PairListing.Sample(
                source: .file((place.folder ?? "") + "/" + name), name: name, set: place.name,
                captions: [("en", label)], labels: ["class": label])
            let named = folders.dropLast().compactMap(PairListing.split(named:)).first
            sample.split = named ?? place.split ?? sample.split
            listing.samples.append(sample)
        }
        return listing
    }
}
