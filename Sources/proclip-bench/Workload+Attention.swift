internal import Autodiff
internal import Tensors

extension Workload {
    /// Attention of B sequences of T tokens with H heads of E values, forward and back.
    static let attentions = [
        attention("attention-17", batch: 256, tokens: 17, heads: 3, width: 64),
        attention("attention-50", batch: 64, tokens: 50, heads: 12, width: 64),
        attention("attention-257", batch: 8, tokens: 257, heads: 16, width: 64),
        grouped("attention-causal-512", batch: 4, tokens: 512, heads: 16, keyHeads: 4, width: 64),
    ]

    private static func attention(_ name: String, batch: Int, tokens: Int, heads: Int, width: Int) -> Workload {
        // Two products forward, four back.
        timed(name, 12 * batch * heads * tokens * tokens * width, [batch, tokens], heads * width, heads * width) {
            .attention(query: $0, key: $1, value: $2, heads: heads, mask: .none)
        }
    }

    private static func grouped(
        _ name: String, batch: Int, tokens: Int, heads: Int, keyHeads: Int, width: Int
    ) -> Workload {
        // What lies behind a token is not seen.
        timed(name, 6 * batch * heads * tokens * tokens * width, [batch * tokens], heads * width, keyHeads * width) {
            .attention(
                query: $0, key: $1, value: $2, GroupedAttention(heads: heads, keyHeads: keyHeads),
                lengths: Array(repeating: tokens, count: batch))
        }
    }

    private static func timed(
        _ name: String, _ operations: Int, _ rows: [Int], _ width: Int, _ keyWidth: Int,
        _ operation: @escaping @Sendable (Variable, Variable, Variable) -> Variable
    ) -> Workload {
        Workload(name: name, operations: Double(operations)) { _ in
            let sets = (1...3).map { seed in
                [width, keyWidth, keyWidth, width].map { random(Shape(rows + [$0]), seed: UInt64(seed)) }
            }
            let workspace = Workspace()
            return { round in
                let set = sets[round % sets.count]
                let tape = Tape(workspace: workspace)
                let y = operation(
                    tape.leaf(set[0], path: "q"), tape.leaf(set[1], path: "k"), tape.leaf(set[2], path: "v"))
                _ = tape.gradients(of: y, seed: set[3])
            }
        }
    }
}
