internal import Foundation

/// Emoji as drawn by Noto Color Emoji, and the same concepts as drawn for EmojiOne.
struct EmojiSource {
    /// The font file.
    let font: String
    /// Unicode's `emoji-test.txt`.
    let list: String
    /// CLDR's folder `common`.
    let common: String
    /// The folder of EmojiOne's PNG files, named by code points.
    let emojiOne: String
    let side: Int

    /// A language is taken when it names at least this share of the emoji.
    static let completeness = 0.98

    func load(_ report: (SourceReport) -> Void) throws -> [SourcePicture] {
        let entries = try EmojiList(path: list).entries
        let english = try EmojiAnnotations(common: common, language: "en", wantsKeywords: true)
        let (emoji, entriesDrawn) = try drawn(entries, english, report)
        let names = try completeLanguages(entriesDrawn)
        var pictures = emoji
        for index in pictures.indices {
            for (language, texts) in names {
                if let text = texts[index] { pictures[index].captions.append((language, text)) }
            }
        }
        return pictures + matched(entriesDrawn, pictures, report)
    }

    /// The emoji that have an English name and a glyph of their own.
    private func drawn(
        _ entries: [EmojiList.Entry], _ english: EmojiAnnotations, _ report: (SourceReport) -> Void
    ) throws -> ([SourcePicture], [EmojiList.Entry]) {
        let font = try EmojiFont(path: font)
        var counts = SourceReport(set: "emoji", counts: [("sequences without skin tones", entries.count)])
        var (unnamed, unshaped) = (0, 0)
        var pictures: [SourcePicture] = []
        var kept: [EmojiList.Entry] = []
        for entry in entries {
            guard let name = english.names[entry.key] else { unnamed += 1; continue }
            guard let glyph = font.glyph(of: entry.codePoints) else { unshaped += 1; continue }
            let picture = try font.picture(ofGlyph: glyph).squared(side: side)
            kept.append(entry)
            pictures.append(
                SourcePicture(
                    set: "emoji", name: entry.identifier, picture: picture, captions: [("en", name)],
                    keywords: english.keywords[entry.key] ?? [],
                    labels: ["emoji_group": entry.group, "emoji_subgroup": entry.subgroup],
                    groupKeys: EmojiConcept.groupKeys(codePoints: entry.bareCodePoints, name: name)))
        }
        counts.counts += [("without a name", unnamed), ("without a glyph", unshaped), ("kept", pictures.count)]
        report(counts)
        return (pictures, kept)
    }

    /// The names of the drawn emoji in every language but English that is complete enough.
    private func completeLanguages(_ entries: [EmojiList.Entry]) throws -> [(language: String, texts: [String?])] {
        let languages = try EmojiAnnotations.languages(common: common).filter { $0 != "en" }
        let keys = entries.map(\.key)
        let common = common
        let names = parallelMap(languages) { language in
            Result { try EmojiAnnotations(common: common, language: language, wantsKeywords: false) }
                .map { annotations in keys.map { annotations.names[$0] } }
        }
        return try zip(languages, names).compactMap { language, result in
            let texts = try result.get()
            let found = texts.count { $0 != nil }
            return Double(found) >= Self.completeness * Double(entries.count) ? (language, texts) : nil
        }
    }

    /// EmojiOne's drawings of the same code points; they carry the emoji's names, keywords and labels.
    private func matched(
        _ entries: [EmojiList.Entry], _ emoji: [SourcePicture], _ report: (SourceReport) -> Void
    ) -> [SourcePicture] {
        let folder = emojiOne
        let side = side
        // The files' names leave the joiners of some sequences out.
        let names = entries.map { entry in
            [entry.bareCodePoints, entry.bareCodePoints.filter { $0 != 0x200d }].map(EmojiList.identifier)
        }
        let pictures = parallelMap(names) { names in
            let path = names.lazy.map { "\(folder)/\($0).png" }.first(where: FileManager.default.fileExists)
            return path.map { path in Result { try Picture.read(path).squared(side: side) } }
        }
        var result: [SourcePicture] = []
        var unreadable = 0
        for (picture, source) in zip(pictures, emoji) {
            switch picture {
            case .success(let picture)?:
                result.append(
                    SourcePicture(
                        set: "emojione", name: source.name, picture: picture, captions: source.captions,
                        keywords: source.keywords, labels: source.labels, groupKeys: source.groupKeys))
            case .failure?: unreadable += 1
            case nil: continue
            }
        }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.count { $0.hasSuffix(".png") } ?? 0
        report(
            SourceReport(
                set: "emojione",
                counts: [("files", files), ("unreadable", unreadable), ("matched to an emoji", result.count)]))
        return result
    }
}

extension EmojiList.Entry {
    /// The key of CLDR's annotations: the bare code points as UTF-8.
    fileprivate var key: [UInt8] {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: bareCodePoints.compactMap(Unicode.Scalar.init))
        return Array(String(text).utf8)
    }
}
