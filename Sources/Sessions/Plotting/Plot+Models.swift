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
        case .languages: try Plot.languages(arguments)
        case .forget: try Plot.forgotten(arguments)
        case .cka: try Plot.likeness(arguments, in: session)
        case .sim, .distances, .dist, .map: try plane(arguments, in: session)
        }
    }

    private func plane(_ arguments: Arguments, in session: Session) throws -> Reply {
        let models = try arguments.handles("handle").map { try Embedded($0, arguments, plot: self, in: session) }
        guard let first = models.first else { return Reply() }
        switch self {
        case .sim: return first.similarities
        case .dist: return first.distribution(bins: arguments.integer("bins") ?? 40)
        case .distances: return Plot.distances(models, ofPictures: arguments.text("of") == "pictures")
        default: return try Plot.map(models)
        }
    }

    /// The same projection for every model, so that what moved has moved.
    private static func map(_ models: [Embedded]) throws -> Reply {
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

    /// One scale for all, so that the eye may compare; the difference has its own.
    private static func distances(_ models: [Embedded], ofPictures: Bool) -> Reply {
        let all = models.map { (name: $0.name, values: $0.distances(ofPictures: ofPictures)) }
        let greatest = all.flatMap { $0.values.flatMap { $0 } }.max() ?? 1
        let names = models.first?.numbered ?? []
        func matrix(_ title: String, _ values: [[Double]], _ range: ClosedRange<Double>?) -> Matrix {
            Matrix(
                title: title, rowNames: names, columnNames: names.indices.map { "\($0 + 1)" }, values: values,
                range: range)
        }
        var matrices = all.map { name, values in
            matrix(
                "\(name): distances between \(ofPictures ? "pictures" : "captions")", values, 0...max(greatest, 1e-6))
        }
        var fields = Fields()
        if let first = all.first {
            for (name, values) in all.dropFirst() {
                let difference = zip(values, first.values).map { row, other in zip(row, other).map { abs($0 - $1) } }
                let count = Double(max(1, names.count * (names.count - 1)))
                fields["\(name).mean_difference"] = .number(difference.flatMap { $0 }.reduce(0, +) / count)
                matrices.append(
                    matrix("\(name): how far they are from \(first.name)'s", difference, 0...max(greatest, 1e-6)))
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

/// The first pairs of a dataset as a model sees them.
private struct Embedded {
    let name: String
    /// [N, D], one row a pair.
    let images, texts: Tensor
    private let captions: [String]

    init(_ handle: Handle, _ arguments: Arguments, plot: Plot, in session: Session) throws {
        let pairs: PairsContent = try arguments.content("on")
        let usual = [Plot.sim: 16, .distances: 16, .map: 300][plot] ?? Int.max
        // The first caption of each picture.
        var seen: Set<Int> = []
        let chosen = pairs.captions.filter { seen.insert($0.picture).inserted }
            .prefix(arguments.integer("n") ?? usual)
        let judged = try Judged(handle, arguments, at: "handle", in: session)
        name = handle.name
        captions = chosen.map(\.text)
        images = try judged.features.images(of: pairs.data, by: judged.image).gathering(rows: chosen.map(\.picture))
        texts = try judged.texts(captions)
    }

    /// The captions behind their numbers.
    var numbered: [String] { captions.enumerated().map { "\($0 + 1) \($1)" } }

    /// [N, N], a row a caption.
    private var cosines: [[Double]] { products(texts, images) }

    /// [N, N]: the Euclidean distances of captions or pictures, all of length 1, from one another.
    func distances(ofPictures: Bool) -> [[Double]] {
        let vectors = ofPictures ? images : texts
        return products(vectors, vectors).map { $0.map { max(0, 2 - 2 * $0).squareRoot() } }
    }

    private func products(_ left: Tensor, _ right: Tensor) -> [[Double]] {
        let product = Tensor.matmul(left, right, transposeB: true)
        let count = captions.count
        return (0..<count).map { row in (0..<count).map { Double(product.data[row * count + $0]) } }
    }

    var similarities: Reply {
        let cosines = cosines
        let own = cosines.indices.map { cosines[$0][$0] }
        return Reply(
            [
                .matrix(
                    Matrix(
                        title: "\(name): cosines of captions (rows) and their pictures (columns)",
                        rowNames: numbered,
                        columnNames: captions.indices.map { "\($0 + 1)" }, values: cosines))
            ], fields: ["pairs": .number(own.reduce(0, +) / Double(max(1, own.count)))])
    }

    func distribution(bins: Int) -> Reply {
        let cosines = cosines
        let own = cosines.indices.map { cosines[$0][$0] }
        let strangers = cosines.enumerated().flatMap { row, values in
            values.enumerated().filter { $0.offset != row }.map(\.element)
        }
        return Histogram(
            title: "\(name): cosines", axis: "cosine", groups: [("pairs", own), ("strangers", strangers)], bins: bins
        ).reply
    }
}
