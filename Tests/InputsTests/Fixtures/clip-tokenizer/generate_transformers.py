"""Writes transformers.jsonl: for each text of cases.jsonl the ids of transformers' CLIPTokenizer. Needs transformers."""

import json
import pathlib

from transformers import CLIPTokenizer

HERE = pathlib.Path(__file__).parent
lines = (HERE.parents[3] / "Weights/clip-merges.txt").read_text().split("\n")[1:]
merges = [tuple(line.split()) for line in lines if line]
printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
symbols = [chr(b) for b in printable] + [chr(0x100 + n) for n in range(256 - len(printable))]
words = symbols + [s + "</w>" for s in symbols] + ["".join(pair) for pair in merges]
vocabulary = {word: n for n, word in enumerate(words + ["<|startoftext|>", "<|endoftext|>"])}
tokenizer = CLIPTokenizer(vocab=vocabulary, merges=merges)
with open(HERE / "transformers.jsonl", "w") as out:
    for line in open(HERE / "cases.jsonl"):
        ids = tokenizer(json.loads(line)["text"], truncation=True, max_length=77)["input_ids"]
        out.write(json.dumps(ids, separators=(",", ":")) + "\n")
