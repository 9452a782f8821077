internal import Autodiff
internal import Tensors

extension Workload {
    /// Single operations at the sizes of a small vision transformer.
    static let parts = [
        product("gemm-nt", 4352, 768, 192, transposeB: true), product("gemm-nn", 4352, 192, 768),
        product("gemm-tn", 768, 192, 4352, transposeA: true),
        elementwise("gelu", backward: false) { $0.gelu() }, elementwise("gelu-backward", backward: true) { $0.gelu() },
        elementwise("normalize", backward: true) { $0.l2Normalized() },
    ]

    private static func product(
        _ name: String, _ m: Int, _ n: Int, _ k: Int, transposeA: Bool = false, transposeB: Bool = false
    ) -> Workload {
        Workload(name: name, operations: Double(2 * m * n * k)) { _ in
            let (a, b) = (random(transposeA ? [k, m] : [m, k]), random(transposeB ? [n, k] : [k, n]))
            let result = Tensor.zeros([m, n])
            return { _ in Tensor.matmul(a, b, transposeA: transposeA, transposeB: transposeB, into: result) }
        }
    }

    private static func elementwise(
        _ name: String, backward: Bool, _ operation: @escaping @Sendable (Variable) -> Variable
    ) -> Workload {
        Workload(name: name, operations: 0) { _ in
            let (x, workspace) = (random([4352, 768]), Workspace())
            return { _ in
                let tape = Tape(workspace: workspace) { _ in backward }
                let y = operation(tape.leaf(x, path: "x"))
                if backward { _ = tape.gradients(of: y, seed: x) }
            }
        }
    }
}
