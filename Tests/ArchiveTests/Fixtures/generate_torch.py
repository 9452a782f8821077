"""Writes tensors.pt and its twin tensors.safetensors: python generate_torch.py (needs torch and safetensors)."""
import pathlib
from collections import OrderedDict

import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
base = torch.arange(12, dtype=torch.float32).reshape(3, 4)
tensors = OrderedDict(
    single=base,
    transposed=base.t(),
    part=base[1:, 1:3],
    scalar=torch.tensor(7.0),
    empty=torch.zeros(0, 4),
    half=torch.tensor([0.5, -2, 65504], dtype=torch.float16),
    brain=torch.tensor([1, -0.5, 3.375], dtype=torch.bfloat16),
    parameter=torch.nn.Parameter(torch.tensor([1.0, 2.0])),
)
tensors._metadata = {"version": 1}
state = {f"module.{name}": value for name, value in tensors.items()}
state["module.ids"] = torch.arange(3)
rates = {"lr": 1e-3, "betas": (0.9, 0.98), "steps": [1, 2 ** 40, -5], "name": "ViT", "none": None, "flag": True}
torch.save({"epoch": 3, "state_dict": state, "optimizer": rates}, here / "tensors.pt")
plain = {name: value.detach().contiguous().clone() for name, value in tensors.items()}
save_file(plain, here / "tensors.safetensors")
