import Foundation
internal import Towers

/// The short README of a saved folder: what the model is, how to use it, how it came about.
enum ModelCard {
    static func text(
        title: String, summary: String, library: String, use: String, tower: VisionTransformer.Configuration,
        statements: [String]
    ) -> String {
        let fitting = tower.fitting.description(side: tower.imageSize)
        let margin =
            tower.fitting.mode == .whiteSquare
            ? "The configuration in this folder cannot say so: pad pictures to a white square yourself." : ""
        return """
            ---
            library_name: \(library)
            pipeline_tag: zero-shot-image-classification
            tags:
            - clip
            ---

            # \(title)

            \(summary). Saved by proclip \(Session.version).

            ## Use

            ```python
            \(use)
            ```

            Pictures are \(fitting). \(margin)

            ## How it came about

            ```
            \(statements.joined(separator: "\n"))
            ```

            """
    }

    /// transformers' other backend resizes pictures a little otherwise than they were in training.
    /// - Parameter fillsTexts: whether texts are filled up to the context, as SigLIP's.
    static func transformers(fillsTexts: Bool) -> String {
        """
        from PIL import Image
        from transformers import AutoModel, AutoProcessor

        model, processor = AutoModel.from_pretrained("."), AutoProcessor.from_pretrained(".", backend="pil")
        inputs = processor(text=["a photo"], images=Image.open("photo.jpg"), return_tensors="pt", padding=\(fillsTexts ? "\"max_length\"" : "True"))
        print(model(**inputs).logits_per_image)
        """
    }

    static func openCLIP(hasBias: Bool) -> String {
        """
        import open_clip
        from PIL import Image

        model, _, preprocess = open_clip.create_model_and_transforms("local-dir:.")
        tokenizer = open_clip.get_tokenizer("local-dir:.")
        model.eval()
        image = model.encode_image(preprocess(Image.open("photo.jpg")).unsqueeze(0), normalize=True)
        text = model.encode_text(tokenizer(["a photo"]), normalize=True)
        print(model.logit_scale.exp() * image @ text.T\(hasBias ? " + model.logit_bias" : ""))
        """
    }

    /// An image tower alone.
    static func tower(_ form: TowerForm) -> String {
        """
        from PIL import Image
        from transformers import AutoImageProcessor
        \(form.loading)

        processor = AutoImageProcessor.from_pretrained(".", backend="pil")
        pixels = processor(Image.open("photo.jpg"), return_tensors="pt")["pixel_values"]
        print(\(form.feature))
        """
    }

    /// The adapter in PyTorch, as LLM2CLIP writes it, beside its image tower.
    static func proCLIP(_ model: AlignedModel, _ form: TowerForm, embedder: String) -> String {
        let adapter = model.adapter.configuration
        let constants =
            adapter.standardises
            ? """

                    self.mean, self.deviation = tensors["standardise.mean"], tensors["standardise.deviation"]
            """ : ""
        let scaling = adapter.standardises ? "\n        x = (x - self.mean) / self.deviation" : ""
        let bridge = form.isBridged ? " @ tensors[\"image_projection.weight\"].T" : ""
        let bias = model.logitBias == nil ? "" : " + tensors[\"logit_bias\"]"
        return """
            import torch
            from safetensors.torch import load_file
            from torch import nn
            from torch.nn import functional as F
            from transformers import AutoImageProcessor
            \(form.loading)

            class Block(nn.Module):
                def __init__(self, width, inner):
                    super().__init__()
                    self.ln = nn.LayerNorm(width)
                    self.fn = nn.Sequential(nn.Linear(width, inner), nn.GELU(), nn.Dropout(0), nn.Linear(inner, width))

                def forward(self, x):
                    return x + self.fn(self.ln(x))

            class Adapter(nn.Module):
                def __init__(self, tensors):
                    super().__init__()
                    blocks = [Block(\(adapter.inputs), \(adapter.inputs * adapter.expansion)) for _ in range(\(adapter.blocks))]
                    self.text_adaptor = nn.Sequential(
                        *blocks, nn.LayerNorm(\(adapter.inputs)), nn.Linear(\(adapter.inputs), \(adapter.outputs)))
                    self.load_state_dict({k: v for k, v in tensors.items() if k.startswith("text_adaptor.")})\(constants)

                def forward(self, x):\(scaling)
                    return F.normalize(self.text_adaptor(F.normalize(x, dim=-1)), dim=-1)

            tensors = load_file("adapter.safetensors")
            adapter, processor = Adapter(tensors).eval(), AutoImageProcessor.from_pretrained(".", backend="pil")

            def image_features(pictures):
                pixels = processor(pictures, return_tensors="pt")["pixel_values"]
                return F.normalize(\(form.feature)\(bridge), dim=-1)

            def text_features(vectors):
                \"""Of the texts' vectors by \(embedder), [N, \(adapter.inputs)].\"""
                return adapter(vectors)

            def logits(images, texts):
                return tensors["logit_scale"].exp() * images @ texts.T\(bias)
            """
    }
}
