internal import Archive
public import Tensors

extension BERT {
    /// Our paths for the tensors of a Hugging Face BERT file.
    /// What mean pooling does not use (the pooler, stored positions) is left out; any other unknown name is kept as it
    /// is, so that strict loading reports it.
    public static func renamed(_ tensors: [String: Tensor]) -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for (name, tensor) in tensors {
            let name = name.hasPrefix("bert.") ? String(name.dropFirst(5)) : name
            if name.hasPrefix("pooler.") { continue }
            result[path(for: name)] = tensor
        }
        return result
    }

    private static let table = [
        "embeddings.word_embeddings.weight": "embeddings/words",
        "embeddings.position_embeddings.weight": "embeddings/positions",
        "embeddings.token_type_embeddings.weight": "embeddings/types",
        "embeddings.LayerNorm": "embeddings/norm",
        "attention.self.query": "attention/query",
        "attention.self.key": "attention/key",
        "attention.self.value": "attention/value",
        "attention.output.dense": "attention/output",
        "attention.output.LayerNorm": "norm1",
        "intermediate.dense": "mlp/up",
        "output.dense": "mlp/down",
        "output.LayerNorm": "norm2",
    ]

    private static func path(for name: String) -> String {
        if let path = table[name] { return path }
        var parts = name.split(separator: ".").map(String.init)
        let leaf = parts.removeLast()
        var prefix = ""
        if parts.count > 3, parts[0] == "encoder", parts[1] == "layer" {
            prefix = "blocks/\(parts[2])/"
            parts.removeFirst(3)
        }
        return table[parts.joined(separator: ".")].map { prefix + $0 + "/" + leaf } ?? name
    }
}
