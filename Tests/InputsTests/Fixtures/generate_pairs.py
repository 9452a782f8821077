"""A small file of pairs as h5py writes it by default: the old format, which has no checksums. Run in this folder."""
import h5py
import numpy as np

COUNT, TEXT = 6, h5py.string_dtype()
LISTS = {
    "captions/en/text": "a square {}", "captions/de/text": "ein Quadrat {}", "sets": "squares", "split": "train",
    "names": "square {}", "groups": "{}", "keywords": "square"}

with h5py.File("foreign-pairs.h5", "w") as file:
    file.attrs.update({"kind": "pairs", "format_version": 1, "hash": "none", "provenance": "{}"})
    pictures = np.arange(COUNT * 48, dtype="u1").reshape(COUNT, 4, 4, 3)
    file.create_dataset("images", data=pictures, chunks=(2, 4, 4, 3), compression=4)
    for path, form in LISTS.items():
        file.create_dataset(path, data=[form.format(index) for index in range(COUNT)], dtype=TEXT)
    for language in ["en", "de"]:
        file[f"captions/{language}/picture"] = np.arange(COUNT)
    file["labels/colour"] = np.arange(COUNT, dtype="i4") % 2
    file.create_dataset("classes/colour", data=["red", "green"], dtype=TEXT)
