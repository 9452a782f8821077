internal import Tensors

/// Shuffled epochs over captions: each caption once an epoch, at most one caption of a picture in a batch.
///
/// The order of an epoch follows from seed and epoch alone, so the state (a `Codable` value) is small and a resumed
/// run draws the very batches that the interrupted one would have drawn.
public struct BatchSampler: Codable, Equatable, Sendable {
    /// The next batch's epoch and number within it, both from 0.
    public private(set) var epoch = 0
    public private(set) var step = 0
    public let batch: Int
    public let seed: UInt64
    /// Batches an epoch; the last may be smaller, and is left out below two captions.
    public let stepsPerEpoch: Int
    /// Captions by picture, in order of first appearance.
    private let captionsOfPicture: [[Int]]
    private let captionCount: Int
    /// The rows over which an epoch's captions are dealt: batches, the one left out included.
    private let rowCount: Int
    /// Batches of the current epoch; derived, so not part of the state.
    private var dealt: [[Int]] = []

    private enum CodingKeys: String, CodingKey {
        case epoch, step, batch, seed, stepsPerEpoch, captionsOfPicture, captionCount, rowCount
    }

    /// - Parameters:
    ///   - pictureOf: for each caption its picture (or any key of which a batch should hold one caption).
    ///   - batch: captions in a batch. Smaller batches result only where a picture has more captions than there are
    ///     batches of this size.
    /// - Throws: `PairError.empty` for no captions or a batch below two.
    public init(pictureOf: [Int], batch: Int, seed: UInt64) throws {
        guard pictureOf.count >= 2, batch >= 2 else {
            throw PairError.empty("a batch of \(batch) from \(pictureOf.count) captions", "two pairs to contrast")
        }
        var numbers: [Int: Int] = [:]
        var captions: [[Int]] = []
        for (caption, picture) in pictureOf.enumerated() {
            if let number = numbers[picture] {
                captions[number].append(caption)
            } else {
                numbers[picture] = captions.count
                captions.append([caption])
            }
        }
        let most = captions.map(\.count).max() ?? 1
        let rows = (pictureOf.count + batch - 1) / batch
        let isSpread = most == 1 || most < rows
        rowCount = isSpread ? rows : max(rows, most)
        self.batch = isSpread ? batch : (pictureOf.count + rowCount - 1) / rowCount
        self.seed = seed
        captionsOfPicture = captions
        captionCount = pictureOf.count
        stepsPerEpoch = Self.sizes(captionCount, self.batch, rowCount).count { $0 >= 2 }
        guard stepsPerEpoch > 0 else {
            throw PairError.empty("a batch of captions of one picture", "two pairs to contrast")
        }
    }

    /// One epoch's captions in batches without regard to pictures.
    public init(count: Int, batch: Int, seed: UInt64) throws {
        try self.init(pictureOf: Array(0..<count), batch: batch, seed: seed)
    }

    /// The captions of the next batch; moves on to the next epoch after the last.
    public mutating func next() -> [Int] {
        if dealt.isEmpty { dealt = deal() }
        let result = dealt[step]
        step += 1
        if step == stepsPerEpoch {
            (epoch, step) = (epoch + 1, 0)
            dealt = []
        }
        return result
    }

    /// Full batches and a rest; batches of nearly equal size where pictures with many captions need all of them.
    private static func sizes(_ count: Int, _ batch: Int, _ rows: Int) -> [Int] {
        (0..<rows).map { row in
            (count + batch - 1) / batch == rows
                ? min(batch, count - row * batch) : count / rows + (row < count % rows ? 1 : 0)
        }
    }

    /// Captions of a picture follow one another while they are dealt out to the batches in turn, so no batch gets two.
    private func deal() -> [[Int]] {
        var generator = RandomGenerator(seed: seed, stream: "epoch \(epoch)")
        let order = captionsOfPicture.shuffled(using: &generator).flatMap { $0.shuffled(using: &generator) }
        let sizes = Self.sizes(captionCount, batch, rowCount)
        var batches = [[Int]](repeating: [], count: rowCount)
        var row = 0
        for caption in order {
            while batches[row].count == sizes[row] { row = (row + 1) % rowCount }
            batches[row].append(caption)
            row = (row + 1) % rowCount
        }
        return batches.filter { $0.count >= 2 }
    }

    public static func == (a: BatchSampler, b: BatchSampler) -> Bool {
        a.epoch == b.epoch && a.step == b.step && a.batch == b.batch && a.seed == b.seed
            && a.captionsOfPicture == b.captionsOfPicture
    }
}
