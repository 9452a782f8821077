internal import Foundation
internal import Tensors

/// The tensors of PyTorch's `.pt` and `.bin` files since version 1.6: a zip archive of a pickle, which describes the
/// tensors, and of their bytes. TorchScript archives (OpenAI's CLIP) hold the same; their code is left alone.
struct TorchFile {
    private let archive: ZipArchive
    private let pickle: Pickle
    /// The folder of the members.
    private let prefix: String

    /// No pickle of tensors is larger: it holds names and sizes only.
    private static let pickleLimit = 64_000_000
    private static let depthLimit = 32
    /// Far more names than a model has; modules that share their parts can make any number of them.
    private static let nameLimit = 1_000_000

    /// Throws `ArchiveError`.
    static func read(_ path: String) throws -> NamedTensors {
        let file = try TorchFile(path)
        var result = NamedTensors(tensors: [:], files: [path])
        var budget = Budget(names: nameLimit, copiedBytes: 4 * file.archive.file.bytes.count)
        try file.collect(file.stateDictionary, "", depth: 0, into: &result, &budget)
        guard !result.tensors.isEmpty else {
            throw ArchiveError.unreadable(path, reason: "it holds no tensors by name")
        }
        result.tensors = withoutPrefix(result.tensors)
        return result
    }

    private init(_ path: String) throws {
        archive = try ZipArchive(path)
        guard let name = archive.members.keys.filter({ $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }).min() else {
            throw ArchiveError.foreign(path, expected: "a PyTorch file")
        }
        prefix = String(name.dropLast("data.pkl".count))
        if let order = try? archive.bytes(prefix + "byteorder"), !order.elementsEqual("little".utf8) {
            throw ArchiveError.unreadable(path, reason: "its numbers are big-endian; save it anew on a usual machine")
        }
        let bytes = try archive.bytes(name)
        guard bytes.count <= Self.pickleLimit else {
            throw ArchiveError.unreadable(path, reason: "its pickle has \(bytes.count) bytes, more than tensors need")
        }
        pickle = try Unpickler.read(bytes, path: path)
    }

    /// Training programs keep the parameters beside their own state.
    private var stateDictionary: PickleValue {
        for name in ["state_dict", "model", "module"] {
            for case (.text(name), let value) in pickle.entries(pickle.root) ?? [] {
                if case .dictionary = value { return value }
            }
        }
        return pickle.root
    }

    /// Data-parallel training writes `module.` before every name.
    private static func withoutPrefix(_ tensors: [String: Tensor]) -> [String: Tensor] {
        guard tensors.keys.allSatisfy({ $0.hasPrefix("module.") }) else { return tensors }
        return Dictionary(uniqueKeysWithValues: tensors.map { (String($0.key.dropFirst("module.".count)), $0.value) })
    }

    /// The tensors of a dictionary, and of the modules inside a module, whose names are joined by dots.
    private func collect(
        _ value: PickleValue, _ path: String, depth: Int, into result: inout NamedTensors, _ budget: inout Budget
    ) throws {
        for case (.text(let name), let entry) in pickle.entries(value) ?? [] {
            budget.names -= 1
            guard budget.names >= 0 else { throw tooMuch }
            let full = path.isEmpty ? name : path + "." + name
            switch entry {
            case .call(let call): try add(full, call, to: &result, &budget)
            case .object:
                guard depth < Self.depthLimit else {
                    throw ArchiveError.unreadable(archive.path, reason: "its modules are nested too deeply")
                }
                try collect(entry, full, depth: depth + 1, into: &result, &budget)
            default: continue
            }
        }
    }

    /// What an archive may claim beyond its own size: names of parts that modules share, and copies of strided views.
    private struct Budget {
        var names: Int
        var copiedBytes: Int
    }

    private var tooMuch: ArchiveError {
        .unreadable(archive.path, reason: "it describes the same tensors again and again, more than memory would hold")
    }

