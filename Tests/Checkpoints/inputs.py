"""What open_clip's tokenizer and Pillow make of texts and photos, for the Swift test InputParityTests."""

import ctypes
import hashlib
import json
import sys
import unicodedata

import ftfy
import numpy as np
import regex
from open_clip.tokenizer import SimpleTokenizer, get_clean_fn
from open_clip.transform import image_transform
from PIL import Image
from transformers import CLIPImageProcessorPil

from shapes import ROOT

sys.path.append(str(ROOT / "Tests/InputsTests/Fixtures/tokenizers"))
from lines import lines  # noqa: E402


def is_new(character):
    """Whether Python's tables lack a character that those of `regex` have."""
    return unicodedata.category(character) == "Cn" and not regex.match(r"\p{Cn}", character)


def write_lines(folder):
    """The 10,000 lines of every script but those whose encoding ftfy would guess anew, which is not done here, and those
    with characters that only some of the tables at work know: Python's, those of `regex`, Swift's."""
    tokenizer = SimpleTokenizer()
    cleanings = {name: get_clean_fn(name) for name in ("whitespace", "lower", "canonicalize")}
    all_lines = lines()
    kept = [text for text in all_lines if ftfy.fix_text(text) == ftfy.fix_text(text, fix_encoding=False)]
    guessed = len(all_lines) - len(kept)
    kept = [text for text in kept if not any(map(is_new, set(text)))]
    # open_clip needs minutes for a word of 100 kB.
    kept = [text if " " in text else text[:3000] for text in kept]
    content = [
        {
            "text": text, "ids": [tokenizer.sot_token_id, *tokenizer.encode(text), tokenizer.eot_token_id],
            "cleaned": {name: clean(text) for name, clean in cleanings.items()},
        }
        for text in kept]
    (folder / "lines.json").write_text(json.dumps(content))
    new = len(all_lines) - len(kept) - guessed
    print(f"  of {len(all_lines)} lines {guessed} are left out for their encoding, {new} for new characters", flush=True)


def turbojpeg(samples, subsampling, flags=0):
    """A JPEG with a sampling that Pillow does not write."""
    library = ctypes.CDLL("libturbojpeg.so.0")
    library.tjInitCompress.restype = ctypes.c_void_p
    library.tjFree.argtypes = library.tjDestroy.argtypes = [ctypes.c_void_p]
    handle, buffer, size = library.tjInitCompress(), ctypes.c_void_p(), ctypes.c_ulong()
    height, width, _ = samples.shape
    status = library.tjCompress2(
        ctypes.c_void_p(handle), samples.ctypes.data_as(ctypes.c_void_p), width, 0, height, 0, ctypes.byref(buffer),
        ctypes.byref(size), subsampling, 90, flags)
    assert status == 0
    content = ctypes.string_at(buffer, size.value)
    library.tjFree(buffer)
    library.tjDestroy(handle)
    return content


def scene(width, height, seed):
    """Colour gradients, edges and grain."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 256, (30, 40, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize((width, height), Image.BICUBIC)).astype(np.int16)
    smooth[height // 3 : height // 2, width // 4 : width // 3] = (250, 20, 30)
    return np.ascontiguousarray((smooth + random.integers(-9, 10, smooth.shape)).clip(0, 255).astype(np.uint8))


def write_photos(folder):
    """Twelve megapixels in every sampling, without Pillow's draft mode."""
    samples = scene(4000, 3000, 1)
    odd = Image.fromarray(scene(3001, 3999, 2))
    whole = Image.fromarray(samples)
    for name, image, options in [
        ("420.jpg", whole, dict(subsampling="4:2:0")), ("422.jpg", whole, dict(subsampling="4:2:2")),
        ("444.jpg", whole, dict(subsampling="4:4:4")), ("progressive.jpg", whole, dict(progressive=True)),
        ("odd-420.jpg", odd, dict(subsampling="4:2:0")), ("odd-progressive.jpg", odd, dict(progressive=True)),
        ("grey.jpg", whole.convert("L"), {}), ("whole.png", whole, dict(compress_level=1)),
    ]:
        image.save(folder / name, **({"quality": 90} | options if name.endswith("jpg") else options))
    (folder / "440.jpg").write_bytes(turbojpeg(samples, 4))
    (folder / "odd-440.jpg").write_bytes(turbojpeg(np.ascontiguousarray(np.asarray(odd)), 4))
    (folder / "411.jpg").write_bytes(turbojpeg(samples, 5))
    processor = CLIPImageProcessorPil(
        size={"shortest_edge": 224}, crop_size={"height": 224, "width": 224}, do_rescale=False, do_normalize=False)

    def open_clip(mode):
        transform = image_transform(224, is_train=False, resize_mode=mode, mean=(0, 0, 0), std=(1, 1, 1))
        return lambda image: (transform(image) * 255).round().byte().permute(1, 2, 0).numpy()

    ways = {
        "transformers CLIP": lambda image: processor(image)["pixel_values"][0].astype(np.uint8).transpose(1, 2, 0),
        "open_clip shortest": open_clip("shortest"), "open_clip squash": open_clip("squash"),
    }

    def digest(samples):
        return hashlib.sha256(np.ascontiguousarray(samples)).hexdigest()

    found = {}
    for path in sorted(folder.glob("*.*g")):
        image = Image.open(path)
        rgb = image.convert("RGB")
        found[path.name] = {
            "width": image.width, "height": image.height, "stored": digest(np.asarray(rgb)),
            "ways": {name: digest(prepare(rgb)) for name, prepare in ways.items()}}
    (folder / "photos.json").write_text(json.dumps(found))
