"""Published shapes with seeded random weights, through the program and through the libraries that own them.

    python check.py PROCLIP [ViT-B/32 ...]     # needs what requirements.txt beside it lists

Each shape of `shapes.py` is made by its library and compared: features, logits and the gradients of a contrastive step
(by the Swift test PublishedShapeTests, built beside PROCLIP), then through the program image features of pictures in
files, text features where the model brings a tokenizer, and what comes back from `save`. The Python that `save` writes
into the README.md of an aligned model is executed (`card:NAME`), and that of a SigLIP as it stands there (`export:FORM`).
`inputs` are open_clip's ids of 10,000 lines and Pillow's samples of large photos. Exit status 1 when a difference is too
large.
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
import timm
import torch
from PIL import Image
from transformers import AutoImageProcessor, CLIPModel, CLIPTokenizer, Dinov2Model, PreTrainedTokenizerFast, SiglipModel

from inputs import write_lines, write_photos
from shapes import MAKERS, ROOT, clip, dinov2, make, openai, openclip, pooled, record, siglip, timm_folder

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


def swift_test(suite, program, **environment):
    """Runs a suite of Swift tests and passes on what it prints; whether it passed, and said so."""
    command = "swift test -c release -Xswiftc -enable-testing --skip-build".split()
    scratch = ["--scratch-path", str(Path(program).parents[1]), "--filter", suite]
    run = subprocess.run([*command, *scratch], capture_output=True, text=True, cwd=ROOT, env=os.environ | environment)
    lines = [line for line in run.stdout.splitlines() if line.startswith("  ") or "✘" in line]
    print("\n".join(lines[:20]) or run.stderr, flush=True)
    return run.returncode == 0 and any(line.startswith("  ") for line in lines)


def inputs(program):
    print("inputs", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        write_lines(Path(folder))
        write_photos(Path(folder))
        return swift_test("InputParityTests", program, PROCLIP_INPUTS=folder)


def back_in(library, folder, kind):
    """The image and text features of a folder that `save` or a library wrote, and the preparation that goes with it."""
    if library == "timm":
        tower = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()
        transform = timm.data.create_transform(**timm.data.resolve_model_data_config(tower), is_training=False)
        return (lambda i: tower(torch.stack([transform(x) for x in i]))), None
    if library == "open_clip":
        model, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{folder}")
        model.eval()
        return (lambda i: model.encode_image(torch.stack([preprocess(x) for x in i]))), model.encode_text
    model = {clip: CLIPModel, openai: CLIPModel, siglip: SiglipModel}.get(kind, Dinov2Model).from_pretrained(folder).eval()
    processor = AutoImageProcessor.from_pretrained(folder)
    prepare = lambda images: processor(images, return_tensors="pt")["pixel_values"]
    if not hasattr(model, "get_text_features"):
        return (lambda i: model(pixel_values=prepare(i)).pooler_output), None
    return (lambda i: model.get_image_features(pixel_values=prepare(i))), model.get_text_features


def through_the_program(name, made, folder, program):
    """The same pictures and texts through `load`, `embed` and `save`."""
    kind = MAKERS[name][0]
    is_tower, has_words = made.text is None, kind in (clip, openai, siglip) or name.startswith("EVA02")
    images = pictures(folder / "pictures", made.size)
    model = next(folder.glob("model*"))
    keys = "preprocess=imagenet" if is_tower and model.is_file() else ""
    formats = {} if kind is openclip else {"hf": "transformers"}
    formats |= {"openclip": "open_clip"} if kind in (clip, openai, openclip) else {}
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
    library = {openclip: "open_clip", timm_folder: "timm"}.get(kind, "transformers")
    image, _ = back_in(library, model, kind) if model.is_dir() else (None, None)
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
        return swift_test("PublishedShapeTests", program, PROCLIP_PARITY=str(folder)) and is_same


CARDS = {
    # The tower of the teacher itself, another in its place with a bridge, and timm's.
    "clip": ("clip", clip, dict(
        width=192, layers=2, heads=3, patch=32, size=64, text=128, text_heads=2, dimension=96), ""),
    "dinov2": ("tower", dinov2, dict(width=192, layers=2, heads=3, size=56), "tower=other"),
    "eva02": ("clip", openclip, dict(name="EVA02-B-16"), "tower=other"),
    "siglip": ("clip", siglip, dict(
        width=192, layers=2, heads=3, inner=768, patch=16, size=64, vocabulary=32000), "tower=other"),
}


def code(folder):
    return re.search(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL).group(1)


def export(form, program):
    """Saves open_clip's SigLIP for a library, does what the README.md of the folder says, and uses its tokenizer."""
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        folder = Path(folder)
        torch.manual_seed(0)
        made = openclip(folder, "ViT-B-16-SigLIP")
        texts = json.dumps(["a photo", *TEXTS], ensure_ascii=False)
        image = Image.fromarray(np.random.default_rng(5).integers(0, 256, (6, 8, 3), dtype=np.uint8))
        image.resize((640, 480), Image.BICUBIC).save(folder / "photo.jpg")
        proclip(program, f"""
            load clip {folder}/model as m
            save m {folder}/saved format={form}
            embed {folder}/photo.jpg with=m of=image as i
            embed {texts} with=m as t
            save i {folder}/i.npy
            save t {folder}/t.npy
        """)
        (folder / "photo.jpg").rename(folder / "saved/photo.jpg")
        here, printed = os.getcwd(), []
        os.chdir(folder / "saved")
        try:
            exec(code(folder / "saved"), {"print": printed.append})
            if form == "openclip":
                ids = open_clip.get_tokenizer("local-dir:.")(TEXTS)
            else:
                fill = dict(padding="max_length", max_length=64, truncation=True, return_tensors="pt")
                ids = PreTrainedTokenizerFast.from_pretrained(".")(TEXTS, **fill)["input_ids"]
        finally:
            os.chdir(here)
        vectors = np.load(folder / "t.npy")
        scale, bias = made.model.logit_scale.exp().item(), made.model.logit_bias.item()
        wanted = scale * np.load(folder / "i.npy") @ vectors[:1].T + bias
        differences = far(printed[0].detach().numpy(), wanted), far(vectors[1:], unit(made.text(ids)))
        print(f"export:{form}: the README's logits {differences[0]:.1e}, texts {differences[1]:.1e}", flush=True)
        return max(differences) <= LIMIT


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
        here, scope = os.getcwd(), {}
        os.chdir(folder / "tuned")
        try:
            exec(code(folder / "tuned"), scope)
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
    forms = ["hf", "openclip"]
    names = sys.argv[2:] or ["inputs", *(f"card:{n}" for n in CARDS), *(f"export:{n}" for n in forms), *MAKERS]

    def run(name):
        kind, _, rest = name.partition(":")
        if name == "inputs":
            return inputs(program)
        return card(rest, program) if kind == "card" else export(rest, program) if kind == "export" else check(name, program)

    results = {name: run(name) for name in names}
    failed = [name for name, is_good in results.items() if not is_good]
    print(f"TOO FAR: {', '.join(failed)}" if failed else "all within 1e-4")
    sys.exit(1 if failed else 0)
