"""Embedders, ours and their libraries', on the same texts in turn; prints texts a second and the ratio.

    python embedders.py PROCLIP PAIRS.h5 [minilm gemma3-270m]

minilm against sentence-transformers; gemma3-270m against transformers in float32 (weights dequantised) and against
llama.cpp (weights as they are). All have two threads and texts sorted by length. The texts are captions of prepared
pictures, and long texts made of their words.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
import h5py
import llama_cpp
import torch
from sentence_transformers import SentenceTransformer
from transformers import AutoModel, AutoTokenizer

ROOT = Path(__file__).resolve().parents[2]
MODELS = Path.home() / ".cache/proclip/models"
ROUNDS = 3
torch.set_num_threads(2)


def captions(path):
    with h5py.File(path) as file:
        texts = [text.decode().replace("\n", " ") for text in file["captions/en/text"][:]]
    random.Random(0).shuffle(texts)
    return texts


def ours(program, name, texts):
    """Seconds of the embedding itself, with an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "texts.txt").write_text("\n".join(texts) + "\n")
        statements = f"set cache={folder}; load embedder {name} as e; load texts {folder}/texts.txt as t; embed t with=e"
        run = subprocess.run(
            [program, "--format", "json", "-c", statements], capture_output=True, text=True, cwd=ROOT)
        if run.returncode != 0:
            sys.exit(run.stdout + run.stderr)
        return json.loads(run.stdout.splitlines()[-1])["seconds"]


def minilm():
    model = SentenceTransformer(str(MODELS / "minilm"))
    return lambda texts: model.encode(texts, batch_size=32, show_progress_bar=False)


GEMMA = MODELS / "gemma3-270m", "gemma-3-270m-q4_k_m.gguf"


def gemma():
    folder, file = map(str, GEMMA)
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)
    model = AutoModel.from_pretrained(folder, gguf_file=file, dtype=torch.float32).eval()

    def embed(texts):
        order = sorted(texts, key=len)
        # The size that is best for each: small batches of long texts.
        size = 64 if len(texts) > 100 else 8
        with torch.inference_mode():
            for start in range(0, len(order), size):
                batch = tokenizer(
                    order[start : start + size], padding=True, truncation=True, max_length=512, return_tensors="pt")
                states = model(**batch).last_hidden_state
                mask = batch["attention_mask"][..., None].float()
                torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)

    return embed


def llama():
    # Version 0.3.36 ends by an illegal instruction where the processor has AMX: it uses tiles without a configuration.
    # Buffers for special units are left out there, which leaves it AVX-512.
    if "amx_tile" in Path("/proc/cpuinfo").read_text():
        defaults = llama_cpp.llama_cpp.llama_model_default_params

        def without_tiles():
            parameters = defaults()
            parameters.use_extra_bufts = False
            return parameters

        llama_cpp.llama_cpp.llama_model_default_params = without_tiles
    # 512 tokens a batch, of as many texts as go in, are the fastest of 128 to 2048; flash attention gains a little.
    size = 512
    model = llama_cpp.Llama(
        str(Path(*GEMMA)), embedding=True, pooling_type=llama_cpp.LLAMA_POOLING_TYPE_MEAN, n_ctx=size, n_batch=size,
        n_ubatch=size, n_threads=2, n_threads_batch=2, flash_attn=True, verbose=False)
    return lambda texts: model.embed(sorted(texts, key=len), normalize=True)


def seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main():
    program, pairs, *names = sys.argv[1:]
    texts = captions(pairs)
    words, pick = " ".join(texts).split(), random.Random(1)
    long = [" ".join(pick.choices(words, k=300)) for _ in range(50)]
    gemma_sets = {"500 captions": texts[:500], "50 texts of about 400 tokens": long}
    # Name of the embedder, the library beside it, and the texts.
    workloads = [
        ("minilm", "sentence-transformers", minilm, {"2,000 captions": texts[:2000]}),
        ("gemma3-270m", "transformers", gemma, gemma_sets),
        ("gemma3-270m", "llama.cpp", llama, gemma_sets),
    ]
    print(f"{'embedder':14}{'beside':24}{'texts':30}{'ours/s':>10}{'theirs/s':>10}{'ratio':>8}")
    for name, library, make, sets in workloads:
        if names and name not in names:
            continue
        theirs = make()
        for label, chosen in sets.items():
            theirs(chosen[:8])
            pairs = [(ours(program, name, chosen), seconds(lambda: theirs(chosen))) for _ in range(ROUNDS)]
            best = [min(times) for times in zip(*pairs)]
            rates = "".join(f"{len(chosen) / time:10.1f}" for time in best)
            print(f"{name:14}{library:24}{label:30}{rates}{best[1] / best[0]:8.2f}", flush=True)


main()
