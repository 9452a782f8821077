"""A transformer block's output and all gradients, computed by PyTorch in float64 and stored in float32.

    python generate.py        # needs torch and safetensors; writes blocks.safetensors beside this file

A case `c` holds `c/parameters/*` (at the paths of the layer tree), `c/input`, `c/output`, `c/seed` (the gradient fed to
the output) and `c/gradients/*`, the input's among them.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

generator = torch.Generator().manual_seed(20251018)
tensors = {}


def normal(*shape, deviation=1.0):
    return (torch.randn(shape, generator=generator) * deviation).double()


def block(p, x, heads, activation, mask):
    B, T, D = x.shape
    linear = lambda name, y: F.linear(y, p[f"{name}/weight"], p[f"{name}/bias"])
    norm = lambda name, y: F.layer_norm(y, (D,), p[f"{name}/weight"], p[f"{name}/bias"], 1e-5)
    split = lambda y: y.view(B, T, heads, D // heads).transpose(1, 2)
    y = norm("norm1", x)
    q, k, v = (split(linear(f"attention/{name}", y)) for name in ("query", "key", "value"))
    mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(B, T, D)
    x = x + linear("attention/output", mixed)
    return x + linear("mlp/down", activation(linear("mlp/up", norm("norm2", x))))


def case(name, B, T, D, heads, width, activation, mask):
    p = {}
    for norm in ("norm1", "norm2"):
        p[f"{norm}/weight"], p[f"{norm}/bias"] = 1 + normal(D, deviation=0.1), normal(D, deviation=0.1)
    for linear in ("query", "key", "value", "output"):
        p[f"attention/{linear}/weight"] = normal(D, D, deviation=D**-0.5)
        p[f"attention/{linear}/bias"] = normal(D, deviation=0.1)
    p["mlp/up/weight"], p["mlp/up/bias"] = normal(width, D, deviation=D**-0.5), normal(width, deviation=0.1)
    p["mlp/down/weight"], p["mlp/down/bias"] = normal(D, width, deviation=width**-0.5), normal(D, deviation=0.1)
    leaves = {key: value.requires_grad_() for key, value in (p | {"input": normal(B, T, D)}).items()}
    output = block(leaves, leaves["input"], heads, activation, mask)
    seed = normal(*output.shape)
    output.backward(seed)
    tensors.update({f"{name}/parameters/{key}": p[key] for key in p})
    tensors.update({f"{name}/gradients/{key}": leaf.grad for key, leaf in leaves.items()})
    tensors.update({f"{name}/input": leaves["input"], f"{name}/output": output, f"{name}/seed": seed})


padding = (torch.arange(7)[None] < torch.tensor([[7], [1], [4]]))[:, None, None, :]
case("vision", 2, 17, 12, 3, 31, F.gelu, None)
case("text", 2, 9, 16, 2, 64, lambda x: x * torch.sigmoid(1.702 * x), torch.ones(9, 9, dtype=torch.bool).tril())
case("padded", 3, 7, 6, 1, 17, F.gelu, padding)

path = Path(__file__).with_name("blocks.safetensors")
save_file({key: value.detach().float().contiguous() for key, value in tensors.items()}, path)
path.chmod(0o644)
