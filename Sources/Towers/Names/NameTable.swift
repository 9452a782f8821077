internal import Archive
public import Tensors

/// How the tensors of a foreign format map to ours, in both directions.
public struct NameTable: Sendable {
    /// Where a foreign tensor, or a module's tensors, belong.
    public struct Place: ExpressibleByStringLiteral, Sendable {
        enum Form: Sendable {
            case same
            /// A convolution's kernel [O, C, P, P] for our matrix [O, C·P·P].
            case kernel
            /// A matrix [O, P·P·3] over pixels whose channel is innermost.
            case pixels
            /// A matrix that is applied from the right.
            case transposed
            /// A shape with that many leading ones.
            case led(Int)
            /// Values less one, as Gemma's norms are stored.
            case lessOne
            /// Rows of several tensors in one.
            case stacked
        }

        let paths: [String]
        let form: Form

        public init(stringLiteral path: String) { (paths, form) = ([path], .same) }
        private init(_ paths: [String], _ form: Form) { (self.paths, self.form) = (paths, form) }

        static func kernel(_ path: String) -> Place { Place([path], .kernel) }
        static func pixels(_ path: String) -> Place { Place([path], .pixels) }
        static func transposed(_ path: String) -> Place { Place([path], .transposed) }
        static func led(by ones: Int, _ path: String) -> Place { Place([path], .led(ones)) }
        static func lessOne(_ path: String) -> Place { Place([path], .lessOne) }
        static func stacked(_ paths: [String]) -> Place { Place(paths, .stacked) }
    }

    /// By foreign name, of a tensor or of the module that holds it; `#` stands for the number of a block.
    let places: [String: Place]
    /// Other names for the same places, which are read and not written.
    let aliases: [String: Place]
    /// Names of tensors and modules that our networks do without, `#` as above.
    let unused: [String]
    /// What some files put before names, one or several of them.
    let prefixes: [String]

    init(
        _ places: [String: Place], aliases: [String: Place] = [:], unused: [String] = [], prefixes: [String] = []
    ) {
        (self.places, self.aliases, self.unused, self.prefixes) = (places, aliases, unused, prefixes)
    }

