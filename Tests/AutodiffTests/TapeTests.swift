import Autodiff
import Tensors
import TestSupport
import Testing

@Suite(.serialized) struct TapeTests {
    /// Large enough that products and kernels are shared out over the pool.
    private struct Network {
        let tensors: [String: Tensor]
        init() {
            let shapes: [String: Shape] = [
                "x": [16, 17, 96], "w": [96, 96], "b": [96], "n": [96], "t": [16, 96], "s": [],
            ]
            tensors = Dictionary(
                uniqueKeysWithValues: shapes.map { name, shape in
                    var generator = RandomGenerator(seed: 2, stream: name)
                    return (name, Tensor.normal(shape, deviation: 0.2, using: &generator))
                })
        }

        func loss(on tape: Tape) -> Variable {
            let (w, b, n) = (leaf("w", tape), leaf("b", tape), leaf("n", tape))
            var x = tape.constant(tensors["x"]!)
            for _ in 0..<2 {
                let normed = x.layerNorm(weight: n, bias: b, epsilon: 1e-5)
                let q = normed.linear(weight: w, bias: b)
                x = x + Variable.attention(query: q, key: normed, value: q, heads: 4, mask: .none).gelu()
            }
            let means = (0..<16).map { text in (17 * text..<17 * text + 17).map { ($0, Float(1) / 17) } }
            let pooled = x.reshaped([16 * 17, x.shape[2]]).pooled(means).l2Normalized()
            let text = leaf("t", tape).l2Normalized()
            let distances = pooled.pairwiseDistances().mean()
            return Variable.infoNCE(image: pooled, text: text, logitScale: leaf("s", tape)) + distances
        }

        private func leaf(_ name: String, _ tape: Tape) -> Variable { tape.leaf(tensors[name]!, path: name) }
    }

    @Test func repeatedStepsAreBitEqualAndAllocateNothing() {
        let (network, workspace) = (Network(), Workspace())
        func step() -> [[Float]] {
            let tape = Tape(workspace: workspace)
            let loss = network.loss(on: tape)
            let gradients = tape.gradients(of: loss)
            return [loss.value.values] + gradients.paths.map { gradients[$0]!.values }
        }
        let first = step()
        #expect(first.count == 6)
        let allocations = Storage.allocationCount
        for _ in 0..<5 { #expect(step() == first) }
        #expect(Storage.allocationCount == allocations)
    }

    @Test func frozenLeavesGetNoGradient() {
        let tape = Tape { $0 == "t" }
        let loss = Network().loss(on: tape)
        #expect(tape.gradients(of: loss).paths == ["t"])
    }

    /// What a frozen pass needs at a time is a few tensors, whatever its depth.
    @Test func frozenPassKeepsNoActivations() {
        func bytes(depth: Int) -> Int {
            let tape = Tape { _ in false }
            var x = tape.constant(.full([64, 64], 0.5))
            for _ in 0..<depth { x = x.gelu() + x }
            return tape.workspace.byteCount
        }
        #expect(bytes(depth: 50) == bytes(depth: 3))
    }

    /// The way back gives activations back as it goes: gradients of a deep chain reuse their memory.
    @Test func gradientsReuseActivations() {
        let tape = Tape()
        var x = tape.leaf(.full([64, 64], 0.5), path: "x")
        for _ in 0..<50 { x = x.gelu() }
        let forward = tape.workspace.byteCount
        let loss = x.sum()
        x = loss
        _ = tape.gradients(of: loss)
        #expect(tape.workspace.byteCount < forward + forward / 10)
    }

    /// A pullback that captures its variables must not keep the tape alive.
    @Test func tapesAreFreed() {
        weak var watched: Tape?
        do {
            let tape = Tape()
            watched = tape
            let x = tape.leaf(.full([3], 1), path: "x")
            _ = x.linear(weight: tape.leaf(.full([2, 3], 1), path: "w"), bias: nil).scaled(by: x.sum())
        }
        #expect(watched == nil)
    }

    @Test func valuesOffTheTapeNeedNoGradient() {
        let x = Variable(Tensor.full([3], 1))
        #expect(!(x + x).needsGradient)
        #expect((x + x).tape == nil)
    }
}
