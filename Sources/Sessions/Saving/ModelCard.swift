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

    static let transformers = """
        from PIL import Image
        from transformers import AutoModel, AutoProcessor

        model, processor = AutoModel.from_pretrained("."), AutoProcessor.from_pretrained(".")
        inputs = processor(text=["a photo"], images=Image.open("photo.jpg"), return_tensors="pt", padding=True)
        print(model(**inputs).logits_per_image)
        """

    static func openCLIP(_ path: String) -> String {
        """
        import open_clip

        model, _, preprocess = open_clip.create_model_and_transforms("local-dir:.")
        tokenizer = open_clip.get_tokenizer("local-dir:.")
        """
    }

    /// The adapter in PyTorch, as LLM2CLIP writes it.
    static func proCLIP(_ adapter: Adapter.Configuration, embedder: String) -> String {
        let scaling =
            adapter.standardises
            ? "\n        x = (x - self.mean) / self.deviation" : ""
        let constants =
            adapter.standardises
            ? """

                    self.mean = nn.Buffer(tensors["standardise.mean"])
                    self.deviation = nn.Buffer(tensors["standardise.deviation"])
            """ : ""
        return """
            import torch
            from safetensors.torch import load_file
            from torch import nn
            from torch.nn import functional as F
            from transformers import CLIPVisionModelWithProjection

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
                    names = {k: v for k, v in tensors.items() if k.startswith("text_adaptor.")}
                    self.load_state_dict(names)\(constants)

                def forward(self, x):\(scaling)
                    return F.normalize(self.text_adaptor(F.normalize(x, dim=-1)), dim=-1)

            tensors = load_file("adapter.safetensors")
            adapter, scale = Adapter(tensors), tensors["logit_scale"].exp()
            tower = CLIPVisionModelWithProjection.from_pretrained(".")
            # texts: vectors of \(embedder), [N, \(adapter.inputs)]; pixels: prepared pictures
            # logits = scale * F.normalize(tower(pixels).image_embeds, dim=-1) @ adapter(texts).T
            """
    }
}
