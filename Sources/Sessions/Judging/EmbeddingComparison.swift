internal import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// Embeddings of the same items beside each other: how alike their geometry is to that of the first.
struct EmbeddingComparison {
    private let entries: [(name: String, embeddings: LabelledEmbeddings)]
    /// The items that all have, in the order of the first.
    private let items: [String]
    /// How many neighbours are compared.
    private let neighbours: Int
    private var similarities: [Double] = []
    /// For each entry and item, the share of neighbours that the first has too.
    private var shares: [[Double]] = []

    /// Throws a `Diagnostic` where fewer than three items are common to all.
    init(_ handles: [Handle], _ arguments: Arguments) throws {
        entries = try handles.map {
            ($0.name, try arguments.content(of: $0, at: "model", as: EmbeddingsContent.self).embeddings)
        }
        let known = entries.dropFirst().map { Set($0.embeddings.labels) }
        var seen: Set<String> = []
        items = (entries.first?.embeddings.labels ?? []).filter { label in
            known.allSatisfy { $0.contains(label) } && seen.insert(label).inserted
        }
        guard items.count > 2 else {
            throw arguments.diagnostic(
                .contradiction, "these embeddings have \(items.count) items in common, three are needed", at: "model")
        }
        neighbours = min(10, items.count - 1)
        let tables = try entries.map { entry -> (vectors: Tensor, near: [Set<Int>]) in
            let places = Dictionary(zip(entry.embeddings.labels, 0...)) { first, _ in first }
            let rows = items.compactMap { places[$0] }
            let vectors = entry.embeddings.vectors.gathering(rows: rows).unitRows()
            let best = try Ranking.best(neighbours + 1, of: vectors, among: vectors)
            return (
                vectors,
                best.enumerated().map { item, near in
                    Set(near.map(\.candidate).filter { $0 != item }.prefix(neighbours))
                }
            )
        }
        for table in tables {
            similarities.append(try LinearCKA.similarity(tables[0].vectors, table.vectors))
            shares.append(
                zip(tables[0].near, table.near).map { Double($0.intersection($1).count) / Double(neighbours) })
        }
    }

    private func mean(_ shares: [Double]) -> Double { shares.reduce(0, +) / Double(shares.count) }

    /// - Parameter count: of two embeddings, how many items whose neighbours differ most are listed.
    func reply(most count: Int) -> Reply {
        var fields: Fields = ["n": .integer(items.count)]
        for (index, entry) in entries.enumerated() {
            fields["\(entry.name).cka"] = .number(similarities[index])
            fields["\(entry.name).neighbours@\(neighbours)"] = .number(mean(shares[index]))
        }
        let table = Table(
            title: "on \(items.count) items that all have",
            columns: [
                "embeddings", "model", "items", "values", Column("cka", style: .fixed(3)),
                Column("same \(neighbours) nearest", style: .percent(1)),
            ],
            rows: entries.enumerated().map { index, entry in
                [
                    .text(entry.name), .text(entry.embeddings.model), .integer(entry.embeddings.labels.count),
                    .integer(entry.embeddings.vectors.shape[1]), .number(similarities[index]),
                    .number(mean(shares[index])),
                ]
            })
        var blocks = [
            Reply.Block.table(table),
            .note("cka: linear CKA with \(entries[0].name); nearest: the share of neighbours that it has too"),
        ]
        if entries.count == 2, count > 0 {
            let order = shares[1].indices.sorted { (shares[1][$0], $0) < (shares[1][$1], $1) }
            blocks.append(
                .table(
                    Table(
                        title: "the items whose neighbours differ most",
                        columns: ["item", Column("same \(neighbours) nearest", style: .percent(1))],
                        rows: order.prefix(count).map { [.text(items[$0]), .number(shares[1][$0])] })))
        }
        return Reply(blocks, fields: fields)
    }
}

extension Tensor {
    /// The rows of a matrix, each of length 1; one of zeros stays as it is.
    func unitRows() -> Tensor {
        let result = copied()
        for row in 0..<shape[0] {
            let norm = Float(rows(row..<row + 1).squaredNorm.squareRoot())
            for column in 0..<shape[1] { result.data[row * shape[1] + column] /= max(norm, 1e-12) }
        }
        return result
    }
}