    /// The tensors at our paths. An unknown name is kept as it is, so that strict loading reports it.
    public func tensors(_ foreign: [String: Tensor]) -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for (name, tensor) in foreign {
            let name = plain(name)
            if isUnused(name) { continue }
            guard let (place, rest) = place(of: name) else {
                result[name] = tensor
                continue
            }
            for (path, part) in zip(place.paths, place.form.parts(of: tensor, count: place.paths.count)) {
                result[path.replacing("#", with: rest.block) + rest.leaf] = part
            }
        }
        return result
    }

    /// Where a foreign tensor belongs: nowhere, where our networks do without it; nil for an unknown name.
    func paths(of name: String) -> [String]? {
        let name = plain(name)
        if isUnused(name) { return [] }
        return place(of: name).map { place, rest in
            place.paths.map { $0.replacing("#", with: rest.block) + rest.leaf }
        }
    }

    private func isUnused(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let number = parts.firstIndex { Int($0) != nil }
        let module = parts.enumerated().map { $0 == number ? "#" : $1 }.joined(separator: ".")
        return unused.contains { name == $0 || name.hasPrefix($0 + ".") || module.hasPrefix($0 + ".") }
    }

    /// A name without what stands before it in some files.
    private func plain(_ name: String) -> String {
        var name = name[...]
        while let prefix = prefixes.first(where: name.hasPrefix) { name = name.dropFirst(prefix.count) }
        return String(name)
    }

    /// The place of a name, the number that `#` stands for, and what follows the module's path.
    private func place(of name: String) -> (Place, (block: String, leaf: String))? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for end in [parts.count, parts.count - 1] where end > 0 {
            let leaf = end < parts.count ? "/" + parts[end] : ""
            if let place = known(parts[..<end]) { return (place, ("", leaf)) }
            guard let position = parts[..<end].firstIndex(where: { Int($0) != nil }) else { continue }
            var module = Array(parts[..<end])
            module[position] = "#"
            if let place = known(module[...]) { return (place, (parts[position], leaf)) }
        }
        return nil
    }

    private func known(_ module: ArraySlice<String>) -> Place? {
        let name = module.joined(separator: ".")
        return places[name] ?? aliases[name]
    }

    /// Our tensors under their foreign names, sorted. Throws a `ConfigurationError` for one that has no name there.
    public func foreign(_ tensors: [(path: String, value: Tensor)]) throws -> [(String, Tensor)] {
        let known = ourPlaces
        var parts: [String: (form: Place.Form, tensors: [Int: Tensor])] = [:]
        for (path, tensor) in tensors {
            guard let (name, position, form) = foreignName(of: path, known) else {
                throw ConfigurationError("the format has no name for the tensor \(path); save the model as hdf5")
            }
            parts[name, default: (form, [:])].tensors[position] = tensor
        }
        return parts.map { name, part in
            (name, part.form.joined(part.tensors.sorted { $0.key < $1.key }.map(\.value)))
        }.sorted { $0.0 < $1.0 }
    }

    /// Runs what builds a network from the tensors of a file: what strict building reports is named as it is in the file.
    func namingErrors<Built>(as file: NamedTensors, _ build: () throws -> Built) throws -> Built {
        func name(_ path: String) -> String { foreignName(of: path, ourPlaces)?.0 ?? path }
        do {
            return try build()
        } catch ArchiveError.missingTensor(let path, _) {
            if let type = file.skipped[name(path)] {
                throw ArchiveError.elementType(name(path), expected: "F32, F16 or BF16", found: type)
            }
            throw ArchiveError.missingTensor(name(path), available: file.tensors.keys.sorted())
        } catch ArchiveError.misshapenTensor(let path, let expected, let found) {
            throw ArchiveError.misshapenTensor(name(path), expected: expected, found: found)
        } catch ArchiveError.notFinite(let path) {
            throw ArchiveError.notFinite(name(path))
        }
    }

    /// The foreign names of our paths, with the place of each among several.
    private var ourPlaces: [String: (name: String, position: Int)] {
        var known: [String: (name: String, position: Int)] = [:]
        for (name, place) in places {
            for (position, path) in place.paths.enumerated() { known[path] = (name, position) }
        }
        return known
    }

    private func foreignName(
        of path: String, _ known: [String: (name: String, position: Int)]
    ) -> (String, Int, Place.Form)? {
        var parts = path.split(separator: "/").map(String.init)
        var block = ""
        if let position = parts.firstIndex(where: { Int($0) != nil }) {
            block = parts[position]
            parts[position] = "#"
        }
        for end in [parts.count, parts.count - 1] where end > 0 {
            guard let (name, position) = known[parts[..<end].joined(separator: "/")], let place = places[name] else {
                continue
            }
            let leaf = end < parts.count ? "." + parts[end] : ""
            return (name.replacing("#", with: block) + leaf, position, place.form)
        }
        return nil
    }
}

extension NameTable.Place.Form {
    /// Our tensors out of a foreign one. A shape that cannot be is left alone, so that strict loading reports it.
    fileprivate func parts(of tensor: Tensor, count: Int) -> [Tensor] {
        let shape = tensor.shape
        switch self {
        case .same: return [tensor]
        case .kernel:
            guard shape.rank == 4, shape[0] > 0 else { return [tensor] }
            return [tensor.reshaped([shape[0], shape.count / shape[0]])]
        case .pixels:
            guard shape.rank == 2, shape[1] % 3 == 0 else { return [tensor] }
            return [tensor.exchangingInner(shape[1] / 3, 3)]
        case .transposed: return [shape.rank == 2 ? tensor.transposed() : tensor]
        case .led(let ones):
            let leading = shape.dimensions.prefix(ones)
            guard leading.count == ones, leading.allSatisfy({ $0 == 1 }) else { return [tensor] }
            return [tensor.reshaped(Shape(Array(shape.dimensions.dropFirst(ones))))]
        case .lessOne: return [tensor.increased(by: 1)]
        case .stacked:
            guard shape.rank > 0, shape[0] % count == 0 else { return [Tensor](repeating: tensor, count: count) }
            let rows = shape[0] / count
            return (0..<count).map { tensor.rows($0 * rows..<($0 + 1) * rows) }
        }
    }

    /// A foreign tensor out of ours.
    fileprivate func joined(_ tensors: [Tensor]) -> Tensor {
        let tensor = tensors[0]
        switch self {
        case .same: return tensor
        case .kernel:
            let side = Int((Double(tensor.shape[1]) / 3).squareRoot().rounded())
            return tensor.reshaped([tensor.shape[0], 3, side, side])
        case .pixels: return tensor.exchangingInner(3, tensor.shape[1] / 3)
        case .transposed: return tensor.transposed()
        case .led(let ones):
            return tensor.reshaped(Shape([Int](repeating: 1, count: ones) + tensor.shape.dimensions))
        case .lessOne: return tensor.increased(by: -1)
        case .stacked: return .stacked(tensors)
        }
    }
}
