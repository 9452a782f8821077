"""Writes folders of sentence-transformers, with what it computes from them. Needs torch, sentence-transformers and the
folder small-bert beside it (generate_sentences.py).

modules/NAME/           modules.json, the modules' folders and settings; the network is that of small-bert, with vocab.txt
modules/qwen3, e5       decoders and encoders with a tokenizer.json of their own: byte pairs and a mark behind them; Unigram
modules.safetensors     NAME: the vectors of the first 40 texts of sentences.json; NAME/PROMPT: with that prompt
"""
import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Dense, Normalize, Pooling, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    AutoModel, BertConfig, BertModel, BertTokenizerFast, PreTrainedTokenizerFast, Qwen3Config, XLMRobertaConfig)

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


def save(model, folder):
    shutil.rmtree(folder, ignore_errors=True)
    model.save(str(folder), create_model_card=False)
    for extra in ["README.md", "special_tokens_map.json"]:
        (folder / extra).unlink(missing_ok=True)


def tokenizer(kind, texts):
    """Trained on the texts themselves; marks as Qwen3-Embedding and XLM-R have them."""
    if kind == "qwen3":
        made = Tokenizer(models.BPE())
        made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        marks = ["<|endoftext|>"]
        trainer = trainers.BpeTrainer(
            vocab_size=300, special_tokens=marks, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
        form, fast = "$A <|endoftext|>", dict(pad_token="<|endoftext|>", eos_token="<|endoftext|>", padding_side="left")
    else:
        made = Tokenizer(models.Unigram())
        made.normalizer = normalizers.NFKC()
        made.pre_tokenizer = pre_tokenizers.Metaspace()
        marks = ["<s>", "<pad>", "</s>", "<unk>"]
        trainer = trainers.UnigramTrainer(vocab_size=300, special_tokens=marks, unk_token="<unk>", show_progress=False)
        form, fast = "<s> $A </s>", dict(
            bos_token="<s>", pad_token="<pad>", eos_token="</s>", cls_token="<s>", sep_token="</s>", unk_token="<unk>")
    made.train_from_iterator(texts, trainer)
    made.post_processor = processors.TemplateProcessing(
        single=form, special_tokens=[(mark, made.token_to_id(mark)) for mark in marks])
    return PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=24, **fast)


def write_whole(name, texts):
    made = tokenizer(name, [t for t in texts if t.strip()] * 2)
    torch.manual_seed(9)
    sizes = dict(vocab_size=len(made) + 4, hidden_size=16, intermediate_size=24, num_attention_heads=4, num_hidden_layers=1,
                 initializer_range=0.4)
    config = (Qwen3Config(**sizes, num_key_value_heads=2, head_dim=8, max_position_embeddings=64) if name == "qwen3"
              else XLMRobertaConfig(**sizes, max_position_embeddings=40, type_vocab_size=1, pad_token_id=1))
    scratch = here / "modules" / "scratch"
    AutoModel.from_config(config, **({} if name == "qwen3" else {"add_pooling_layer": False})).save_pretrained(scratch)
    made.save_pretrained(scratch)
    pooling = "lasttoken" if name == "qwen3" else "mean"
    model = SentenceTransformer(
        modules=[Transformer(str(scratch)), Pooling(16, pooling_mode=pooling), Normalize()], device="cpu", prompts=PROMPTS)
    save(model, here / "modules" / name)
    shutil.rmtree(scratch)
    return {name: model.encode(texts, convert_to_tensor=True, batch_size=7),
            f"{name}/query": model.encode(texts, convert_to_tensor=True, prompt_name="query")}


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
    save(model, folder)
    shutil.rmtree(scratch)
    shutil.copy(here / "small-bert" / "vocab.txt", folder)
    (folder / "tokenizer.json").unlink()
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
    for name in ("qwen3", "e5"):
        expected.update(write_whole(name, texts))
    save_file({key: value.contiguous() for key, value in expected.items()}, here / "modules.safetensors")
