internal import Archive
import Foundation
internal import Layers
internal import ProCLIP
internal import Tensors
internal import Towers

extension AlignedModel {
    /// A new adapter on the image tower and logit scale of a CLIP, whose parameters are copied.
    /// - Parameters:
    ///   - embeddings: the training texts' vectors `[N, d]`, to which standardisation is fitted.
    ///   - logitScale: the start of the logit scale; nil for the CLIP's.
    static func fresh(
        tower: CLIPModel, embeddings: Tensor, options: TrainingOptions, logitScale: Float?
    ) throws -> AlignedModel {
        let configuration = Adapter.Configuration(
            inputs: embeddings.shape[1], outputs: tower.image.configuration.outputs, blocks: options.blocks,
            expansion: options.expansion, standardises: options.standardise)
        let source = ParameterSource(seed: options.seed)
        _ = try Adapter(configuration: configuration, scope: source.root["adapter"])
        var tensors = Dictionary(try source.finish().map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        if options.standardise {
            let fitted = Standardisation.fitted(to: embeddings)
            tensors["adapter/standardise/mean"] = fitted.mean
            tensors["adapter/standardise/deviation"] = fitted.deviation
        }
        for parameter in tower.parameters where !parameter.path.hasPrefix("text/") && parameter.path != "logit_bias" {
            tensors[parameter.path] = parameter.value
        }
        if let logitScale { tensors["logit_scale"] = Tensor.full([], logitScale) }
        return try AlignedModel(
            image: tower.image.configuration, adapter: configuration, source: ParameterSource(tensors: tensors))
    }

    /// An independent copy.
    func copy(logitScale: Float?) throws -> AlignedModel {
        var tensors = Dictionary(parameters.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        if let logitScale { tensors["logit_scale"] = Tensor.full([], logitScale) }
        return try AlignedModel(
            image: image.configuration, adapter: adapter.configuration, source: ParameterSource(tensors: tensors))
    }

    /// SHA-256 over all parameters.
    var hash: String { parametersHash(parameters) }
}

/// SHA-256 over the paths and values of parameters.
func parametersHash(_ parameters: [Parameter]) -> String {
    let sums = parameters.map { parameter in
        withExtendedLifetime(parameter.value) {
            "\(parameter.path) \(SHA256Hash.of(bytes: parameter.value.rawBytes))"
        }
    }
    return SHA256Hash.of(bytes: Data(sums.joined(separator: "\n").utf8))
}
