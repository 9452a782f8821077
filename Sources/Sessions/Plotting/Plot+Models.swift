internal import ProCLIP
internal import Rendering
internal import Tensors

/// What is drawn of models on pairs.
extension Plot {
    func reply(_ arguments: Arguments, in session: Session) throws -> Reply {
        switch self {
        case .loss: try Plot.losses(arguments)
        case .parts: try Plot.parts(arguments)
        case .canary: try Plot.canaries(arguments)
        case .hist: try Plot.cosines(of: arguments.content(of: arguments.handles("handle")[0], at: "handle"), arguments)
        case .watch: try Plot.watched(arguments)
        case .languages: try Plot.languages(arguments)
        case .forget: try Plot.forgotten(arguments)
        case .cka: try Plot.likeness(arguments, in: session)
        case .sim where arguments.handles("handle")[0].kind == .embeddings: try Plot.similarities(arguments)
        case .sim, .distances, .dist, .map: try plane(arguments, in: session)
        }
    }

    private func plane(_ arguments: Arguments, in session: Session) throws -> Reply {
        let pairs: PairsContent = try arguments.content("on")
        let usual = [Plot.sim: PairMap.usualCount, .distances: PairMap.usualCount, .map: 300][self] ?? Int.max
        let models = try arguments.handles("handle").map { handle in
            try EmbeddedPairs(
                Judged(handle, arguments, at: "handle", in: session), pairs, count: arguments.integer("n") ?? usual)
        }
        guard let first = models.first else { return Reply() }
        switch self {
        case .sim: return first.similarities
        case .dist: return first.distribution(bins: arguments.integer("bins") ?? 40)
        case .distances: return Plot.distances(models, arguments.text("of").flatMap(PairMap.init) ?? .captions)
        default: return try Plot.map(models)
        }
    }

    /// The same projection for every model, so that what moved has moved.
    private static func map(_ models: [EmbeddedPairs]) throws -> Reply {
        guard let first = models.first else { return Reply() }
        if let other = models.first(where: { $0.images.shape[1] != first.images.shape[1] }) {
            throw EvaluationError.mismatched(
                "the spaces of \(first.name) and \(other.name)", first.images.shape, other.images.shape)
        }
        let both = [first.images, first.texts].flatMap { tensor in (0..<tensor.shape.count).map { tensor.data[$0] } }
        let components = try PrincipalComponents(
            of: Tensor(both, shape: [2 * first.images.shape[0], first.images.shape[1]]))
        let lines = models.map { model in
            [("pictures", model.images), ("captions", model.texts)].map { what, vectors in
                let coordinates = components.coordinates(of: vectors)
                return Chart.Line(name: what, x: coordinates.first ?? [], y: coordinates.last ?? [])
            }
        }
        let shares = components.shares.map { NumberStyle.percent(0).text($0) + " %" }
        // A chart a model, all with the same axes.
        let charts = zip(models, lines).map { model, own in
            Chart(
                title: "\(model.name): principal components of \(first.name)",
                xAxis: "first (\(shares.first ?? ""))", yAxis: "second (\(shares.last ?? ""))", style: .points,
                lines: own, alsoHolds: lines.flatMap { $0 })
        }
        var fields = Fields()
        for (index, share) in components.shares.enumerated() { fields["variance.\(index + 1)"] = .number(share) }
        return Reply(charts.map { .chart($0) }, fields: fields)
    }

    /// One scale for all, so that the eye may compare.
    private static func distances(_ models: [EmbeddedPairs], _ map: PairMap) -> Reply {
        let all = models.map { (name: $0.name, values: $0.values(of: map)) }
        let scale = 0...max(all.flatMap { $0.values.flatMap { $0 } }.max() ?? 1, 1e-6)
        let names = models.first?.numbered ?? []
        var matrices = all.map { Matrix(map.title($0.name), pairs: names, $0.values, range: scale) }
        var fields = Fields()
        if let first = all.first {
            for (name, values) in all.dropFirst() {
                let difference = zip(values, first.values).map { row, other in zip(row, other).map { abs($0 - $1) } }
                let count = Double(max(1, names.count * (names.count - 1)))
                fields["\(name).mean_difference"] = .number(difference.flatMap { $0 }.reduce(0, +) / count)
                matrices.append(
                    Matrix("\(name): how far they are from \(first.name)'s", pairs: names, difference, range: scale))
            }
        }
        return Reply(matrices.map { .matrix($0) }, fields: fields)
    }

    private static func likeness(_ arguments: Arguments, in session: Session) throws -> Reply {
        let pairs: PairsContent = try arguments.content("on")
        let models = try arguments.handles("handle").map { handle in
            let judged = try Judged(handle, arguments, at: "handle", in: session)
            let all = try judged.features.images(of: pairs.data, by: judged.image)
            return (name: handle.name, images: all.rows(0..<min(all.shape[0], arguments.integer("n") ?? .max)))
        }
        let values = try models.map { row in
            try models.map { try LinearCKA.similarity(row.images, $0.images) }
        }
        let names = models.map(\.name)
        var fields = Fields()
        for (row, name) in zip(values, names) {
            for (value, other) in zip(row, names) { fields["\(name).\(other)"] = .number(value) }
        }
        let matrix = Matrix(
            title: "linear CKA of image features on \(arguments.handle("on")?.name ?? "")", rowNames: names,
            columnNames: names, values: values)
        return Reply([.matrix(matrix)], fields: fields)
    }
}

extension EmbeddedPairs {
    fileprivate var similarities: Reply {
        let cosines = values(of: .sim)
        let own = cosines.indices.map { cosines[$0][$0] }
        return Reply(
            [.matrix(Matrix(PairMap.sim.title(name), pairs: numbered, cosines))],
            fields: ["pairs": .number(own.reduce(0, +) / Double(max(1, own.count)))])
    }

    fileprivate func distribution(bins: Int) -> Reply {
        let cosines = values(of: .sim)
        let own = cosines.indices.map { cosines[$0][$0] }
        let strangers = cosines.enumerated().flatMap { row, values in
            values.enumerated().filter { $0.offset != row }.map(\.element)
        }
        return Histogram(
            title: "\(name): cosines", axis: "cosine", groups: [("pairs", own), ("strangers", strangers)], bins: bins
        ).reply
    }
}
