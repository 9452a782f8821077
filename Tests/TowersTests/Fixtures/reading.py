"""The metadata and dequantised tensors of a GGUF file, by the package gguf."""
import numpy
from gguf import GGUFReader
from gguf.quants import dequantize


def vocabulary_and_tensors(path):
    reader = GGUFReader(path)
    keys = ["tokenizer.ggml.tokens", "tokenizer.ggml.scores", "tokenizer.ggml.token_type"]
    metadata = {key: reader.fields[key].contents() for key in keys}
    tensors = {t.name: t for t in reader.tensors}
    return metadata, lambda name: numpy.ascontiguousarray(dequantize(tensors[name].data, tensors[name].tensor_type))
