internal import Archive
import Foundation
internal import Layers
internal import ProCLIP
internal import Tensors
internal import Towers

/// Models in HDF5 files: one dataset a parameter at its path; attributes `kind`, `config` (JSON), `format_version`,
/// `provenance`, and for aligned models the embedder's name and hash.
enum ModelFile {
    static let formatVersion = "1"

    struct ClipConfiguration: Codable {
        let image: VisionTransformer.Configuration
        let text: CLIPTextTransformer.Configuration
    }

    struct AlignedConfiguration: Codable {
        let image: VisionTransformer.Configuration
        let adapter: Adapter.Configuration
    }

    /// The embedder that an aligned model belongs to.
    struct EmbedderIdentity {
        let name: String
        let hash: String
    }

    static func write(_ model: CLIPModel, to path: String, as type: ElementType, provenance: String) throws {
        let configuration = ClipConfiguration(image: model.image.configuration, text: model.text.configuration)
        try write(
            model.parameters, to: path, as: type,
            [
                "kind": "clip", "config": try json(configuration), "provenance": provenance,
            ])
    }

    static func write(
        _ model: AlignedModel, embedder: EmbedderIdentity, to path: String, as type: ElementType, provenance: String
    ) throws {
        let configuration = AlignedConfiguration(
            image: model.image.configuration, adapter: model.adapter.configuration)
        try write(
            model.parameters, to: path, as: type,
            [
                "kind": "model", "config": try json(configuration), "provenance": provenance, "embedder": embedder.name,
                "embedder_sha256": embedder.hash,
            ])
    }

    static func clip(_ path: String) throws -> CLIPModel {
        let (tensors, attributes) = try read(path, kind: "clip")
        let configuration: ClipConfiguration = try decoded(attributes, path)
        return try CLIPModel(
            image: configuration.image, text: configuration.text, source: ParameterSource(tensors: tensors))
    }

    static func aligned(_ path: String) throws -> (model: AlignedModel, embedder: EmbedderIdentity) {
        let (tensors, attributes) = try read(path, kind: "model")
        let configuration: AlignedConfiguration = try decoded(attributes, path)
        let model = try AlignedModel(
            image: configuration.image, adapter: configuration.adapter, source: ParameterSource(tensors: tensors))
        guard let name = attributes["embedder"], let hash = attributes["embedder_sha256"] else {
            throw ArchiveError.missingAttribute("embedder", path: path)
        }
        return (model, EmbedderIdentity(name: name, hash: hash))
    }

    private static func write(
        _ parameters: [Parameter], to path: String, as type: ElementType, _ attributes: [String: String]
    ) throws {
        try writeTensors(
            path, tensors: parameters.map { ($0.path, type == .float32 ? $0.value : $0.value.converted(to: type)) },
            attributes: attributes.merging(["format_version": formatVersion]) { $1 })
    }

    /// Throws `ArchiveError` for a file that is no model of this kind, before its tensors are touched.
    static func check(_ path: String, kind: String) throws {
        let file = try HDF5File(reading: path)
        let attributes = try file.attributes().mapValues(\.text)
        try file.close()
        guard attributes["kind"] == kind else {
            throw ArchiveError.foreign(path, expected: "a model of kind \(kind)")
        }
        guard attributes["format_version"] == formatVersion else {
            throw ArchiveError.unreadable(path, reason: "its format version is not \(formatVersion)")
        }
    }

    private static func read(
        _ path: String, kind: String
    ) throws -> (tensors: [String: Tensor], attributes: [String: String]) {
        try check(path, kind: kind)
        return try readTensors(path)
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func decoded<Value: Decodable>(_ attributes: [String: String], _ path: String) throws -> Value {
        guard let text = attributes["config"] else { throw ArchiveError.missingAttribute("config", path: path) }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw ArchiveError.unreadable(path, reason: "its attribute config is damaged")
        }
    }
}
