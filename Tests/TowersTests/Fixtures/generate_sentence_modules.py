"""Writes folders of sentence-transformers, with what it computes from them. Needs torch, sentence-transformers and the
folder small-bert beside it (generate_sentences.py).

modules/NAME/           modules.json, the modules' folders and settings; the network is that of small-bert, with vocab.txt
modules.safetensors     NAME: the vectors of the first 40 texts of sentences.json; NAME/PROMPT: with that prompt
"""
import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Dense, Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

here = pathlib.Path(__file__).parent
PROMPTS = {"query": "a photo of the ", "document": ""}
MODELS = {
    "mean": (["mean"], True, [Normalize]),
    "cls": (["cls"], True, []),
    "max": (["max"], False, [Normalize]),
    "lasttoken": (["lasttoken"], True, [Normalize]),
    "weightedmean": (["weightedmean"], False, []),
    "mean_sqrt_len_tokens": (["mean_sqrt_len_tokens"], False, []),
    "dense": (["mean"], False, [(48, torch.nn.GELU(), True), (24, torch.nn.Identity(), False), Normalize]),
}


def network(folder):
    """The BERT of small-bert at a fifth of its size."""
    torch.manual_seed(5)
    made = BertModel(BertConfig(
        vocab_size=125, hidden_size=12, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=24, initializer_range=0.4), add_pooling_layer=False)
    made.save_pretrained(folder)
    vocabulary = str(here / "small-bert" / "vocab.txt")
    BertTokenizerFast(vocab=vocabulary, vocab_file=vocabulary).save_pretrained(folder)


def write(name, modes, includes_prompt, steps, texts):
    scratch = here / "modules" / "scratch"
    network(scratch)
    modules = [Transformer(str(scratch), max_seq_length=16), None]
    modules[1] = Pooling(12, pooling_mode=modes[0], include_prompt=includes_prompt)
    width = 12
    for step in steps:
        if isinstance(step, tuple):
            torch.manual_seed(width)
            modules.append(Dense(width, step[0], bias=step[2], activation_function=step[1]))
            width = step[0]
        else:
            modules.append(step())
    model = SentenceTransformer(modules=modules, device="cpu", prompts=PROMPTS)
    folder = here / "modules" / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save(str(folder), create_model_card=False)
    shutil.rmtree(scratch)
    shutil.copy(here / "small-bert" / "vocab.txt", folder)
    for extra in ["tokenizer.json", "README.md", "special_tokens_map.json"]:
        (folder / extra).unlink(missing_ok=True)
    found = {name: model.encode(texts, convert_to_tensor=True, batch_size=7)}
    found[f"{name}/query"] = model.encode(texts, convert_to_tensor=True, prompt_name="query")
    if name == "mean":
        found["mean/first"] = model.encode(texts, convert_to_tensor=True, truncate_dim=5, normalize_embeddings=True)
    return found


if __name__ == "__main__":
    texts = json.loads((here / "sentences.json").read_text())["texts"][:40]
    expected = {}
    for name, (modes, includes_prompt, steps) in MODELS.items():
        expected.update(write(name, modes, includes_prompt, steps, texts))
    save_file({key: value.contiguous() for key, value in expected.items()}, here / "modules.safetensors")
