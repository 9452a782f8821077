internal import CKernels
internal import Tensors

extension Variable {
    /// One token of each sequence: [B, T, D] and B positions -> [B, D].
    public func gatheringTokens(at positions: [Int]) -> Variable {
        requireShape(
            shape.rank == 3 && positions.count == shape[0], "gatheringTokens", expected: "[B, T, D] and B positions",
            shape)
        let (workspace, shape) = (workspace, shape)
        let (T, D) = (shape[1], shape[2])
        precondition(positions.allSatisfy { $0 >= 0 && $0 < T }, "gatheringTokens expects positions below \(T)")
        let result = Tensor(uninitialized: [shape[0], D], in: workspace)
        for (b, position) in positions.enumerated() {
            (result.data + b * D).update(from: value.data + (b * T + position) * D, count: D)
        }
        return recorded(result, from: [self]) { upstream in
            let gradient = Tensor.zeros(shape, in: workspace)
            for (b, position) in positions.enumerated() {
                (gradient.data + (b * T + position) * D).update(from: upstream.data + b * D, count: D)
            }
            return [gradient]
        }
    }

    /// The same tokens for each of `count` sequences: [N, D] -> [count, N, D].
    public func repeated(_ count: Int) -> Variable {
        requireShape(shape.rank == 2, "repeated", expected: "[N, D]", shape)
        let (workspace, shape) = (workspace, shape)
        let result = Tensor(uninitialized: Shape([count] + shape.dimensions), in: workspace)
        for copy in 0..<count { (result.data + copy * shape.count).update(from: value.data, count: shape.count) }
        return recorded(result, from: [self]) { upstream in
            [upstream.reshaped([count, shape.count]).columnSums(in: workspace).reshaped(shape)]
        }
    }

    /// Weighted sums of tokens: [R, D] and the tokens that count for each of B sums -> [B, D].
    public func pooled(_ counting: [[(token: Int, weight: Float)]]) -> Variable {
        requireShape(shape.rank == 2, "pooled", expected: "[R, D]", shape)
        let (workspace, shape) = (workspace, shape)
        let (R, D) = (shape[0], shape[1])
        precondition(counting.joined().allSatisfy { $0.token >= 0 && $0.token < R }, "pooled expects tokens below \(R)")
        let result = Tensor.zeros([counting.count, D], in: workspace)
        for (b, tokens) in counting.enumerated() {
            for (token, weight) in tokens { vector_axpy(weight, value.data + token * D, result.data + b * D, D) }
        }
        return recorded(result, from: [self]) { upstream in
            let gradient = Tensor.zeros(shape, in: workspace)
            for (b, tokens) in counting.enumerated() {
                for (token, weight) in tokens {
                    vector_axpy(weight, upstream.data + b * D, gradient.data + token * D, D)
                }
            }
            return [gradient]
        }
    }

    /// The largest value of each component among some tokens: [R, D] and B ranges -> [B, D].
    public func maxPooled(_ ranges: [Range<Int>]) -> Variable {
        requireShape(shape.rank == 2, "maxPooled", expected: "[R, D]", shape)
        let (workspace, shape) = (workspace, shape)
        let (R, D) = (shape[0], shape[1])
        precondition(
            ranges.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= R },
            "maxPooled expects tokens below \(R)")
        let result = Tensor(uninitialized: [ranges.count, D], in: workspace)
        var winners = [Int](repeating: 0, count: ranges.count * D)
        for (b, range) in ranges.enumerated() {
            for column in 0..<D {
                let winner = range.dropFirst().reduce(range.lowerBound * D + column) {
                    value.data[$1 * D + column] > value.data[$0] ? $1 * D + column : $0
                }
                winners[b * D + column] = winner
                result.data[b * D + column] = value.data[winner]
            }
        }
        return recorded(result, from: [self]) { upstream in
            let gradient = Tensor.zeros(shape, in: workspace)
            // Ranges may overlap.
            for (index, winner) in winners.enumerated() { gradient.data[winner] += upstream.data[index] }
            return [gradient]
        }
    }

    /// Puts one learned token before each sequence: [B, N, D] and [D] -> [B, N + 1, D].
    public func prepending(token: Variable) -> Variable {
        requireShape(
            shape.rank == 3 && token.shape == [shape[2]], "prepending", expected: "[B, N, D] and a token [D]", shape,
            token.shape)
        let workspace = Self.workspace(of: self, token)
        let (B, N, D) = (shape[0], shape[1], shape[2])
        let result = Tensor(uninitialized: [B, N + 1, D], in: workspace)
        for b in 0..<B {
            let row = result.data + b * (N + 1) * D
            row.update(from: token.value.data, count: D)
            (row + D).update(from: value.data + b * N * D, count: N * D)
        }
        return recorded(result, from: [self, token]) { [self] upstream in
            let gradient = needsGradient ? Tensor(uninitialized: shape, in: workspace) : nil
            let dtoken = token.needsGradient ? Tensor.zeros([D], in: workspace) : nil
            for b in 0..<B {
                let row = upstream.data + b * (N + 1) * D
                if let gradient { (gradient.data + b * N * D).update(from: row + D, count: N * D) }
                if let dtoken { columns_accumulate(row, dtoken.data, 1, D) }
            }
            return [gradient, dtoken]
        }
    }
}
