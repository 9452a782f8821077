internal import Foundation
internal import Tensors

/// Test pictures for long texts and for the order of words: nine pictures in a square, with a caption that says what stands
/// where in 90 to 200 tokens, and a false caption beside it.
///
/// Three sets: in `swap` the false caption exchanges two of the nine, in `replace` it names something that is not there (both as
/// in SugarCrepe, arXiv 2306.14610), and in `late` grids in fours share their upper six, so that captions and false captions,
/// those of another of the four, differ only behind CLIP's 77th token.
public struct GridComposition {
    /// The sets, in their order.
    public static let sets = ["swap", "replace", "late"]
    /// How long captions are, in CLIP's tokens without its two marks.
    public static let tokens = 90...200
    /// What a CLIP reads of a text, in the same tokens.
    private static let limit = 75
    /// Grids of `late` that share their upper six.
    private static let family = 4
    /// Longer captions name no single thing.
    private static let mostWords = 6
    private static let attempts = 200

    private let data: PairDataset
    private let concepts: [String: [Concept]]
    private let count: Int
    private let side: Int
    private let seed: UInt64
    private let tokenCount: (String) -> Int

    private struct Concept {
        let picture: Int
        let text: String
    }

    /// A grid before it is drawn: what stands where, and how each place is told.
    private struct Grid {
        var cells: [Concept]
        var phrasings: [Int]

        var caption: String { caption(of: cells.map(\.text)) }

        func caption(of texts: [String]) -> String {
            let sentences = zip(texts, Grid.places).enumerated().map { index, pair in
                Grid.sentence(pair.0, pair.1, phrasings[index])
            }
            return ([Grid.opening] + sentences).joined(separator: " ")
        }

        /// What stands before the sentences of the last row.
        var upper: String {
            let sentences = (0..<6).map { Grid.sentence(cells[$0].text, Grid.places[$0], phrasings[$0]) }
            return ([Grid.opening] + sentences).joined(separator: " ")
        }

        private static let opening = "This picture is divided into nine squares of the same size, three in each row."
        private static let places = [
            "in the top left corner", "in the middle of the top row", "in the top right corner",
            "on the left of the middle row", "in the very centre", "on the right of the middle row",
            "in the bottom left corner", "in the middle of the bottom row", "in the bottom right corner",
        ]
        static let phrasingCount = 3

        private static func sentence(_ text: String, _ place: String, _ phrasing: Int) -> String {
            let begun = place.prefix(1).uppercased() + place.dropFirst()
            return switch phrasing {
            case 0: "There is a picture of \(text) \(place)."
            case 1: "\(begun) one can see \(text)."
            default: "\(begun), the square shows \(text)."
            }
        }
    }

    /// - `data`: where the pictures come from; each split's grids are made of its own.
    /// - `captions`: in English; the first of a picture names it, if it has at most six words.
    /// - `count`: grids a set and split.
    /// - `side`: of a grid in pixels.
    /// - `tokenCount`: a text's tokens without marks.
    ///
    /// Throws `PairError` where a split has too few different captions.
    public init(
        _ data: PairDataset, captions: [PairDataset.Caption], count: Int, side: Int, seed: UInt64,
        tokenCount: @escaping (String) -> Int
    ) throws {
        (self.data, self.count, self.side, self.seed, self.tokenCount) = (data, count, side, seed, tokenCount)
        let splits = data.splitOfPicture
        var (named, seen): (Set<Int>, Set<String>) = ([], [])
        var concepts: [String: [Concept]] = [:]
        for caption in captions where named.insert(caption.picture).inserted {
            let text = caption.text.trimmingCharacters(in: CharacterSet(charactersIn: " .\n\t"))
            let split = splits[caption.picture]
            guard !text.isEmpty, text.split(separator: " ").count <= Self.mostWords,
                seen.insert(split + "/" + text.lowercased()).inserted
            else { continue }
            concepts[split, default: []].append(Concept(picture: caption.picture, text: text))
        }
        for split in data.splits where concepts[split, default: []].count < 18 {
            throw PairError.empty(
                data.path, "18 different captions of at most \(Self.mostWords) words for grids of split \(split)")
        }
        self.concepts = concepts
    }

