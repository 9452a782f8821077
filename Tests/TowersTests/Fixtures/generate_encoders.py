"""Writes the folders of transformers that encoders are read from, with what transformers computes from them. Needs torch,
transformers, safetensors and peft.

encoders/NAME/          a random model of few layers: config.json and its tensors
encoders.safetensors    NAME/ids, NAME/lengths and NAME/states: its last hidden states, 0 where there is padding
"""
import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from transformers import (
    AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM, BertConfig, DistilBertConfig, Gemma2Config, Gemma3TextConfig, GemmaConfig,
    LlamaConfig, MistralConfig, MPNetConfig, Qwen2Config, Qwen2VLConfig, Qwen2VLForConditionalGeneration, Qwen3Config, RobertaConfig,
    XLMRobertaConfig)

here = pathlib.Path(__file__).parent
V = 40
COMMON = dict(vocab_size=V, hidden_size=16, intermediate_size=24, num_attention_heads=4, initializer_range=0.3)
DECODER = dict(**COMMON, num_key_value_heads=2, num_hidden_layers=2, max_position_embeddings=64, pad_token_id=0)
ENCODER = dict(**COMMON, num_hidden_layers=2, max_position_embeddings=40, layer_norm_eps=1e-5)
LONG = dict(original_max_position_embeddings=16)
# name: configuration, kind of class, whether every token sees the whole text, storage
MODELS = {
    "llama3": LlamaConfig(**DECODER, head_dim=8, attention_bias=True, mlp_bias=True, rope_parameters=dict(
        rope_type="llama3", rope_theta=500000.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0, **LONG)),
    "llama-linear": LlamaConfig(**DECODER, rope_parameters=dict(rope_type="linear", rope_theta=10000.0, factor=3.0)),
    "llama-yarn": LlamaConfig(**DECODER, head_dim=8, rope_parameters=dict(
        rope_type="yarn", rope_theta=10000.0, factor=4.0, beta_fast=4.0, **LONG)),
    "mistral": MistralConfig(**DECODER, head_dim=8, sliding_window=6),
    "qwen2": Qwen2Config(**DECODER, use_sliding_window=True, sliding_window=6, max_window_layers=1, rope_parameters=dict(
        rope_type="yarn", rope_theta=10000.0, factor=2.0, mscale=1.5, mscale_all_dim=0.8, **LONG)),
    "qwen2-bidirectional": Qwen2Config(**DECODER),
    "qwen2-vl": Qwen2VLConfig(
        text_config=dict(**DECODER, rope_parameters=dict(rope_type="default", type="mrope", mrope_section=[1, 1, 0], rope_theta=1e6)),
        vision_config=dict(depth=1, embed_dim=8, hidden_size=16, num_heads=2, mlp_ratio=1, patch_size=2)),
    "qwen3": Qwen3Config(**DECODER, head_dim=8, attention_bias=True),
    "gemma": GemmaConfig(**DECODER, head_dim=8),
    "gemma2": Gemma2Config(**DECODER, head_dim=8, sliding_window=6, query_pre_attn_scalar=12, attn_logit_softcapping=2.0),
    "gemma3": Gemma3TextConfig(
        **{**DECODER, "num_hidden_layers": 3}, head_dim=8, sliding_window=6, query_pre_attn_scalar=8,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"], rope_parameters=dict(
            full_attention=dict(rope_type="linear", factor=8.0, rope_theta=1e6),
            sliding_attention=dict(rope_type="default", rope_theta=10000.0))),
    "gemma3-bidirectional": Gemma3TextConfig(
        **DECODER, head_dim=8, sliding_window=8, query_pre_attn_scalar=8, use_bidirectional_attention=True),
    "bert": BertConfig(**ENCODER, hidden_act="gelu_new"),
    "roberta": RobertaConfig(**ENCODER, type_vocab_size=1, pad_token_id=1),
    "xlm-roberta": XLMRobertaConfig(**ENCODER, type_vocab_size=1, pad_token_id=1),
    "mpnet": MPNetConfig(**ENCODER, pad_token_id=1, relative_attention_num_buckets=32),
    "distilbert": DistilBertConfig(
        vocab_size=V, dim=16, hidden_dim=24, n_heads=4, n_layers=2, max_position_embeddings=40, initializer_range=0.3),
}
# Classes whose files carry a head and a prefix; bfloat16; shards; a pickle.
HEADED = {"llama3": AutoModelForCausalLM, "gemma2": AutoModelForCausalLM, "xlm-roberta": AutoModelForMaskedLM,
          "qwen2-vl": Qwen2VLForConditionalGeneration}
BFLOAT = {"qwen3", "llama-linear"}
SHARDED = {"mistral", "mpnet"}
PICKLED = {"gemma", "roberta"}


def stirred(network):
    """Norms and biases that are not 1 and 0."""
    for name, parameter in network.named_parameters():
        if parameter.ndim == 1:
            parameter.data += 0.2 * torch.randn_like(parameter)
    return network.eval()


def body(network):
    for name in ("language_model", "model", "roberta"):
        while hasattr(network, name):
            network = getattr(network, name)
    return network


