import Foundation
import Tensors
import TestSupport
import Testing

@testable import Inputs

/// Fifty pictures of odd sizes, down to one pixel, some with transparency: equal bytes after resizing and cutting.
@Suite struct PictureFittingTests {
    private func picture(_ tensor: Tensor) -> Picture {
        Picture(
            width: tensor.shape[1], height: tensor.shape[0], channels: tensor.shape[2],
            samples: tensor.values.map { UInt8($0) })
    }

    @Test(arguments: [
        ("torchvision", PictureFitting(.shortestSide)),
        ("transformers", PictureFitting(.shortestSide, rounding: .down)),
        ("larger", PictureFitting(.shortestSide, .bilinear, resizedSide: 13)),
        ("squash", PictureFitting(.squash, .lanczos)),
        ("longest", PictureFitting(.longestSide)),
    ])
    func bytesArePillows(name: String, fitting: PictureFitting) throws {
        let fixture = try Fixture("fitting")
        for number in 0..<50 {
            let input = picture(try fixture.tensor("\(number)/input"))
            let wanted = picture(try fixture.tensor("\(number)/\(name)"))
            #expect(fitting(input, side: 9) == wanted, "picture \(number) of \(input.width) x \(input.height)")
        }
    }

    @Test func aSquareOfTheRightSizeIsKept() {
        let samples = (0..<9 * 9 * 3).map { UInt8($0 % 251) }
        let square = Picture(width: 9, height: 9, channels: 3, samples: samples)
        for fitting in [PictureFitting(.shortestSide), .init(.squash), .init(.longestSide), .whiteSquare] {
            #expect(fitting.keeps(width: 9, height: 9, side: 9) && fitting(square, side: 9) == square)
            #expect(!fitting.keeps(width: 9, height: 8, side: 9))
        }
        #expect(!PictureFitting(.shortestSide, resizedSide: 10).keeps(width: 9, height: 9, side: 9))
    }

    @Test func aBatchIsScaledPerChannel() throws {
        let picture = Picture(width: 1, height: 1, channels: 3, samples: [0, 51, 255])
        let batch = try Picture.batch(
            2, fitting: PictureFitting(.squash), side: 2, mean: [0, 0.2, 0.5], deviation: [1, 0.5, 0.25]
        ) { _ in picture }
        #expect(batch.shape == [2, 3, 2, 2])
        #expect(
            batch.rows(0..<1).values.map { ($0 * 1000).rounded() } == [0, 0, 0, 0, 0, 0, 0, 0, 2000, 2000, 2000, 2000])
        #expect(batch.rows(1..<2).values == batch.rows(0..<1).values)
    }
}
