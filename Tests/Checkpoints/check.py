"""Published shapes with seeded random weights, through the program and through the libraries that own them.

    python check.py PROCLIP [ViT-B/32 ...]     # needs what requirements.txt beside it lists

Each shape of `shapes.py` is made by its library and compared: features, logits and the gradients of a contrastive step
(by the Swift test PublishedShapeTests, built beside PROCLIP), then through the program image features of pictures in
files, text features where the model brings a tokenizer, and what comes back from `save`. Then the Python that `save`
writes into the README.md of an aligned model is executed (`card:NAME`). Exit status 1 when a difference is too large.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import open_clip

import torch
from PIL import Image
from transformers import AutoImageProcessor, CLIPModel, CLIPTokenizer, Dinov2Model, PreTrainedTokenizerFast, SiglipModel

from shapes import MAKERS, ROOT, clip, dinov2, make, openclip, pooled, record, siglip

TEXTS = ["a red apple on a table", "It's two dogs - 3 o'clock!", "ÜBER den Wolken", " ".join(["word"] * 100)]
LIMIT = 1e-4


def pictures(folder, size):
    """Pictures that need no resizing: how they are resized is another test's."""
    random = np.random.default_rng(5)
    folder.mkdir()
    for number in range(3):
        coarse = Image.fromarray(random.integers(0, 256, (9, 12, 3), dtype=np.uint8))
        coarse.resize((size, size), Image.BICUBIC).save(folder / f"{number}.png")
    return [Image.open(folder / f"{number}.png") for number in range(3)]


def unit(x):
    return torch.nn.functional.normalize(pooled(x), dim=-1).detach().numpy()


def far(x, y):
    return float(np.abs(x - y).max() / np.abs(y).max())


def proclip(program, statements):
    """Runs statements; the seconds of each."""
    run = subprocess.run([program, "--format", "json", "-c", statements], capture_output=True, text=True, cwd=ROOT)
    if run.returncode != 0:
        sys.exit(run.stdout + run.stderr)
    return [json.loads(line)["seconds"] for line in run.stdout.splitlines()]


def parity(folder, program):
    """Runs the Swift test of one shape and passes on what it prints."""
    command = (
        "swift test -c release -Xswiftc -enable-testing --skip-build --filter PublishedShapeTests --scratch-path".split())
    environment = os.environ | {"PROCLIP_PARITY": str(folder)}
    scratch = str(Path(program).parents[1])
    run = subprocess.run([*command, scratch], capture_output=True, text=True, cwd=ROOT, env=environment)
    lines = [line for line in run.stdout.splitlines() if line.startswith("  ") or "✘" in line]
    print("\n".join(lines[:20]) or run.stderr, flush=True)
    return run.returncode == 0 and any("gradients" in line for line in lines)


def back_in(library, folder, kind):
    """The image and text features of a folder that `save` wrote, and the preparation that goes with it."""
    if library == "open_clip":
        model, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{folder}")
        model.eval()
        return (lambda i: model.encode_image(torch.stack([preprocess(x) for x in i]))), model.encode_text
    model = {clip: CLIPModel, siglip: SiglipModel}.get(kind, Dinov2Model).from_pretrained(folder).eval()
    processor = AutoImageProcessor.from_pretrained(folder)
    prepare = lambda images: processor(images, return_tensors="pt")["pixel_values"]
    if kind is dinov2 or not hasattr(model, "get_text_features"):
        return (lambda i: model(pixel_values=prepare(i)).pooler_output), None
    return (lambda i: model.get_image_features(pixel_values=prepare(i))), model.get_text_features


