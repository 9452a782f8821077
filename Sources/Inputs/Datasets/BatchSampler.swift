internal import Tensors

/// Shuffled epochs over captions: each caption once an epoch, at most one caption of a picture in a batch.
///
/// The order of an epoch follows from seed and epoch alone, so the state (a `Codable` value) is small and a resumed
/// run draws the very batches that the interrupted one would have drawn.
public struct BatchSampler: Codable, Equatable, Sendable {
    /// The next batch's epoch and number within it, both from 0.
    public private(set) var epoch = 0
    public private(set) var step = 0
    public let seed: UInt64
    /// Captions by picture, in order of first appearance.
    private let captionsOfPicture: [[Int]]
    /// Captions in each batch of an epoch.
    private let sizes: [Int]
    /// Batches of the current epoch; derived, so not part of the state.
    private var dealt: [[Int]] = []

    private enum CodingKeys: String, CodingKey {
        case epoch, step, seed, captionsOfPicture, sizes
    }

    /// Batches an epoch; the last may be smaller. A batch of one caption has nothing to contrast and is left out.
    public var stepsPerEpoch: Int { sizes.count { $0 >= 2 } }

    /// - `pictureOf`: for each caption its picture (or any key of which a batch should hold one caption).
    /// - `batch`: captions in a batch. Where a picture has more captions than there are batches of this size, the
    ///   epoch has as many smaller ones.
    /// - Throws: `PairError.empty` for fewer than two captions or pictures, or a batch below two.
    public init(pictureOf: [Int], batch: Int, seed: UInt64) throws {
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
        let (count, most) = (pictureOf.count, captions.map(\.count).max() ?? 0)
        guard captions.count >= 2, batch >= 2 else {
            throw PairError.empty("a batch of \(batch) from \(captions.count) pictures", "two pairs to contrast")
        }
        let full = (count + batch - 1) / batch
        if most == 1 || most < full {
            sizes = (0..<full).map { min(batch, count - $0 * batch) }
        } else {
            sizes = (0..<most).map { count / most + ($0 < count % most ? 1 : 0) }
        }
        self.seed = seed
        captionsOfPicture = captions
        guard stepsPerEpoch > 0 else { throw PairError.empty("an epoch of \(count) captions", "batch of two pictures") }
    }

    /// Batches of `0..<count` without regard to pictures.
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

    /// Captions of a picture follow one another while they are dealt out to the batches in turn, so no batch gets two.
    private func deal() -> [[Int]] {
        var generator = RandomGenerator(seed: seed, stream: "epoch \(epoch)")
        let order = captionsOfPicture.shuffled(using: &generator).flatMap { $0.shuffled(using: &generator) }
        var batches = [[Int]](repeating: [], count: sizes.count)
        var row = 0
        for caption in order {
            while batches[row].count == sizes[row] { row = (row + 1) % sizes.count }
            batches[row].append(caption)
            row = (row + 1) % sizes.count
        }
        return batches.filter { $0.count >= 2 }
    }

    public static func == (a: BatchSampler, b: BatchSampler) -> Bool {
        a.epoch == b.epoch && a.step == b.step && a.seed == b.seed && a.sizes == b.sizes
            && a.captionsOfPicture == b.captionsOfPicture
    }
}
