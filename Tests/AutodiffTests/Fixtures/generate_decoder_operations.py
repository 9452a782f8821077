"""Values and gradients of the operations of language models, by PyTorch in float64; see generate.py.

    python generate_decoder_operations.py     # writes decoder-operations.safetensors
"""
import pathlib

import torch
import torch.nn.functional as F
from cases import Cases
from safetensors.torch import save_file

cases = Cases(4)
tensors, normal, case = cases.tensors, cases.normal, cases.case


def rms_norm(x, w):
    x = x.view(*x.shape[:-1], -1, w.shape[0])
    return (x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * w).flatten(-2)


def rotated(x, frequencies, lengths, interleaved):
    R, D = x.shape
    half = len(frequencies)
    x = x.view(R, D // (2 * half), 2 * half)
    positions = torch.cat([torch.arange(length) for length in lengths]).double()
    angles = (positions[:, None] * torch.tensor(frequencies).double())[:, None]
    if interleaved:
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x[..., :half], x[..., half:]
    a, b = a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()
    y = torch.stack([a, b], -1).flatten(-2) if interleaved else torch.cat([a, b], -1)
    return y.view(R, D)


def attention(heads, key_heads, lengths, causal=True, window=None, cap=None, scale=None):
    def sequence(query, key, value):
        T, D = query.shape
        E = D // heads
        q = query.view(T, heads, E).transpose(0, 1)
        k, v = (x.view(T, key_heads, E).transpose(0, 1).repeat_interleave(heads // key_heads, 0) for x in (key, value))
        scores = q @ k.transpose(-1, -2) * (scale or E**-0.5)
        if cap:
            scores = cap * torch.tanh(scores / cap)
        row, column = torch.arange(T)[:, None], torch.arange(T)[None]
        seen = torch.ones(T, T, dtype=torch.bool)
        if causal:
            seen &= column <= row
        if window:
            seen &= (row - column).abs() < window
        return (scores.masked_fill(~seen, -1e30).softmax(-1) @ v).transpose(0, 1).reshape(T, D)

    def operation(query, key, value):
        return torch.cat([sequence(*parts) for parts in zip(*(x.split(lengths) for x in (query, key, value)))])

    return operation


def shapes(R, heads, key_heads, E):
    return {"query": normal(R, heads * E), "key": normal(R, key_heads * E), "value": normal(R, key_heads * E)}


case("rmsNorm", {"x": normal(3, 5, 17), "w": normal(17)}, rms_norm)
case("rmsNormHeads", {"x": normal(2, 3, 24), "w": normal(8)}, rms_norm)
case("rotary", {"x": normal(9, 24)}, lambda x: rotated(x, [1.0, 0.5, 0.1, 0.01], [5, 1, 3], False))
case("rotaryInterleaved", {"x": normal(9, 24)}, lambda x: rotated(x, [1.0, 0.5, 0.1, 0.01], [5, 1, 3], True))
case("grouped", shapes(11, 6, 2, 5), attention(6, 2, [7, 4]))
case("groupedBidirectional", shapes(10, 4, 4, 3), attention(4, 4, [7, 3], causal=False))
case("groupedWindow", shapes(15, 4, 1, 3), attention(4, 1, [9, 6], window=3, scale=0.4))
case("groupedWindowBidirectional", shapes(15, 2, 1, 3), attention(2, 1, [9, 6], causal=False, window=4))
case("groupedCap", shapes(7, 4, 2, 8), attention(4, 2, [6, 1], window=4, cap=1.5))
case("product", {"a": normal(3, 5), "b": normal(3, 5)}, lambda a, b: a * b)
case("tanhGELU", {"x": normal(31) * 2}, lambda x: F.gelu(x, approximate="tanh"))
case("silu", {"x": normal(31) * 2}, lambda x: F.silu(x))

save_file({k: v.float().contiguous() for k, v in tensors.items()}, pathlib.Path(__file__).parent / "decoder-operations.safetensors")