    private func add(
        _ name: String, _ call: Int, to result: inout NamedTensors, _ budget: inout Budget
    ) throws {
        var (function, arguments) = pickle.calls[call]
        if function.hasSuffix("_rebuild_parameter"), case .call(let inner)? = arguments.first {
            (function, arguments) = pickle.calls[inner]
        }
        guard function.hasSuffix("_rebuild_tensor_v2"), arguments.count >= 4,
            case .persistent(let storage) = arguments[0], case .integer(let offset) = arguments[1],
            let sizes = pickle.integers(arguments[2]), let strides = pickle.integers(arguments[3]),
            let held = try storedElements(pickle.persistents[storage])
        else { throw impossible(name) }
        guard let type = held.type else {
            result.skipped[name] = held.typeName
            return
        }
        let view = try StridedView(
            offset: offset, sizes: sizes, strides: strides, elements: held.count, fault: impossible(name))
        if !view.isContiguous { budget.copiedBytes -= type.byteCount(of: view.count) }
        guard budget.copiedBytes >= 0 else { throw tooMuch }
        result.tensors[name] = view.tensor(of: type, at: held.bytes, owner: archive.file)
    }

    private func impossible(_ name: String) -> ArchiveError {
        .unreadable(archive.path, reason: "its description of the tensor \(name) is impossible")
    }

    private struct StoredElements {
        let type: ElementType?
        let typeName: String
        let count: Int
        let bytes: UnsafeRawBufferPointer
    }

    /// `("storage", class, key, device, number of elements)`
    private func storedElements(_ key: PickleValue) throws -> StoredElements? {
        guard let parts = pickle.items(key), parts.count >= 5, case .text("storage") = parts[0],
            case .global(let name) = parts[1], case .text(let key) = parts[2], case .integer(let count) = parts[4],
            count >= 0
        else { return nil }
        let types: [String: ElementType] = [
            "torch.FloatStorage": .float32, "torch.HalfStorage": .float16, "torch.BFloat16Storage": .bfloat16,
        ]
        let bytes = try archive.bytes(prefix + "data/" + key)
        let type = types[name]
        if let type, count > bytes.count / type.byteCount(of: 1) { throw ArchiveError.truncated(archive.path) }
        return StoredElements(type: type, typeName: String(name.dropFirst("torch.".count)), count: count, bytes: bytes)
    }
}

/// A tensor as PyTorch describes it: sizes and strides, in elements, over a row of stored elements.
private struct StridedView {
    let offset: Int
    let sizes: [Int]
    let strides: [Int]
    let count: Int

    /// Throws `fault` for a view that leaves the `elements`, or that repeats them.
    init(offset: Int, sizes: [Int], strides: [Int], elements: Int, fault: ArchiveError) throws {
        guard offset >= 0, offset <= elements, sizes.count == strides.count, sizes.count <= 8 else { throw fault }
        guard sizes.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else { throw fault }
        let isEmpty = sizes.contains(0)
        var (count, last) = (1, offset)
        for (size, stride) in zip(sizes, strides) {
            let product = count.multipliedReportingOverflow(by: size)
            let reach = isEmpty ? (0, false) : (size - 1).multipliedReportingOverflow(by: stride)
            let end = last.addingReportingOverflow(reach.0)
            guard !product.overflow, !reach.1, !end.overflow else { throw fault }
            (count, last) = (product.partialValue, end.partialValue)
        }
        guard count == 0 || (last < elements && count <= elements) else { throw fault }
        (self.offset, self.sizes, self.strides, self.count) = (offset, sizes, strides, count)
    }

    var isContiguous: Bool {
        var expected = 1
        for (size, stride) in zip(sizes, strides).reversed() where size != 1 {
            if stride != expected { return false }
            expected *= size
        }
        return true
    }

    func tensor(of type: ElementType, at bytes: UnsafeRawBufferPointer, owner: MappedFile) -> Tensor {
        let width = type.byteCount(of: 1)
        guard let base = bytes.baseAddress.map({ $0 + offset * width }), count > 0 else {
            return Tensor(shape: Shape(sizes), elementType: type, storage: Storage(byteCount: count * width))
        }
        if isContiguous {
            let storage = Storage(mapped: base, byteCount: count * width, owner: owner)
            let tensor = Tensor(shape: Shape(sizes), elementType: type, storage: storage)
            return Int(bitPattern: base) % width == 0 ? tensor : tensor.copied()
        }
        let storage = Storage(byteCount: count * width)
        var indices = [Int](repeating: 0, count: sizes.count)
        for element in 0..<count {
            let source = zip(indices, strides).reduce(0) { $0 + $1.0 * $1.1 }
            (storage.bytes + element * width).copyMemory(from: base + source * width, byteCount: width)
            for axis in indices.indices.reversed() {
                indices[axis] += 1
                if indices[axis] < sizes[axis] { break }
                indices[axis] = 0
            }
        }
        return Tensor(shape: Shape(sizes), elementType: type, storage: storage)
    }
}
