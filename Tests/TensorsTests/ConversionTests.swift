import CKernels
import Foundation
import Tensors
import Testing

@Suite struct ConversionTests {
    @Test func everyHalfSurvivesTheRoundTrip() {
        let codes = (0...UInt16.max).map { $0 }
        for portable in [false, true] {
            var floats = [Float](repeating: 0, count: codes.count)
            (portable ? half_to_float_portable : half_to_float)(codes, &floats, codes.count)
            var back = [UInt16](repeating: 0, count: codes.count)
            (portable ? float_to_half_portable : float_to_half)(floats, &back, codes.count)
            for code in codes {
                let (reference, float) = (Float(Float16(bitPattern: code)), floats[Int(code)])
                if reference.isNaN {
                    #expect(float.isNaN && Float16(bitPattern: back[Int(code)]).isNaN)
                } else {
                    #expect(float.bitPattern == reference.bitPattern && back[Int(code)] == code)
                }
            }
        }
    }

    /// Against Swift's own conversion: ties, subnormals, overflow, and random bit patterns.
    @Test func narrowingRoundsToNearestEven() {
        var generator = RandomGenerator(seed: 1)
        let edges: [Float] = [
            0, -0, 65504, 65519.996, 65520, 1e9, .infinity, -.infinity, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1p-14,
        ]
        let floats =
            edges
            + (0..<200_000).map { _ in
                let pattern = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
                return pattern.isNaN ? 0 : Bool.random(using: &generator) ? pattern : generator.normal() * 1e-5
            }
        for portable in [false, true] {
            var halves = [UInt16](repeating: 0, count: floats.count)
            (portable ? float_to_half_portable : float_to_half)(floats, &halves, floats.count)
            var brains = halves
            (portable ? float_to_bfloat_portable : float_to_bfloat)(floats, &brains, floats.count)
            for (index, float) in floats.enumerated() {
                #expect(halves[index] == Float16(float).bitPattern, "\(float)")
                let bits = float.bitPattern
                let half = bits & 0xffff
                let up = half > 0x8000 || (half == 0x8000 && (bits >> 16) & 1 == 1)
                #expect(UInt32(brains[index]) == (bits >> 16) + (up ? 1 : 0), "\(float)")
            }
        }
    }

    @Test(arguments: [ElementType.float16, .bfloat16]) func tensorsConvertBothWays(type: ElementType) {
        let tensor = Tensor([1, -2.5, 0, 3.25, .infinity, 0.0078125, 1024], shape: [7])
        let narrow = tensor.converted(to: type)
        #expect(narrow.elementType == type && narrow.rawBytes.count == 14)
        #expect(narrow.converted(to: .float32).values == tensor.values)
        #expect(narrow.values == tensor.values)
        #expect(narrow.rows(1..<3).values == [-2.5, 0])
        let other: ElementType = type == .float16 ? .bfloat16 : .float16
        #expect(narrow.converted(to: other).values == tensor.values)
    }

    @Test func nanStaysNaN() {
        let tensor = Tensor([.nan, -.nan], shape: [2])
        for type in [ElementType.float16, .bfloat16] {
            #expect(tensor.converted(to: type).values.filter(\.isNaN).count == 2)
        }
    }

    /// One bad element anywhere is found, in every encoding and with every remainder of a vector loop.
    @Test(arguments: ElementType.allCases.filter { !$0.isQuantized }) func finiteness(type: ElementType) {
        for count in [0, 1, 15, 16, 17, 63, 130] {
            let largest = type == .float16 ? Float(Float16.greatestFiniteMagnitude) : 1e38
            let good = Tensor.full([count], -largest)
            #expect(good.converted(to: type).isFinite)
            for place in 0..<count {
                let bad = good.copied()
                bad.data[place] = place % 2 == 0 ? .infinity : .nan
                #expect(!bad.converted(to: type).isFinite)
            }
        }
        var result: Int32 = -1
        finite_floats_portable([1, .nan], 2, &result)
        #expect(result == 0)
        finite_halves_portable([0x7bff, 0xfbff], 0x7c00, 2, &result)
        #expect(result == 1)
    }
}
