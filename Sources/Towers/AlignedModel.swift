public import Layers
public import Tensors

/// What both stages of ProCLIP train: an image tower, and the adapter that places an embedder's vectors in its space.
/// The frozen embedder itself is not part of it: its vectors are computed once and cached.
public struct AlignedModel {
    /// E_I
    public let image: VisionTransformer
    /// A
    public let adapter: Adapter
    /// The logarithm of the inverse temperature, a scalar.
    public let logitScale: Parameter
    /// Added to the scaled cosines where the model comes from a SigLIP or is trained as one, a scalar.
    public let logitBias: Parameter?
    /// All parameters, at `image/...`, `adapter/...`, `logit_scale` and `logit_bias`.
    public let parameters: [Parameter]
    /// What is trained in the place of the image tower's own matrices; nil where they are trained themselves, or nothing is.
    public let lowRank: LowRank?
    /// Those matrices by the path of their layer.
    private let adapted: [String: LowRankWeight]

    /// Throws a `ConfigurationError` where tower and adapter differ in their output's width, and what the
    /// source throws.
    public init(
        image: VisionTransformer.Configuration, adapter: Adapter.Configuration, hasLogitBias: Bool = false,
        lowRank: LowRank? = nil, source: ParameterSource
    ) throws {
        guard image.outputs == adapter.outputs else {
            throw ConfigurationError(
                "the image tower gives \(image.outputs) features and the adapter \(adapter.outputs); make them equal")
        }
        self.image = try VisionTransformer(configuration: image, scope: source.root["image"])
        self.adapter = try Adapter(configuration: adapter, scope: source.root["adapter"])
        logitScale = try source.root.parameter("logit_scale", .scalar, .constant(initialLogitScale))
        logitBias = hasLogitBias ? try source.root.parameter("logit_bias", .scalar, .constant(initialLogitBias)) : nil
        parameters = try source.finish()
        self.lowRank = lowRank
        adapted = source.adapted
    }

    /// A model of copies of these tensors. Throws as the other.
    /// - `lowRank`: what is trained in the place of the image tower's own matrices.
    public init(
        image: VisionTransformer.Configuration, adapter: Adapter.Configuration, tensors: [String: Tensor],
        lowRank: LowRank? = nil
    ) throws {
        try self.init(
            image: image, adapter: adapter, hasLogitBias: tensors["logit_bias"] != nil, lowRank: lowRank,
            source: ParameterSource(tensors: tensors, lowRank: lowRank))
    }

    /// The same model with every matrix of low rank added to the one that it belongs to.
    public func merged() throws -> AlignedModel {
        if adapted.isEmpty { return self }
        var tensors = parameters.filter { !$0.path.contains("/lora/") }.valuesByPath
        for (layer, weight) in adapted { tensors[layer + "/weight"] = weight.merged() }
        return try AlignedModel(image: image.configuration, adapter: adapter.configuration, tensors: tensors)
    }

    /// An image tower of the same values, which are its own.
    public func imageTwin() throws -> ImageTower {
        var tensors = parameters.filter { $0.path.hasPrefix("image/") }.valuesByPath
        for (layer, weight) in adapted { tensors[layer + "/weight"] = weight.base }
        return try ImageTower(image.configuration, source: ParameterSource(tensors: tensors, lowRank: lowRank))
    }
}

extension [Parameter] {
    /// Each one's values by its path.
    public var valuesByPath: [String: Tensor] { Dictionary(map { ($0.path, $0.value) }, uniquingKeysWith: { $1 }) }
}
