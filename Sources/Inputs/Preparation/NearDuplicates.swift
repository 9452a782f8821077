internal import Tensors

/// Pictures that look alike: their means over a grid of 16x16 cells differ by less than `threshold` in the root mean square.
enum NearDuplicates {
    /// Of 255.
    static let threshold = 3
    private static let cells = 16
    private static let width = cells * cells * 3

    /// For each picture the earlier ones that look like it. Sides must be a multiple of 16.
    static func earlierTwins(of pictures: [Picture]) -> [[Int]] {
        if pictures.isEmpty { return [] }
        let sums = pictures.map(cellSums)
        let area = Float(pictures[0].width / cells * (pictures[0].height / cells))
        let means = Tensor(sums.joined().map { Float($0) / area }, shape: [pictures.count, width])
        let norms = sums.map { $0.reduce(Float(0)) { $0 + (Float($1) / area) * (Float($1) / area) } }
        let limit = Int(area) * threshold
        var twins = [[Int]](repeating: [], count: pictures.count)
        for start in stride(from: 0, to: pictures.count, by: 512) {
            let rows = start..<min(start + 512, pictures.count)
            // The product finds candidates; whole numbers decide, so that rounding does not.
            let products = Tensor.matmul(means.rows(rows), means, transposeB: true).values
            for row in rows {
                for column in 0..<row {
                    let product = products[(row - start) * pictures.count + column]
                    let squared = norms[row] + norms[column] - 2 * product
                    if squared < Float(width * threshold * threshold) * 1.5,
                        difference(sums[row], sums[column]) < width * limit * limit
                    {
                        twins[row].append(column)
                    }
                }
            }
        }
        return twins
    }

    private static func difference(_ a: [Int], _ b: [Int]) -> Int {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    private static func cellSums(_ picture: Picture) -> [Int] {
        let (across, down) = (picture.width / cells, picture.height / cells)
        var sums = [Int](repeating: 0, count: width)
        for row in 0..<cells * down {
            for column in 0..<cells * across {
                for channel in 0..<3 {
                    let cell = (row / down * cells + column / across) * 3 + channel
                    sums[cell] += Int(picture.samples[(row * picture.width + column) * 3 + channel])
                }
            }
        }
        return sums
    }
}
