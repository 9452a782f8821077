import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct MatMulTests {
    /// Against sums in double precision; the last sizes are cut into pieces for the pool.
    @Test(
        arguments: [
            (1, 1, 1), (3, 17, 31), (17, 1, 3), (31, 33, 129), (1030, 70, 65), (70, 1030, 33), (97, 101, 1024),
        ],
        [(false, false), (true, false), (false, true), (true, true)])
    func matchesDoublePrecision(size: (m: Int, n: Int, k: Int), transposed: (a: Bool, b: Bool)) {
        let (m, n, k) = size
        var generator = RandomGenerator(seed: 3)
        let a = Tensor.normal(transposed.a ? [k, m] : [m, k], using: &generator)
        let b = Tensor.normal(transposed.b ? [n, k] : [k, n], using: &generator)
        let (left, right) = (a.values, b.values)
        let reference = (0..<m * n).map { index in
            let (i, j) = (index / n, index % n)
            return (0..<k).reduce(0.0) { sum, p in
                sum + Double(left[transposed.a ? p * m + i : i * k + p])
                    * Double(right[transposed.b ? j * k + p : p * n + j])
            }
        }
        let product = Tensor.matmul(a, b, transposeA: transposed.a, transposeB: transposed.b)
        expectClose(product, Tensor(reference.map(Float.init), shape: [m, n]), "product")
        let again = Tensor.matmul(a, b, transposeA: transposed.a, transposeB: transposed.b)
        #expect(product.values == again.values)
        let target = Tensor.full([m, n], 1)
        Tensor.matmul(a, b, transposeA: transposed.a, transposeB: transposed.b, alpha: 2, beta: -1, into: target)
        expectClose(target, Tensor(reference.map { Float(2 * $0 - 1) }, shape: [m, n]), "scaled product")
    }
}
