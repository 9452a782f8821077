import Foundation
import Inputs
import Language
import Tensors
import Testing
import Towers

@testable import Sessions

/// An embedder for tests: a text's vector follows from its bytes.
struct TinyEmbedder: TextEmbedder {
    let name = "tiny"
    let hash = "0"
    let preprocessing = EmbedderPreprocessing(tokens: "bytes", pooling: "none", normalisation: "none")
    let dimension = 12

    func embed(_ texts: [String], _ done: ([Int], Tensor) throws -> Void) throws {
        let vectors = texts.flatMap { text -> [Float] in
            var generator = RandomGenerator(seed: 7, stream: text)
            return (0..<dimension).map { _ in generator.normal() }
        }
        try done(Array(texts.indices), Tensor(vectors, shape: [texts.count, dimension]))
    }
}

/// A folder of its own with a small file of pairs, and a session in it that knows an embedder `llm`.
struct TinyWorld {
    let folder: String
    let session: Session

    init(sets: [String] = ["even", "odd"], environment: [String: String] = [:]) throws {
        folder = NSTemporaryDirectory() + "proclip-tiny-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.records(of: sets).write(to: folder + "/tiny.h5")
        let weights = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Weights").standardized
        session = Session(
            workingDirectory: folder,
            environment: environment.merging(["PROCLIP_WEIGHTS": weights.path(), "HOME": folder]) { $1 })
        session.bindings.bind("llm", to: EmbedderContent(embedder: TinyEmbedder()), statement: "load", inputs: [])
    }

    /// Forty coloured squares that take turns in the sets, three quarters of them for training.
    private static func records(of sets: [String]) -> PairRecords {
        let colours = ["red", "green", "blue", "white", "black"]
        let records = (0..<40).map { index in
            let colour = index % colours.count
            let samples = (0..<16 * 16 * 3).map { sample -> UInt8 in
                let isLit = colour < 3 ? sample % 3 == colour : colour == 3
                return isLit ? UInt8(200 + index) : UInt8(index)
            }
            return PairRecords.Record(
                picture: Picture(width: 16, height: 16, channels: 3, samples: samples),
                set: sets[index % sets.count], split: index < 30 ? "train" : "test", name: "square \(index)",
                group: "\(index)",
                captions: [
                    ("en", "a \(colours[colour]) square \(index)"), ("de", "Quadrat \(index), \(colours[colour])"),
                    ("fr", "carré \(index) \(colours[colour])"),
                ],
                labels: ["colour": colours[colour]])
        }
        return PairRecords(records: records, provenance: [:])
    }

    /// Runs a text and returns the codes of its errors.
    @discardableResult
    func run(_ text: String) -> [StatementResult] { session.execute(Source(name: "test.pcl", text: text)) }

    /// The same as if it was typed at a prompt.
    @discardableResult
    func type(_ text: String) -> [StatementResult] {
        session.execute(Source(name: "In", text: text, prompt: "In [1]: "))
    }

    func errors(_ text: String) -> [String] {
        run(text).compactMap { if case .failure(let diagnostic) = $0.outcome { diagnostic.rendered() } else { nil } }
    }

    func requireNoErrors(_ text: String) throws {
        let errors = errors(text)
        try #require(errors.isEmpty, "\(errors)")
    }

    /// Each text has one mistake, of that code and in those words.
    func expectErrors(_ cases: [(text: String, code: String, part: String)]) {
        for (text, code, part) in cases {
            let errors = errors(text)
            #expect(errors.count == 1, "\(text): \(errors)")
            #expect(errors.first?.contains("[\(code)]") == true, "\(text): \(errors)")
            #expect(errors.first?.contains(part) == true, "\(text): \(errors)")
        }
    }

    /// The vectors that a handle of embeddings holds.
    func vectors(_ name: String) throws -> Tensor {
        try #require(session.bindings[name]?.handle.content as? EmbeddingsContent).embeddings.vectors
    }

    func number(_ field: String) -> Double? {
        let parts = field.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        return switch session.bindings[parts[0]]?.handle.content?.fields[parts[1]] {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
}
