import Archive
import Foundation
import Testing

@testable import Inputs

private let folder = ProcessInfo.processInfo.environment["PROCLIP_INPUTS"]

/// Texts and pictures that `Tests/Checkpoints/check.py` made, with what open_clip and Pillow make of them: `lines.json` and
/// `photos.json` lie in the folder that PROCLIP_INPUTS names.
@Suite(.enabled(if: folder != nil, "Tests/Checkpoints/check.py names a folder"))
struct InputParityTests {
    private struct Line: Decodable {
        let text: String
        /// By open_clip's `SimpleTokenizer`, not cut.
        let ids: [Int32]
        /// By open_clip's ways of cleaning texts for other tokenizers.
        let cleaned: [String: String]
    }

    private struct Photo: Decodable {
        let width: Int
        let height: Int
        /// SHA-256 of the samples as Pillow decodes them, and as transformers and open_clip make them 224 x 224.
        let stored: String
        let ways: [String: String]
    }

    private func read<Content: Decodable>(_ type: Content.Type, _ name: String) throws -> Content {
        let folder = try #require(folder)
        return try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: folder + "/" + name)))
    }

    @Test func idsAndCleanedTextsAreThoseOfOpenCLIP() throws {
        let merges = URL(filePath: #filePath).appending(path: "../../../Weights/clip-merges.txt").standardized.path
        let tokenizer = try CLIPTokenizer(mergesPath: merges, contextLength: 1_000_000)
        let lines = try read([Line].self, "lines.json")
        #expect(lines.count > 9_000)
        for line in lines {
            #expect(Array(tokenizer.encode([line.text])[0]) == line.ids, "\(line.text.prefix(200).debugDescription)")
            for (name, text) in line.cleaned {
                let cleaning = try #require(TextCleaning(rawValue: name))
                #expect(
                    cleaning(line.text).utf8.elementsEqual(text.utf8),
                    "\(name) \(line.text.prefix(200).debugDescription)")
            }
        }
        print("  ids and cleaned texts of \(lines.count) lines")
    }

    @Test func largePhotosAreThoseOfPillow() throws {
        let folder = try #require(folder)
        func hash(_ picture: Picture) -> String { SHA256Hash.of(bytes: Data(picture.withoutAlpha().samples)) }
        let ways = [
            "transformers CLIP": PictureFitting(.shortestSide, rounding: .down),
            "open_clip shortest": PictureFitting(.shortestSide), "open_clip squash": PictureFitting(.squash),
        ]
        let photos = try read([String: Photo].self, "photos.json")
        #expect(photos.count >= 8)
        for (name, wanted) in photos {
            let picture = try Picture.read(folder + "/" + name)
            #expect(picture.width == wanted.width && picture.height == wanted.height, "\(name)")
            #expect(hash(picture) == wanted.stored, "\(name)")
            for (way, hashed) in wanted.ways {
                let fitting = try #require(ways[way])
                #expect(hash(fitting(picture, side: 224)) == hashed, "\(name) by \(way)")
            }
        }
        print("  equal bytes of \(photos.count) photos")
    }
}
