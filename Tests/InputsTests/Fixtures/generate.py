"""Writes the picture fixtures of InputsTests with Pillow: run in this folder; the output is deterministic."""

import io

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

random = np.random.default_rng(7)


def smooth(height, width, channels):
    """A picture with edges, gradients and noise."""
    y, x = np.mgrid[0:height, 0:width]
    layers = [127 + 90 * np.sin(x / (3 + c) + y / (5 - c)) + random.normal(0, 20, (height, width)) for c in range(channels)]
    samples = np.clip(np.stack(layers, -1), 0, 255).astype(np.uint8)
    samples[: height // 3, : width // 4] = 255
    return samples


def tensor(array):
    # bfloat16 holds every whole number up to 256.
    return torch.from_numpy(np.ascontiguousarray(array).astype(np.float32)).bfloat16()


tensors = {}
sizes = [(5, 7, 3, 4), (31, 17, 9, 33), (1, 1, 5, 6), (3, 50, 50, 3), (90, 31, 40, 14), (90, 131, 64, 64), (64, 64, 64, 31), (40, 40, 97, 96)]
for height, width, new_height, new_width in sizes:
    samples = smooth(height, width, 3)
    resized = Image.fromarray(samples).resize((new_width, new_height), Image.BICUBIC)
    name = f"{height}x{width}-{new_height}x{new_width}"
    tensors[f"resize/{name}/input"] = tensor(samples)
    tensors[f"resize/{name}/output"] = tensor(np.asarray(resized))

files = {
    "rgb.png": Image.fromarray(smooth(19, 23, 3)),
    "rgba.png": Image.fromarray(smooth(23, 19, 4)),
    "grey.png": Image.fromarray(smooth(11, 13, 1)[..., 0]),
    "palette.png": Image.fromarray(smooth(16, 9, 3)).quantize(17),
    "bilevel.png": Image.fromarray(smooth(9, 21, 1)[..., 0]).convert("1"),
    "colour.jpg": Image.fromarray(smooth(37, 29, 3)),
    "grey.jpg": Image.fromarray(smooth(15, 33, 1)[..., 0]),
}
for name, picture in files.items():
    buffer = io.BytesIO()
    picture.save(buffer, "PNG" if name.endswith("png") else "JPEG", quality=85)
    data = buffer.getvalue()
    decoded = Image.open(io.BytesIO(data))
    tensors[f"decode/{name}/file"] = tensor(np.frombuffer(data, np.uint8))
    tensors[f"decode/{name}/output"] = tensor(np.asarray(decoded.convert("RGBA" if name == "rgba.png" else "RGB")))

save_file(tensors, "pictures.safetensors")
