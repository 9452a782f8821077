internal import Archive
import Foundation
internal import Inputs
internal import Layers
internal import ProCLIP
internal import Tensors
internal import Towers

/// Models in HDF5 files: one dataset a parameter at its path; attributes `kind`, `config` (JSON), `format_version`,
/// `provenance`, and for aligned models the embedder's name and hash.
enum ModelFile {
    static let formatVersion = "1"
    /// What describes an aligned model in a folder for transformers.
    static let folderDescription = "proclip.json"

    struct ClipConfiguration: Codable {
        let image: VisionTransformer.Configuration
        let text: CLIPTextTransformer.Configuration
    }

    struct TowerConfiguration: Codable {
        let image: VisionTransformer.Configuration
    }

    struct AlignedConfiguration: Codable {
        var image: VisionTransformer.Configuration
        let adapter: Adapter.Configuration
    }

    /// The embedder that an aligned model belongs to.
    struct EmbedderIdentity {
        let name: String
        let hash: String
    }

    /// - `tokenizer`: the attributes of a `SavedTokenizer`.
    static func write(
        _ model: CLIPModel, tokenizer: [String: String], to path: String, as type: ElementType, provenance: String
    ) throws {
        let attributes = ["kind": "clip", "config": try configuration(of: model), "provenance": provenance]
        try write(model.parameters, to: path, as: type, attributes.merging(tokenizer) { $1 })
    }

    static func write(
        _ model: AlignedModel, embedder: EmbedderIdentity, to path: String, as type: ElementType, provenance: String
    ) throws {
        try write(
            model.parameters, to: path, as: type,
            [
                "kind": "model", "config": try configuration(of: model), "provenance": provenance,
                "embedder": embedder.name,
                "embedder_sha256": embedder.hash,
            ])
    }

    /// - `contextLength`: for positions stretched to it; nil for the file's.
    /// - `imageSize`: for positions interpolated to it; nil for the file's.
    /// - `orientation`: how pictures are turned; nil for the file's.
    static func clip(
        _ path: String, contextLength: Int? = nil, imageSize: Int? = nil, orientation: PictureFitting.Orientation? = nil
    ) throws -> (model: CLIPModel, tokenizer: SavedTokenizer) {
        var (tensors, attributes) = try read(path, kind: "clip")
        let configuration: ClipConfiguration = try decoded(attributes, path)
        var (image, text) = (configuration.image, configuration.text)
        if let orientation { image.fitting.orientation = orientation }
        try Self.resize(&image, &tensors, to: imageSize)
        if let contextLength {
            text.contextLength = contextLength
            PositionEmbeddings.stretch(&tensors, to: contextLength)
        }
        let model = try CLIPModel(
            image: image, text: text, hasLogitBias: tensors["logit_bias"] != nil,
            source: ParameterSource(tensors: tensors, .adopted))
        return (model, try SavedTokenizer(attributes, path: path))
    }

    static func write(_ tower: ImageTower, to path: String, as type: ElementType, provenance: String) throws {
        try write(
            tower.parameters, to: path, as: type,
            ["kind": "tower", "config": try configuration(of: tower), "provenance": provenance])
    }

    /// - `imageSize`: for positions interpolated to it; nil for the file's.
    /// - `orientation`: how pictures are turned; nil for the file's.
    static func tower(
        _ path: String, imageSize: Int? = nil, orientation: PictureFitting.Orientation? = nil
    ) throws -> ImageTower {
        var (tensors, attributes) = try read(path, kind: "tower")
        var image = try (decoded(attributes, path) as TowerConfiguration).image
        if let orientation { image.fitting.orientation = orientation }
        try Self.resize(&image, &tensors, to: imageSize)
        return try ImageTower(image, source: ParameterSource(tensors: tensors, .adopted))
    }

    private static func resize(
        _ image: inout VisionTransformer.Configuration, _ tensors: inout [String: Tensor], to size: Int?
    ) throws {
        guard let size else { return }
        image.imageSize = size
        try image.validate()
        PositionEmbeddings.resize(
            &tensors, for: image, kernel: image.style.block.hasLayerScale ? .cubic : .antialiased)
    }

    /// - `orientation`: how pictures are turned; nil for the file's.
    static func aligned(
        _ path: String, orientation: PictureFitting.Orientation? = nil
    ) throws -> (model: AlignedModel, embedder: EmbedderIdentity) {
        if isFolder(path) { return try alignedFolder(path, orientation) }
        let (tensors, attributes) = try read(path, kind: "model")
        let configuration: AlignedConfiguration = try decoded(attributes, path, orientation)
        let model = try AlignedModel(
            image: configuration.image, adapter: configuration.adapter, tensors: tensors)
        guard let name = attributes["embedder"], let hash = attributes["embedder_sha256"] else {
            throw ArchiveError.missingAttribute("embedder", path: path)
        }
        return (model, EmbedderIdentity(name: name, hash: hash))
    }

