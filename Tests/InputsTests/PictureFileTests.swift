import Archive
import Foundation
import Tensors
import Testing

@testable import Inputs

/// Files of every kind against Pillow, open_clip and transformers: equal bytes.
@Suite struct PictureFileTests {
    private struct Expected: Decodable {
        let width: Int
        let height: Int
        let stored: String
        let upright: String
        let ways: [String: String]
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures/pictures/"

    private static let ways: [String: PictureFitting] = [
        "open_clip shortest bicubic": PictureFitting(.shortestSide),
        "open_clip squash bilinear": PictureFitting(.squash, .bilinear),
        "open_clip longest bicubic": PictureFitting(.longestSide),
        "transformers CLIP": PictureFitting(.shortestSide, rounding: .down),
        "transformers SigLIP": PictureFitting(.squash),
    ]

    private func expected() throws -> [String: Expected] {
        let data = try Data(contentsOf: URL(filePath: Self.folder + "expected.json"))
        return try JSONDecoder().decode([String: Expected].self, from: data)
    }

    private func hash(_ picture: Picture) -> String { SHA256Hash.of(bytes: Data(picture.withoutAlpha().samples)) }

    @Test func samplesAreThoseOfPillow() throws {
        let expected = try expected()
        #expect(expected.count == 56)
        for (name, wanted) in expected {
            let picture = try Picture.read(Self.folder + name)
            #expect(picture.width == wanted.width && picture.height == wanted.height, "\(name)")
            #expect(hash(picture) == wanted.stored, "\(name)")
            #expect(hash(picture.upright()) == wanted.upright, "\(name) turned upright")
            let hasCaveat = name.hasPrefix("grey-16")
            #expect((picture.caveat != nil) == hasCaveat, "\(name)")
        }
    }

    @Test func preparedPicturesAreThoseOfThePublishedModels() throws {
        for (name, wanted) in try expected() {
            let picture = try Picture.read(Self.folder + name)
            for (way, hash) in wanted.ways {
                let fitting = try #require(Self.ways[way])
                #expect(self.hash(fitting(picture, side: 16)) == hash, "\(name) by \(way)")
            }
        }
    }

    @Test func orientationIsPartOfTheFitting() throws {
        let picture = try Picture.read(Self.folder + "turned-6.jpg")
        var fitting = PictureFitting(.squash)
        #expect(picture.orientation == 6 && picture.width == 34)
        let stored = fitting(picture, side: 16)
        fitting.orientation = .upright
        #expect(fitting(picture, side: 16) == PictureFitting(.squash)(picture.upright(), side: 16))
        #expect(fitting(picture, side: 16) != stored)
        #expect(fitting.description(side: 16).hasPrefix("turned upright as EXIF says"))
        // Files from before there was a choice.
        let old = Data(#"{"mode":"squash","interpolation":"bicubic","rounding":"even"}"#.utf8)
        #expect(try JSONDecoder().decode(PictureFitting.self, from: old) == PictureFitting(.squash))
    }

    @Test(arguments: ["lossy-alpha.webp", "animated.webp", "ycck.jpg", "rgba-16.png", "turned-8.jpg", "turned.webp"])
    func damagedFilesAreRefusedOrRead(name: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: Self.folder + name)))
        var generator = RandomGenerator(seed: 5)
        for length in stride(from: 0, to: bytes.count, by: 5) {
            _ = try? Picture.decode(Array(bytes[..<length]), name: name)
        }
        for _ in 0..<300 {
            var broken = bytes
            for _ in 0..<3 {
                broken[Int.random(in: 12..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            _ = try? Picture.decode(broken, name: name)
        }
        #expect(throws: PictureError.self) { try Picture.decode(Array(bytes[..<(bytes.count / 2)]), name: name) }
    }

    /// Whole files without interlacing are inflated ahead of libpng; all others, and the damaged ones, are left to it.
    @Test func damagedPixelsOfAPNGAreSeenByTheirChecksums() throws {
        let interlaced = [UInt8](try Data(contentsOf: URL(filePath: Self.folder + "rgb-interlaced.png")))
        #expect(StoredPNG(interlaced) == nil)
        for name in ["rgb-47x33.png", "palette-2.png", "rgba-16.png", "bilevel.png"] {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: Self.folder + name)))
            #expect(StoredPNG(bytes) != nil, "\(name)")
            let pixels = try #require(bytes.indices.first { bytes[$0...].starts(with: "IDAT".utf8) })
            for place in pixels + 4..<bytes.count - 12 {
                var broken = bytes
                broken[place] ^= 0x10
                #expect(StoredPNG(broken) == nil, "\(name), byte \(place)")
                #expect(throws: PictureError.self) { try Picture.decode(broken, name: name) }
            }
        }
    }

    @Test(arguments: [
        ("GIF89a", "a GIF"), ("BM123456", "a BMP"), ("II*\0abcd", "a TIFF"), ("\0\0\0 ftypheic", "an AVIF or HEIC"),
        ("hello", "no picture that is known here"), ("", "no picture"),
    ])
    func otherKindsAreNamed(text: String, kind: String) {
        let error = #expect(throws: PictureError.self) { try Picture.decode(Array(text.utf8), name: "x") }
        #expect(error?.description.contains("it is \(kind)") == true)
        #expect(error?.description.contains("PNG, JPEG and WebP are read") == true)
    }
}
