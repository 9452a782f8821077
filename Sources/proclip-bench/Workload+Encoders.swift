internal import Autodiff
internal import Layers
internal import Tensors
internal import Towers

/// A published image tower.
struct ImageSizes {
    let configuration: VisionTransformer.Configuration

    static let base = ImageSizes(
        configuration: VisionTransformer.Configuration(
            imageSize: 224, patchSize: 32, width: 768, layers: 12, heads: 12, outputs: 512, activation: .gelu))
    static let large = ImageSizes(
        configuration: VisionTransformer.Configuration(
            imageSize: 224, patchSize: 14, width: 1024, layers: 24, heads: 16, outputs: 768, activation: .gelu))

    /// Operations a picture forward.
    var products: Int {
        let (width, tokens) = (configuration.width, configuration.tokenCount)
        let block = 24 * tokens * width * width + 4 * tokens * tokens * width
        let stem = 2 * configuration.patchCount * 3 * configuration.patchSize * configuration.patchSize * width
        return configuration.layers * block + stem
    }
}

extension Workload {
    /// Frozen image towers.
    static let encoders = [
        encoder("image-encode-b32", ImageSizes.base, batch: 64),
        encoder("image-encode-l14", ImageSizes.large, batch: 8),
    ]

    private static func encoder(_ name: String, _ sizes: ImageSizes, batch: Int) -> Workload {
        Workload(name: name, operations: Double(batch * sizes.products)) { inputs in
            let tower = try VisionTransformer(configuration: sizes.configuration, scope: ParameterSource(seed: 1).root)
            let sets = (0..<3).map { random([batch, 3, 224, 224], seed: $0) }
            let workspace = Workspace()
            return { round in
                let tape = Tape(workspace: workspace, products: inputs.products) { _ in false }
                _ = tower(tape.constant(sets[round % sets.count]))
            }
        }
    }
}
