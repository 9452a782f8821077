import Foundation
import Tensors
import TestSupport
import Testing

@testable import Inputs

@Suite("Pictures")
struct PictureTests {
    private func picture(_ tensor: Tensor) -> Picture {
        Picture(
            width: tensor.shape[1], height: tensor.shape[0], channels: tensor.shape[2],
            samples: tensor.values.map { UInt8($0) })
    }

    @Test("Bicubic resizing is bit-equal to Pillow's")
    func resizing() throws {
        let cases = try Fixture("pictures").group("resize")
        let names = Set(cases.keys.compactMap { $0.split(separator: "/").first.map(String.init) })
        #expect(names.count == 8)
        for name in names {
            let input = try #require(cases[name + "/input"])
            let output = try #require(cases[name + "/output"])
            let resized = picture(input).resized(width: output.shape[1], height: output.shape[0])
            #expect(resized == picture(output), "resize \(name)")
        }
    }

    @Test("PNG and JPEG decode to Pillow's samples")
    func decoding() throws {
        let cases = try Fixture("pictures").group("decode")
        let names = Set(cases.keys.compactMap { $0.split(separator: "/").first.map(String.init) })
        #expect(names.count == 7)
        for name in names {
            let file = try #require(cases[name + "/file"]).values.map { UInt8($0) }
            let expected = picture(try #require(cases[name + "/output"]))
            #expect(try Picture.decode(file, name: name) == expected, "\(name)")
        }
    }

    @Test("Every truncation and many corruptions are errors or pictures, never crashes")
    func damaged() throws {
        let cases = try Fixture("pictures").group("decode")
        var generator = RandomGenerator(seed: 3)
        for name in ["rgba.png", "colour.jpg", "palette.png"] {
            let file = try #require(cases[name + "/file"]).values.map { UInt8($0) }
            for length in stride(from: 0, to: file.count - 16, by: 7) {
                #expect(throws: PictureError.self, "\(name) cut to \(length)") {
                    try Picture.decode(Array(file.prefix(length)), name: name)
                }
            }
            for _ in 0..<300 {
                var broken = file
                for _ in 0..<3 {
                    broken[Int.random(in: 0..<file.count, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                }
                _ = try? Picture.decode(broken, name: name)
            }
        }
    }

    @Test("A small file that claims a huge picture is refused before anything is allocated")
    func hostile() throws {
        // A PNG header of 60,000 x 60,000 pixels; the checksum is that of these bytes.
        var header: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]
        let chunk: [UInt8] = [0x49, 0x48, 0x44, 0x52, 0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 2, 0, 0, 0]
        header += chunk
        let sum = crc32(chunk)
        header += (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt32($0))) }
        header += [0, 0, 0, 0, 0x49, 0x44, 0x41, 0x54, 0x35, 0xaf, 0x06, 0x1e]
        let error = #expect(throws: PictureError.self) { try Picture.decode(header, name: "huge.png") }
        #expect(error?.description.contains("60000x60000") == true)
    }

    @Test("Errors name the picture and say what is wrong")
    func errors() throws {
        #expect(throws: PictureError.missing("no.png")) { try Picture.read("no.png") }
        #expect(throws: PictureError.unreadable("x", reason: "it is a GIF; PNG, JPEG and WebP are read")) {
            try Picture.decode(Array("GIF89a".utf8), name: "x")
        }
    }

    @Test("Alpha goes to white, a square has white margins, a crop keeps its samples")
    func geometry() {
        let clear = Picture(width: 2, height: 1, channels: 4, samples: [10, 20, 30, 0, 100, 0, 200, 128])
        #expect(clear.compositedOnWhite().samples == [255, 255, 255, 177, 127, 227])
        let wide = Picture(width: 3, height: 1, channels: 3, samples: Array(0..<9))
        let square = wide.paddedToSquare()
        #expect(square.width == 3 && square.height == 3)
        #expect(square.samples == [UInt8](repeating: 255, count: 9) + (0..<9) + [UInt8](repeating: 255, count: 9))
        #expect(square.cropped(left: 1, top: 1, width: 2, height: 1).samples == [3, 4, 5, 6, 7, 8])
    }

    private func crc32(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xedb8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
