"""Writes blocks.gguf and blocks.safetensors: random blocks of every encoding, and what the Python package gguf makes of them.
Needs gguf and safetensors."""
import pathlib

import gguf
import numpy
from gguf.constants import GGML_QUANT_SIZES
from gguf.quants import dequantize
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent
random = numpy.random.default_rng(1)
KINDS = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"]
SCALES = {"Q4_1": [0, 2], "Q5_1": [0, 2], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q2_K": [80, 82], "Q3_K": [108], "Q6_K": [208]}

writer = gguf.GGUFWriter(here / "blocks.gguf", "test")
writer.add_uint32("test.number", 7)
writer.add_string("test.text", "ein Text")
writer.add_bool("test.flag", True)
writer.add_float32("test.fraction", 0.5)
writer.add_array("test.texts", ["a", "b\u00e9", ""])
writer.add_array("test.integers", [1, -2, 3])
writer.add_array("test.numbers", [0.5, -1.5])
expected = {}
for name in KINDS:
    kind = gguf.GGMLQuantizationType[name]
    length, size = GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (3, 2, size), dtype=numpy.uint8) if length > 1 else None
    if blocks is None:
        values = random.standard_normal((3, 8)).astype(numpy.float32)
        raw = values if name == "F32" else values.astype(numpy.float16) if name == "F16" else gguf.quants.quantize(values, kind)
    else:
        for place in SCALES.get(name, [0]):
            scale = random.standard_normal((3, 2, 1)).astype(numpy.float16)
            blocks[:, :, place:place + 2] = scale.view(numpy.uint8)
        raw = blocks.reshape(3, 2 * size)
    writer.add_tensor(name.lower(), raw, raw_dtype=kind)
    expected[name.lower()] = dequantize(raw.view(numpy.uint8) if name == "BF16" else raw, kind).astype(numpy.float32)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
save_file(expected, here / "blocks.safetensors")
