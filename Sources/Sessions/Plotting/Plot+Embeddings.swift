internal import Foundation
internal import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// What is drawn of vectors that are there already.
extension Plot {
    /// How the cosines between vectors are distributed.
    static func cosines(of content: EmbeddingsContent, _ arguments: Arguments) throws -> Reply {
        // A thousand vectors have half a million pairs.
        let vectors = content.embeddings.vectors.rows(0..<min(1000, content.embeddings.labels.count))
        let count = vectors.shape[0]
        guard count > 1 else {
            throw arguments.diagnostic(.contradiction, "one vector has no other to be compared with", at: "handle")
        }
        let product = Tensor.matmul(vectors, vectors, transposeB: true)
        let norms = (0..<count).map { Double(product.data[$0 * count + $0]).squareRoot() }
        let values = (0..<count).flatMap { row in
            (row + 1..<count).map { Double(product.data[row * count + $0]) / (norms[row] * norms[$0]) }
        }
        return Histogram(
            title: "\(content.embeddings.model): cosines between \(count) vectors", axis: "cosine",
            groups: [("cosines", values)], bins: arguments.integer("bins") ?? 40
        ).reply
    }

    /// The cosines of some vectors and those of a second handle, or one another.
    static func similarities(_ arguments: Arguments) throws -> Reply {
        let handles = arguments.handles("handle")
        let all = try handles.map { try arguments.content(of: $0, at: "handle", as: EmbeddingsContent.self).embeddings }
        guard let (rows, columns) = all.first.flatMap({ first in all.last.map { (first, $0) } }) else { return Reply() }
        let sums = all.map { $0.description["model_sha256"] }
        guard rows.vectors.shape[1] == columns.vectors.shape[1], sums.first == sums.last else {
            throw arguments.diagnostic(
                .contradiction,
                "\(handles[0].name) is by \(rows.model), \(handles[1].name) by \(columns.model): their vectors lie in "
                    + "different spaces", at: "handle", help: "embed both with one model")
        }
        func first(_ embeddings: LabelledEmbeddings) -> (names: [String], vectors: Tensor) {
            let count = min(embeddings.labels.count, arguments.integer("n") ?? PairMap.usualCount)
            let names = embeddings.labels.prefix(count).map { label in
                embeddings.role == .paths ? URL(filePath: label).lastPathComponent : label
            }
            return (names.numbered, embeddings.vectors.rows(0..<count).unitRows())
        }
        let (left, right) = (first(rows), first(columns))
        let product = Tensor.matmul(left.vectors, right.vectors, transposeB: true)
        let (height, width) = (left.names.count, right.names.count)
        let names = handles.map(\.name)
        let matrix = Matrix(
            title: "cosines of " + (names.count > 1 ? "\(names[0]) (rows) and \(names[1]) (columns)" : names[0]),
            rowNames: left.names,
            columnNames: (1...max(1, width)).map { "\($0)" },
            values: (0..<height).map { row in (0..<width).map { Double(product.data[row * width + $0]) } })
        let note = handles.count > 1 ? [Reply.Block.note("columns: " + right.names.joined(separator: ", "))] : []
        return Reply([.matrix(matrix)] + note)
    }
}
