internal import ProCLIP
internal import Rendering
internal import Tensors

/// The first pairs of a dataset as a model sees them, one caption a picture.
struct EmbeddedPairs {
    let name: String
    /// [N, D], one row a pair.
    let images, texts: Tensor
    private let captions: [String]

    /// - `images`: [all pictures, D], where the model has seen them already.
    init(_ judged: Judged, _ pairs: PairsContent, count: Int, images: Tensor? = nil) throws {
        let chosen = pairs.first(count)
        name = judged.name
        captions = chosen.map(\.text)
        let seen = try images ?? judged.features.images(of: pairs.data, by: judged.image)
        self.images = seen.gathering(rows: chosen.map(\.picture))
        texts = try judged.texts(captions)
    }

    /// The captions behind their numbers.
    var numbered: [String] { captions.numbered }

    /// [N, N], row by row.
    func values(of map: PairMap) -> [[Double]] {
        switch map {
        case .sim: products(texts, images)
        // All are of length 1.
        case .captions: products(texts, texts).map { $0.map { max(0, 2 - 2 * $0).squareRoot() } }
        case .pictures: products(images, images).map { $0.map { max(0, 2 - 2 * $0).squareRoot() } }
        }
    }

    private func products(_ left: Tensor, _ right: Tensor) -> [[Double]] {
        let product = Tensor.matmul(left, right, transposeB: true)
        let count = captions.count
        return (0..<count).map { row in (0..<count).map { Double(product.data[row * count + $0]) } }
    }
}

/// A heat map of pairs: a row and a column for each.
enum PairMap: String, CaseIterable {
    /// Cosines.
    case sim
    /// Euclidean distances, from 0 to 2.
    case captions, pictures

    /// How many pairs are drawn unless it is said.
    static let usualCount = 16

    func title(_ name: String) -> String {
        self == .sim
            ? "\(name): cosines of captions (rows) and their pictures (columns)"
            : "\(name): distances between \(rawValue)"
    }
}

extension Matrix {
    /// - `pairs`: what rows and columns stand for, each behind its number.
    init(_ title: String, pairs: [String], _ values: [[Double]], range: ClosedRange<Double>? = nil) {
        self.init(
            title: title, rowNames: pairs, columnNames: pairs.indices.map { "\($0 + 1)" }, values: values, range: range)
    }
}

extension PairsContent {
    /// The first caption of each of the first pictures.
    func first(_ count: Int) -> [(text: String, picture: Int)] {
        var seen: Set<Int> = []
        return captions.filter { seen.insert($0.picture).inserted }.prefix(count).map { ($0.text, $0.picture) }
    }
}

extension [String] {
    /// Each behind its number, from 1.
    var numbered: [String] { enumerated().map { "\($0 + 1) \($1)" } }
}
