internal import Foundation
internal import Tensors

/// Rotary positions on a grid (Su et al., 2021, arXiv 2104.09864, in two dimensions as EVA-02, arXiv 2303.11331): the
/// angle by which each pair of a token's features is turned.
public struct GridRotation {
    /// [N, E/2], E the width of a head: cosines and sines of the angles.
    let cosines: Tensor
    let sines: Tensor
    /// Tokens before the grid's, which are not turned.
    let skipped: Int

    /// - `side`: of the grid of N = side² tokens, which run along its rows.
    /// - `trainedSide`: of the grid that the network was trained on; another grid is stretched to it.
    /// - `headWidth`: E, a multiple of 4: half of the pairs turn with the row, half with the column.
    public init(side: Int, trainedSide: Int, headWidth: Int, skipped: Int) {
        let bands = headWidth / 4
        var (cosines, sines): ([Float], [Float]) = ([], [])
        for token in 0..<side * side {
            for place in [token / side, token % side] {
                let position = Float(place) / Float(side) * Float(trainedSide)
                for band in 0..<bands {
                    let angle = position / Float(pow(10_000, Double(band) / Double(bands)))
                    cosines.append(cos(angle))
                    sines.append(sin(angle))
                }
            }
        }
        self.cosines = Tensor(cosines, shape: [side * side, headWidth / 2])
        self.sines = Tensor(sines, shape: [side * side, headWidth / 2])
        self.skipped = skipped
    }
}

extension Variable {
    /// Turns each pair of neighbouring features of each head by the angle of its token: [B, T, D] -> [B, T, D].
    public func rotated(by rotation: GridRotation) -> Variable {
        let pairs = rotation.cosines.shape[1]
        requireShape(
            shape.rank == 3 && shape[1] == rotation.skipped + rotation.cosines.shape[0] && shape[2] % (2 * pairs) == 0,
            "rotated", expected: "[B, T, D] with the rotation's tokens and heads", shape)
        let workspace = workspace
        return recorded(value.rotated(by: rotation, backwards: false, in: workspace), from: [self]) { upstream in
            [upstream.rotated(by: rotation, backwards: true, in: workspace)]
        }
    }
}

extension Tensor {
    fileprivate func rotated(by rotation: GridRotation, backwards: Bool, in workspace: Workspace?) -> Tensor {
        let result = Tensor(uninitialized: shape, in: workspace)
        let (T, D, pairs) = (shape[1], shape[2], rotation.cosines.shape[1])
        let (x, y, cosine, sine) = (data, result.data, rotation.cosines.data, rotation.sines.data)
        let direction: Float = backwards ? -1 : 1
        parallel(shape[0] * T, cost: Double(D)) { range in
            for row in range {
                let (source, target) = (x + row * D, y + row * D)
                let token = row % T - rotation.skipped
                guard token >= 0 else {
                    target.update(from: source, count: D)
                    continue
                }
                for pair in 0..<D / 2 {
                    let angle = token * pairs + pair % pairs
                    let (c, s) = (cosine[angle], direction * sine[angle])
                    let (a, b) = (source[2 * pair], source[2 * pair + 1])
                    target[2 * pair] = a * c - b * s
                    target[2 * pair + 1] = b * c + a * s
                }
            }
        }
        return result
    }
}
