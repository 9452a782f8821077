internal import Autodiff
internal import Layers

/// The stack of blocks that the towers share, at the path `blocks`: [B, T, width] -> [B, T, width].
struct TransformerStack {
    private let blocks: [TransformerBlock]

    /// Fresh weights have CLIP's deviations (Radford et al., 2021, released code): `width^-0.5` for attention,
    /// `(2 width)^-0.5` for `mlp/up`, and `width^-0.5 (2 layers)^-0.5` for what writes into the residual stream.
    init(_ configuration: TransformerBlock.Configuration, layers: Int, scope: ParameterScope) throws {
        var configuration = configuration
        let width = Float(configuration.width)
        configuration.outputDeviation = 1 / (width * 2 * Float(layers)).squareRoot()
        configuration.upDeviation = 1 / (2 * width).squareRoot()
        blocks = try scope["blocks"].stack(of: layers) { try TransformerBlock(configuration, scope: $0) }
    }

    func callAsFunction(_ x: Variable, mask: AttentionMask = .none, rotation: GridRotation? = nil) -> Variable {
        blocks.reduce(x) { x, block in x.passed { block($0, mask: mask, rotation: rotation) } }
    }
}
