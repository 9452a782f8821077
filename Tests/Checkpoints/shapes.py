"""Models of published shapes with seeded random weights, made by the libraries that own them, and what these compute.

Each maker writes `model` (a folder or a file) into a folder and returns the features as functions of prepared pictures
and token ids; `record` writes them, the logits, and the gradient of every parameter beside it in `parity.safetensors`.
"""

import copy
import json
import warnings
from pathlib import Path

import open_clip
import timm
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPTokenizer, Dinov2Config, Dinov2Model, PreTrainedTokenizerFast,
    SiglipConfig, SiglipImageProcessor, SiglipModel, logging,
)

ROOT = Path(__file__).parents[2]
logging.set_verbosity_error()
logging.disable_progress_bar()
warnings.filterwarnings("ignore")


def clip_tokenizer(folder):
    lines = (ROOT / "Weights/clip-merges.txt").read_text().split("\n")[1:]
    merges = [tuple(line.split()) for line in lines if line]
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    symbols = [chr(b) for b in printable] + [chr(0x100 + n) for n in range(256 - len(printable))]
    words = symbols + [s + "</w>" for s in symbols] + ["".join(pair) for pair in merges]
    vocabulary = {word: n for n, word in enumerate(words + ["<|startoftext|>", "<|endoftext|>"])}
    made = CLIPTokenizer(vocab=vocabulary, merges=merges)
    made.save_pretrained(folder)
    return made


def unigram_tokenizer(folder):
    """A small tokenizer of SigLIP's kind: single letters, `</s>` at the end."""
    letters = "abcdefghijklmnopqrstuvwxyzäöü0123456789'!-"
    pieces = ["<pad>", "</s>", "<unk>", "▁", *letters, *("▁" + letter for letter in letters), "ed", "▁word", "▁apple"]
    made = Tokenizer(models.Unigram([(piece, -float(n)) for n, piece in enumerate(pieces)], unk_id=2))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    made = PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=64)
    made.save_pretrained(folder)
    return made


def pooled(features):
    return features if torch.is_tensor(features) else features.pooler_output


class Made:
    """A model, its features, and ids that its texts may have."""

    def __init__(self, model, size, image, text=None, ids=None):
        self.model, self.size, self.image, self.text, self.ids = model.eval(), size, image, text, ids


def clip(folder, width, layers, heads, patch, size, text, text_heads, dimension):
    """transformers' CLIP."""
    texts = dict(hidden_size=text, intermediate_size=4 * text, num_attention_heads=text_heads, num_hidden_layers=12)
    vision = dict(
        hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers, num_attention_heads=heads,
        image_size=size, patch_size=patch,
    )
    model = CLIPModel(CLIPConfig(text_config=texts, vision_config=vision, projection_dim=dimension))
    model.save_pretrained(folder / "model")
    square = {"height": size, "width": size}
    CLIPImageProcessor(size={"shortest_edge": size}, crop_size=square).save_pretrained(folder / "model")
    clip_tokenizer(folder / "model")
    ids = torch.full((3, 77), 49407)
    ids[:, 0] = 49406
    for row, length in enumerate((5, 20, 75)):
        ids[row, 1 : length + 1] = torch.randint(0, 49406, (length,))
    return Made(
        model, size, lambda p: pooled(model.get_image_features(pixel_values=p)),
        lambda t: pooled(model.get_text_features(input_ids=t)), ids)


def siglip(folder, width, layers, heads, inner, patch, size, vocabulary):
    """transformers' SiglipModel, SigLIP2 of fixed size included."""
    sizes = dict(hidden_size=width, intermediate_size=inner, num_hidden_layers=layers, num_attention_heads=heads)
    texts = dict(vocab_size=vocabulary, bos_token_id=1, eos_token_id=1, pad_token_id=0, projection_size=width)
    model = SiglipModel(SiglipConfig(text_config=sizes | texts, vision_config=sizes | dict(image_size=size, patch_size=patch)))
    with torch.no_grad():
        model.logit_scale.fill_(4.7)
        model.logit_bias.fill_(-12.5)
    model.save_pretrained(folder / "model")
    SiglipImageProcessor(size={"height": size, "width": size}).save_pretrained(folder / "model")
    unigram_tokenizer(folder / "model")
    return Made(
        model, size, lambda p: pooled(model.get_image_features(pixel_values=p)),
        lambda t: pooled(model.get_text_features(input_ids=t)), torch.randint(2, vocabulary, (3, 64)))


def openclip(folder, name):
    """A model of open_clip by its name, as it publishes them."""
    configuration = open_clip.get_model_config(name)
    description = {key: value for key, value in configuration.items() if key != "custom_text"}
    model = open_clip.CustomTextCLIP(**description) if configuration.get("custom_text") else open_clip.CLIP(**description)
    (folder / "model").mkdir()
    save_file(model.state_dict(), folder / "model/open_clip_model.safetensors")
    is_siglip = "SigLIP" in name
    mean, std = ((0.5,) * 3, (0.5,) * 3) if is_siglip else (open_clip.OPENAI_DATASET_MEAN, open_clip.OPENAI_DATASET_STD)
    preprocessing = {
        "mean": mean, "std": std, "interpolation": "bicubic", "resize_mode": "squash" if is_siglip else "shortest"}
    content = {"model_cfg": configuration, "preprocess_cfg": preprocessing}
    (folder / "model/open_clip_config.json").write_text(json.dumps(content, indent=1))
    if is_siglip:
        unigram_tokenizer(folder / "model")
    text = configuration["text_cfg"]
    ids = torch.randint(2, text["vocab_size"], (3, text["context_length"])) if is_siglip else clip_ids()
    return Made(model, configuration["vision_cfg"]["image_size"], model.encode_image, model.encode_text, ids)


