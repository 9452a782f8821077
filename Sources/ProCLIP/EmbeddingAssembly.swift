internal import Tensors

/// A matrix of embeddings that is being put together: each distinct text is looked for once, all its rows are filled.
struct EmbeddingAssembly {
    /// [N, d]
    let result: Tensor
    /// Rows that are filled.
    private(set) var done = 0
    /// The rows of each text that is still missing. The key is its bytes: Swift's string equality merges canonically
    /// equal texts, a tokenizer may not.
    private var rows: [[UInt8]: [Int]]
    private let keys: [[UInt8]]

    init(texts: [String], dimension: Int) {
        result = Tensor(uninitialized: [texts.count, dimension])
        let keys = texts.map { Array($0.utf8) }
        rows = Dictionary(grouping: texts.indices) { keys[$0] }
        self.keys = keys
    }

    var isComplete: Bool { rows.isEmpty }

    /// The first row of each missing text, short texts first: those of similar length make good batches.
    var missing: [Int] {
        rows.values.compactMap(\.first).sorted { (keys[$0].count, $0) < (keys[$1].count, $1) }
    }

    /// Takes whatever a file has.
    mutating func fill(from file: EmbeddingsFile) {
        for (index, text) in file.texts.enumerated() { fill(Array(text.utf8), with: file.embeddings, at: index) }
    }

    /// Takes the vectors of the texts at `rows`.
    mutating func fill(_ rows: [Int], with vectors: Tensor) {
        for (index, row) in rows.enumerated() { fill(keys[row], with: vectors, at: index) }
    }

    private mutating func fill(_ key: [UInt8], with vectors: Tensor, at index: Int) {
        guard let targets = rows.removeValue(forKey: key) else { return }
        for row in targets { Self.copy(index, of: vectors, to: row, of: result) }
        done += targets.count
    }

    /// The vectors at some rows: [count, d].
    func vectors(at rows: [Int]) -> Tensor {
        let chosen = Tensor(uninitialized: [rows.count, result.shape[1]])
        for (index, row) in rows.enumerated() { Self.copy(row, of: result, to: index, of: chosen) }
        return chosen
    }

    private static func copy(_ source: Int, of tensor: Tensor, to target: Int, of other: Tensor) {
        let width = tensor.shape[1]
        (other.data + target * width).update(from: tensor.data + source * width, count: width)
    }
}