def states(network, ids, lengths):
    mask = (torch.arange(ids.shape[1]) < torch.tensor(lengths)[:, None]).long()
    with torch.no_grad():
        return network(input_ids=ids, attention_mask=mask).last_hidden_state * mask[..., None]


def bidirectional(network, ids, lengths, kind="by layer"):
    """Every token of a text sees the whole text, and no padding: a mask that is added to the scores."""
    T = ids.shape[1]
    seen = (torch.arange(T) < torch.tensor(lengths)[:, None])
    added = torch.where(seen[:, None, None, :], 0.0, torch.finfo(torch.float32).min).expand(-1, 1, T, T)
    with torch.no_grad():
        mask = {"full_attention": added} if kind == "by layer" else added
        return network(input_ids=ids, attention_mask=mask).last_hidden_state * seen[..., None]


class Latents(torch.nn.Module):
    """NV-Embed's layer by the description of its paper and the names of its files."""

    def __init__(self, width, count, heads, head):
        super().__init__()
        def linear(inputs, outputs, bias=False):
            return torch.nn.Linear(inputs, outputs, bias=bias)
        norm, parts = torch.nn.LayerNorm, torch.nn.ModuleDict
        self.heads = heads
        self.latents = torch.nn.Parameter(torch.randn(count, width))
        self.cross_attend_blocks = torch.nn.ModuleList([
            parts(dict(norm=norm(width), norm_context=norm(width), fn=parts(dict(
                to_q=linear(width, heads * head), to_kv=linear(width, 2 * heads * head), to_out=linear(heads * head, width))))),
            parts(dict(norm=norm(width), fn=parts(dict(net=torch.nn.ModuleList([
                linear(width, 8 * width, True), torch.nn.Identity(), linear(4 * width, width, True)]))))),
        ])

    def forward(self, x):
        first, second = self.cross_attend_blocks
        context = first["norm_context"](self.latents)[None].expand(len(x), -1, -1)
        parts = [first["fn"]["to_q"](first["norm"](x)), *first["fn"]["to_kv"](context).chunk(2, -1)]
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in parts)
        found = torch.nn.functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
        x = x + first["fn"]["to_out"](found)
        inner, gate = second["fn"]["net"][0](second["norm"](x)).chunk(2, -1)
        return x + second["fn"]["net"][2](inner * torch.nn.functional.gelu(gate))


def write_latents(expected):
    torch.manual_seed(3)
    config = MistralConfig(**DECODER, head_dim=8, sliding_window=None)
    decoder, latents = stirred(AutoModel.from_config(config)), stirred(Latents(16, 5, 2, 6))
    folder = here / "encoders" / "nvembed"
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps({
        "model_type": "nvembed", "text_config": {**config.to_dict(), "model_type": "bidir_mistral"},
        "latent_attention_config": {
            "model_type": "latent_attention", "num_latents_value": 5, "num_cross_heads": 2, "cross_dim_head": 6, "latent_dim": 16,
            "hidden_dim": 16}}, indent=2) + "\n")
    save_file({**{"embedding_model." + k: v for k, v in decoder.state_dict().items()},
               **{"latent_attention_model." + k: v for k, v in latents.state_dict().items()}}, folder / "model.safetensors")
    ids, lengths = torch.randint(4, V, (3, 30)), [30, 1, 17]
    with torch.no_grad():
        found = latents(bidirectional(decoder, ids, lengths, "plain")) * (torch.arange(30) < torch.tensor(lengths)[:, None])[..., None]
    add(expected, "nvembed", ids, lengths, found)


def add(expected, name, ids, lengths, found):
    expected[f"{name}/ids"] = ids.float()
    expected[f"{name}/lengths"] = torch.tensor(lengths).float()
    expected[f"{name}/states"] = found.contiguous()


def write(name, config, expected):
    torch.manual_seed(sum(map(ord, name)))
    kind = HEADED.get(name)
    network = stirred(kind._from_config(config) if isinstance(kind, type) and not hasattr(kind, "from_config")
                      else (kind or AutoModel).from_config(config))
    if name in BFLOAT:
        network = network.to(torch.bfloat16)
    folder = here / "encoders" / name
    shutil.rmtree(folder, ignore_errors=True)
    network.save_pretrained(folder, max_shard_size="8KB" if name in SHARDED else "1GB")
    if name in PICKLED:
        (folder / "model.safetensors").unlink()
        torch.save(network.state_dict(), folder / "pytorch_model.bin")
    (folder / "generation_config.json").unlink(missing_ok=True)
    ids, lengths = torch.randint(4, V, (3, 30)), [30, 1, 17]
    # A cast back would leave the angles of positions rounded.
    decoder = body(type(network).from_pretrained(folder, dtype=torch.float32).eval() if name in BFLOAT else network)
    found = (bidirectional if name == "qwen2-bidirectional" else states)(decoder, ids, lengths)
    if name == "qwen2-bidirectional":
        entries = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**entries, "is_causal": False}, indent=2) + "\n")
    add(expected, name, ids, lengths, found)


if __name__ == "__main__":
    expected = {}
    for name, config in MODELS.items():
        write(name, config, expected)
    write_latents(expected)
    save_file(expected, here / "encoders.safetensors")
