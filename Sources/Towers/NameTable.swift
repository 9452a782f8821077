internal import Tensors

/// How the tensor names of a foreign format map to our paths.
struct NameTable {
    /// Foreign names, of tensors or of the modules that hold them, to our paths; `#` stands for the number of a block.
    let paths: [String: String]
    /// Names of tensors and modules that our networks do without.
    let unused: [String]
    /// What some files put before every name.
    var prefix = ""

    /// The tensors at our paths. An unknown name is kept as it is, so that strict loading reports it.
    func renamed(_ tensors: [String: Tensor]) -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for (name, tensor) in tensors {
            let name = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
            if unused.contains(where: { name == $0 || name.hasPrefix($0 + ".") }) { continue }
            result[path(for: name) ?? name] = tensor
        }
        return result
    }

    private func path(for name: String) -> String? {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var block = ""
        if let position = parts.firstIndex(where: { Int($0) != nil }) {
            block = parts[position]
            parts[position] = "#"
        }
        let path = paths[parts.joined(separator: ".")] ?? modulePath(parts)
        return path?.replacing("#", with: block)
    }

    private func modulePath(_ parts: [String]) -> String? {
        guard let leaf = parts.last else { return nil }
        return paths[parts.dropLast().joined(separator: ".")].map { $0 + "/" + leaf }
    }
}
