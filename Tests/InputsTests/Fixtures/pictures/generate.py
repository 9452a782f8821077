"""Small picture files of every kind that is read, and SHA-256 of what Pillow, open_clip and transformers make of them.

    python generate.py      # in this folder; needs pillow, numpy, open_clip, transformers

`expected.json` has for each file its size, the hash of its RGB samples as stored and turned upright, and the hashes of
the squares of 16 pixels that each library's preparation gives.
"""

import hashlib
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from open_clip.transform import image_transform
from PIL import Image, ImageOps
from transformers import CLIPImageProcessorPil, SiglipImageProcessorPil

random = np.random.default_rng(29)
SIDE = 16
files = {}


def smooth(height, width, channels, top=255):
    """Edges, gradients and noise."""
    y, x = np.mgrid[0:height, 0:width]
    layers = [0.5 + 0.35 * np.sin(x / (3 + c) + y / (5 - c)) + random.normal(0, 0.08, (height, width)) for c in range(channels)]
    samples = np.clip(np.stack(layers, -1), 0, 1)
    samples[: height // 3, : width // 4] = 1
    return (samples * top).astype(np.uint8 if top == 255 else np.uint16)


def picture(height, width, channels=3):
    samples = smooth(height, width, channels)
    return Image.fromarray(samples[..., 0] if channels == 1 else samples)


def save(name, image, **options):
    buffer = io.BytesIO()
    image.save(buffer, {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}[name.split(".")[1]], **options)
    files[name] = buffer.getvalue()


# PNG, written by hand where Pillow cannot.


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def packed(rows, depth):
    """Samples [rows, values] at `depth` bits, each row behind filter 0."""
    if depth == 16:
        data = rows.astype(">u2").view(np.uint8)
    elif depth == 8:
        data = rows.astype(np.uint8)
    else:
        bits = (rows[..., None] >> np.arange(depth - 1, -1, -1)) & 1
        data = np.packbits(bits.reshape(len(rows), -1).astype(np.uint8), axis=1)
    return b"".join(b"\0" + row.tobytes() for row in data)


def png(name, samples, colours, depth, interlaced=False, extra=()):
    height, width, values = samples.shape
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    parts = [samples[top::down, left::across] for top, left, down, across in passes] if interlaced else [samples]
    data = b"".join(packed(part.reshape(len(part), -1), depth) for part in parts if part.size)
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, int(interlaced))
    chunks = [chunk(b"IHDR", header), *(chunk(k, c) for k, c in extra), chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")]
    files[name] = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def few(height, width, count):
    return random.integers(0, count, (height, width, 1))


GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
for height, width in [(1, 1), (1, 23), (29, 1), (2, 3), (33, 47), (41, 16), (16, 16), (17, 90)]:
    save(f"rgb-{width}x{height}.png", picture(height, width))
save("grey.png", picture(21, 34, 1))
save("grey-alpha.png", Image.fromarray(smooth(19, 26, 2), "LA"))
save("rgba.png", picture(30, 22, 4))
save("palette.png", picture(27, 31).quantize(37))
save("palette-clear.png", picture(25, 20).quantize(9), transparency=bytes([0, 128, 255, 40]))
save("bilevel.png", picture(18, 37, 1).convert("1"))
png("grey-2.png", few(11, 19, 4), GREY, 2)
png("grey-4-interlaced.png", few(20, 13, 16), GREY, 4, interlaced=True)
png("palette-2.png", few(15, 17, 4), PALETTE, 2, extra=[(b"PLTE", bytes(range(0, 240, 20)))])
png("grey-key.png", smooth(14, 22, 1), GREY, 8, extra=[(b"tRNS", b"\0\xff")])
png("rgb-key.png", smooth(23, 18, 3), RGB, 8, extra=[(b"tRNS", b"\0\xff\0\xff\0\xff")])
png("grey-16.png", smooth(20, 28, 1, 600), GREY, 16)
png("grey-16-interlaced.png", smooth(9, 15, 1, 65535), GREY, 16, interlaced=True)
png("grey-alpha-16.png", smooth(24, 17, 2, 65535), GREY_ALPHA, 16)
png("rgb-16.png", smooth(22, 35, 3, 65535), RGB, 16)
png("rgba-16.png", smooth(26, 21, 4, 65535), RGBA, 16)
png("rgb-interlaced.png", smooth(31, 29, 3), RGB, 8, interlaced=True)
png("rgb-interlaced-small.png", smooth(3, 2, 3), RGB, 8, interlaced=True)
png("gamma.png", smooth(20, 20, 3), RGB, 8, extra=[(b"gAMA", struct.pack(">I", 100000)), (b"bKGD", b"\0\1\0\2\0\3")])

# JPEG.
for name, sampling in [("444", 0), ("422", 1), ("420", 2)]:
    save(f"colour-{name}.jpg", picture(37, 45), quality=80, subsampling=sampling)
save("colour-1x1.jpg", picture(1, 1), quality=90)
save("colour-23x1.jpg", picture(1, 23), quality=90)
save("progressive.jpg", picture(40, 33), quality=75, progressive=True)
save("restarts.jpg", picture(35, 52), quality=60, restart_marker_blocks=2)
save("grey.jpg", picture(26, 39, 1), quality=85)
save("grey-progressive.jpg", picture(39, 26, 1), quality=85, progressive=True)
save("rgb-coded.jpg", picture(24, 31), quality=85, keep_rgb=True)
cmyk = Image.fromarray(smooth(28, 37, 4), "CMYK")
save("cmyk-adobe.jpg", cmyk, quality=85)
adobe = files["cmyk-adobe.jpg"].index(b"\xff\xee\x00\x0eAdobe")
files["cmyk-plain.jpg"] = files["cmyk-adobe.jpg"][:adobe] + files["cmyk-adobe.jpg"][adobe + 16 :]
ycck = bytearray(files["cmyk-adobe.jpg"])
ycck[adobe + 15] = 2
files["ycck.jpg"] = bytes(ycck)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "camera"
    save(f"turned-{orientation}.jpg", picture(21, 34), quality=70, exif=exif)
exif = Image.Exif()
exif[0x0112] = 6
save("turned.png", picture(13, 27, 4), exif=exif)
save("turned.webp", picture(15, 24), exif=exif, quality=80)

# WebP.
save("lossy.webp", picture(35, 44), quality=70)
save("lossy-alpha.webp", picture(33, 26, 4), quality=70)
save("lossless.webp", picture(17, 29), lossless=True)
save("lossless-alpha.webp", picture(20, 31, 4), lossless=True, exact=True)
save("pixel.webp", picture(1, 1), quality=90)
save("animated.webp", picture(22, 18), save_all=True, append_images=[picture(22, 18)], duration=50)

none = dict(mean=(0, 0, 0), std=(1, 1, 1))


def open_clip(mode, interpolation):
    transform = image_transform(SIDE, is_train=False, resize_mode=mode, interpolation=interpolation, **none)
    return lambda image: (transform(image) * 255).round().byte().permute(1, 2, 0).numpy()


def transformers(kind, **sizes):
    processor = kind(do_rescale=False, do_normalize=False, do_convert_rgb=True, **sizes)
    return lambda image: processor(image)["pixel_values"][0].astype(np.uint8).transpose(1, 2, 0)


square = {"height": SIDE, "width": SIDE}
ways = {
    "open_clip shortest bicubic": open_clip("shortest", "bicubic"),
    "open_clip squash bilinear": open_clip("squash", "bilinear"),
    "open_clip longest bicubic": open_clip("longest", "bicubic"),
    "transformers CLIP": transformers(CLIPImageProcessorPil, size={"shortest_edge": SIDE}, crop_size=square),
    "transformers SigLIP": transformers(SiglipImageProcessorPil, size=square),
}


def digest(samples):
    return hashlib.sha256(np.ascontiguousarray(samples)).hexdigest()


expected = {}
for name, data in files.items():
    Path(name).write_bytes(data)
    image = Image.open(io.BytesIO(data))
    # Converted first: open_clip's own transform would resize palettes by the nearest pixel, transparency premultiplied and
    # inks as inks; transformers lays transparency over white from 5.0 on.
    rgb = image.convert("RGB")
    expected[name] = {
        "width": image.width,
        "height": image.height,
        "stored": digest(np.asarray(rgb)),
        "upright": digest(np.asarray(ImageOps.exif_transpose(image).convert("RGB"))),
        "ways": {way: digest(prepare(rgb)) for way, prepare in ways.items()},
    }
Path("expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
print(len(files), "files of", sum(map(len, files.values())), "bytes")