def through_the_program(name, made, folder, program):
    """The same pictures and texts through `load`, `embed` and `save`."""
    kind = MAKERS[name][0]
    is_tower, has_words = made.text is None, kind in (clip, siglip) or name.startswith("EVA02")
    images = pictures(folder / "pictures", made.size)
    model = next(folder.glob("model*"))
    keys = "preprocess=imagenet" if model.is_file() else ""
    formats = {} if is_tower else {"openclip": "open_clip"} if kind is openclip else {"hf": "transformers"}
    formats |= {"hf": "transformers"} if is_tower else {}
    formats |= {"openclip": "open_clip"} if kind is clip else {}
    statements = [f"load {'tower' if is_tower else 'clip'} {model} {keys} as m", f"embed {folder}/pictures with=m of=image as i",
                  f"save i {folder}/i.npy"]
    statements += [f"save m {folder}/{form} format={form}" for form in formats]
    if has_words:
        statements += [f"embed {json.dumps(TEXTS, ensure_ascii=False)} with=m as t", f"save t {folder}/t.npy"]
    seconds = proclip(program, "\n".join(statements))
    found, differences = np.load(folder / "i.npy"), {}
    for form, library in formats.items():
        image, text = back_in(library, folder / form, kind)
        differences[f"{form} image"] = far(unit(image(images)), found)
        if made.text:
            differences[f"{form} text"] = far(unit(text(made.ids)), unit(made.text(made.ids)))
    image, _ = back_in("open_clip" if kind is openclip else "transformers", model, kind) if model.is_dir() else (None, None)
    if image:
        differences["image"] = far(found, unit(image(images)))
    if has_words:
        words = open_clip.get_tokenizer("ViT-B-32")(TEXTS)
        if kind is siglip:
            fill = dict(padding="max_length", max_length=64, truncation=True, return_tensors="pt")
            words = PreTrainedTokenizerFast.from_pretrained(model)(TEXTS, **fill)["input_ids"]
        elif kind is clip:
            again = CLIPTokenizer.from_pretrained(folder / "hf")(TEXTS, padding=True, truncation=True, return_tensors="pt")
            first = CLIPTokenizer.from_pretrained(model)(TEXTS, padding=True, truncation=True, max_length=77, return_tensors="pt")
            assert torch.equal(again["input_ids"], first["input_ids"]), "the saved tokenizer gives other ids"
            words = first["input_ids"]
        differences["text"] = far(np.load(folder / "t.npy"), unit(made.text(words)))
    print(f"  loaded in {seconds[0]:.2f} s; " + ", ".join(f"{key} {value:.1e}" for key, value in differences.items()), flush=True)
    return max(differences.values()) <= LIMIT


def check(name, program):
    print(name, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        made = make(name, folder)
        record(made, folder)
        with torch.no_grad():
            is_same = through_the_program(name, made, folder, program)
        del made
        return parity(folder, program) and is_same


CARDS = {
    # The tower of the teacher itself, another in its place with a bridge, and timm's.
    "clip": ("clip", clip, dict(
        width=192, layers=2, heads=3, patch=32, size=64, text=128, text_heads=2, dimension=96), ""),
    "dinov2": ("tower", dinov2, dict(width=192, layers=2, heads=3, size=56), "tower=other"),
    "eva02": ("clip", openclip, dict(name="EVA02-B-16"), "tower=other"),
}


def card(name, program):
    """Tunes for a step, saves for Python, and does what the README.md of the folder says."""
    kind, maker, sizes, key = CARDS[name]
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        folder = Path(folder)
        torch.manual_seed(0)
        (folder / "teacher").mkdir()
        (folder / "other").mkdir()
        maker(folder / "other", **sizes)
        teacher = clip(folder / "teacher", **CARDS["clip"][2])
        size = sizes.get("size", 224)
        images = pictures(folder / "pictures", size)
        proclip(program, f"""
            load clip {folder}/teacher/model as teacher
            load {kind} {folder}/other/model as other
            load embedder minilm as llm
            load pairs ./Weights/data/pictures.h5 split=validation sets=[emoji] as data
            distill llm to=teacher data=data batch=32 stop=2 lr=1e-3 standardise=true as s1
            tune s1 {key} data=data batch=8 stop=1 lr=1e-3 as tuned
            save tuned {folder}/tuned format=hf
            embed {folder}/pictures with=tuned of=image as i
            embed {json.dumps(TEXTS, ensure_ascii=False)} with=tuned as t
            embed {json.dumps(TEXTS, ensure_ascii=False)} with=llm as v
            save i {folder}/i.npy
            save t {folder}/t.npy
            save v {folder}/v.npy
        """)
        code = re.search(r"```python\n(.*?)```", (folder / "tuned/README.md").read_text(), re.DOTALL).group(1)
        here, scope = os.getcwd(), {}
        os.chdir(folder / "tuned")
        try:
            exec(code, scope)
            image = scope["image_features"](images)
            text = scope["text_features"](torch.from_numpy(np.load(folder / "v.npy")))
            shape = scope["logits"](image, text).shape
        finally:
            os.chdir(here)
        differences = far(image.numpy(), np.load(folder / "i.npy")), far(text.numpy(), np.load(folder / "t.npy"))
        print(f"card:{name}: the README's image features {differences[0]:.1e}, text features {differences[1]:.1e}", flush=True)
        return max(differences) <= LIMIT and shape == (3, len(TEXTS))


if __name__ == "__main__":
    program = str(Path(sys.argv[1]).absolute())
    names = sys.argv[2:] or [f"card:{name}" for name in CARDS] + list(MAKERS)
    results = {
        name: card(name.removeprefix("card:"), program) if name.startswith("card:") else check(name, program)
        for name in names}
    failed = [name for name, is_good in results.items() if not is_good]
    print(f"TOO FAR: {', '.join(failed)}" if failed else "all within 1e-4")
    sys.exit(1 if failed else 0)
