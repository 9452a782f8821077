"""Features, losses and all gradients of small random CLIP models and adapters, computed by PyTorch in float64.

    python generate_clip.py   # needs torch, transformers and safetensors; run with HF_HUB_OFFLINE=1

clip.safetensors      a case `c` is a `CLIPModel` of transformers: `c/tensors/*` under its own names, `c/pictures`,
                      `c/ids` (padded to the context length), `c/image` and `c/text` (features, not normalised),
                      `c/loss` (its contrastive loss) and `c/gradients/*` of that loss
adapter.safetensors   a case `c` is the adapter below: `c/parameters/*`, `c/input`, `c/output`, `c/seed` (the gradient
                      fed to the output) and `c/gradients/*`, the input's among them
All values are stored as float32, which the parameters and inputs are to begin with.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn
from transformers import CLIPConfig, CLIPModel

here = Path(__file__).parent
generator = torch.Generator().manual_seed(20251018)


def normal(*shape):
    return torch.randn(shape, generator=generator, dtype=torch.float32).double()


def randomise(module):
    """Weights that keep the scale of what passes, biases and norms that are visible."""
    for name, parameter in module.double().named_parameters():
        noise = normal(*parameter.shape)
        if name == "logit_scale":
            parameter.data.fill_(2.5)
        elif parameter.dim() >= 2 and "embedding.weight" not in name:
            parameter.data = noise * parameter[0].numel() ** -0.5
        elif "norm" in name and name.endswith("weight"):
            parameter.data = 1 + 0.1 * noise
        else:
            parameter.data = 0.2 * noise
        parameter.data = parameter.data.float().double()
    return module


def clip_case(activation, epsilon, image, text, outputs, lengths):
    shared = {"hidden_act": activation, "layer_norm_eps": epsilon, "projection_dim": outputs}
    end = text["vocab_size"] - 1
    model = randomise(CLIPModel(CLIPConfig(
        projection_dim=outputs, vision_config=shared | image,
        text_config=shared | text | {"bos_token_id": end - 1, "eos_token_id": end, "pad_token_id": 0},
        attn_implementation="sdpa")))
    ids = torch.zeros(len(lengths), text["max_position_embeddings"], dtype=torch.int64)
    for row, length in zip(ids, lengths):
        row[0], row[length - 1] = end - 1, end
        row[1:length - 1] = torch.randint(1, end - 1, (length - 2,), generator=generator)
    pictures = normal(len(lengths), 3, image["image_size"], image["image_size"])
    loss = model(input_ids=ids, pixel_values=pictures, return_loss=True).loss
    loss.backward()
    return {
        "pictures": pictures, "ids": ids, "loss": loss,
        "image": model.get_image_features(pixel_values=pictures).pooler_output,
        "text": model.get_text_features(input_ids=ids).pooler_output,
        **{f"tensors/{name}": tensor for name, tensor in model.state_dict().items()},
        **{f"gradients/{name}": parameter.grad for name, parameter in model.named_parameters()},
    }


class Block(nn.Module):
    def __init__(self, width, expansion):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, expansion * width)
        self.down = nn.Linear(expansion * width, width)

    def forward(self, x):
        return x + self.down(F.gelu(self.up(self.norm(x))))


class Adapter(nn.Module):
    """L2-normalise, N residual blocks, norm, projection, L2-normalise (LLM2CLIP, arXiv 2411.04997)."""

    def __init__(self, inputs, outputs, blocks, expansion):
        super().__init__()
        self.blocks = nn.ModuleList(Block(inputs, expansion) for _ in range(blocks))
        self.norm = nn.LayerNorm(inputs)
        self.projection = nn.Linear(inputs, outputs)

    def forward(self, x):
        x = F.normalize(x, dim=-1)
        for block in self.blocks:
            x = block(x)
        return F.normalize(self.projection(self.norm(x)), dim=-1)


def adapter_case(blocks, expansion, standardised):
    adapter = randomise(Adapter(12, 7, blocks, expansion))
    x = (normal(6, 12) * torch.linspace(0.2, 3, 12) + normal(12)).float().double().requires_grad_()
    constants = {}
    if standardised:
        deviation, mean = torch.std_mean(x.detach(), dim=0, correction=0)
        constants = {"standardise/mean": mean.float(), "standardise/deviation": deviation.float()}
        output = adapter((x - constants["standardise/mean"]) / constants["standardise/deviation"])
    else:
        output = adapter(x)
    seed = normal(6, 7)
    output.backward(seed)
    path = lambda name: name.replace(".", "/")
    return {
        "input": x, "output": output, "seed": seed, "gradients/input": x.grad,
        **{f"parameters/{name}": tensor for name, tensor in constants.items()},
        **{f"parameters/{path(name)}": tensor for name, tensor in adapter.named_parameters()},
        **{f"gradients/{path(name)}": parameter.grad for name, parameter in adapter.named_parameters()},
    }


def write(name, cases):
    tensors = {f"{case}/{key}": tensor.detach().float().contiguous()
               for case, content in cases.items() for key, tensor in content.items()}
    path = here / f"{name}.safetensors"
    save_file(tensors, path)
    path.chmod(0o644)


def sizes(width, heads, layers, inner):
    return {"hidden_size": width, "num_attention_heads": heads, "num_hidden_layers": layers, "intermediate_size": inner}


write("clip", {
    "openai": clip_case(
        "quick_gelu", 1e-5, sizes(16, 2, 2, 31) | {"image_size": 12, "patch_size": 4},
        sizes(12, 3, 2, 17) | {"vocab_size": 41, "max_position_embeddings": 9}, 10, [9, 2, 5, 3, 6]),
    "gelu": clip_case(
        "gelu", 1e-6, sizes(9, 1, 1, 36) | {"image_size": 10, "patch_size": 5},
        sizes(20, 4, 3, 21) | {"vocab_size": 23, "max_position_embeddings": 11}, 7, [4, 7, 2]),
})
write("adapter", {
    "paper": adapter_case(4, 2, False), "paper-standardised": adapter_case(4, 2, True),
    "released": adapter_case(1, 8, False), "released-standardised": adapter_case(1, 8, True),
})
