"""Values and gradients of every operation, computed by PyTorch in float64 and stored in float32.

    python generate.py        # needs torch, timm and safetensors; writes operations.safetensors beside this file
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from cases import Cases
from safetensors.torch import save_file
from timm.layers import RotaryEmbeddingCat, apply_rot_embed_cat

cases = Cases(20251018)
tensors, normal, case = cases.tensors, cases.normal, cases.case


def attention(heads, mask):
    def operation(query, key, value):
        B, T, D = query.shape
        split = lambda x: x.view(B, T, heads, D // heads).transpose(1, 2)
        mixed = F.scaled_dot_product_attention(split(query), split(key), split(value), attn_mask=mask(B, T))
        return mixed.transpose(1, 2).reshape(B, T, D)

    return operation


def lengths_mask(lengths):
    return lambda B, T: (torch.arange(T)[None] < torch.tensor(lengths)[:, None])[:, None, None, :]


def distances(x):
    squared = (x[:, None] - x[None]).pow(2).sum(-1)
    close = squared < 1e-12
    return torch.where(close, torch.zeros_like(squared), torch.where(close, torch.ones_like(squared), squared).sqrt())


def info_nce(image, text, scale):
    logits = scale.exp() * image @ text.T
    target = torch.arange(len(image))
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def unit(x):
    return F.normalize(x, dim=-1)


case("add", {"a": normal(3, 17), "b": normal(3, 17)}, lambda a, b: a + b)
case("subtract", {"a": normal(3, 17), "b": normal(3, 17)}, lambda a, b: a - b)
case("scale", {"x": normal(5, 31)}, lambda x: x * -0.7)
case("scaleByVariable", {"x": normal(5, 31), "s": normal(1)[0]}, lambda x, s: x * s)
case("square", {"x": normal(31)}, lambda x: x.square())
case("smoothL1", {"x": 2 * normal(7, 9)}, lambda x: F.smooth_l1_loss(x, torch.zeros_like(x), beta=0.5, reduction="none"))
case("sum", {"x": normal(3, 1, 17)}, lambda x: x.sum())
case("mean", {"x": normal(3, 1, 17)}, lambda x: x.mean())
case("reuse", {"x": normal(3, 5)}, lambda x: (x + x * 0.5 + x.square()).reshape(5, 3))
case("broadcast", {"x": normal(3, 5, 17), "p": normal(5, 17)}, lambda x, p: x + p)
case("linear", {"x": normal(3, 5, 17), "w": normal(31, 17), "b": normal(31)}, lambda x, w, b: F.linear(x, w, b))
case("linearOne", {"x": normal(1, 1), "w": normal(1, 1), "b": normal(1)}, lambda x, w, b: F.linear(x, w, b))
case("linearNoBias", {"x": normal(130, 3), "w": normal(5, 3)}, lambda x, w: F.linear(x, w))
for name, rows, width in (("layerNorm", 131, 17), ("layerNormRow", 1, 31), ("layerNormThree", 5, 3)):
    case(
        name,
        {"x": 3 * normal(rows, width) + 2, "w": normal(width), "b": normal(width)},
        lambda x, w, b: F.layer_norm(x, w.shape, w, b, 1e-5),
    )
wide = torch.cat([torch.linspace(-14, 14, 113, dtype=torch.float64), torch.tensor([0.0, -0.0, 1e-6, -1e-6])])
case("gelu", {"x": wide}, lambda x: F.gelu(x))
case("quickGELU", {"x": wide}, lambda x: x * torch.sigmoid(1.702 * x))
case("softmax", {"x": 4 * normal(3, 5, 31)}, lambda x: x.softmax(-1))
case("softmaxOne", {"x": normal(3, 1)}, lambda x: x.softmax(-1))
qkv = lambda *shape: {"query": normal(*shape), "key": normal(*shape), "value": normal(*shape)}
case("attention", qkv(3, 17, 6), attention(2, lambda B, T: None))
case("attentionOne", qkv(1, 1, 3), attention(3, lambda B, T: None))
case("attentionCausal", qkv(2, 9, 31), attention(1, lambda B, T: torch.ones(T, T, dtype=torch.bool).tril()))
case("attentionLengths", qkv(3, 7, 12), attention(4, lengths_mask([7, 1, 4])))
case("normalize", {"x": normal(5, 31)}, unit)
case("normalizeZero", {"x": torch.cat([normal(2, 3), torch.zeros(1, 3)])}, unit)
rows = unit(normal(17, 31))
case("distances", {"x": rows}, distances)
case("distancesDuplicates", {"x": torch.cat([rows[:5], rows[1:3], rows[:1] + 1e-4 * normal(1, 31)]).float().double()}, distances)
case("distancesOne", {"x": normal(1, 3)}, distances)
contrast = lambda B, D: {"image": unit(normal(B, D)).float().double(), "text": unit(normal(B, D)).float().double(),
                         "scale": torch.tensor(2.6593).double()}
case("infoNCE", contrast(17, 31), info_nce)
case("infoNCETwo", contrast(2, 3), info_nce)
same = contrast(4, 5)
same["text"][1] = same["text"][0]
same["scale"] = torch.tensor(4.6).double()
case("infoNCEDuplicates", same, info_nce)
case("embedding", {"table": normal(11, 5)}, lambda table: F.embedding(torch.tensor([[3, 0, 3], [10, 3, 1]]), table))
case("gatheringTokens", {"x": normal(3, 5, 7)}, lambda x: x[torch.arange(3), torch.tensor([4, 0, 2])])
case("meanPooled", {"x": normal(3, 5, 7)},
     lambda x: torch.stack([x[b, :n].mean(0) for b, n in enumerate([5, 1, 3])]))
case("prepending", {"x": normal(3, 5, 7), "token": normal(7)},
     lambda x, token: torch.cat([token.expand(3, 1, 7), x], 1))
case("patches", {"x": normal(2, 3, 6, 4), "w": normal(5, 3, 2, 2)},
     lambda x, w: F.conv2d(x, w, stride=2).flatten(2).transpose(1, 2))
case("product", {"a": normal(3, 17), "b": normal(3, 17)}, lambda a, b: a * b)
case("rowProduct", {"x": normal(3, 70, 5), "f": normal(5)}, lambda x, f: x * f)
case("tanhGELU", {"x": wide}, lambda x: F.gelu(x, approximate="tanh"))
case("silu", {"x": wide}, lambda x: F.silu(x))
case("repeated", {"x": normal(2, 5)}, lambda x: x.expand(3, 2, 5))


def pooled(query, key, value):
    split = lambda x: x.view(len(x), x.shape[1], 3, 4).transpose(1, 2)
    mixed = F.scaled_dot_product_attention(split(query), split(key), split(value))
    return mixed.transpose(1, 2).reshape(query.shape)


case("attentionPooled", {"query": normal(2, 3, 12), "key": normal(2, 7, 12), "value": normal(2, 7, 12)}, pooled)


def rotated(x):
    """timm's rotation of a 3 x 3 grid that was trained as 5 x 5, two heads of 8, after one class token."""
    rope = RotaryEmbeddingCat(8, in_pixels=False, feat_shape=[3, 3], ref_feat_shape=[5, 5]).get_embed().to(x.dtype)
    heads = x.view(x.shape[0], x.shape[1], 2, 8).transpose(1, 2)
    turned = torch.cat([heads[:, :, :1], apply_rot_embed_cat(heads[:, :, 1:], rope)], 2)
    return turned.transpose(1, 2).reshape(x.shape)


case("rotated", {"x": normal(2, 10, 16)}, rotated)

path = Path(__file__).with_name("operations.safetensors")
save_file({key: value.float().contiguous() for key, value in tensors.items()}, path)
path.chmod(0o644)
