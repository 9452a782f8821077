internal import Archive
import Foundation
internal import Inputs
internal import Tensors
internal import Towers

/// Writes a handle's model in the form that `save` was asked for.
struct ModelExport {
    let session: Session
    let handle: Handle

    private var provenance: String { session.provenance(of: handle) }

    func write(_ content: ClipContent, as format: SaveFormat, _ type: ElementType, to path: String) throws {
        let model = content.model
        switch format {
        case .hdf5, .safetensors:
            let style = try style(of: content.tokenizer)
            try ModelFile.write(model, style: style, to: path, as: type, provenance: provenance)
        case .huggingFace:
            try HuggingFaceExport.write(model, as: type, to: path)
            try writeTokenizer(content, to: path)
            let use = ModelCard.transformers(fillsTexts: model.text.configuration.style == .siglip)
            try card(content.summary, library: "transformers", use: use, model.image, to: path)
        case .openCLIP:
            try OpenCLIPExport.write(model, as: type, to: path)
            // open_clip has CLIP's own.
            if !(content.tokenizer is CLIPTokenizer) { try writeTokenizer(content, to: path) }
            try card(content.summary, library: "open_clip", use: ModelCard.openCLIP(path), model.image, to: path)
        }
    }

    /// CLIP's is made anew, any other copied from the files that it was read from.
    private func writeTokenizer(_ content: ClipContent, to folder: String) throws {
        if let tokenizer = content.tokenizer as? CLIPTokenizer { return try tokenizer.write(to: folder) }
        guard let source = content.tokenizerFolder else { return }
        for name in [
            "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "spiece.model", "tokenizer.model",
        ]
        where FileManager.default.fileExists(atPath: source + "/" + name) {
            try AtomicWrite.replace(folder + "/" + name, with: try JSONFile.bytes(source + "/" + name))
        }
    }

    func write(_ content: TowerContent, as format: SaveFormat, _ type: ElementType, to path: String) throws {
        guard format == .huggingFace else {
            try ModelFile.write(content.tower, to: path, as: type, provenance: provenance)
            return
        }
        try HuggingFaceExport.write(content.tower, as: type, to: path)
        let form = try TowerForm(content.tower.image.configuration)
        try card(content.summary, library: form.library, use: ModelCard.tower(form), content.tower.image, to: path)
    }

    /// A file of tensors has room for the name of a style, not for a vocabulary.
    private func style(of tokenizer: any Tokenizer) throws -> CLIPTokenizer.Style {
        guard let tokenizer = tokenizer as? CLIPTokenizer,
            tokenizer.vocabulary == (try session.clipTokenizer().vocabulary)
        else { throw SavingError.ownTokenizer(handle.name) }
        return tokenizer.style
    }

    func write(_ content: ModelContent, as format: SaveFormat, _ type: ElementType, to path: String) throws {
        let identity = ModelFile.EmbedderIdentity(name: content.embedder.name, hash: content.embedder.hash)
        guard format == .huggingFace else {
            try ModelFile.write(content.model, embedder: identity, to: path, as: type, provenance: provenance)
            return
        }
        try HuggingFaceExport.write(content.model, as: type, to: path)
        let adapter = content.model.adapter.configuration
        let form = try TowerForm(content.model.image.configuration)
        let preprocessing = content.embedder.preprocessing
        let description: JSONTree = [
            "format_version": .text(ModelFile.formatVersion),
            "config": .text(try ModelFile.configuration(of: content.model)),
            "adapter": [
                "file": "adapter.safetensors", "inputs": JSONTree(adapter.inputs), "outputs": JSONTree(adapter.outputs),
                "blocks": JSONTree(adapter.blocks), "expansion": JSONTree(adapter.expansion),
                "standardises": .boolean(adapter.standardises),
            ],
            "embedder": [
                "name": .text(identity.name), "sha256": .text(identity.hash), "pooling": .text(preprocessing.pooling),
                "normalisation": .text(preprocessing.normalisation), "tokens": .text(preprocessing.tokens),
            ],
            "use": .text(
                "README.md shows it in Python. Image features: the \(form.library) model of this folder, L2-normalised"
                    + (form.isBridged ? " after image_projection of adapter.safetensors" : "")
                    + "; text features: the embedder's vectors through the adapter, L2-normalised"),
        ]
        try JSONFile.write(description, to: path + "/" + ModelFile.folderDescription)
        let use = ModelCard.proCLIP(content.model, form, embedder: identity.name)
        try card("ProCLIP: \(content.summary)", library: form.library, use: use, content.model.image, to: path)
    }

    private func card(
        _ summary: String, library: String, use: String, _ tower: VisionTransformer, to folder: String
    ) throws {
        let statements = Bindings.history(of: session.entries(of: [handle]))
        let text = ModelCard.text(
            title: handle.name, summary: summary, library: library, use: use, tower: tower.configuration,
            statements: statements)
        try AtomicWrite.replace(folder + "/README.md", with: Data(text.utf8))
    }
}

/// Why a model cannot be written as asked.
enum SavingError: Error, CustomStringConvertible {
    case ownTokenizer(String)

    var description: String {
        switch self {
        case .ownTokenizer(let name): "\(name) has a tokenizer of its own, which only format=hf keeps"
        }
    }
}
