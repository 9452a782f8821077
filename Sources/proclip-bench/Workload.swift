internal import Autodiff
internal import Layers
internal import Learning
internal import Tensors

/// Something to time: `prepare` builds its inputs and returns the part that counts.
struct Workload: Sendable {
    let name: String
    /// Floating-point operations of one run, matrix products only.
    let operations: Double
    let prepare: @Sendable () throws -> () -> Void

    static let all: [Workload] = [
        product("gemm-nt", 4352, 768, 192, transposeB: true), product("gemm-nn", 4352, 192, 768),
        product("gemm-tn", 768, 192, 4352, transposeA: true),
        elementwise("gelu", backward: false) { $0.gelu() }, elementwise("gelu-backward", backward: true) { $0.gelu() },
        elementwise("normalize", backward: true) { $0.l2Normalized() },
        attention, visionStep, visionForward, textStep,
    ]

    private static func product(
        _ name: String, _ m: Int, _ n: Int, _ k: Int, transposeA: Bool = false, transposeB: Bool = false
    ) -> Workload {
        Workload(name: name, operations: Double(2 * m * n * k)) {
            let (a, b) = (random(transposeA ? [k, m] : [m, k]), random(transposeB ? [n, k] : [k, n]))
            let result = Tensor.zeros([m, n])
            return { Tensor.matmul(a, b, transposeA: transposeA, transposeB: transposeB, into: result) }
        }
    }

    private static func elementwise(
        _ name: String, backward: Bool, _ operation: @escaping @Sendable (Variable) -> Variable
    ) -> Workload {
        Workload(name: name, operations: 0) {
            let (x, workspace) = (random([4352, 768]), Workspace())
            return {
                let tape = Tape(workspace: workspace) { _ in backward }
                let y = operation(tape.leaf(x, path: "x"))
                if backward { _ = tape.gradients(of: y, seed: x) }
            }
        }
    }

    /// 256 sequences of 17 tokens, width 192, 3 heads, forward and back.
    private static let attention = Workload(name: "attention", operations: 256 * 17 * 17 * 192 * 2 * 6) {
        let (x, workspace) = (random([256, 17, 192]), Workspace())
        return {
            let tape = Tape(workspace: workspace)
            let (q, k, v) = (tape.leaf(x, path: "q"), tape.leaf(x, path: "k"), tape.leaf(x, path: "v"))
            let y = Variable.attention(query: q, key: k, value: v, heads: 3, mask: .none)
            _ = tape.gradients(of: y, seed: x)
        }
    }
}

func random(_ shape: Shape) -> Tensor {
    var generator = RandomGenerator(seed: 1)
    return .normal(shape, using: &generator)
}
