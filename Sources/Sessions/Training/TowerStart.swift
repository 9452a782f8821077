internal import Layers
internal import Tensors
internal import Towers

/// The image tower that an adapter is put on, with the logit scale and bias of the CLIP that it comes from.
struct TowerStart {
    private(set) var image: VisionTransformer.Configuration
    /// At `image/...`, `logit_scale` and `logit_bias`; never written.
    private(set) var tensors: [String: Tensor]
    let origin: String
    /// Of what it was read from.
    let hash: String

    init(_ clip: ClipContent) throws {
        image = clip.model.image.configuration
        let parameters = clip.model.parameters.filter { !$0.path.hasPrefix("text/") }
        tensors = parameters.valuesByPath
        (origin, hash) = (clip.origin, try clip.identity.hash)
    }

    init(_ tower: TowerContent) throws {
        self.init(tower.tower, origin: tower.origin, hash: try tower.identity.hash)
    }

    /// A published architecture with fresh weights.
    init(random name: String, _ configuration: VisionTransformer.Configuration, seed: UInt64) throws {
        let tower = try ImageTower(configuration, source: ParameterSource(seed: seed))
        self.init(tower, origin: "random:\(name)", hash: "random:\(name) seed \(seed)")
    }

    private init(_ tower: ImageTower, origin: String, hash: String) {
        image = tower.image.configuration
        tensors = tower.parameters.valuesByPath
        tensors["logit_scale"] = Tensor(scalar: initialLogitScale)
        (self.origin, self.hash) = (origin, hash)
    }

    /// The tower with features of another width: a fresh projection is the bridge between the two.
    func bridged(to outputs: Int, seed: UInt64) throws -> TowerStart {
        guard image.outputs != outputs else { return self }
        var bridged = self
        bridged.image.outputs = outputs
        if image.style.projection == .none { bridged.image.style.projection = .linear }
        let source = ParameterSource(seed: seed)
        for fresh in try ImageTower(bridged.image, source: source).parameters
        where fresh.path.hasPrefix("image/projection/") { bridged.tensors[fresh.path] = fresh.value }
        return bridged
    }
}