    private struct FolderDescription: Decodable {
        struct Embedder: Decodable {
            let name: String
            let sha256: String
        }

        let format_version: String
        let config: String
        let embedder: Embedder
    }

    /// What `save format=hf` wrote of an aligned model.
    private static func alignedFolder(
        _ folder: String, _ orientation: PictureFitting.Orientation?
    ) throws -> (model: AlignedModel, embedder: EmbedderIdentity) {
        let path = folder + "/" + folderDescription
        let description = try folderContent(folder)
        let configuration: AlignedConfiguration = try decoded(["config": description.config], path, orientation)
        let tower = try NamedTensors(reading: folder + "/model.safetensors").tensors
        let adapter = try NamedTensors(reading: folder + "/adapter.safetensors").tensors
        let tensors = try TowerForm(configuration.image).names.tensors(tower).merging(
            Adapter.llm2clip(blocks: configuration.adapter.blocks).tensors(adapter)
        ) { $1 }
        let model = try AlignedModel(
            image: configuration.image, adapter: configuration.adapter, tensors: tensors)
        return (model, EmbedderIdentity(name: description.embedder.name, hash: description.embedder.sha256))
    }

    private static func folderContent(_ folder: String) throws -> FolderDescription {
        let path = folder + "/" + folderDescription
        let content = try JSONFile.read(FolderDescription.self, path, expected: "what save wrote of a model")
        guard content.format_version == formatVersion else {
            throw ArchiveError.unreadable(path, reason: "its format version is not \(formatVersion)")
        }
        return content
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// The files of an aligned model that identify it.
    static func weightFiles(_ path: String) -> [String] {
        isFolder(path) ? ["model.safetensors", "adapter.safetensors"].map { path + "/" + $0 } : [path]
    }

    /// A model's configuration as JSON, with that of its pictures.
    static func configuration(of model: CLIPModel) throws -> String {
        try json(ClipConfiguration(image: model.image.configuration, text: model.text.configuration))
    }

    static func configuration(of tower: ImageTower) throws -> String {
        try json(TowerConfiguration(image: tower.image.configuration))
    }

    static func configuration(of model: AlignedModel) throws -> String {
        try json(AlignedConfiguration(image: model.image.configuration, adapter: model.adapter.configuration))
    }

    private static func write(
        _ parameters: [Parameter], to path: String, as type: ElementType, _ attributes: [String: String]
    ) throws {
        let tensors = parameters.map { ($0.path, $0.value.converted(to: type)) }
        let attributes = attributes.merging(["format_version": formatVersion]) { $1 }
        if isSafetensors(path) {
            try SafetensorsFile.write(path, tensors: tensors.map { ($0.0, $0.1) }, metadata: attributes)
        } else {
            try writeTensors(path, tensors: tensors, attributes: attributes)
        }
    }

    private static func isSafetensors(_ path: String) -> Bool { path.hasSuffix(".safetensors") }

    /// Whether a path is a file that describes itself as one of ours; archives of PyTorch and folders are others'.
    static func isOurs(_ path: String) -> Bool {
        guard FileManager.default.fileExists(atPath: path), !isFolder(path),
            !["pt", "pth", "bin"].contains((path as NSString).pathExtension)
        else { return false }
        return !isSafetensors(path) || (try? SafetensorsFile(path).metadata["kind"]) != nil
    }

    /// Throws `ArchiveError` for a file that is no model of this kind, before its tensors are touched.
    static func check(_ path: String, kind: String) throws {
        if kind == "model", isFolder(path) {
            _ = try folderContent(path)
            return
        }
        let attributes = try attributes(path)
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
        let file = try NamedTensors(reading: path)
        return (file.tensors, file.metadata)
    }

    private static func attributes(_ path: String) throws -> [String: String] {
        if isSafetensors(path) { return try SafetensorsFile(path).metadata }
        let file = try HDF5File(reading: path)
        let attributes = try file.attributes().mapValues(\.text)
        try file.close()
        return attributes
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func decoded(
        _ attributes: [String: String], _ path: String, _ orientation: PictureFitting.Orientation?
    ) throws -> AlignedConfiguration {
        var configuration: AlignedConfiguration = try decoded(attributes, path)
        if let orientation { configuration.image.fitting.orientation = orientation }
        return configuration
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
