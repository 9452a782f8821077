internal import Autodiff
internal import Layers
internal import Learning
internal import Tensors
internal import Towers

extension Workload {
    /// Whole training steps at published sizes: loss, gradients, optimiser.
    static let steps = [
        distill("distill-step", Adapter.Configuration(inputs: 4096, outputs: 768, blocks: 4, expansion: 2)),
        distill("distill-step-small", Adapter.Configuration(inputs: 384, outputs: 512, blocks: 1, expansion: 8)),
        tune,
    ]

    /// AdamW alone over 271 million parameters, in 16 tensors.
    static let adamW = Workload(name: "adamw", operations: 0) { _ in
        let parameters = (0..<16).map { Parameter(path: "\($0)", value: .full([4136, 4096], 0.1)) }
        let optimizer = AdamW(parameters)
        let tape = Tape()
        let sums = parameters.map { $0(on: tape).scaled(by: 1e-3).sum() }
        let gradients = tape.gradients(of: sums.dropFirst().reduce(sums[0], +))
        return { _ in optimizer.step(gradients) { _ in 1e-5 } }
    }

    private static let batch = 1024

    /// Stage 1: L_ins and L_struct.
    private static func distill(_ name: String, _ configuration: Adapter.Configuration) -> Workload {
        let operations = 3 * batch * adapterProducts(configuration) + 6 * batch * batch * configuration.outputs
        return Workload(name: name, operations: Double(operations)) { inputs in
            let source = ParameterSource(seed: 1)
            let adapter = try Adapter(configuration: configuration, scope: source.root)
            let optimizer = AdamW(try source.finish())
            let alignment = Alignment(
                penalty: .smoothL1(beta: 1), reduction: .mean, structWeight: Reduction.structWeight(batch: 128))
            let sets = (0..<2).map { seed in
                (
                    random([batch, configuration.inputs], seed: seed),
                    features(batch, configuration.outputs, seed: 7 + seed)
                )
            }
            let workspace = Workspace()
            return { round in
                let (vectors, targets) = sets[round % sets.count]
                let tape = Tape(workspace: workspace, products: inputs.products)
                let loss = alignment(adapter(tape.constant(vectors)), target: targets).total
                optimizer.step(tape.gradients(of: loss)) { _ in 1e-5 }
            }
        }
    }

    /// Stage 2: InfoNCE and L_reg against the moving average of the image tower.
    private static let tune: Workload = {
        let (batch, sizes) = (64, ImageSizes.base)
        let adapter = Adapter.Configuration(inputs: 4096, outputs: 512, blocks: 4, expansion: 2)
        let operations = 3 * batch * adapterProducts(adapter) + 4 * batch * sizes.products
        return Workload(name: "tune-step", operations: Double(operations)) { inputs in
            let (source, twin) = (ParameterSource(seed: 1), ParameterSource(seed: 1))
            let tower = try VisionTransformer(configuration: sizes.configuration, scope: source.root["image"])
            let adapter = try Adapter(configuration: adapter, scope: source.root["adapter"])
            let held = try VisionTransformer(configuration: sizes.configuration, scope: twin.root["image"])
            let average = MovingAverage(in: try twin.finish(), decay: 0.999)
            let optimizer = AdamW(try source.finish(), average: average)
            let alignment = Alignment(
                penalty: .smoothL1(beta: 1), reduction: .mean, structWeight: Reduction.structWeight(batch: 512))
            let sets = (0..<2).map { (random([batch, 3, 224, 224], seed: $0), random([batch, 4096], seed: 3 + $0)) }
            let workspace = Workspace()
            return { round in
                let (pictures, vectors) = sets[round % sets.count]
                let tape = Tape(workspace: workspace, products: inputs.products)
                let frozen = Tape(workspace: workspace, products: inputs.products) { _ in false }
                let image = tower(tape.constant(pictures)).l2Normalized()
                let text = adapter(tape.constant(vectors))
                let target = held(frozen.constant(pictures)).l2Normalized().value
                let contrast = Variable.infoNCE(
                    image: image, text: text, logitScale: tape.constant(Tensor(scalar: 4.6)))
                let loss = contrast + alignment(image, target: target).total.scaled(by: 0.2)
                optimizer.step(tape.gradients(of: loss)) { _ in 1e-5 }
            }
        }
    }()

    /// Operations a sample forward.
    private static func adapterProducts(_ adapter: Adapter.Configuration) -> Int {
        2 * adapter.inputs * (2 * adapter.blocks * adapter.expansion * adapter.inputs + adapter.outputs)
    }
}
