internal import Tensors

extension Variable {
    /// What a block of layers makes of this. On a tape with `recomputesBlocks` only the value is kept: the way back computes
    /// it again, to the same bits (Chen et al., 2016, arXiv 1604.06174).
    ///
    /// - Parameter block: must give the same each time; its input may lie on another tape.
    public func passed(through block: @escaping (Variable) -> Variable) -> Variable {
        guard let tape, tape.recomputesBlocks else { return block(self) }
        return tape.recomputed(input: self, pieces: [0..<shape[0]]) { (_, _, x) in block(x) }
    }
}

extension Tape {
    /// Rows of a result that no row shares with another, computed a few at a time and kept as values: the way back
    /// computes each piece again (GradCache: Gao et al., 2021, arXiv 2101.06983).
    ///
    /// - Parameters:
    ///   - count: the rows, [count, ...].
    ///   - size: rows of a piece.
    ///   - body: the rows of a range, on a tape of their own; it must give the same each time. What it throws on the way
    ///     back stands in `failure` then.
    public func recomputed(
        rows count: Int, by size: Int, _ body: @escaping (Range<Int>, Tape) throws -> Variable
    ) throws -> Variable {
        let pieces = stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
        return try recomputed(input: constant(Tensor.zeros([0])), pieces: pieces) { range, tape, _ in
            try body(range, tape)
        }
    }

    fileprivate func recomputed(
        input: Variable, pieces: [Range<Int>], _ body: @escaping (Range<Int>, Tape, Variable) throws -> Variable
    ) rethrows -> Variable {
        // A pass without records; it shows which parameters the body asks for.
        var asked: Set<String> = []
        let first = Tape(workspace: workspace, products: products) { [isTrainable] path in
            if isTrainable(path) { asked.insert(path) }
            return false
        }
        let values = try pieces.map { try body($0, first, first.constant(input.value)).value }
        let paths = asked.sorted()
        let leaves = paths.map { leaf(input.value, path: $0) }
        let (workspace, products, isTrainable) = (workspace, products, isTrainable)
        let recomputesBlocks = recomputesBlocks
        return recorded(Tensor.concatenated(values, in: workspace), from: [input] + leaves) { [self] upstream in
            var sums = [Tensor?](repeating: nil, count: 1 + paths.count)
            for piece in pieces {
                let tape = Tape(
                    workspace: workspace, recomputesBlocks: recomputesBlocks, products: products,
                    isTrainable: isTrainable)
                let own = input.needsGradient ? tape.input(input.value) : tape.constant(input.value)
                let output: Variable
                do { output = try body(piece, tape, own) } catch {
                    self.failure = error
                    break
                }
                let gradients = tape.gradients(of: output, seed: upstream.rows(piece))
                if let failure = tape.failure { self.failure = failure }
                for (index, path) in ([Tape.inputPath] + paths).enumerated() {
                    guard let gradient = gradients[path] else { continue }
                    sums[index] = sums[index].map { .sum($0, gradient, in: workspace) } ?? gradient
                }
            }
            return sums
        }
    }

    /// No parameter's path.
    private static let inputPath = ""

    private func input(_ value: Tensor) -> Variable { leaf(value, path: Self.inputPath, isTrained: true) }
}

extension Tensor {
    /// Tensors of equal shape but for the first axis, one after the other.
    fileprivate static func concatenated(_ tensors: [Tensor], in workspace: Workspace) -> Tensor {
        if tensors.count == 1 { return tensors[0] }
        let rows = tensors.reduce(0) { $0 + $1.shape[0] }
        let result = Tensor(
            uninitialized: Shape([rows] + (tensors.first?.shape.dimensions.dropFirst() ?? [])), in: workspace)
        var start = 0
        for tensor in tensors {
            (result.data + start).update(from: tensor.data, count: tensor.shape.count)
            start += tensor.shape.count
        }
        return result
    }
}
