"""Writes what the language models are compared with. Needs torch, transformers, gguf and sentencepiece.

decoders/NAME.gguf      a random decoder of few layers, its matrices Q8_0
decoders.safetensors    NAME/states: last hidden states of NAME/ids by transformers, its weights dequantised; NAME/lengths
decoders/gemma3.json    texts, their ids by sentencepiece and (decoders.safetensors) their mean-pooled states
decoders/llama.json     texts and their ids by tokenizers, as of decoders/qwen3.json
gemma3-270m.json        ids of the 200 texts of sentences.json by sentencepiece, from the vocabulary of the real model
gemma3-270m.safetensors mean-pooled embeddings of the first 100 of them by transformers, dequantised, float16
                        (both only where the path of the fetched .gguf is given)
"""
import io
import json
import pathlib
import sys

import gguf
import numpy
import sentencepiece
import torch
from gguf.quants import dequantize, quantize
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from safetensors.torch import save_file
from transformers import (AutoModel, Gemma2Config, Gemma3TextConfig, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config)

from generate_sentences import WRITTEN, sentences, write_json
from pieces import model as piece_model

here = pathlib.Path(__file__).parent
Q8 = gguf.GGMLQuantizationType.Q8_0
SIZES = dict(hidden_size=32, intermediate_size=64, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
             vocab_size=800, max_position_embeddings=64, rms_norm_eps=1e-6, initializer_range=0.2)
LLAMA3 = dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16)
MODELS = {
    "gemma3": Gemma3TextConfig(**SIZES, num_hidden_layers=7, sliding_window=5, query_pre_attn_scalar=16),
    "gemma3-bidirectional": Gemma3TextConfig(
        **SIZES, num_hidden_layers=7, sliding_window=8, query_pre_attn_scalar=16, use_bidirectional_attention=True),
    "gemma2": Gemma2Config(**SIZES, num_hidden_layers=3, sliding_window=5, query_pre_attn_scalar=16, attn_logit_softcapping=2.0),
    "llama": LlamaConfig(**SIZES, num_hidden_layers=2, rope_parameters=LLAMA3),
    "mistral": MistralConfig(**SIZES, num_hidden_layers=2, sliding_window=None),
    "qwen2": Qwen2Config(**{**SIZES, "head_dim": 8}, num_hidden_layers=2),
    "qwen3": Qwen3Config(**SIZES, num_hidden_layers=2),
}
NAMES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm",
}


def gguf_name(name, architecture):
    name, leaf = name.rsplit(".", 1)
    if not name.startswith("layers."):
        return {"embed_tokens": "token_embd", "norm": "output_norm"}[name] + "." + leaf
    _, layer, module = name.split(".", 2)
    if architecture.startswith("gemma"):
        norms = {"post_attention_layernorm": "post_attention_norm", "pre_feedforward_layernorm": "ffn_norm",
                 "post_feedforward_layernorm": "post_ffw_norm"}
    else:
        norms = {"post_attention_layernorm": "ffn_norm"}
    return f"blk.{layer}.{ {**NAMES, **norms}[module]}.{leaf}"


def vocabulary():
    """800 pieces, trained on the texts of sentences.json."""
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(t for t in WRITTEN * 3 if t.strip()), model_writer=out, vocab_size=800, model_type="bpe",
        byte_fallback=True, character_coverage=0.98, normalization_rule_name="identity", add_dummy_prefix=False,
        remove_extra_whitespaces=False, user_defined_symbols=["<table>", "\n\n", "\u2581\u2581", "\u2581\u2581\u2581"],
        control_symbols=["<start_of_turn>"], pad_id=0, eos_id=1, bos_id=2, unk_id=3, hard_vocab_limit=False, minloglevel=2)
    reader = sentencepiece.SentencePieceProcessor(model_proto=out.getvalue())
    pieces, scores, kinds = [], [], []
    for id in range(reader.get_piece_size()):
        kind = 2 if reader.is_unknown(id) else 3 if reader.is_control(id) else 6 if reader.is_byte(id) else 1
        piece = reader.id_to_piece(id)
        if piece in ("<table>", "\n\n", "\u2581\u2581", "\u2581\u2581\u2581"):
            kind, piece = 4, piece.replace("\u2581", " ")
        pieces.append(piece)
        scores.append(reader.get_score(id))
        kinds.append(kind)
    return pieces, scores, kinds


WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"
REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
DIVISIONS = {"llama": ("llama-bpe", WORDS + r"|\p{N}{1,3}" + REST), "qwen3": ("qwen2", WORDS + r"|\p{N}" + REST)}


def byte_level(pattern, composes, ignores_merges):
    """A byte-level tokenizer of 800 pieces, two of them marks."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignores_merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    if composes:
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.train_from_iterator(WRITTEN * 3, trainers.BpeTrainer(
        vocab_size=800, show_progress=False, special_tokens=["<|end|>", "<|start|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def add_byte_level(writer, tokenizer, division):
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    assert len(tokens) == 800
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(division)
    writer.add_token_list(tokens)
    writer.add_token_types([3, 3] + [1] * 798)
    writer.add_token_merges([" ".join(merge) for merge in model["merges"]])
    writer.add_eos_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_add_bos_token(division == "llama-bpe")
    writer.add_add_eos_token(division == "qwen2")


def write(name, config, pieces):
    architecture = {"mistral": "llama"}.get(name, name.split("-")[0])
    torch.manual_seed(len(name))
    network = AutoModel.from_config(config).eval()
    is_gemma = architecture.startswith("gemma")
    writer = gguf.GGUFWriter(here / "decoders" / f"{name}.gguf", architecture)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_key_length(head)
    writer.add_value_length(head)
    parameters = config.rope_parameters
    base = parameters["full_attention"]["rope_theta"] if "full_attention" in parameters else parameters["rope_theta"]
    writer.add_rope_freq_base(base)
    if is_gemma:
        # transformers halves the window of a bidirectional model.
        writer.add_sliding_window(config.sliding_window)
    if name == "gemma2":
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
    if name.startswith("gemma3"):
        kinds = pieces[2]
        writer.add_tokenizer_model("llama")
        writer.add_token_list(pieces[0])
        writer.add_token_scores(pieces[1])
        writer.add_token_types(kinds)
        for set_id, id in [(writer.add_bos_token_id, 2), (writer.add_eos_token_id, 1), (writer.add_unk_token_id, 3), (writer.add_pad_token_id, 0)]:
            set_id(id)
        writer.add_add_bos_token(True)
        writer.add_add_eos_token(False)
        writer.add_add_space_prefix(False)
    if name in DIVISIONS:
        division, pattern = DIVISIONS[name]
        tokenizer = byte_level(pattern, division == "qwen2", division == "llama-bpe")
        add_byte_level(writer, tokenizer, division)
        texts = TEXTS + ["<|start|> a\u2028b\x0bc\x85d  \n\n e  ", "I'LL we've 12345678 \r\n\r\n x"]
        rows = [([1] if name == "llama" else []) + tokenizer.encode(t).ids + ([0] if name == "qwen3" else []) for t in texts]
        write_json(here / "decoders" / f"{name}.json", {"texts": texts, "ids": rows})
    for key, parameter in network.named_parameters():
        if key.endswith("norm.weight"):
            parameter.data += 0.1 * torch.randn_like(parameter)
        if key.endswith("bias"):
            parameter.data = 0.5 * torch.randn_like(parameter)
        values = parameter.data.numpy()
        target = gguf_name(key, architecture)
        if values.ndim == 1:
            writer.add_tensor(target, values + 1 if is_gemma else values)
            continue
        blocks = quantize(values, Q8)
        parameter.data = torch.from_numpy(dequantize(blocks, Q8).copy())
        if architecture == "llama" and ("attn_q." in target or "attn_k." in target):
            heads = values.shape[0] // head
            blocks = blocks.reshape(heads, 2, head // 2, -1).swapaxes(1, 2).reshape(blocks.shape)
        writer.add_tensor(target, blocks, raw_dtype=Q8)
    if parameters.get("rope_type") == "llama3":
        plain = 1 / base ** (torch.arange(0, head, 2).float() / head)
        writer.add_tensor("rope_freqs.weight", (plain / network.rotary_emb.inv_freq).numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return network


def states(network, ids, lengths):
    mask = (torch.arange(ids.shape[1])[None] < torch.tensor(lengths)[:, None]).long()
    with torch.no_grad():
        found = network(input_ids=ids, attention_mask=mask).last_hidden_state
    return found * mask[..., None]


def pooled(network, rows):
    vectors = []
    for row in rows:
        with torch.no_grad():
            found = network(input_ids=torch.tensor([row])).last_hidden_state[0]
        vectors.append(torch.nn.functional.normalize(found.mean(0), dim=0))
    return torch.stack(vectors)


TEXTS = [t for t in sentences() if "<" not in t]


def small():
    (here / "decoders").mkdir(exist_ok=True)
    pieces = vocabulary()
    reader = sentencepiece.SentencePieceProcessor(model_proto=piece_model(*pieces, 3, 2, 1, False))
    texts = TEXTS + ["a <table> of\n\n\nthings", "  two   three    four", "\u2581 already", "<tab le>", "a\u0000b"]
    rows = [[2] + reader.encode(t) for t in texts]
    write_json(here / "decoders" / "gemma3.json", {"texts": texts, "ids": rows})
    expected = {}
    for name, config in MODELS.items():
        network = write(name, config, pieces)
        torch.manual_seed(9)
        ids, lengths = torch.randint(4, 800, (3, 21)), [21, 1, 13]
        expected[f"{name}/ids"] = ids.float()
        expected[f"{name}/lengths"] = torch.tensor(lengths).float()
        expected[f"{name}/states"] = states(network, ids, lengths)
        if name == "gemma3":
            expected["gemma3/embeddings"] = pooled(network, [row[:32] for row in rows[:60]])
    save_file({k: v.contiguous() for k, v in expected.items()}, here / "decoders.safetensors")


def real(path):
    from transformers import Gemma3TextModel
    from reading import vocabulary_and_tensors
    metadata, tensors = vocabulary_and_tensors(path)
    kinds = metadata["tokenizer.ggml.token_type"]
    reader = sentencepiece.SentencePieceProcessor(model_proto=piece_model(
        metadata["tokenizer.ggml.tokens"], metadata["tokenizer.ggml.scores"], kinds, 3, 2, 1, False))
    texts = json.loads((here / "sentences.json").read_text())["texts"]
    rows = [[2] + reader.encode(t) for t in texts]
    write_json(here / "gemma3-270m.json", {"ids": rows})
    config = Gemma3TextConfig(
        hidden_size=640, intermediate_size=2048, num_hidden_layers=18, num_attention_heads=4, num_key_value_heads=1,
        head_dim=256, vocab_size=262144, max_position_embeddings=32768, sliding_window=512, query_pre_attn_scalar=256)
    with torch.device("meta"):
        network = Gemma3TextModel(config)
    network = network.to_empty(device="cpu").eval()
    network._init_weights(network.rotary_emb)
    network.embed_tokens.embed_scale.fill_(640 ** 0.5)
    for key, parameter in network.named_parameters():
        values = tensors(gguf_name(key, "gemma3"))
        parameter.data = torch.from_numpy(values - 1 if values.ndim == 1 else values)
    save_file({"embeddings": pooled(network, [row[:512] for row in rows[:100]]).to(torch.float16)},
              here / "gemma3-270m.safetensors")


if __name__ == "__main__":
    small()
    if len(sys.argv) > 1:
        real(sys.argv[1])
