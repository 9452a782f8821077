"""SentencePiece's byte-pair model out of a GGUF vocabulary, and the other way round: protobuf by hand."""
import struct


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    return varint(number << 3) + varint(value)


def model(pieces, scores, kinds, unk, bos, eos, dummy_prefix):
    """The bytes of a tokenizer.model. User-defined pieces have plain spaces in GGUF, U+2581 here."""
    out = b""
    for piece, score, kind in zip(pieces, scores, kinds):
        piece = piece.replace(" ", "\u2581") if kind == 4 else piece
        out += field(1, field(1, piece.encode()) + field(2, float(score)) + field(3, kind))
    trainer = field(3, 2) + field(4, len(pieces)) + field(35, 1) + field(40, unk) + field(41, bos) + field(42, eos)
    normalizer = field(1, b"identity") + field(3, int(dummy_prefix)) + field(4, 0) + field(5, 1)
    return out + field(2, trainer) + field(3, normalizer)
