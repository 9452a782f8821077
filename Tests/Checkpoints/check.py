"""Published shapes with seeded random weights, through the program and through the libraries that own them.

    python check.py PROCLIP [ViT-B/32 ...]     # needs what requirements.txt beside it lists

Each shape is made by transformers, loaded by `proclip`, and compared: image features of pictures in files, text
features, and what comes back from `save format=hf` and `format=openclip`. Exit status 1 when a difference is too large.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import open_clip
import torch
from PIL import Image
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPTokenizer

ROOT = Path(__file__).parents[2]
SHAPES = {
    "ViT-B/32": dict(width=768, layers=12, heads=12, patch=32, size=224, text=512, text_heads=8, dimension=512),
    "ViT-B/16": dict(width=768, layers=12, heads=12, patch=16, size=224, text=512, text_heads=8, dimension=512),
    "ViT-L/14": dict(width=1024, layers=24, heads=16, patch=14, size=224, text=768, text_heads=12, dimension=768),
    "ViT-L/14-336": dict(width=1024, layers=24, heads=16, patch=14, size=336, text=768, text_heads=12, dimension=768),
}
TEXTS = ["a red apple on a table", "It's two dogs - 3 o'clock!", "ÜBER den Wolken", " ".join(["word"] * 100)]
LIMIT = 1e-4


def tokenizer(folder):
    lines = (ROOT / "Weights/clip-merges.txt").read_text().split("\n")[1:]
    merges = [tuple(line.split()) for line in lines if line]
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    symbols = [chr(b) for b in printable] + [chr(0x100 + n) for n in range(256 - len(printable))]
    words = symbols + [s + "</w>" for s in symbols] + ["".join(pair) for pair in merges]
    vocabulary = {word: n for n, word in enumerate(words + ["<|startoftext|>", "<|endoftext|>"])}
    made = CLIPTokenizer(vocab=vocabulary, merges=merges)
    made.save_pretrained(folder)
    return made


def make(shape, folder):
    torch.manual_seed(0)
    text = dict(
        hidden_size=shape["text"], intermediate_size=4 * shape["text"], num_attention_heads=shape["text_heads"],
        num_hidden_layers=12,
    )
    vision = dict(
        hidden_size=shape["width"], intermediate_size=4 * shape["width"], num_hidden_layers=shape["layers"],
        num_attention_heads=shape["heads"], image_size=shape["size"], patch_size=shape["patch"],
    )
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=shape["dimension"])).eval()
    model.save_pretrained(folder)
    square = {"height": shape["size"], "width": shape["size"]}
    CLIPImageProcessor(size={"shortest_edge": shape["size"]}, crop_size=square).save_pretrained(folder)
    return model, tokenizer(folder)


def pictures(folder):
    random = np.random.default_rng(5)
    folder.mkdir()
    for number, (height, width) in enumerate([(240, 320), (337, 224), (500, 500)]):
        coarse = Image.fromarray(random.integers(0, 256, (9, 12, 3), dtype=np.uint8))
        coarse.resize((width, height), Image.BICUBIC).save(folder / f"{number}.png")
    return [Image.open(folder / f"{number}.png") for number in range(3)]


def unit(x):
    x = x if torch.is_tensor(x) else x.pooler_output
    return torch.nn.functional.normalize(x, dim=-1).numpy()


def pixels(images, size):
    """transformers' preparation with Pillow's resampling: the shorter side, then the middle."""
    processor = CLIPImageProcessor(do_resize=False, crop_size={"height": size, "width": size})
    resized = []
    for image in images:
        short = min(image.size)
        target = [size if side == short else int(size * side / short) for side in image.size]
        resized.append(image.resize(target, Image.BICUBIC))
    return processor(resized, return_tensors="pt")["pixel_values"]


def check(name, shape, program):
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        folder = Path(folder)
        model, words = make(shape, folder / "model")
        images = pictures(folder / "pictures")
        statements = f"""
            load clip {folder}/model as m
            embed {folder}/pictures with=m of=image as i
            embed {json.dumps(TEXTS, ensure_ascii=False)} with=m as t
            save i {folder}/i.npy
            save t {folder}/t.npy
            save m {folder}/hf format=hf
            save m {folder}/oc format=openclip
        """
        run = subprocess.run(
            [program, "--format", "json", "-c", statements], capture_output=True, text=True, cwd=ROOT)
        if run.returncode != 0:
            sys.exit(run.stdout + run.stderr)
        seconds = {json.loads(line)["n"]: json.loads(line)["seconds"] for line in run.stdout.splitlines()}
        prepared = pixels(images, shape["size"])
        batch = words(TEXTS, padding=True, truncation=True, max_length=77, return_tensors="pt")
        image, text = unit(model.get_image_features(prepared)), unit(model.get_text_features(**batch))
        differences = {
            "image": np.abs(np.load(folder / "i.npy") - image).max() / np.abs(image).max(),
            "text": np.abs(np.load(folder / "t.npy") - text).max() / np.abs(text).max(),
        }
        back = CLIPModel.from_pretrained(folder / "hf").eval()
        again = CLIPTokenizer.from_pretrained(folder / "hf")(TEXTS, padding=True, truncation=True, return_tensors="pt")
        assert torch.equal(again["input_ids"], batch["input_ids"]), "the saved tokenizer gives other ids"
        differences["hf image"] = np.abs(unit(back.get_image_features(prepared)) - image).max()
        differences["hf text"] = np.abs(unit(back.get_text_features(**again)) - text).max()
        other, _, _ = open_clip.create_model_and_transforms(f"local-dir:{folder}/oc")
        other.eval()
        ids = torch.zeros(len(TEXTS), 77, dtype=torch.long)
        ids[:, : batch["input_ids"].shape[1]] = batch["input_ids"] * batch["attention_mask"]
        differences["openclip image"] = np.abs(unit(other.encode_image(prepared)) - image).max()
        differences["openclip text"] = np.abs(unit(other.encode_text(ids)) - text).max()
        worst = max(differences.values())
        found = ", ".join(f"{key} {value:.1e}" for key, value in differences.items())
        print(f"{name}: loaded in {seconds[1]:.2f} s; {found}: {'ok' if worst <= LIMIT else 'TOO FAR'}", flush=True)
        return worst <= LIMIT


if __name__ == "__main__":
    names = sys.argv[2:] or list(SHAPES)
    results = [check(name, SHAPES[name], str(Path(sys.argv[1]).resolve())) for name in names]
    sys.exit(0 if all(results) else 1)
