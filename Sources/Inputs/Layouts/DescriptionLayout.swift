internal import Archive
internal import Foundation

/// One JSON file that describes all pictures: COCO's captions, Karpathy's splits of them, or SugarCrepe's captions with false
/// ones.
struct DescriptionLayout: PairLayout {
    let name = "COCO's, Karpathy's or SugarCrepe's JSON"

    func matches(_ place: PairPlace) -> Bool { place.areAll("json") }

    func listing(_ place: PairPlace) throws -> PairListing {
        var listing = PairListing()
        var numbers: [String: Int] = [:]
        for path in place.files {
            let tree = try JSONFile.read(JSONTree.self, path, expected: name)
            let samples: [PairListing.Sample]
            if let pictures = tree["images"]?.array, let annotations = tree["annotations"]?.array {
                samples = try coco(pictures, annotations, path, place)
            } else if let pictures = tree["images"]?.array {
                samples = karpathy(pictures, set: tree["dataset"]?.text ?? place.name, path, place)
            } else {
                samples = sugarCrepe(
                    tree.object?.sorted { Int($0.key) ?? 0 < Int($1.key) ?? 0 }.map(\.value), path, place)
            }
            guard !samples.isEmpty else { throw ArchiveError.foreign(path, expected: name) }
            for sample in samples { listing.add(sample, numbers: &numbers) }
        }
        return listing
    }

    /// `images` with `id` and `file_name`, `annotations` with `image_id` and `caption`.
    private func coco(
        _ pictures: [JSONTree], _ annotations: [JSONTree], _ path: String, _ place: PairPlace
    ) throws -> [PairListing.Sample] {
        let base = PictureFinder(besides: path, given: place.pictures).base(
            of: pictures.prefix(8).compactMap { $0["file_name"]?.text })
        var captions: [Int: [(String, String)]] = [:]
        for annotation in annotations {
            guard let image = annotation["image_id"]?.integer, let text = annotation["caption"]?.text else { continue }
            captions[image, default: []].append(("en", text.trimmed))
        }
        return pictures.compactMap { picture in
            guard let name = picture["file_name"]?.text, let id = picture["id"]?.integer else { return nil }
            return PairListing.Sample(
                source: .file(PictureFinder.path(name, in: base)), name: name, set: place.name,
                split: place.split ?? "train",
                captions: captions[id] ?? [])
        }
    }

    /// `images` with `filename`, perhaps `filepath` (its folder), `split` and `sentences`, each with `raw`.
    private func karpathy(
        _ pictures: [JSONTree], set: String, _ path: String, _ place: PairPlace
    ) -> [PairListing.Sample] {
        func name(_ picture: JSONTree) -> String? {
            picture["filename"]?.text.map { name in picture["filepath"]?.text.map { "\($0)/\(name)" } ?? name }
        }
        let base = PictureFinder(besides: path, given: place.pictures).base(of: pictures.prefix(8).compactMap(name))
        return pictures.compactMap { picture in
            guard let name = name(picture) else { return nil }
            return PairListing.Sample(
                source: .file(PictureFinder.path(name, in: base)), name: name, set: set,
                split: picture["split"]?.text.flatMap(PairListing.split(named:)) ?? "train",
                captions: (picture["sentences"]?.array ?? []).compactMap { $0["raw"]?.text }.map { ("en", $0.trimmed) })
        }
    }

    /// Objects with `filename`, `caption` and `negative_caption`, which becomes a caption in `en-negative`. A picture may have
    /// several; each stays a sample of its own.
    private func sugarCrepe(_ items: [JSONTree]?, _ path: String, _ place: PairPlace) -> [PairListing.Sample] {
        let items = (items ?? []).filter { $0["negative_caption"]?.text != nil }
        let base = PictureFinder(besides: path, given: place.pictures).base(
            of: items.prefix(8).compactMap { $0["filename"]?.text })
        return items.enumerated().compactMap { number, item in
            guard let name = item["filename"]?.text, let caption = item["caption"]?.text,
                let negative = item["negative_caption"]?.text
            else { return nil }
            return PairListing.Sample(
                source: .file(PictureFinder.path(name, in: base)), name: "\(number)/\(name)", set: place.name,
                split: "test",
                captions: [("en", caption), ("en-negative", negative)], group: name)
        }
    }
}
