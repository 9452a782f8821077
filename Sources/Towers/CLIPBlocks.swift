internal import Autodiff
internal import Layers

/// The stack of blocks that CLIP's two towers share, at the path `blocks`: [B, T, width] -> [B, T, width].
struct CLIPBlocks {
    private let blocks: [TransformerBlock]

    /// Fresh weights have CLIP's deviations (Radford et al., 2021, released code): `width^-0.5` for attention,
    /// `(2 width)^-0.5` for `mlp/up`, and `width^-0.5 (2 layers)^-0.5` for what writes into the residual stream.
    init(
        width: Int, layers: Int, heads: Int, mlpWidth: Int, activation: Activation, epsilon: Float,
        scope: ParameterScope
    ) throws {
        let outputDeviation = 1 / (Float(width) * 2 * Float(layers)).squareRoot()
        let upDeviation = 1 / Float(2 * width).squareRoot()
        blocks = try scope["blocks"].stack(of: layers) { scope in
            try TransformerBlock(
                width: width, heads: heads, mlpWidth: mlpWidth, activation: activation, epsilon: epsilon,
                outputDeviation: outputDeviation, upDeviation: upDeviation, scope: scope)
        }
    }

    func callAsFunction(_ x: Variable, mask: AttentionMask = .none) -> Variable {
        blocks.reduce(x) { $1($0, mask: mask) }
    }
}
