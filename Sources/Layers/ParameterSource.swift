internal import Archive
public import Tensors

/// How a fresh parameter starts.
public enum Initializer: Sendable {
    case zeros
    case ones
    case constant(Float)
    case normal(deviation: Float)
    case uniform(bound: Float)
}

/// Where a network's parameters come from: a seed, or named tensors of a file. One way to build, one way to load.
///
/// A layer asks for each parameter with its name below the current path; a source that reads from tensors is strict:
/// a tensor that is missing, misshapen or not finite throws, and `finish()` throws for tensors that nothing asked for.
public final class ParameterSource {
    private enum Origin {
        case seed(UInt64)
        case tensors([String: Tensor], Use)
    }

    /// What becomes of tensors that are given.
    public enum Use: Sendable {
        /// Parameters are private float32 copies, to be trained.
        case copied
        /// Parameters are the tensors themselves, in their encoding and mapped until they are used.
        case adopted
        /// Matrices of linear layers stay encoded and mapped for good, and are no parameters.
        case frozen
    }

    private let origin: Origin
    private let products: ProductPrecision
    private let lowRank: LowRank?
    private var parameters: [Parameter] = []
    private var taken: Set<String> = []
    /// The matrices that are frozen beside trained ones of low rank, by the path of their layer.
    public private(set) var adapted: [String: LowRankWeight] = [:]

    public init(seed: UInt64) {
        origin = .seed(seed)
        products = .float32
        lowRank = nil
    }

    /// - `products`: of the linear layers, if they are frozen.
    /// - `lowRank`: what is trained beside matrices that stay as they are, however the others are used; fresh where the
    ///   tensors do not hold it.
    public init(
        tensors: [String: Tensor], _ use: Use = .copied, products: ProductPrecision = .float32, lowRank: LowRank? = nil
    ) {
        origin = .tensors(tensors, use)
        self.products = products
        self.lowRank = lowRank
    }

    /// The root of the module tree.
    public var root: ParameterScope { ParameterScope(source: self, path: "") }

    fileprivate func parameter(_ path: String, _ shape: Shape, _ initializer: Initializer) throws -> Parameter {
        try take(path)
        let value: Tensor
        switch origin {
        case .seed(let seed):
            value = fresh(shape, initializer, seed: seed, path: path)
        case .tensors(let tensors, .adopted):
            value = try checked(tensors, path, shape)
        case .tensors(let tensors, _):
            let stored = try checked(tensors, path, shape)
            value = stored.elementType == .float32 ? stored.copied() : stored.converted(to: .float32)
        }
        let parameter = Parameter(path: path, value: value)
        parameters.append(parameter)
        return parameter
    }

    fileprivate func weight(_ path: String, _ shape: Shape, _ initializer: Initializer) throws -> Weight {
        let layer = path.split(separator: "/").dropLast().joined(separator: "/")
        let change = lowRank.flatMap { $0.adapts(layer) ? $0 : nil }
        guard case .tensors(let tensors, let use) = origin, use == .frozen || change != nil else {
            return .dense(try parameter(path, shape, initializer))
        }
        try take(path)
        let base = try checked(tensors, path, shape)
        guard let change else { return .packed(base, products) }
        func matrix(_ name: String, _ shape: Shape, _ initializer: Initializer) throws -> Parameter {
            let path = "\(layer)/lora/\(name)"
            try take(path)
            let value =
                tensors[path] == nil
                ? fresh(shape, initializer, seed: change.seed, path: path) : try checked(tensors, path, shape).copied()
            let parameter = Parameter(path: path, value: value)
            parameters.append(parameter)
            return parameter
        }
        let bound = 1 / Float(shape[1]).squareRoot()
        let weight = LowRankWeight(
            base: base, precision: products,
            down: try matrix("down", [change.rank, shape[1]], .uniform(bound: bound)),
            up: try matrix("up", [shape[0], change.rank], .zeros), scale: change.scale)
        adapted[layer] = weight
        return .adapted(weight)
    }

    private func take(_ path: String) throws {
        guard taken.insert(path).inserted else { throw ArchiveError.duplicateTensor(path) }
    }

    private func checked(_ tensors: [String: Tensor], _ path: String, _ shape: Shape) throws -> Tensor {
        guard let stored = tensors[path] else {
            throw ArchiveError.missingTensor(path, available: tensors.keys.sorted())
        }
        guard stored.shape == shape else {
            throw ArchiveError.misshapenTensor(path, expected: shape, found: stored.shape)
        }
        // One pass over the data, mapped or not: little beside the hash that every model's file is read for.
        guard stored.isFinite else { throw ArchiveError.notFinite(path) }
        return stored
    }

    private func fresh(_ shape: Shape, _ initializer: Initializer, seed: UInt64, path: String) -> Tensor {
        var generator = RandomGenerator(seed: seed, stream: path)
        return switch initializer {
        case .zeros: Tensor.zeros(shape)
        case .ones: Tensor.full(shape, 1)
        case .constant(let value): Tensor.full(shape, value)
        case .normal(let deviation): Tensor.normal(shape, deviation: deviation, using: &generator)
        case .uniform(let bound): Tensor.uniform(shape, bound: bound, using: &generator)
        }
    }

    /// All parameters in the order in which the network asked for them.
    /// Throws `ArchiveError.extraTensors` where the tensors hold names that nothing asked for.
    public func finish() throws -> [Parameter] {
        if case .tensors(let tensors, _) = origin {
            let extra = Set(tensors.keys).subtracting(taken)
            if !extra.isEmpty { throw ArchiveError.extraTensors(extra.sorted()) }
        }
        return parameters
    }
}

/// A place in the module tree. `scope["blocks"][0]` is `blocks/0`.
public struct ParameterScope {
    fileprivate let source: ParameterSource
    public let path: String

    public subscript(name: String) -> ParameterScope {
        ParameterScope(source: source, path: path.isEmpty ? name : path + "/" + name)
    }
    public subscript(index: Int) -> ParameterScope { self[String(index)] }

    /// Layers at the paths 0, 1, ... below this one. A count that a file claims is believed only as far as its tensors go.
    public func stack<Layer>(of count: Int, _ layer: (ParameterScope) throws -> Layer) rethrows -> [Layer] {
        var layers: [Layer] = []
        for index in 0..<count { layers.append(try layer(self[index])) }
        return layers
    }

    public func parameter(_ name: String, _ shape: Shape, _ initializer: Initializer) throws -> Parameter {
        try source.parameter(self[name].path, shape, initializer)
    }

    /// The matrix of a linear layer: a parameter, or a packed constant where the source is frozen.
    public func weight(_ name: String, _ shape: Shape, _ initializer: Initializer) throws -> Weight {
        try source.weight(self[name].path, shape, initializer)
    }
}