def clip_ids():
    ids = torch.randint(2, 49406, (3, 77))
    ids[:, 0], ids[0, 9:], ids[1, 30:] = 49406, 0, 0
    ids[0, 9] = ids[1, 30] = ids[2, 76] = 49407
    return ids


def openai(folder, name):
    """A model of OpenAI in the form of its files: a TorchScript archive in half precision."""
    model = open_clip.CLIP(**open_clip.get_model_config(name))
    model.half().float()
    script = copy.deepcopy(model).half().eval()
    for key, value in (("input_resolution", 224), ("context_length", 77), ("vocab_size", 49408)):
        script.__dict__.pop(key, None)
        script.register_buffer(key, torch.tensor(value))
    ids = clip_ids()
    example = torch.zeros(3, 3, 224, 224).half(), ids
    torch.jit.save(torch.jit.trace(script, example, strict=False, check_trace=False), folder / "model.pt")
    return Made(model, 224, model.encode_image, model.encode_text, ids)


def dinov2(folder, width, layers, heads, size=518):
    """transformers' Dinov2Model."""
    model = Dinov2Model(Dinov2Config(
        hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads, image_size=518, patch_size=14))
    model.save_pretrained(folder / "model")
    CLIPImageProcessor(
        size={"shortest_edge": size}, crop_size={"height": size, "width": size}, image_mean=[0.485, 0.456, 0.406],
        image_std=[0.229, 0.224, 0.225]).save_pretrained(folder / "model")
    return Made(model, size, lambda p: model(pixel_values=p).pooler_output)


def dinov2_file(folder, name):
    """timm's model, in one file with the names that DINOv2's own files have."""
    model = timm.create_model(name)
    torch.save(model.state_dict(), folder / "model.pth")
    return Made(model, 518, model)


def timm_folder(folder, name):
    """timm's model, in a folder as its Hub has them."""
    model = timm.create_model(name)
    timm.models.save_for_hf(model, folder / "model", safe_serialization=True)
    return Made(model, model.default_cfg["input_size"][1], model)


B = dict(width=768, layers=12, heads=12, text=512, text_heads=8, dimension=512)
L = dict(width=1024, layers=24, heads=16, patch=14, text=768, text_heads=12, dimension=768)
SO400M = dict(width=1152, layers=27, heads=16, inner=4304, patch=14)
MAKERS = {
    "ViT-B/32": (clip, B | dict(patch=32, size=224)),
    "ViT-B/16": (clip, B | dict(patch=16, size=224)),
    "ViT-L/14": (clip, L | dict(size=224)),
    "ViT-L/14-336": (clip, L | dict(size=336)),
    "ViT-B-32.pt": (openai, dict(name="ViT-B-32-quickgelu")),
    "ViT-L-14.pt": (openai, dict(name="ViT-L-14-quickgelu")),
    "EVA02-B-16": (openclip, dict(name="EVA02-B-16")),
    "EVA02-L-14": (openclip, dict(name="EVA02-L-14")),
    "EVA02-L-14-336": (openclip, dict(name="EVA02-L-14-336")),
    "SigLIP-B/16": (siglip, dict(width=768, layers=12, heads=12, inner=3072, patch=16, size=224, vocabulary=32000)),
    "SigLIP-SO400M/14-384": (siglip, SO400M | dict(size=384, vocabulary=32000)),
    "SigLIP2-SO400M/14": (siglip, SO400M | dict(size=224, vocabulary=256000)),
    "ViT-B-16-SigLIP": (openclip, dict(name="ViT-B-16-SigLIP")),
    "ViT-B-16-SigLIP2": (openclip, dict(name="ViT-B-16-SigLIP2")),
    "DINOv2-B/14": (dinov2, dict(width=768, layers=12, heads=12)),
    "DINOv2-L/14": (dinov2, dict(width=1024, layers=24, heads=16)),
    "timm/vit_base_patch14_dinov2": (timm_folder, dict(name="vit_base_patch14_dinov2")),
    "dinov2_vitb14.pth": (dinov2_file, dict(name="vit_base_patch14_dinov2")),
}


def make(name, folder):
    torch.manual_seed(0)
    maker, sizes = MAKERS[name]
    return maker(folder, **sizes)


def record(made, folder):
    """What the library computes, with the gradients of a contrastive step or of a product with a seed."""
    generator = torch.Generator().manual_seed(1)
    # Patches of colour: pictures of noise are all alike to a random network, and their gradients cancel.
    coarse = 2 * torch.randn(3 if made.text else 2, 3, 4, 4, generator=generator)
    pictures = F.interpolate(coarse, size=(made.size, made.size), mode="bicubic")
    image = made.image(pictures)
    values = {"pictures": pictures, "image": image}
    if made.text:
        text = made.text(made.ids)
        logits = made.model.logit_scale.exp() * F.normalize(image, dim=-1) @ F.normalize(text, dim=-1).T
        target = torch.arange(len(image))
        bias = getattr(made.model, "logit_bias", None)
        if bias is None:
            loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
        else:
            logits = logits + bias
            loss = -F.logsigmoid((2 * torch.eye(len(image)) - 1) * logits).sum() / len(image)
        values |= {"ids": made.ids.float(), "text": text, "logits": logits, "loss": loss}
        loss.backward()
    else:
        values["seed"] = torch.randn(image.shape, generator=generator)
        image.backward(values["seed"])
    for key, parameter in made.model.named_parameters():
        if parameter.grad is not None:
            values[f"gradients/{key}"] = parameter.grad
            parameter.grad = None
    save_file({key: value.detach().contiguous() for key, value in values.items()}, folder / "parity.safetensors")