    /// The grids of all splits and sets. Throws `PairError` where captions come out too short or too long.
    public func records() throws -> PairRecords {
        let records = try data.splits.flatMap { split in
            try Self.sets.flatMap { set in try self.records(of: set, split, concepts[split] ?? []) }
        }
        return PairRecords(
            records: records,
            provenance: ["files": data.path, "preparation": "grids of 3 x 3 pictures, \(count) a set, seed \(seed)"])
    }

    private func records(of set: String, _ split: String, _ concepts: [Concept]) throws -> [PairRecords.Record] {
        var generator = RandomGenerator(seed: seed, stream: "\(split)/\(set)")
        var pairs: [(grid: Grid, negative: String)] = []
        while pairs.count < count {
            let grid = try drawn(concepts, isLate: set == "late", using: &generator)
            var texts = grid.cells.map(\.text)
            switch set {
            case "swap":
                let two = Array(texts.indices.shuffled(using: &generator).prefix(2))
                texts.swapAt(two[0], two[1])
                pairs.append((grid, grid.caption(of: texts)))
            case "replace":
                let others = concepts.filter { other in !grid.cells.contains { $0.picture == other.picture } }
                let place = Int.random(in: 0..<9, using: &generator)
                texts[place] = others[Int.random(in: 0..<others.count, using: &generator)].text
                pairs.append((grid, grid.caption(of: texts)))
            default:
                let grids = try family(of: grid, concepts, using: &generator)
                pairs += grids.enumerated().map { ($1, grids[($0 + 1) % grids.count].caption) }
            }
        }
        return try pairs.prefix(count).enumerated().map { index, pair in
            let (name, draw) = ("\(split)-\(index)", picture(of: pair.grid))
            return PairRecords.Record(
                picture: try draw(), set: set, split: split, name: name, group: "\(set)/\(name)",
                captions: [("en", pair.grid.caption), ("en-negative", pair.negative)],
                keywords: pair.grid.cells.map(\.text))
        }
    }

    /// Nine different concepts whose caption has the right length; of `late` also its upper part.
    private func drawn(
        _ concepts: [Concept], isLate: Bool, using generator: inout RandomGenerator
    ) throws -> Grid {
        for _ in 0..<Self.attempts {
            let cells = Array(concepts.shuffled(using: &generator).prefix(9))
            let phrasings = cells.map { _ in Int.random(in: 0..<Grid.phrasingCount, using: &generator) }
            let grid = Grid(cells: cells, phrasings: phrasings)
            if fits(grid), !isLate || tokenCount(grid.upper) >= Self.limit { return grid }
        }
        throw PairError.unusable(
            data.path,
            reason: "its captions are so short or long that none of \(Self.attempts) grids has \(Self.tokens) tokens")
    }

    private func fits(_ grid: Grid) -> Bool { Self.tokens.contains(tokenCount(grid.caption)) }

    /// Grids that differ in their last row only.
    private func family(
        of first: Grid, _ concepts: [Concept], using generator: inout RandomGenerator
    ) throws -> [Grid] {
        var grids = [first]
        var left = concepts.filter { other in !first.cells.contains { $0.picture == other.picture } }
            .shuffled(using: &generator)[...]
        while grids.count < Self.family, left.count >= 3 {
            var grid = first
            grid.cells.replaceSubrange(6..<9, with: left.prefix(3))
            left = left.dropFirst(3)
            if fits(grid) { grids.append(grid) }
        }
        guard grids.count > 1 else {
            throw PairError.unusable(
                data.path, reason: "its captions differ too much in length for grids that share six")
        }
        return grids
    }

    /// The nine pictures, each on white in its square.
    private func picture(of grid: Grid) -> @Sendable () throws -> Picture {
        let (data, side, pictures) = (data, side, grid.cells.map(\.picture))
        return {
            let cell = side / 3
            var samples = [UInt8](repeating: 255, count: side * side * 3)
            for (place, picture) in pictures.enumerated() {
                let fitted = PictureFitting(.whiteSquare)(try data.picture(picture), side: cell)
                for row in 0..<cell {
                    let target = ((place / 3 * cell + row) * side + place % 3 * cell) * 3
                    samples.replaceSubrange(
                        target..<target + cell * 3, with: fitted.samples[row * cell * 3..<(row + 1) * cell * 3])
                }
            }
            return Picture(width: side, height: side, channels: 3, samples: samples)
        }
    }
}
