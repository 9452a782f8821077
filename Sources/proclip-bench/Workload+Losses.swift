internal import Autodiff
internal import Learning
internal import Tensors

extension Workload {
    /// Losses of a batch, forward and back.
    static let losses =
        [1024, 4096].map(structure) + [1024, 4096, 16384, 32768, 65536].map(infoNCE)

    private static let width = 512

    /// Distances of the batch against those of its targets.
    private static func structure(batch: Int) -> Workload {
        // Two Gram matrices and the gradient.
        loss("struct-\(batch)", operations: 6 * Double(batch * batch * width), batch: batch) { x, target in
            StructureAlignment(penalty: .smoothL1(beta: 1), reduction: .mean)(x, target: target.value)
        }
    }

    private static func infoNCE(batch: Int) -> Workload {
        // Logits once, and two gradients; that they are computed twice is our affair.
        loss("infonce-\(batch)", operations: 6 * Double(batch * batch * width), batch: batch) { image, text in
            .infoNCE(image: image, text: text, logitScale: Variable(Tensor(scalar: 2.66)))
        }
    }

    private static func loss(
        _ name: String, operations: Double, batch: Int, _ loss: @escaping @Sendable (Variable, Variable) -> Variable
    ) -> Workload {
        Workload(name: name, operations: operations) { _ in
            let sets = (0..<2).map {
                (features(batch, width, seed: 2 * $0 + 1), features(batch, width, seed: 2 * $0 + 2))
            }
            let workspace = Workspace()
            return { round in
                let (first, second) = sets[round % sets.count]
                let tape = Tape(workspace: workspace)
                let loss = loss(tape.leaf(first, path: "first"), tape.leaf(second, path: "second"))
                _ = tape.gradients(of: loss)
            }
        }
    }
}
