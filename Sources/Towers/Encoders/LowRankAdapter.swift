internal import Archive
internal import Foundation
internal import Tensors

/// A LoRA adapter as PEFT writes it: changes of low rank to the matrices of a network, `scale · B · A` (Hu et al., 2021,
/// arXiv 2106.09685), and tensors that replace the network's own.
struct LowRankAdapter {
    /// The description and the tensors.
    let files: [String]
    private let entries: ModelEntries
    private let names: NameTable
    /// By module, under PEFT's names.
    private var changes: [String: Change] = [:]
    /// By their paths in our networks.
    private var replacements: [String: Tensor] = [:]

    private struct Change {
        /// [r, inputs] and [outputs, r]
        var a: Tensor?
        var b: Tensor?
        /// Of a table of vectors, whose rows are the inputs.
        var isTable = false
    }

    /// Reads `adapter_config.json` and the tensors of a folder. Throws `ArchiveError` where something is missing, damaged, or
    /// not computed here.
    ///
    /// - `names`: of the network that the adapter belongs to.
    init(folder: String, names: NameTable) throws {
        entries = try ModelEntries(folder + "/adapter_config.json")
        self.names = names
        guard try entries.text("peft_type") ?? "LORA" == "LORA" else {
            throw entries.unusable("it describes an adapter of another kind than LoRA")
        }
        for key in ["use_dora", "lora_bias", "use_qalora"] where try entries.boolean(key) ?? false {
            throw entries.unusable("its \(key) is on, which is not computed here")
        }
        let read = try NamedTensors(folder: folder, anyOf: ["adapter_model.safetensors", "adapter_model.bin"])
        files = [entries.path] + read.files
        for (name, tensor) in read.tensors.sorted(by: { $0.key < $1.key }) { try take(name, tensor) }
    }

    private mutating func take(_ written: String, _ tensor: Tensor) throws {
        let name = written.replacing(".default", with: "").replacing(".modules_to_save", with: "")
        for (ending, isA, isTable) in [
            (".lora_A.weight", true, false), (".lora_B.weight", false, false), (".lora_embedding_A", true, true),
            (".lora_embedding_B", false, true),
        ] where name.hasSuffix(ending) {
            let module = String(name.dropLast(ending.count))
            guard tensor.shape.rank == 2 else { throw entries.unusable("its tensor \(written) is no matrix") }
            changes[module, default: Change()].isTable = isTable
            if isA { changes[module]?.a = tensor } else { changes[module]?.b = tensor }
            return
        }
        guard !name.contains(".lora_") else { throw entries.unusable("its tensor \(written) is not computed here") }
        guard let paths = names.paths(of: name) else {
            throw entries.unusable("its tensor \(written) belongs to no part of the model")
        }
        for path in paths { replacements[path] = tensor }
    }

    /// The matrices that the adapter touches become dense. Throws `ArchiveError` where the network has no such matrix, or one
    /// of another shape.
    func merge(into tensors: inout [String: Tensor]) throws {
        for (module, change) in changes {
            // The head that predicts tokens may be trained along; an embedder has none.
            guard let paths = names.paths(of: module + ".weight") else { throw unknown(module) }
            guard let path = paths.first else { continue }
            guard let a = change.a, let b = change.b, a.shape[0] == b.shape[1], a.shape[0] > 0, paths.count == 1 else {
                throw entries.unusable("its matrices A and B of \(module) do not fit each other")
            }
            guard let weight = tensors[path] else { throw unknown(module) }
            let (wideA, wideB) = (a.converted(to: .float32), b.converted(to: .float32))
            let outer = change.isTable ? (a.shape[1], b.shape[0]) : (b.shape[0], a.shape[1])
            guard weight.shape == [outer.0, outer.1] else {
                throw ArchiveError.misshapenTensor(path, expected: [outer.0, outer.1], found: weight.shape)
            }
            let merged = weight.elementType == .float32 ? weight.copied() : weight.converted(to: .float32)
            let (left, right) = change.isTable ? (wideA, wideB) : (wideB, wideA)
            Tensor.matmul(
                left, right, transposeA: change.isTable, transposeB: change.isTable,
                alpha: try scale(of: module, rank: a.shape[0]), beta: 1, into: merged)
            tensors[path] = merged
        }
        for (path, tensor) in replacements {
            guard tensors[path]?.shape == tensor.shape else {
                throw ArchiveError.misshapenTensor(
                    path, expected: tensor.shape, found: tensors[path]?.shape ?? Shape([]))
            }
            tensors[path] = tensor
        }
    }

    private func unknown(_ module: String) -> ArchiveError {
        entries.unusable("it changes \(module), which the model does not have; it belongs to another one")
    }

    /// `alpha / r`, or `alpha / √r` (rank-stabilised: Kalajdzievski, 2023, arXiv 2312.03732).
    private func scale(of module: String, rank: Int) throws -> Float {
        var alpha = try entries.number("lora_alpha") ?? 8
        for (pattern, value) in try entries.section("alpha_pattern")?.numbersByName() ?? [:] {
            guard pattern.utf8.allSatisfy({ !"^$*+?()[]{}|\\".utf8.contains($0) }) else {
                throw entries.unusable("its alpha_pattern \(pattern) is a regular expression, which is not read here")
            }
            if module.hasSuffix("." + pattern) { alpha = value }
        }
        return alpha / (try entries.boolean("use_rslora") ?? false ? Float(rank).squareRoot() : Float(rank))
    }
}
