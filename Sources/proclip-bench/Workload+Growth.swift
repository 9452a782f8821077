internal import Layers
internal import ProCLIP
internal import Tensors
internal import Towers

extension Workload {
    /// An epoch of stage 1 by the real trainer over ever more texts: the time of a sample should not depend on their number.
    static let growth = [1024, 8192, 65536].map { count in
        let configuration = Adapter.Configuration(inputs: 384, outputs: 512, blocks: 1, expansion: 8)
        let products = 3 * 2 * 384 * (2 * 8 * 384 + 512) + 6 * 512 * 512
        var options = TrainingOptions(stage: .distill)
        (options.batch, options.epochs) = (512, 1)
        let training = TrainingMemory(distilling: configuration, batch: options.batch).total
        return Workload(
            name: "growth-\(count)", operations: Double(count * products), samples: count,
            expectedBytes: training + 4 * count * (384 + 512)
        ) { [options] _ in
            let (vectors, targets) = (random([count, 384]), features(count, 512, seed: 2))
            let source = ParameterSource(seed: 1)
            let adapter = try Adapter(configuration: configuration, scope: source.root["adapter"])
            let parameters = try source.finish()
            return { _ in
                let stage = try? DistillStage(
                    adapter: adapter, parameters: parameters, embeddings: vectors, targets: targets, inputHashes: [:],
                    options: options)
                guard let stage else { return }
                _ = try? Trainer(stage, options: options).run()
            }
        }
    }
}
