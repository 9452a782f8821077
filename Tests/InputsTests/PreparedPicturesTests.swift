import Archive
import Foundation
import Testing

@testable import Inputs

/// What `make test` has prepared before it runs the tests: the font of the emoji and the file of pictures.
private enum Prepared {
    static let pictures: String? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let path = root.deletingLastPathComponent().appendingPathComponent("Weights/data/pictures.h5").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    static let font: String? = {
        let unpacked = PicturePreparation.defaultCache + "/unpacked"
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: unpacked)) ?? []
        let roots = [""] + folders.map { "\(unpacked)/\($0)" }
        return roots.map { "\($0)/\(DebianPackages.Package.notoEmoji.probe)" }
            .first(where: FileManager.default.fileExists)
    }()
}

@Suite("Emoji font", .enabled(if: Prepared.font != nil, "make test fetches fonts-noto-color-emoji"))
struct EmojiFontTests {
    @Test("Sequences have glyphs of their own, nonsense has none")
    func shaping() throws {
        let font = try EmojiFont(path: #require(Prepared.font))
        let face = try #require(font.glyph(of: [0x1f600]))
        let family = try #require(font.glyph(of: [0x1f468, 0x200d, 0x1f469, 0x200d, 0x1f466]))
        let flag = try #require(font.glyph(of: [0x1f1eb, 0x1f1f7]))
        let keycap = try #require(font.glyph(of: [0x31, 0xfe0f, 0x20e3]))
        #expect(Set([face, family, flag, keycap]).count == 4)
        // With or without the variation selector it is one glyph.
        #expect(font.glyph(of: [0x2764, 0xfe0f]) == font.glyph(of: [0x2764]))
        #expect(font.glyph(of: [0x1f600, 0x1f601]) == nil)
        #expect(font.glyph(of: [0x4e2d]) == nil)
        #expect(font.glyph(of: []) == nil)
    }

    @Test("A glyph's picture is its coloured bitmap on white")
    func bitmap() throws {
        let font = try EmojiFont(path: #require(Prepared.font))
        let picture = try font.picture(ofGlyph: #require(font.glyph(of: [0x1f7e5])))
        #expect(picture.width == 136 && picture.height == 128)
        // The corner is outside of the red square, the middle inside.
        #expect(Array(picture.samples.prefix(3)) == [255, 255, 255])
        let middle = (64 * 136 + 68) * 3
        #expect(picture.samples[middle] > 200 && picture.samples[middle + 1] < 90 && picture.samples[middle + 2] < 90)
    }

    @Test("A file that is no font is an error that names it")
    func noFont() {
        #expect(throws: PictureError.self) { try EmojiFont(path: #filePath) }
        #expect(throws: PictureError.self) { try EmojiFont(path: "/none.ttf") }
    }
}

@Suite("Prepared pictures", .enabled(if: Prepared.pictures != nil, "make test prepares Weights/data/pictures.h5"))
struct PreparedPicturesTests {
    private func data() throws -> PairDataset { try PairDataset.load(#require(Prepared.pictures)) }

    @Test("No group or picture is in two splits, nor a caption of one set")
    func leakage() throws {
        let data = try data()
        let trained = try data.selecting(sets: data.sets.filter { ["emoji", "openclipart"].contains($0) })
        let splits = trained.splitOfPicture
        func expectOneSplit(_ keys: [(key: String, picture: Int)], _ what: String) {
            var found: [String: String] = [:]
            for (key, picture) in keys
            where found.updateValue(splits[picture], forKey: key) ?? splits[picture] != splits[picture] {
                Issue.record("\(what) \(key) is in two splits")
            }
        }
        expectOneSplit(trained.groups.enumerated().map { ($1, $0) }, "group")
        expectOneSplit(
            try (0..<trained.pictureCount).map { (SHA256Hash.of(bytes: try trained.picture($0).samples), $0) },
            "picture")
        expectOneSplit(
            try trained.captions().map { (trained.setOfPicture[$0.picture], $0) }
                .filter { !CaptionText.normalized($1.text).isEmpty }
                .map { ("\($0): \(CaptionText.normalized($1.text))", $1.picture) },
            "caption")
        let twins = NearDuplicates.earlierTwins(of: try (0..<trained.pictureCount).map(trained.picture))
        for (picture, earlier) in twins.enumerated() {
            for twin in earlier { #expect(splits[picture] == splits[twin]) }
        }
    }

    @Test("Shares and counts are as expected of Debian 12's packages or later ones")
    func counts() throws {
        let data = try data()
        #expect(try #require(data.imageSize) == (64, 64))
        let emoji = try data.selecting(sets: ["emoji"])
        #expect(emoji.pictureCount >= 1800)
        let test = try emoji.selecting(split: "test").pictureCount
        #expect((0.15...0.25).contains(Double(test) / Double(emoji.pictureCount)))
        #expect(try emoji.captions().count == emoji.pictureCount)
        #expect(try emoji.labels("emoji_subgroup").allSatisfy { $0 >= 0 })
        #expect(data.languages.count >= 80)
        for language in ["de", "fr", "ja", "sw"] {
            #expect(Double(try emoji.captions(language: language).count) >= 0.98 * Double(emoji.pictureCount))
        }
    }

    @Test("What is prepared is recognised, and what was prepared otherwise is not")
    func recognition() throws {
        let data = try data()
        #expect(try PicturePreparation().isDone(in: data))
        #expect(try PicturePreparation(sets: ["emoji"]).isDone(in: data))
        #expect(try !PicturePreparation(sets: ["all"]).isDone(in: data))
        let foreign = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures/foreign-pairs.h5"
        #expect(try !PicturePreparation(sets: ["emoji"]).isDone(in: PairDataset.load(foreign)))
    }

    @Test("EmojiOne is for testing and knows which of its concepts are trained on")
    func styleShift() throws {
        let data = try data()
        let other = try data.selecting(sets: ["emojione"])
        #expect(other.splits == ["test"])
        let emoji = try data.selecting(sets: ["emoji"])
        let split = Dictionary(uniqueKeysWithValues: zip(emoji.names, emoji.splitOfPicture))
        let seen = try other.classes("seen")
        for (name, label) in zip(other.names, try other.labels("seen")) {
            #expect(seen[label] == (split[name] == "train" ? "seen" : "unseen"))
        }
    }
}
