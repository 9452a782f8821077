internal import CKernels
internal import Tensors

extension Variable {
    /// Every head of every token turned by its position in its sequence: [R, H·E] with angles [T, E/2] -> the same shape.
    ///
    /// - `lengths`: the tokens of each sequence, R together and none with more than T.
    public func rotated(by angles: RotaryAngles, lengths: [Int]) -> Variable {
        let half = angles.cosines.shape[1]
        requireShape(
            shape.rank == 2 && half > 0 && shape[1] % (2 * half) == 0 && lengths.reduce(0, +) == shape[0]
                && lengths.allSatisfy { $0 <= angles.cosines.shape[0] }, "rotated",
            expected: "[R, H·E] with angles of as many positions as a sequence has", shape, angles.cosines.shape)
        let (workspace, positions) = (workspace, lengths.flatMap { 0..<$0 })
        return recorded(Self.turned(value, by: angles, positions, direction: 1, in: workspace), from: [self]) {
            [Self.turned($0, by: angles, positions, direction: -1, in: workspace)]
        }
    }

    private static func turned(
        _ tensor: Tensor, by angles: RotaryAngles, _ positions: [Int], direction: Float, in workspace: Workspace?
    ) -> Tensor {
        let (width, half) = (tensor.shape[1], angles.cosines.shape[1])
        let result = Tensor(uninitialized: tensor.shape, in: workspace)
        let (x, y, cosines, sines) = (tensor.data, result.data, angles.cosines.data, angles.sines.data)
        let (step, distance) = angles.isInterleaved ? (2, 1) : (1, half)
        parallel(positions.count, cost: Double(width)) { range in
            for row in range {
                let (offset, angle) = (row * width, positions[row] * half)
                rotary(
                    x + offset, cosines + angle, sines + angle, direction, y + offset, 1, width / (2 * half), half,
                    step, distance)
            }
        }
        return result
    }
}
