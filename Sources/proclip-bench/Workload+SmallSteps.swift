internal import Autodiff
internal import Layers
internal import Learning
internal import Tensors

extension Workload {
    /// Small transformers of the engine's parts.
    static let smallSteps = [visionStep, visionForward, textStep]

    /// One contrastive step of the small vision transformer: 64-pixel pictures, patch 16, width 192, 4 blocks, batch 256.
    private static let visionStep = transformer(
        "vision-step", vision: true, trains: true, width: 192, blocks: 4, heads: 3, tokens: 17)
    private static let visionForward = transformer(
        "vision-forward", vision: true, trains: false, width: 192, blocks: 4, heads: 3, tokens: 17)
    /// The same for a text transformer: vocabulary 49408, width 128, 2 blocks, 16 tokens.
    private static let textStep = transformer(
        "text-step", vision: false, trains: true, width: 128, blocks: 2, heads: 2, tokens: 16)

    private static let smallBatch = 256
    private static let patch = 16
    private static let vocabulary = 49408

    private static func transformer(
        _ name: String, vision: Bool, trains: Bool, width: Int, blocks: Int, heads: Int, tokens: Int
    ) -> Workload {
        let rows = smallBatch * tokens
        let block = 2 * rows * width * width * 12 + 4 * smallBatch * tokens * tokens * width
        let stem = vision ? 2 * smallBatch * (tokens - 1) * 3 * patch * patch * width : 0
        // The way back costs the way there twice, but for the stem's input.
        let operations = trains ? 3 * blocks * block + 2 * stem : blocks * block + stem
        return Workload(name: name, operations: Double(operations)) { _ in
            let source = ParameterSource(seed: 1)
            let scope = source.root
            let stem = try Linear(inputs: 3 * patch * patch, outputs: width, scope: scope["stem"])
            let table = try scope.parameter("table", [vocabulary, width], .normal(deviation: 0.02))
            let token = try scope.parameter("token", [width], .zeros)
            let positions = try scope.parameter("positions", [tokens, width], .normal(deviation: 0.02))
            let layers = try (0..<blocks).map {
                try TransformerBlock(
                    TransformerBlock.Configuration(
                        width: width, heads: heads, mlpWidth: 4 * width, activation: .gelu), scope: scope["blocks"][$0])
            }
            let norm = try LayerNorm(width: width, scope: scope["norm"])
            let parameters = try source.finish()
            let optimizer = AdamW(parameters)
            let workspace = Workspace()
            let images = random([smallBatch, 3, 64, 64])
            let ids = (0..<rows).map { Int32($0 * 7919 % vocabulary) }
            let captions = Variable(random([smallBatch, width])).l2Normalized().value
            return { _ in
                let tape = Tape(workspace: workspace) { _ in trains }
                var x: Variable
                if vision {
                    x = stem(.patches(of: tape.constant(images), size: patch))
                    x = x.prepending(token: token(beside: x))
                } else {
                    let table = table(beside: tape.constant(images))
                    x = .embedding(table: table, ids: ids, shape: [smallBatch, tokens])
                }
                x = x.adding(broadcast: positions(beside: x))
                for layer in layers { x = layer(x, mask: vision ? .none : .causal) }
                let pooled = norm(x.gatheringTokens(at: Array(repeating: 0, count: smallBatch))).l2Normalized()
                let loss = Variable.infoNCE(
                    image: pooled, text: tape.constant(captions), logitScale: tape.constant(Tensor(scalar: 2.66)))
                if trains { optimizer.step(tape.gradients(of: loss)) { _ in 1e-5 } }
            }
        }
    }
}
