"""Checks HDF5 files both ways against h5py: `write FILE` makes one for Swift, `check FILE` reads one that Swift made."""
import sys

import h5py
import numpy as np

WORDS = ["", "a red apple", "eine Äpfelkiste", "👩‍🚀", "リンゴ"]


def write(path):
    with h5py.File(path, "w") as file:
        file["single"] = np.arange(6, dtype="<f4").reshape(2, 3)
        file["half"] = np.array([0.5, -2, 65504], "<f2")
        file["double"] = np.array([0.1, 1e300], "<f8")
        file["big_endian"] = np.array([1, 2, 3], ">f4")
        file.create_dataset("images", data=np.arange(24, dtype="u1").reshape(2, 3, 4), chunks=(1, 3, 4), compression=4)
        file["picture"] = np.array([-5, 2**40], "<i8")
        file["captions/en/text"] = WORDS
        file["fixed"] = np.array([b"abc", b"", b"de"])
        file["latin"] = np.array([b"\xe9"])
        file.attrs["kind"] = "größer"
        file.attrs["fixed"] = np.bytes_(b"abc")
        file.attrs["count"] = 12
        file.attrs["ratio"] = 0.25


def check(path):
    with h5py.File(path, "r") as file:
        weight = file["blocks/0/weight"]
        assert weight.dtype == "<f4" and weight.chunks is None
        np.testing.assert_array_equal(weight[()], np.arange(6, dtype="f4").reshape(2, 3))
        assert weight.id.get_offset() % 64 == 0
        half = file["blocks/0/bias"]
        assert half.dtype == "<f2"
        np.testing.assert_array_equal(half[()], np.array([0.5, -2, 65504], "f2"))
        assert file["logit_scale"][()] == np.float32(4.6)
        images = file["images"]
        assert images.dtype == "u1" and images.chunks == (1, 3, 4) and images.compression == "gzip"
        np.testing.assert_array_equal(images[()], np.arange(24, dtype="u1").reshape(2, 3, 4))
        assert file["picture"].dtype == "<i8" and list(file["picture"]) == [-(2**63), 2**63 - 1]
        assert file["labels"].dtype == "<i4" and list(file["labels"]) == [7, -8]
        assert h5py.check_string_dtype(file["captions/en/text"].dtype).encoding == "utf-8"
        assert list(file["captions/en/text"].asstr()) == WORDS
        assert file["empty"].shape == (0, 3)
        assert dict(file.attrs) == {"kind": "größer", "count": 12, "ratio": 0.25}


{"write": write, "check": check}[sys.argv[1]](sys.argv[2])
