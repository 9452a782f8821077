internal import Inputs
public import Tensors

/// Position embeddings for other lengths and sizes than a tower was trained with.
public enum PositionEmbeddings {
    /// Brings the text positions among a CLIP's tensors to another length.
    public static func stretch(_ tensors: inout [String: Tensor], to length: Int) {
        let path = "text/position_embedding"
        guard let positions = tensors[path], positions.shape.rank == 2, positions.shape[0] != length else { return }
        tensors[path] = stretched(positions, to: length)
    }

    /// How a grid of positions becomes another one.
    public enum Kernel: Sendable {
        /// Antialiased bicubic interpolation, as open_clip and timm do.
        case antialiased
        /// PyTorch's plain bicubic interpolation (Keys' cubic with a = -0.75, borders repeated), as DINOv2 does.
        case cubic
    }

    /// Brings the picture positions among a model's tensors to the size that its image tower is to have.
    public static func resize(
        _ tensors: inout [String: Tensor], for image: VisionTransformer.Configuration, kernel: Kernel
    ) {
        let path = "image/position_embedding"
        guard let positions = tensors[path], positions.shape.rank == 2, positions.shape[0] != image.tokenCount else {
            return
        }
        tensors[path] = resized(
            positions, extra: image.style.hasClassToken ? 1 : 0, side: image.imageSize / image.patchSize, kernel)
    }

    /// The positions that Long-CLIP leaves alone (Zhang et al., 2024, arXiv 2403.15378, section 3.1).
    static let keptPositions = 20

    /// Text positions [T, D] -> [length, D]: the first 20 stay, the rest is stretched linearly to the end.
    static func stretched(_ positions: Tensor, to length: Int) -> Tensor {
        let (count, width) = (positions.shape[0], positions.shape[1])
        guard count > keptPositions + 1, length > keptPositions else { return positions }
        let source = positions.converted(to: .float32)
        let result = Tensor(uninitialized: [length, width])
        let ratio = Double(length - keptPositions) / Double(count - keptPositions)
        for row in 0..<length {
            let place =
                row < keptPositions ? Double(row) : Double(keptPositions) + Double(row - keptPositions) / ratio
            let low = min(Int(place), count - 2)
            let share = Float(place - Double(low))
            for column in 0..<width {
                let (a, b) = (source.data[low * width + column], source.data[(low + 1) * width + column])
                result.data[row * width + column] = a + (b - a) * share
            }
        }
        return withExtendedLifetime(source) { result }
    }

    /// A grid of picture positions [extra + n², D] -> [extra + side², D]; the first `extra` rows stay.
    static func resized(_ positions: Tensor, extra: Int, side: Int, _ kernel: Kernel) -> Tensor {
        let (count, width) = (positions.shape[0], positions.shape[1])
        let oldSide = Int(Double(max(0, count - extra)).squareRoot().rounded())
        guard oldSide > 0, oldSide * oldSide + extra == count else { return positions }
        let source = positions.converted(to: .float32)
        let taps = kernel.taps(from: oldSide, to: side)
        let across = Tensor.zeros([oldSide * side, width])
        for row in 0..<oldSide {
            for (column, tap) in taps.enumerated() {
                add(tap, stride: 1, of: source, at: extra + row * oldSide, to: across, row * side + column)
            }
        }
        let result = Tensor.zeros([extra + side * side, width])
        result.data.update(from: source.data, count: extra * width)
        for column in 0..<side {
            for (row, tap) in taps.enumerated() {
                add(tap, stride: side, of: across, at: column, to: result, extra + row * side + column)
            }
        }
        return withExtendedLifetime(source) { result }
    }

    private static func add(
        _ tap: Interpolation.Tap, stride: Int, of source: Tensor, at first: Int, to target: Tensor, _ row: Int
    ) {
        let width = source.shape[1]
        for (index, weight) in tap.weights.enumerated() {
            let from = source.data + (first + (tap.first + index) * stride) * width
            let to = target.data + row * width
            for column in 0..<width { to[column] += Float(weight) * from[column] }
        }
    }
}

extension PositionEmbeddings.Kernel {
    /// The weights of each new position on an axis.
    fileprivate func taps(from old: Int, to new: Int) -> [Interpolation.Tap] {
        switch self {
        case .antialiased: Interpolation.bicubic.taps(from: old, to: new)
        case .cubic:
            (0..<new).map { position in
                let place = (Double(position) + 0.5) * Double(old) / Double(new) - 0.5
                let below = Int(place.rounded(.down))
                let first = min(max(below - 1, 0), old - 1)
                var weights = [Double](repeating: 0, count: min(max(below + 2, 0), old - 1) - first + 1)
                for neighbour in below - 1...below + 2 {
                    weights[min(max(neighbour, 0), old - 1) - first] += Self.cubic(abs(place - Double(neighbour)))
                }
                return Interpolation.Tap(first: first, weights: weights)
            }
        }
    }

    private static func cubic(_ x: Double) -> Double {
        let a = -0.75
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
}
