internal import Archive
internal import Layers
internal import Tensors

/// The sizes of networks in a file that has no configuration, as they follow from the shapes of its tensors.
struct TensorShapes {
    let tensors: NamedTensors
    let path: String

    subscript(name: String) -> Tensor? { tensors.tensors[name] }

    /// Throws `ArchiveError` for a missing tensor, and for shapes that no network has.
    func shape(_ name: String, rank: Int) throws -> Shape {
        guard let tensor = tensors.tensors[name] else {
            throw ArchiveError.missingTensor(name, available: tensors.tensors.keys.sorted())
        }
        guard tensor.shape.rank == rank, tensor.shape.dimensions.allSatisfy({ (1...1_000_000).contains($0) }) else {
            throw ArchiveError.unreadable(path, reason: "its tensor \(name) has the shape \(tensor.shape)")
        }
        return tensor.shape
    }

    /// How many blocks are numbered behind a prefix.
    func layers(_ prefix: String) -> Int {
        let numbers = tensors.tensors.keys.compactMap { name in
            name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count).prefix { $0 != "." }) : nil
        }
        return max(0, min(numbers.max() ?? -1, 1_000_000) + 1)
    }

    /// The side of the picture that so many positions stand for. Throws `ArchiveError` where they are no square.
    func imageSize(positions: Int, extra: Int, patch: Int) throws -> Int {
        let grid = Int(Double(max(0, positions - extra)).squareRoot().rounded())
        guard grid * grid + extra == positions else {
            throw ArchiveError.unreadable(
                path, reason: "its \(positions) picture positions are no square and a class token")
        }
        return grid * patch
    }

    /// A vision transformer under timm's names at that place: EVA-02 with a head, or DINOv2. Heads are 64 wide.
    /// - `up`: the first matrix of its perceptrons.
    func timmTower(
        _ place: String, _ style: VisionTransformer.Style, up: String
    ) throws -> VisionTransformer.Configuration {
        let kernel = try shape(place + "patch_embed.proj.weight", rank: 4)
        let isEVA02 = style == .eva02
        let inner = try shape(place + "blocks.0.mlp.\(up).weight", rank: 2)[0]
        let positions = try shape(place + "pos_embed", rank: 3)[1]
        return VisionTransformer.Configuration(
            imageSize: try imageSize(positions: positions, extra: 1, patch: kernel[2]), patchSize: kernel[2],
            width: kernel[0], layers: layers(place + "blocks."), heads: max(1, kernel[0] / 64), mlpWidth: inner,
            outputs: isEVA02 ? try shape(place + "head.weight", rank: 2)[0] : kernel[0],
            activation: isEVA02 ? .silu : .gelu, epsilon: 1e-6, style: style)
    }
}
