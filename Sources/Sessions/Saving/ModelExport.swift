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
            let tokenizer = try SavedTokenizer.write(content, published: session.clipTokenizer(), beside: path)
            try ModelFile.write(model, tokenizer: tokenizer, to: path, as: type, provenance: provenance)
        case .huggingFace:
            try HuggingFaceExport.write(model, as: type, to: path)
            if let tokenizer = content.tokenizer as? CLIPTokenizer {
                try tokenizer.write(to: path)
            } else if case .folder(let folder, let cleaning) = content.tokenizerFiles {
                let isSigLIP = model.text.configuration.style.pooling == .last
                try TokenizerFolder.copy(folder, to: path, cleaning: cleaning, showsPadding: isSigLIP)
            }
            let use = ModelCard.transformers(fillsTexts: model.text.configuration.style == .siglip)
            try card(content.summary, library: "transformers", use: use, model.image, to: path)
        case .openCLIP:
            // open_clip has CLIP's own.
            var cleaning: TextCleaning?
            if !(content.tokenizer is CLIPTokenizer), case .folder(_, let own) = content.tokenizerFiles {
                cleaning = own ?? (model.text.configuration.style.pooling == .last ? .lower : .whitespace)
            }
            try OpenCLIPExport.write(model, cleaning: cleaning, as: type, to: path)
            if cleaning != nil, case .folder(let folder, _) = content.tokenizerFiles {
                try TokenizerFolder.copy(folder, to: path)
            }
            let use = ModelCard.openCLIP(hasBias: model.logitBias != nil)
            try card(content.summary, library: "open_clip", use: use, model.image, to: path)
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
