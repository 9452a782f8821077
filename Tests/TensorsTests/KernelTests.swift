import CKernels
import Foundation
import Tensors
import Testing

/// Each kernel on this machine's best branch against its portable twin, and against double precision where an
/// accuracy is stated. Sizes are odd so that every vector loop has a remainder.
@Suite struct KernelTests {
    typealias Map = @convention(c) (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
    typealias Slope =
        @convention(c) (
            UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int
        ) -> Void

    /// 20001 points over an interval.
    private func sweep(_ from: Double, _ to: Double) -> [Float] {
        (0...20_000).map { Float(from + (to - from) * Double($0) / 20_000) }
    }

    /// The worst distance from `exact`, in units in the last place of `max(|exact|, floor)`.
    private func worstUlps(_ x: [Float], _ y: [Float], floor: Float, _ exact: (Double) -> Double) -> Double {
        zip(x, y).map { x, y in
            let exact = exact(Double(x))
            return abs(Double(y) - exact) / Double(max(Float(abs(exact)), floor).ulp)
        }.max() ?? .nan
    }

    private func map(_ kernel: Map, _ x: [Float]) -> [Float] {
        var y = [Float](repeating: .nan, count: x.count)
        kernel(x, &y, x.count)
        return y
    }

    private func slope(_ kernel: Slope, _ x: [Float]) -> [Float] {
        var y = [Float](repeating: .nan, count: x.count)
        kernel(x, [Float](repeating: 1, count: x.count), &y, x.count)
        return y
    }

    @Test(arguments: [false, true]) func exponentialWithinTwoUlps(portable: Bool) {
        let x = sweep(-87.3, 88.3)
        let y = map(portable ? vector_exp_portable : vector_exp, x)
        #expect(worstUlps(x, y, floor: .leastNormalMagnitude, exp) <= 2)
        let edges = map(portable ? vector_exp_portable : vector_exp, [-.infinity, -100, 0, 100, .infinity, .nan])
        #expect(edges[0...4] == [0, 0, 1, .infinity, .infinity])
        #expect(edges[5].isNaN)
    }

    /// The negative tail keeps its digits.
    @Test(arguments: [false, true]) func geluAccuracy(portable: Bool) {
        func bell(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
        func below(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
        let x = sweep(-13, 13)
        let values = map(portable ? gelu_forward_portable : gelu_forward, x)
        #expect(worstUlps(x, values, floor: 1e-3) { $0 * below($0) } <= 8)
        let slopes = slope(portable ? gelu_backward_portable : gelu_backward, x)
        #expect(worstUlps(x, slopes, floor: 0.25) { below($0) + $0 * bell($0) } <= 16)
    }

    @Test(arguments: [false, true]) func quickGELUAccuracy(portable: Bool) {
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-1.702 * x)) }
        let x = sweep(-40, 40)
        let values = map(portable ? quick_gelu_forward_portable : quick_gelu_forward, x)
        #expect(worstUlps(x, values, floor: 1e-3) { $0 * sigmoid($0) } <= 8)
        let slopes = slope(portable ? quick_gelu_backward_portable : quick_gelu_backward, x)
        #expect(worstUlps(x, slopes, floor: 0.25) { sigmoid($0) * (1 + 1.702 * $0 * (1 - sigmoid($0))) } <= 16)
    }

    @Test(arguments: [false, true]) func siluAccuracy(portable: Bool) {
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        let x = sweep(-60, 60)
        let values = map(portable ? silu_forward_portable : silu_forward, x)
        #expect(worstUlps(x, values, floor: 1e-3) { $0 * sigmoid($0) } <= 8)
        let slopes = slope(portable ? silu_backward_portable : silu_backward, x)
        #expect(worstUlps(x, slopes, floor: 0.25) { sigmoid($0) * (1 + $0 * (1 - sigmoid($0))) } <= 16)
    }

