import CKernels
import Foundation
import Tensors
import TestSupport
import Testing

/// Products of bfloat16 numbers, one to three a value: the kernels against their portable twins, the whole against double
/// precision on new numbers each time. Sizes leave a remainder of rows, columns, tiles and blocks.
@Suite struct BFloatProductTests {
    private typealias Pack =
        @convention(c) (
            UnsafePointer<Float>?, Int, Int, Int, Int, Float, Int32, Int32, UnsafeMutablePointer<UInt16>?
        ) -> Void

    private func normal(_ count: Int, seed: UInt64 = 5) -> [Float] {
        var generator = RandomGenerator(seed: seed)
        return (0..<count).map { _ in generator.normal() }
    }

    /// A panel; lines lie one after the other, or elements of a line 40 apart.
    private func packed(
        _ pack: Pack, _ values: [Float], lines: Int, inner: Int, isAlong: Bool, parts: Int32, right: Int32
    ) -> [UInt16] {
        var result = [UInt16](repeating: 7, count: (inner + 31) / 32 * 1024 * Int(parts))
        pack(values, isAlong ? inner : 1, isAlong ? 1 : 40, lines, inner, 1.5, parts, right, &result)
        return result
    }

    @Test(arguments: [(1, 1), (5, 31), (16, 32), (17, 33), (31, 70), (32, 96)], [1, 2, 3] as [Int32])
    func packingIsTheSameOnEveryMachine(size: (lines: Int, inner: Int), parts: Int32) {
        let (lines, inner) = size
        var values = normal(40 * inner)
        values[values.count / 2] = 0
        for (isAlong, right) in [(true, 0), (true, 1), (false, 0), (false, 1)] as [(Bool, Int32)] {
            let found = [bfloat_pack, bfloat_pack_portable].map {
                packed($0, values, lines: lines, inner: inner, isAlong: isAlong, parts: parts, right: right)
            }
            #expect(found[0] == found[1], "along the line \(isAlong), right \(right)")
        }
    }

    @Test(arguments: [(1, 1), (16, 17), (17, 16), (32, 32), (33, 70), (70, 33)], [1, 2, 3] as [Int32])
    func productsAgreeWithThePortableOnes(size: (rows: Int, columns: Int), parts: Int32) {
        let (rows, columns, inner) = (size.rows, size.columns, 75)
        func panels(_ lines: Int, right: Int32, seed: UInt64) -> [UInt16] {
            let values = normal(lines * inner, seed: seed)
            return stride(from: 0, to: lines, by: 32).flatMap { first in
                packed(
                    bfloat_pack_portable, Array(values[(first * inner)...]), lines: min(32, lines - first),
                    inner: inner,
                    isAlong: true, parts: parts, right: right)
            }
        }
        let (left, right) = (panels(rows, right: 0, seed: 5), panels(columns, right: 1, seed: 6))
        for (adds, outer) in [(false, 0), (false, 1), (true, 0), (true, 1)] as [(Bool, Int32)] {
            let targets = [bfloat_product, bfloat_product_portable].map { product in
                var target = normal(rows * (columns + 3), seed: 7)
                target.withUnsafeMutableBufferPointer { c in
                    let rest = adds ? UnsafePointer(c.baseAddress) : nil
                    product(
                        left, right, 3, parts, rest, columns + 3, c.baseAddress, columns + 3, rows, columns, outer)
                }
                return Tensor(target, shape: [rows, columns + 3])
            }
            expectClose(targets[0], targets[1], "adds \(adds), outer \(outer)")
        }
    }

    /// Root of the mean squared error over that of the product.
    private func error(
        _ precision: ProductPrecision, _ m: Int, _ n: Int, _ k: Int, _ transposed: (a: Bool, b: Bool), seed: UInt64
    ) -> Double {
        var generator = RandomGenerator(seed: seed)
        let a = Tensor.normal(transposed.a ? [k, m] : [m, k], using: &generator)
        let b = Tensor.normal(transposed.b ? [n, k] : [k, n], using: &generator)
        let (alpha, beta) = (Float(0.5), Float(-2))
        let result = Tensor.full([m, n], 1)
        Tensor.matmul(
            a, b, transposeA: transposed.a, transposeB: transposed.b, alpha: alpha, beta: beta, precision: precision,
            into: result)
        var (error, total) = (0.0, 0.0)
        for (row, column) in stride(from: 0, to: m, by: 3).flatMap({ row in (0..<n).map { (row, $0) } }) {
            let exact = (0..<k).reduce(0.0) { sum, p in
                sum + Double(a.data[transposed.a ? p * m + row : row * k + p])
                    * Double(b.data[transposed.b ? column * k + p : p * n + column])
            }
            let difference = Double(result.data[row * n + column]) - (0.5 * exact - 2)
            (error, total) = (error + difference * difference, total + 0.25 * exact * exact)
        }
        return (error / total).squareRoot()
    }

