"""Fifty pictures of odd sizes as torchvision, transformers and open_clip prepare them with Pillow: run in this folder."""

import numpy as np
import torch
from open_clip.transform import ResizeKeepRatio, CenterCropOrPad
from PIL import Image
from safetensors.torch import save_file
from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Resize

random = np.random.default_rng(11)
SIDE = 9


def tensor(array):
    # bfloat16 holds every whole number up to 256.
    return torch.from_numpy(np.ascontiguousarray(array).astype(np.float32)).bfloat16()


def transformers(picture):
    """The slow processor of transformers: truncated sizes and margins."""
    width, height = picture.size
    short, long = min(width, height), max(width, height)
    new = {short: SIDE, long: int(SIDE * long / short)} if short != long else {short: SIDE}
    resized = picture.resize((new[width], new[height]), Image.BICUBIC)
    left, top = (resized.width - SIDE) // 2, (resized.height - SIDE) // 2
    return resized.crop((left, top, left + SIDE, top + SIDE))


ways = {
    "torchvision": Compose([Resize(SIDE, InterpolationMode.BICUBIC), CenterCrop(SIDE)]),
    "transformers": transformers,
    "larger": Compose([Resize(SIDE + 4, InterpolationMode.BILINEAR), CenterCrop(SIDE)]),
    "squash": Compose([Resize((SIDE, SIDE), InterpolationMode.LANCZOS)]),
    "longest": Compose([ResizeKeepRatio(SIDE, interpolation=InterpolationMode.BICUBIC, longest=1), CenterCropOrPad(SIDE)]),
}
tensors = {}
for number in range(50):
    height, width = (1, 1) if number == 0 else random.integers(2, 26, 2)
    channels = 4 if number % 7 == 3 else 3
    samples = random.integers(0, 256, (height, width, channels), dtype=np.uint8)
    picture = Image.fromarray(samples).convert("RGB")
    tensors[f"{number}/input"] = tensor(samples)
    for way, transform in ways.items():
        tensors[f"{number}/{way}"] = tensor(np.asarray(transform(picture)))
save_file(tensors, "fitting.safetensors")
