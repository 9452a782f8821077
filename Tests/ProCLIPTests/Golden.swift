import Foundation
import Inputs
import Layers
import ProCLIP
import Tensors
import TestSupport
import Towers

/// What the golden run starts from: small networks, pairs and vectors of one fixture.
struct Golden {
    let fixture: Fixture
    let pairs: PairDataset
    let tokenizer: GoldenTokenizer

    init() throws {
        let fixture = try Fixture("golden")
        let (images, owners) = (try fixture.tensor("images"), try fixture.tensor("pictures").values.map { Int($0) })
        let side = images.shape[1]
        let bytes = images.values.map { UInt8($0) }
        let count = side * side * 3
        let records = (0..<images.shape[0]).map { picture in
            PairRecords.Record(
                picture: Picture(
                    width: side, height: side, channels: 3,
                    samples: Array(bytes[picture * count..<(picture + 1) * count])),
                set: "golden", split: "train", name: "\(picture)", group: "\(picture)",
                captions: owners.indices.filter { owners[$0] == picture }.map { ("en", "\($0)") })
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".h5").path
        try PairRecords(records: records, provenance: [:]).write(to: path)
        pairs = try PairDataset.load(path)
        // Captions are read when they are first asked for.
        _ = try pairs.captions()
        try FileManager.default.removeItem(atPath: path)
        let (tokens, lengths) = (try fixture.tensor("tokens"), try fixture.tensor("lengths").values)
        tokenizer = GoldenTokenizer(
            rows: lengths.enumerated().map { row, length in
                tokens.rows(row..<row + 1).values.prefix(Int(length)).map { Int32($0) }
            })
        self.fixture = fixture
    }

    func integers(_ name: String, row: Int) throws -> [Int] {
        try fixture.tensor(name).rows(row..<row + 1).values.map { Int($0) }
    }

    private let image = VisionTransformer.Configuration(
        imageSize: 8, patchSize: 4, width: 6, layers: 2, heads: 2, outputs: 6, activation: .gelu)

    func clip() throws -> CLIPModel {
        let text = CLIPTextTransformer.Configuration(
            vocabularySize: 20, contextLength: 9, width: 6, layers: 2, heads: 2, outputs: 6, activation: .gelu)
        return try CLIPModel(image: image, text: text, source: source("image/", "text/", "logit_scale"))
    }

    func aligned() throws -> AlignedModel {
        let adapter = Adapter.Configuration(inputs: 8, outputs: 6, blocks: 2, expansion: 2)
        return try AlignedModel(image: image, adapter: adapter, source: source("image/", "adapter/", "logit_scale"))
    }

    func adapter() throws -> (Adapter, [Parameter]) {
        let source = source("adapter/")
        let adapter = try Adapter(
            configuration: .init(inputs: 8, outputs: 6, blocks: 2, expansion: 2), scope: source.root["adapter"])
        return (adapter, try source.finish())
    }

    /// The weights below the given paths.
    private func source(_ prefixes: String...) -> ParameterSource {
        ParameterSource(
            tensors: fixture.group("weights").filter { name, _ in prefixes.contains { name.hasPrefix($0) } })
    }
}

/// Caption "7" has the seventh row of tokens.
struct GoldenTokenizer: Tokenizer {
    let rows: [[Int32]]

    func encode(_ texts: [String]) -> TokenBatch {
        TokenBatch(rows: texts.compactMap { Int($0) }.map { rows[$0] }, padding: 0)
    }
}
