internal import Archive
public import Tensors

/// Tensors that a `generate.py` wrote, from the folder `Fixtures` beside the test that asks.
public struct Fixture {
    public let tensors: [String: Tensor]

    /// Reads `Fixtures/<name>.safetensors` beside the calling source file.
    public init(_ name: String, beside source: String = #filePath) throws {
        let folder = source.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        tensors = try SafetensorsFile("\(folder)/Fixtures/\(name).safetensors").tensors.mapValues { $0.copied() }
    }

    /// The tensor of that name; throws `ArchiveError.missingTensor`.
    public func tensor(_ name: String) throws -> Tensor {
        guard let tensor = tensors[name] else {
            throw ArchiveError.missingTensor(name, available: tensors.keys.sorted())
        }
        return tensor
    }

    /// Tensors whose names begin with `prefix/`, by the rest of their names.
    public func group(_ prefix: String) -> [String: Tensor] {
        let pairs = tensors.compactMap { name, tensor in
            name.hasPrefix(prefix + "/") ? (String(name.dropFirst(prefix.count + 1)), tensor) : nil
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}