    @Test(arguments: [false, true]) func tanhGELUAccuracy(portable: Bool) {
        let c = (2 / Double.pi).squareRoot()
        func tail(_ x: Double) -> Double { 1 / (1 + exp(-2 * c * (x + 0.044715 * x * x * x))) }
        let x = sweep(-13, 13)
        let values = map(portable ? gelu_tanh_forward_portable : gelu_tanh_forward, x)
        #expect(worstUlps(x, values, floor: 1e-3) { $0 * tail($0) } <= 16)
        let slopes = slope(portable ? gelu_tanh_backward_portable : gelu_tanh_backward, x)
        #expect(
            worstUlps(x, slopes, floor: 0.25) { x in
                tail(x) * (1 + 2 * c * x * (1 + 0.134145 * x * x) * (1 - tail(x)))
            } <= 32)
    }

    @Test(arguments: [1, 3, 17, 31, 200]) func rowKernelsMatchTheirTwins(columns: Int) {
        let rows = 5
        let (x, dy) = (random(rows * columns, 1), random(rows * columns, 2))
        let (w, b) = (random(columns, 3), random(columns, 4))
        all(rows * columns + 2 * rows) { branch, out in
            pick(branch, layernorm_forward, layernorm_forward_avx2, layernorm_forward_portable)(
                x, w, b, 1e-5, out, out + rows * columns, out + rows * (columns + 1), rows, columns)
        }
        let (mean, inverse) = (random(rows, 5), random(rows, 6).map { abs($0) + 0.5 })
        all(rows * columns + 2 * columns) { branch, out in
            pick(branch, layernorm_backward, layernorm_backward_avx2, layernorm_backward_portable)(
                x, w, mean, inverse, dy, out, out + rows * columns, out + (rows + 1) * columns, rows, columns)
        }
        for (visible, causal) in [(columns, 0), (columns, 1), (columns / 2, 0), (0, 0)] as [(Int, Int32)] {
            all(rows * columns) { branch, out in
                pick(branch, softmax_forward, softmax_forward_avx2, softmax_forward_portable)(
                    x, 0.7, out, rows, columns, visible, causal)
            }
        }
        all(rows * columns) { branch, out in
            pick(branch, softmax_backward, softmax_backward_avx2, softmax_backward_portable)(
                x, dy, 0.7, out, rows, columns)
        }
        all(rows * columns + rows) { branch, out in
            pick(branch, normalize_forward, normalize_forward_avx2, normalize_forward_portable)(
                x, 1e-12, out, out + rows * columns, rows, columns)
        }
        all(rows * columns) { branch, out in
            pick(branch, normalize_backward, normalize_backward_avx2, normalize_backward_portable)(
                x, inverse, 1e-12, dy, out, rows, columns)
        }
        all(rows * columns) { branch, out in
            pick(branch, rows_add, rows_add_avx2, rows_add_portable)(x, w, out, rows, columns)
        }
        all(columns) { branch, out in
            pick(branch, columns_accumulate, columns_accumulate_avx2, columns_accumulate_portable)(
                x, out, rows, columns)
        }
        all(rows) { branch, out in
            pick(branch, rows_log_sum_exp, rows_log_sum_exp_avx2, rows_log_sum_exp_portable)(x, out, rows, columns)
        }
        all(2 * columns) { branch, out in
            pick(
                branch, columns_exponential_sums, columns_exponential_sums_avx2, columns_exponential_sums_portable)(
                    x, columns, out, out + columns, rows, columns)
        }
    }

    @Test(arguments: [1, 3, 17, 31]) func squareKernelsMatchTheirTwins(count: Int) {
        let (x, g) = (random(count * 8, 1), random(count * count, 2))
        let gram = (0..<count * count).map { index in
            (0..<8).reduce(Float(0)) { $0 + x[index / count * 8 + $1] * x[index % count * 8 + $1] }
        }
        let norms = (0..<count).map { gram[$0 * count + $0] }
        all(count * count) { branch, out in
            pick(branch, pairwise_distance_forward, pairwise_distance_forward_avx2, pairwise_distance_forward_portable)(
                x, gram, norms, out, 0, count, count, 8)
        }
        let (distances, targets) = (g.map(abs), random(count * count, 4).map(abs))
        for close in [0.02, 0.5] as [Float] {
            all(count * (count + 1 + 8)) { branch, out in
                pick(branch, structure_alignment, structure_alignment_avx2, structure_alignment_portable)(
                    x, distances, targets, 0.3, 1 / 0.6, close, out, out + count * count, out + count * (count + 1), 0,
                    count, count, 8)
            }
        }
        all(count * count + count) { branch, out in
            pick(
                branch, pairwise_distance_backward, pairwise_distance_backward_avx2, pairwise_distance_backward_portable
            )(
                gram, g, out, out + count * count, 0, count, count)
        }
        let logs = random(count, 3).map { $0 + 5 }
        all(count * count + count, scale: Float(count)) { branch, out in
            pick(branch, contrastive_gradient, contrastive_gradient_avx2, contrastive_gradient_portable)(
                g, logs, logs, 0.25, out, out + count * count, count, count, 0)
        }
    }

    @Test(arguments: [(1, 1, 1), (13, 31, 7), (6, 64, 16), (29, 65, 50), (7, 130, 33)])
    func smallProductsMatchTheirTwin(m: Int, n: Int, k: Int) {
        let (a, b) = (random(m * k, 1), random(k * n, 2))
        for (row, column) in [(k, 1), (1, m)] {
            for adds in [0, 1] as [Int32] {
                var (one, other) = ([Float](repeating: 0.5, count: m * n), [Float](repeating: 0.5, count: m * n))
                small_product(a, row, column, b, n, &one, n, m, n, k, adds)
                small_product_portable(a, row, column, b, n, &other, n, m, n, k, adds)
                let worst = zip(one, other).map { abs($0 - $1) }.max() ?? 0
                #expect(worst <= 64 * Float.ulpOfOne * Float(k).squareRoot())
            }
        }
        var (one, other) = ([Float](repeating: 0, count: m * k), [Float](repeating: 0, count: m * k))
        transposed(a, k, &one, m, m, k)
        transposed_portable(a, k, &other, m, m, k)
        #expect(one == other && one[0] == a[0] && one[m * k - 1] == a[m * k - 1])
    }

    @Test(arguments: [1, 3, 17, 200]) func resamplingMatchesItsTwin(width: Int) {
        let samples = random(width * 3 * 7, 1).map { UInt8(min(255, abs($0) * 100)) }
        let weights = (0..<7).map { Int32(($0 - 1) * 200_000) }
        let lines = [resample_lines, resample_lines_portable].map { kernel in
            var y = [UInt8](repeating: 7, count: width * 3)
            kernel(samples, width * 3, weights, 7, &y)
            return y
        }
        #expect(lines[0] == lines[1])
        let (first, counts) = (
            (0..<5).map { Int32($0 * width / 6) }, (0..<5).map { Int32(min(7, width - $0 * width / 6)) }
        )
        let pixels = [resample_pixels, resample_pixels_portable].map { kernel in
            var (y, wide) = ([UInt8](repeating: 7, count: 15), [Int32](repeating: 0, count: 4 * width))
            kernel(samples, width, first, counts, weights + weights + weights + weights + weights, 7, &wide, &y, 5)
            return y
        }
        #expect(pixels[0] == pixels[1])
    }

    @Test(arguments: [1, 15, 31, 1000]) func vectorKernelsMatchTheirTwins(count: Int) {
        let (x, y) = (random(count, 1), random(count, 2))
        all(count) { branch, out in pick(branch, vector_add, vector_add_avx2, vector_add_portable)(x, y, out, count) }
        all(count) { branch, out in
            pick(branch, vector_multiply, vector_multiply_avx2, vector_multiply_portable)(x, y, out, count)
        }
        all(count) { branch, out in
            pick(branch, vector_scale, vector_scale_avx2, vector_scale_portable)(0.3, x, out, count)
        }
        all(count) { branch, out in
            pick(branch, vector_axpy, vector_axpy_avx2, vector_axpy_portable)(0.3, x, out, count)
        }
        all(1, scale: Float(count)) { branch, out in
            pick(branch, vector_dot, vector_dot_avx2, vector_dot_portable)(x, y, count, out)
        }
        all(1, scale: Float(count)) { branch, out in
            pick(branch, vector_sum, vector_sum_avx2, vector_sum_portable)(x, count, out)
        }
        for bound in [-1, 0, 5] as [Float] {
            let counts = [count_at_least, count_at_least_portable].map { kernel in
                var found: Int32 = -1
                kernel(x, bound, count, &found)
                return Int(found)
            }
            #expect(counts.allSatisfy { $0 == x.count { $0 >= bound } })
        }
        all(2 * count) { branch, out in
            pick(branch, smooth_l1, smooth_l1_avx2, smooth_l1_portable)(x, 0.5, out, out + count, count)
        }
        all(count) { branch, out in
            pick(branch, moving_average_update, moving_average_update_avx2, moving_average_update_portable)(
                out, x, 0.9, count)
        }
        for isAveraged in [false, true] {
            all(4 * count) { branch, out in
                var step = adamw_step(
                    rate: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1e-6, decay: 0.05, correction1: 0.1,
                    correction2: 0.02, gradient_scale: 0.5, average_decay: 0.9)
                pick(branch, adamw_update, adamw_update_avx2, adamw_update_portable)(
                    out, x, out + count, out + 2 * count, isAveraged ? out + 3 * count : nil, &step, count)
            }
        }
    }

    private func random(_ count: Int, _ seed: UInt64) -> [Float] {
        var generator = RandomGenerator(seed: seed)
        return (0..<count).map { _ in generator.normal() }
    }

    private enum Branch { case best, avx2, portable }

    private func pick<Kernel>(_ branch: Branch, _ best: Kernel, _ avx2: Kernel, _ portable: Kernel) -> Kernel {
        switch branch {
        case .best: best
        case .avx2: avx2
        case .portable: portable
        }
    }

    /// Runs a kernel on every branch that this machine has. They differ by the rounding of fused multiply-adds and the
    /// order of sums only.
    private func all(
        _ count: Int, scale: Float = 1, at location: SourceLocation = #_sourceLocation,
        _ kernel: (Branch, UnsafeMutablePointer<Float>) -> Void
    ) {
        func run(_ branch: Branch) -> [Float] {
            var values = [Float](repeating: 0.5, count: count)
            values.withUnsafeMutableBufferPointer { kernel(branch, $0.baseAddress!) }
            return values
        }
        let portable = run(.portable)
        for branch in [Branch.best, .avx2] where branch == .best || kernel_level().rawValue >= KERNEL_AVX2.rawValue {
            let worst = zip(run(branch), portable).map { abs($0 - $1) / max(abs($1), scale) }.max() ?? 0
            #expect(worst <= 64 * Float.ulpOfOne, "\(branch)", sourceLocation: location)
        }
    }
}