    /// sgemm's error is 1.5e-7 to 4e-7 at these sizes.
    @Test(arguments: [(128, 128, 64), (33, 1000, 37), (130, 70, 1030), (300, 65, 129), (64, 64, 4100)])
    func errorsAreThoseOfThePrecision(size: (m: Int, n: Int, k: Int)) {
        let seed = UInt64.random(in: 0...UInt64.max)
        for transposed in [(false, false), (true, false), (false, true), (true, true)] {
            for (precision, limit) in [(.float32, 4e-7), (.int16, 1e-5), (.bfloat16, 3.5e-3)]
                as [(ProductPrecision, Double)]
            {
                let found = error(precision, size.m, size.n, size.k, transposed, seed: seed)
                print("\(size) in \(precision): \(found) of the product's size")
                #expect(found < limit, "\(precision), \(transposed), seed \(seed)")
            }
        }
    }

    /// Sixteen numbers of all sizes a line: each keeps its own digits.
    @Test func sizesMayDiffer() {
        var generator = RandomGenerator(seed: UInt64.random(in: 0...UInt64.max))
        let side = 128
        let powers = (0..<side).map { pow(2, Float($0 % 100) - 50) }
        let a = Tensor((0..<side * side).map { generator.normal() * powers[$0 % side] }, shape: [side, side])
        let b = Tensor((0..<side * side).map { generator.normal() / powers[$0 / side] }, shape: [side, side])
        let result = Tensor.matmul(a, b)
        var (error, total) = (0.0, 0.0)
        for row in 0..<side {
            for column in 0..<side {
                let exact = (0..<side).reduce(0.0) { sum, p in
                    sum + Double(a.data[row * side + p]) * Double(b.data[p * side + column])
                }
                let difference = Double(result.data[row * side + column]) - exact
                (error, total) = (error + difference * difference, total + exact * exact)
            }
        }
        #expect((error / total).squareRoot() < 4e-7)
    }

    /// In tiles, by sgemm, and of a matrix that is widened.
    @Test(arguments: [(8, 40, 30), (70, 300, 600), (600, 70, 300)]) func aBiasIsAddedToEveryRow(m: Int, n: Int, k: Int)
    {
        let (x, y) = (Tensor(normal(m * k), shape: [m, k]), Tensor(normal(n * k, seed: 6), shape: [n, k]))
        let bias = Tensor(normal(n, seed: 7), shape: [n])
        for stored in [y, y.converted(to: .bfloat16)] {
            let wide = stored.converted(to: .float32)
            let result = Tensor.full([m, n], .nan)
            Tensor.matmul(x, packed: stored, bias: bias, into: result)
            let expected = Tensor.matmul(x, wide, transposeB: true)
            for row in 0..<m { for column in 0..<n { expected.data[row * n + column] += bias.data[column] } }
            expectClose(result, expected, "\(stored.elementType)")
        }
    }

    @Test func bitsDoNotDependOnHowAProductIsCut() {
        let (x, y) = (
            Tensor(normal(700 * 600), shape: [700, 600]), Tensor(normal(90 * 600, seed: 6), shape: [90, 600])
        )
        let whole = Tensor.matmul(x, y, transposeB: true)
        let part = Tensor.matmul(x.rows(96..<300), y, transposeB: true)
        #expect(Array(whole.values[(96 * 90)..<(300 * 90)]) == part.values)
        #expect(Tensor.matmul(x, y, transposeB: true).values == whole.values)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity], [ProductPrecision.float32, .bfloat16])
    func whatIsNotFiniteStaysInItsRow(value: Float, precision: ProductPrecision) {
        var x = normal(128 * 100)
        x[70 * 100 + 9] = value
        let weight = Tensor(normal(100 * 128, seed: 9), shape: [100, 128])
        let result = Tensor.matmul(Tensor(x, shape: [128, 100]), weight, precision: precision)
        for row in 0..<128 {
            let line = result.values[(row * 128)..<(row * 128 + 128)]
            #expect(line.allSatisfy { $0.isFinite == (row != 70) }, "row \(row)")
        }
    }

    /// A quantised or narrow matrix is widened piece by piece.
    @Test(arguments: [ElementType.float32, .bfloat16, .float16], [ProductPrecision.float32, .int16, .bfloat16])
    func packedMatricesGiveTheSame(type: ElementType, precision: ProductPrecision) {
        let x = Tensor(normal(90 * 256), shape: [90, 256])
        let stored = Tensor(normal(4200 * 256, seed: 8), shape: [4200, 256]).converted(to: type)
        let result = Tensor.full([90, 4200], 1)
        Tensor.matmul(x, packed: stored, precision: precision, beta: 1, into: result)
        let wide = Tensor.full([90, 4200], 1)
        Tensor.matmul(x, stored.converted(to: .float32), transposeB: true, beta: 1, into: wide)
        let difference = zip(result.values, wide.values).map { Double($0 - $1) }
        let error = (difference.reduce(0) { $0 + $1 * $1 } / (90 * 4200 * 256)).squareRoot()
        #expect(error < (precision == .float32 ? 5e-7 : precision == .int16 ? 5e-4 : 3.5e-3))
    }
}
