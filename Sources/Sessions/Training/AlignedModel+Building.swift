internal import Archive
import Foundation
internal import Layers
internal import ProCLIP
internal import Tensors
internal import Towers

extension AlignedModel {
    /// A new adapter on an image tower, whose parameters are copied.
    /// - Parameters:
    ///   - embeddings: the training texts' vectors `[N, d]`, to which standardisation is fitted.
    ///   - logitScale: the start of the logit scale; nil for the tower's.
    static func fresh(
        on tower: TowerStart, embeddings: Tensor, options: TrainingOptions, logitScale: Float?
    ) throws -> AlignedModel {
        let configuration = Adapter.Configuration(
            inputs: embeddings.shape[1], outputs: tower.image.outputs, blocks: options.blocks,
            expansion: options.expansion, standardises: options.standardise)
        let source = ParameterSource(seed: options.seed)
        _ = try Adapter(configuration: configuration, scope: source.root["adapter"])
        var tensors = Dictionary(try source.finish().map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        if options.standardise {
            let fitted = Standardisation.fitted(to: embeddings)
            tensors["adapter/standardise/mean"] = fitted.mean
            tensors["adapter/standardise/deviation"] = fitted.deviation
        }
        tensors.merge(tower.tensors) { $1 }
        return try started(tower.image, configuration, tensors, options, logitScale)
    }

    /// An independent copy from which a run starts.
    /// - Parameter tower: in the place of its own; a fresh projection bridges widths.
    func copy(on tower: TowerStart? = nil, options: TrainingOptions, logitScale: Float?) throws -> AlignedModel {
        var tensors = Dictionary(parameters.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        let tower = try tower?.bridged(to: adapter.configuration.outputs, seed: options.seed)
        if let tower {
            tensors = tensors.filter { $0.key.hasPrefix("adapter/") }.merging(tower.tensors) { $1 }
        }
        return try Self.started(
            tower?.image ?? image.configuration, adapter.configuration, tensors, options, logitScale)
    }

    /// A sigmoid loss brings its bias along.
    private static func started(
        _ image: VisionTransformer.Configuration, _ adapter: Adapter.Configuration, _ tensors: [String: Tensor],
        _ options: TrainingOptions, _ logitScale: Float?
    ) throws -> AlignedModel {
        var tensors = tensors
        if let logitScale { tensors["logit_scale"] = Tensor(scalar: logitScale) }
        if options.loss == .sigmoid, tensors["logit_bias"] == nil {
            tensors["logit_bias"] = Tensor(scalar: initialLogitBias)
        }
        return try AlignedModel(image: image, adapter: adapter, tensors: tensors)
    }
}
