internal import CKernels
internal import Tensors

extension Variable {
    /// Every head of every token turned by its position: [B, T, H·E] with angles [T, E/2] -> the same shape.
    public func rotated(by angles: RotaryAngles) -> Variable {
        let half = angles.cosines.shape[1]
        requireShape(
            shape.rank == 3 && half > 0 && shape[2] % (2 * half) == 0 && angles.cosines.shape[0] >= shape[1], "rotated",
            expected: "[B, T, H·E] with angles of at least T positions", shape, angles.cosines.shape)
        let workspace = workspace
        return recorded(Self.turned(value, by: angles, direction: 1, in: workspace), from: [self]) { upstream in
            [Self.turned(upstream, by: angles, direction: -1, in: workspace)]
        }
    }

    private static func turned(
        _ tensor: Tensor, by angles: RotaryAngles, direction: Float, in workspace: Workspace?
    ) -> Tensor {
        let (tokens, width, half) = (tensor.shape[1], tensor.shape[2], angles.cosines.shape[1])
        let result = Tensor(uninitialized: tensor.shape, in: workspace)
        let (x, y, cosines, sines) = (tensor.data, result.data, angles.cosines.data, angles.sines.data)
        let (step, distance) = angles.isInterleaved ? (2, 1) : (1, half)
        parallel(tensor.shape[0] * tokens, cost: Double(width)) { range in
            for row in range {
                let (offset, angle) = (row * width, row % tokens * half)
                rotary(
                    x + offset, cosines + angle, sines + angle, direction, y + offset, 1, width / (2 * half), half,
                    step,
                    distance)
            }
        }
        return result
    }
}
