"""Writes mixed.safetensors with the reference library: python generate.py (needs torch and safetensors)."""
import pathlib

import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
save_file(
    {
        "single": (torch.arange(6) / 4).reshape(2, 3),
        "half": torch.tensor([0.5, -2, 65504], dtype=torch.float16),
        "brain": torch.tensor([1, -0.5, 3.375], dtype=torch.bfloat16),
        "scalar": torch.tensor(7.0),
        "empty": torch.zeros(0, 4),
        "ids": torch.arange(3),
        "mask": torch.tensor([1, 0], dtype=torch.uint8),
    },
    here / "mixed.safetensors",
    metadata={"format": "pt"},
)
