import CKernels
import Tensors
import TestSupport
import Testing

/// Products of 16-bit integers: the kernels against their portable twins bit by bit, the whole against double precision.
/// Sizes leave a remainder of rows, panels and blocks.
@Suite struct IntegerProductTests {
    private struct Packed: Equatable {
        var pairs: [UInt32]
        var scales: [Float]
    }

    private typealias Pack =
        @convention(c) (
            UnsafePointer<Float>?, Int, Int, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<Float>?, Int
        ) -> Void

    /// Lines of values packed as a panel.
    private func packed(_ pack: Pack, _ values: [Float], lines: Int, inner: Int, width: Int) -> Packed {
        let blocks = (inner + 127) / 128
        var result = Packed(
            pairs: [UInt32](repeating: 0, count: width * blocks * 64),
            scales: [Float](repeating: 0, count: width * blocks))
        pack(values, lines, inner, &result.pairs, &result.scales, width)
        return result
    }

    private func normal(_ count: Int, seed: UInt64 = 5) -> [Float] {
        var generator = RandomGenerator(seed: seed)
        return (0..<count).map { _ in generator.normal() }
    }

    @Test(arguments: [(1, 1), (5, 127), (13, 128), (14, 129), (31, 250), (32, 512)])
    func packingIsTheSameOnEveryMachine(size: (lines: Int, inner: Int)) {
        var values = normal(size.lines * size.inner)
        values[values.count / 2] = 0
        let (lines, inner) = size
        for width in [14, 32] where lines <= width {
            let found = packed(int16_pack, values, lines: lines, inner: inner, width: width)
            #expect(found == packed(int16_pack_portable, values, lines: lines, inner: inner, width: width))
        }
    }

    @Test(arguments: 1...14, [1, 16, 17, 31, 32])
    func productsAreTheSameOnEveryMachine(rows: Int, columns: Int) {
        let inner = 300
        let left = packed(int16_pack, normal(rows * inner), lines: rows, inner: inner, width: 14)
        let right = packed(int16_pack, normal(columns * inner, seed: 6), lines: columns, inner: inner, width: 32)
        for beta in [0, -0.5] as [Float] {
            let targets = [int16_product, int16_product_portable].map { product in
                var target = normal(rows * (columns + 3), seed: 7)
                product(
                    left.pairs, left.scales, right.pairs, right.scales, 3, beta, &target, columns + 3, rows, columns)
                return target
            }
            #expect(targets[0] == targets[1])
        }
    }

    @Test(arguments: [(1, 1, 1), (3, 33, 31), (97, 70, 640), (200, 330, 65), (130, 300, 1030)])
    func matchesDoublePrecisionToThreeDigits(size: (rows: Int, outputs: Int, inputs: Int)) {
        let x = Tensor(normal(size.rows * size.inputs), shape: [size.rows, size.inputs])
        let weight = Tensor(normal(size.outputs * size.inputs, seed: 8), shape: [size.outputs, size.inputs])
        for type in [ElementType.float32, .bfloat16] {
            let stored = weight.converted(to: type)
            let wide = stored.converted(to: .float32)
            let result = Tensor.full([size.rows, size.outputs], 1)
            Tensor.matmul(x, packed: stored, precision: .int16, beta: 2, into: result)
            var (error, total) = (0.0, 0.0)
            for row in 0..<size.rows {
                for output in 0..<size.outputs {
                    let exact = (0..<size.inputs).reduce(2.0) { sum, k in
                        sum + Double(x.data[row * size.inputs + k]) * Double(wide.data[output * size.inputs + k])
                    }
                    let difference = Double(result.data[row * size.outputs + output]) - exact
                    (error, total) = (error + difference * difference, total + (exact - 2) * (exact - 2))
                }
            }
            #expect((error / total).squareRoot() < 5e-4)
            let again = Tensor.full([size.rows, size.outputs], 1)
            Tensor.matmul(x, packed: stored, precision: .int16, beta: 2, into: again)
            #expect(again.values == result.values)
        }
    }

    @Test func anExtremeValueDrownsOnlyItsBlock() {
        var x = [Float](repeating: 1, count: 256)
        x[3] = 1e30
        let weight = Tensor([Float](repeating: 0, count: 128) + [Float](repeating: 1, count: 128), shape: [1, 256])
        let result = Tensor.zeros([1, 1])
        Tensor.matmul(Tensor(x, shape: [1, 256]), packed: weight, precision: .int16, into: result)
        #expect(abs(result.values[0] - 128) < 0.04)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity]) func whatIsNotFiniteStaysSo(value: Float) {
        for place in [0, 70] {
            var x = normal(2 * 100)
            x[place] = value
            let result = Tensor.zeros([2, 40])
            let weight = Tensor(normal(40 * 100, seed: 9), shape: [40, 100])
            Tensor.matmul(Tensor(x, shape: [2, 100]), packed: weight, precision: .int16, into: result)
            #expect(result.values[..<40].allSatisfy { !$0.isFinite } && result.values[40...].allSatisfy(\.isFinite))
        }
    }
}
