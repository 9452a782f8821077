internal import Archive
import Foundation
internal import Layers
internal import ProCLIP
internal import Tensors
internal import Towers

extension AlignedModel {
    /// A new adapter on an image tower, whose parameters are copied.
    /// - `embeddings`: the training texts' vectors `[N, d]`, to which standardisation is fitted.
    /// - `logitScale`: the start of the logit scale; nil for the tower's.
    /// - `lowRank`: what is trained in the place of the tower's own matrices.
    static func fresh(
        on tower: TowerStart, embeddings: Tensor, options: TrainingOptions, logitScale: Float?, lowRank: LowRank? = nil
    ) throws -> AlignedModel {
        let configuration = Adapter.Configuration(
            inputs: embeddings.shape[1], outputs: tower.image.outputs, blocks: options.blocks,
            expansion: options.expansion, standardises: options.standardise)
        let source = ParameterSource(seed: options.seed)
        _ = try Adapter(configuration: configuration, scope: source.root["adapter"])
        var tensors = try source.finish().valuesByPath
        if options.standardise {
            let fitted = Standardisation.fitted(to: embeddings)
            tensors["adapter/standardise/mean"] = fitted.mean
            tensors["adapter/standardise/deviation"] = fitted.deviation
        }
        tensors.merge(tower.tensors) { $1 }
        return try started(tower.image, configuration, tensors, options, logitScale, lowRank)
    }

    /// An independent copy from which a run starts.
    /// - `tower`: in the place of its own; a fresh projection bridges widths.
    /// - `lowRank`: what is trained in the place of the tower's own matrices.
    func copy(
        on tower: TowerStart? = nil, options: TrainingOptions, logitScale: Float?, lowRank: LowRank? = nil
    ) throws -> AlignedModel {
        var tensors = parameters.valuesByPath
        let tower = try tower?.bridged(to: adapter.configuration.outputs, seed: options.seed)
        if let tower {
            tensors = tensors.filter { $0.key.hasPrefix("adapter/") }.merging(tower.tensors) { $1 }
        }
        return try Self.started(
            tower?.image ?? image.configuration, adapter.configuration, tensors, options, logitScale, lowRank)
    }

    private static func started(
        _ image: VisionTransformer.Configuration, _ adapter: Adapter.Configuration, _ tensors: [String: Tensor],
        _ options: TrainingOptions, _ logitScale: Float?, _ lowRank: LowRank?
    ) throws -> AlignedModel {
        try AlignedModel(
            image: image, adapter: adapter, tensors: tensors.started(options, logitScale), lowRank: lowRank)
    }
}

extension CLIPModel {
    /// An independent copy from which a run starts.
    func copy(options: TrainingOptions, logitScale: Float?) throws -> CLIPModel {
        let tensors = parameters.valuesByPath.started(options, logitScale)
        return try CLIPModel(
            image: image.configuration, text: text.configuration, hasLogitBias: tensors["logit_bias"] != nil,
            source: ParameterSource(tensors: tensors))
    }
}

extension [String: Tensor] {
    /// With the logit scale that a run starts from; a sigmoid loss brings its bias along.
    fileprivate func started(_ options: TrainingOptions, _ logitScale: Float?) -> [String: Tensor] {
        var tensors = self
        if let logitScale { tensors["logit_scale"] = Tensor(scalar: logitScale) }
        if options.loss == .sigmoid, tensors["logit_bias"] == nil {
            tensors["logit_bias"] = Tensor(scalar: initialLogitBias)
        }
        return tensors
    }
}
