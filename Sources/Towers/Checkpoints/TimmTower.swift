internal import Layers

/// The image towers that open_clip takes from timm: their sizes go by timm's names.
enum TimmTower {
    private struct Entry {
        let name: String
        let imageSize: Int
        let configuration: VisionTransformer.Configuration
    }

    /// timm's name and picture size, as published with it.
    private static let known: [Entry] = {
        func eva02(
            _ name: String, _ size: Int, _ patch: Int, _ width: Int, _ layers: Int, _ heads: Int, _ inner: Int
        ) -> Entry {
            Entry(
                name: name, imageSize: size,
                configuration: VisionTransformer.Configuration(
                    imageSize: size, patchSize: patch, width: width, layers: layers, heads: heads, mlpWidth: inner,
                    outputs: width, activation: .silu, epsilon: 1e-6, style: .eva02))
        }
        func siglip(
            _ kind: String, _ patch: Int, _ sizes: [Int], _ activation: Activation, _ width: Int, _ layers: Int,
            _ heads: Int, _ inner: Int
        ) -> [Entry] {
            sizes.map { size in
                Entry(
                    name: "vit_\(kind)_patch\(patch)_siglip_\(size)", imageSize: size,
                    configuration: VisionTransformer.Configuration(
                        imageSize: size, patchSize: patch, width: width, layers: layers, heads: heads,
                        mlpWidth: inner, outputs: width, activation: activation, epsilon: 1e-6, style: .siglip))
            }
        }
        return [
            eva02("eva02_base_patch16_clip_224", 224, 16, 768, 12, 12, 2048),
            eva02("eva02_large_patch14_clip_224", 224, 14, 1024, 24, 16, 2730),
            eva02("eva02_large_patch14_clip_336", 336, 14, 1024, 24, 16, 2730),
        ] + siglip("base", 16, [224, 256, 384, 512], .gelu, 768, 12, 12, 3072)
            + siglip("base", 32, [256], .tanhGELU, 768, 12, 12, 3072)
            + siglip("large", 16, [256, 384], .gelu, 1024, 24, 16, 4096)
            + siglip("large", 16, [512], .tanhGELU, 1024, 24, 16, 4096)
            + siglip("so400m", 14, [224, 378, 384], .gelu, 1152, 27, 16, 4304)
            + siglip("so400m", 16, [256, 384, 512], .tanhGELU, 1152, 27, 16, 4304)
            + siglip("giantopt", 16, [256, 384], .tanhGELU, 1536, 40, 16, 6144)
    }()

    /// The sizes behind a name, for pictures and features of another size where that is given; nil for an unknown name.
    static func configuration(
        _ name: String, imageSize: Int? = nil, outputs: Int
    ) -> VisionTransformer.Configuration? {
        guard var configuration = known.first(where: { $0.name == name })?.configuration else { return nil }
        configuration.imageSize = imageSize ?? configuration.imageSize
        configuration.outputs = outputs
        return configuration
    }

    /// The name of an architecture, that of its picture size where there is one.
    static func name(of tower: VisionTransformer.Configuration) -> String? {
        let fitting = known.filter { entry in
            var other = entry.configuration
            (other.imageSize, other.outputs) = (tower.imageSize, tower.outputs)
            (other.mean, other.deviation, other.fitting) = (tower.mean, tower.deviation, tower.fitting)
            return other == tower
        }
        return (fitting.first { $0.imageSize == tower.imageSize } ?? fitting.first)?.name
    }
}
