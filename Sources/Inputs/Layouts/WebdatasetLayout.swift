internal import Archive
internal import Foundation

/// webdataset shards: `KEY.jpg` (or png, webp) with `KEY.txt`, a caption a line, or `KEY.json` with `caption` or LLM2CLIP's
/// `shortSV_captions` and `longSV_captions`. Those of CLIP_benchmark have `KEY.cls` beside a file `classnames.txt`.
struct WebdatasetLayout: PairLayout {
    let name = "webdataset shards (.tar)"

    func matches(_ place: PairPlace) -> Bool { !shards(place).isEmpty }

    /// Without LLM2CLIP's embeddings of their captions, which may lie beside.
    private func shards(_ place: PairPlace) -> [String] {
        let isNamed = place.areAll("tar") || place.areAll("gz")
        let paths = isNamed ? place.files : place.below(["tar"]).compactMap(place.file)
        return paths.filter { !$0.hasSuffix("_text_embeddings.tar") }
    }

    func listing(_ place: PairPlace) throws -> PairListing {
        let paths = shards(place)
        var (listing, isClassTaken) = (PairListing(), false)
        for path in paths {
            let shard = try WebdatasetShard(path, sparing: true)
            let classes = Self.classes(besides: path)
            let prefix = paths.count > 1 ? URL(filePath: path).deletingPathExtension().lastPathComponent + "/" : ""
            let split = PairListing.split(within: Self.lastParts(path))
            for key in shard.keys {
                guard let member = Picture.fileEndings.lazy.compactMap({ shard.member(key, $0) }).first else {
                    listing.omitted.append(.init(name: prefix + key, reason: "it has no picture (\(key).jpg)"))
                    continue
                }
                var sample = PairListing.Sample(
                    source: .member(shard.archive, member), name: prefix + key, set: place.name,
                    split: split ?? "train",
                    captions: try Self.captions(shard, key))
                if let number = try shard.text(key, "cls").flatMap({ Int($0.trimmed) }) {
                    let label = classes.indices.contains(number) ? classes[number] : "class \(number)"
                    sample.labels["class"] = label
                    if sample.captions.isEmpty { (sample.captions, isClassTaken) = ([("en", label)], true) }
                }
                if let description = try shard.description(key) {
                    SampleDescription.apply(description, to: &sample)
                }
                listing.samples.append(sample)
            }
            if let damage = shard.archive.damage {
                let place = prefix + "what follows \(shard.keys.last ?? "")"
                listing.omitted.append(.init(name: place, reason: "\(damage)"))
            }
        }
        if isClassTaken {
            listing.notes.append("where there is no caption, the class is taken")
        }
        return listing
    }

    private static func lastParts(_ path: String) -> String {
        let url = URL(filePath: path)
        return url.deletingLastPathComponent().lastPathComponent + "/" + url.lastPathComponent
    }

    /// The names of CLIP_benchmark's classes, in the shard's folder or the one above.
    private static func classes(besides path: String) -> [String] {
        let folder = URL(filePath: path).deletingLastPathComponent()
        let file = [folder, folder.deletingLastPathComponent()].lazy.map { $0.appending(path: "classnames.txt").path }
            .first { FileManager.default.fileExists(atPath: $0) }
        let text = file.flatMap { try? TextFile.read($0) } ?? ""
        return text.split(whereSeparator: \.isNewline).map(\.trimmed)
    }

    private static func captions(_ shard: WebdatasetShard, _ key: String) throws -> [(language: String, text: String)] {
        let description = try shard.description(key)
        let lines = try shard.text(key, "txt")?.split(whereSeparator: \.isNewline).map(\.trimmed) ?? []
        let short = SampleDescription.texts(description?["shortSV_captions"])
        let long = SampleDescription.texts(description?["longSV_captions"])
        let usual = lines.isEmpty ? SampleDescription.texts(description?["caption"]) : lines
        return (short.isEmpty ? usual : short).map { ("en", $0) } + long.map { ("en-long", $0) }
            + (short.isEmpty ? [] : usual.map { ("en-raw", $0) })
    }
}
