"""Small checkpoints with seeded random weights in the forms of other libraries, and what those libraries compute.

    python generate.py        # needs torch, transformers, open_clip_torch, timm, safetensors; writes beside this file

`expected.safetensors` holds for each checkpoint `c`: `c/pictures` (prepared), `c/ids`, the features `c/image` and
`c/text`, `c/logits`, and `c/gradients/*` of the contrastive loss (with a bias the sigmoid loss) under the checkpoint's
own names.
"""

import io
import json
import shutil
import zipfile
from pathlib import Path

import open_clip
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from timm.models.eva import Eva
from timm.models.vision_transformer import VisionTransformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPTokenizer, Dinov2Config, Dinov2Model, PreTrainedTokenizerFast,
    Siglip2Config,
    Siglip2ImageProcessor, Siglip2Model, SiglipConfig, SiglipImageProcessor, SiglipModel,
)

HERE = Path(__file__).parent
MERGES = HERE.parents[3] / "Weights/clip-merges.txt"
expected = {}


def folder(name):
    path = HERE / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path


def scramble(model, seed):
    """Every parameter random, norms and biases too, so that none can be mixed up with another."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name in ("logit_scale", "logit_bias"):
                parameter.fill_(1.5 if name == "logit_scale" else -0.5)
            else:
                noise = torch.randn(parameter.shape, generator=generator)
                parameter.copy_(noise * 0.25 if parameter.ndim > 1 else parameter.mean() + noise * 0.25)
    return model.eval()


def contrastive(image, text, scale, bias=None):
    logits = scale.exp() * F.normalize(image, dim=-1) @ F.normalize(text, dim=-1).T
    if bias is not None:
        logits = logits + bias
        signs = 2 * torch.eye(len(image)) - 1
        return logits, -F.logsigmoid(signs * logits).sum() / len(image)
    target = torch.arange(len(image))
    return logits, (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def record(name, model, pictures, ids, features, gradients=True):
    image, text = features(pictures, ids)
    logits, loss = contrastive(image, text, model.logit_scale, getattr(model, "logit_bias", None))
    values = {"pictures": pictures, "ids": ids.float(), "image": image, "text": text, "logits": logits, "loss": loss}
    if gradients:
        model.zero_grad()
        loss.backward()
        for key, parameter in model.named_parameters():
            if parameter.grad is not None:
                values[f"gradients/{key}"] = parameter.grad
    expected.update({f"{name}/{key}": value.detach().float().contiguous().clone() for key, value in values.items()})


def clip_tokenizer(path, merges):
    """CLIP's tokenizer with the first merges only, in the ids of CLIP's order."""
    lines = MERGES.read_text().split("\n")[1 : merges + 1]
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    symbols = [chr(b) for b in printable] + [chr(0x100 + n) for n in range(256 - len(printable))]
    words = symbols + [s + "</w>" for s in symbols] + [line.replace(" ", "") for line in lines]
    vocabulary = {word: n for n, word in enumerate(words + ["<|startoftext|>", "<|endoftext|>"])}
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[tuple(line.split()) for line in lines])
    tokenizer.save_pretrained(path)
    (path / "merges.txt").unlink(missing_ok=True)
    return tokenizer, len(vocabulary)


TEXTS = ["a red apple", "two dogs, it's 3 o'clock", "", "ÜBER den Wolken  和 <|endoftext|> x"]


def hugging_face_clip():
    path = folder("hf-clip")
    tokenizer, size = clip_tokenizer(path, 60)
    config = CLIPConfig(
        text_config=dict(
            hidden_size=12, intermediate_size=20, num_hidden_layers=2, num_attention_heads=3, vocab_size=size,
            max_position_embeddings=24, hidden_act="quick_gelu", bos_token_id=size - 2, eos_token_id=size - 1,
        ),
        vision_config=dict(
            hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, image_size=16, patch_size=4,
            hidden_act="quick_gelu",
        ),
        projection_dim=10,
    )
    model = scramble(CLIPModel(config), 1)
    model.save_pretrained(path, max_shard_size="30KB")
    CLIPImageProcessor(size={"shortest_edge": 16}, crop_size={"height": 16, "width": 16}).save_pretrained(path)
    batch = tokenizer(TEXTS, padding=True, truncation=True, max_length=24, return_tensors="pt")
    expected["hf-clip/lengths"] = batch["attention_mask"].sum(1).float()
    pictures = torch.randn(4, 3, 16, 16, generator=torch.Generator().manual_seed(2))

    def features(pictures, ids):
        # The argument the model itself would take; padding follows the first end of text.
        text = model.get_text_features(input_ids=ids, attention_mask=batch["attention_mask"])
        image = model.get_image_features(pixel_values=pictures)
        return (x if torch.is_tensor(x) else x.pooler_output for x in (image, text))

    record("hf-clip", model, pictures, batch["input_ids"], features)
    # The same in half precision, as PyTorch saves it.
    half = folder("hf-clip-bin")
    for name in ("config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"):
        if (path / name).exists():
            shutil.copy(path / name, half / name)
    torch.save({key: value.to(torch.bfloat16) for key, value in model.state_dict().items()}, half / "pytorch_model.bin")


def unigram_tokenizer(path):
    """Single letters and `</s>`, as small as SigLIP's kind can be."""
    pieces = ["<pad>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyz"]
    made = Tokenizer(models.Unigram([(piece, -float(n)) for n, piece in enumerate(pieces)], unk_id=2))
    made.normalizer, made.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.Metaspace()
    made.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=7
    ).save_pretrained(path)


def siglip():
    path = folder("hf-siglip")
    config = SiglipConfig(
        text_config=dict(
            hidden_size=16, intermediate_size=20, num_hidden_layers=2, num_attention_heads=2, vocab_size=50,
            max_position_embeddings=7, projection_size=16, bos_token_id=1, eos_token_id=1, pad_token_id=0,
        ),
        vision_config=dict(
            hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, image_size=14, patch_size=4
        ),
    )
    model = scramble(SiglipModel(config), 3)
    model.save_pretrained(path)
    SiglipImageProcessor(size={"height": 14, "width": 14}).save_pretrained(path)
    unigram_tokenizer(path)
    generator = torch.Generator().manual_seed(4)
    ids = torch.randint(2, 50, (4, 7), generator=generator)

    def features(pictures, ids):
        image = model.get_image_features(pixel_values=pictures)
        text = model.get_text_features(input_ids=ids)
        return (x if torch.is_tensor(x) else x.pooler_output for x in (image, text))

    record("hf-siglip", model, torch.randn(4, 3, 14, 14, generator=generator), ids, features)


def siglip2():
    """SigLIP 2 of flexible size, given squares."""
    path = folder("hf-siglip2")
    sizes = dict(hidden_size=16, intermediate_size=20, num_hidden_layers=1, num_attention_heads=2)
    config = Siglip2Config(
        text_config=sizes | dict(
            vocab_size=50, max_position_embeddings=7, projection_size=16, bos_token_id=1, eos_token_id=1, pad_token_id=0),
        vision_config=sizes | dict(num_patches=9, patch_size=4),
    )
    model = scramble(Siglip2Model(config), 24)
    model.save_pretrained(path)
    Siglip2ImageProcessor(patch_size=4, max_num_patches=9).save_pretrained(path)
    generator = torch.Generator().manual_seed(25)
    ids = torch.randint(2, 50, (3, 7), generator=generator)
    mask, shapes = torch.ones(3, 9, dtype=torch.long), torch.full((3, 2), 3)

    def features(pictures, ids):
        # Rows of pixels, the channel innermost, as the processor makes them.
        rows = pictures.unfold(2, 4, 4).unfold(3, 4, 4).permute(0, 2, 3, 4, 5, 1).reshape(3, 9, 48)
        image = model.get_image_features(pixel_values=rows, pixel_attention_mask=mask, spatial_shapes=shapes)
        text = model.get_text_features(input_ids=ids)
        return (x if torch.is_tensor(x) else x.pooler_output for x in (image, text))

    record("hf-siglip2", model, torch.randn(3, 3, 12, 12, generator=generator), ids, features)


def open_clip_plain():
    path = folder("open-clip")
    model_config = {
        "embed_dim": 10,
        "vision_cfg": {"image_size": 12, "layers": 2, "width": 16, "head_width": 8, "patch_size": 4},
        "text_cfg": {"context_length": 9, "vocab_size": 40, "width": 12, "heads": 3, "layers": 2},
    }
    model = scramble(open_clip.CLIP(**model_config), 5)
    save_file(model.state_dict(), path / "open_clip_model.safetensors")
    preprocess = {
        "mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711],
        "interpolation": "bicubic", "resize_mode": "shortest",
    }
    content = {"model_cfg": model_config, "preprocess_cfg": preprocess}
    (path / "open_clip_config.json").write_text(json.dumps(content, indent=1))
    generator = torch.Generator().manual_seed(6)
    ids = torch.tensor([[38, 7, 9, 39, 0, 0, 0, 0, 0], [38, 39, 0, 0, 0, 0, 0, 0, 0], [38, 1, 2, 3, 4, 5, 6, 7, 39]])
    pictures = torch.randn(3, 3, 12, 12, generator=generator)
    record("open-clip", model, pictures, ids, lambda p, t: (model.encode_image(p), model.encode_text(t)))
    positions(model)


def positions(model):
    """Position embeddings of other sizes: open_clip's for pictures, Long-CLIP's for texts."""
    old = model.visual.positional_embedding.detach()
    grid = old[1:].reshape(1, 3, 3, -1).permute(0, 3, 1, 2)
    new = F.interpolate(grid, size=(5, 5), mode="bicubic", antialias=True, align_corners=False)
    rows = lambda grid: grid.permute(0, 2, 3, 1).flatten(0, 2)
    for size in (2, 5):
        expected[f"positions/cubic{size}"] = rows(F.interpolate(grid, size=(size, size), mode="bicubic")).contiguous()
    expected["positions/image"] = torch.cat([old[:1], new.permute(0, 2, 3, 1).reshape(25, -1)]).contiguous()
    text = torch.randn(77, 3, generator=torch.Generator().manual_seed(9))
    kept, rows = 20, []
    for k in range(77 - kept):
        here = text[kept + k]
        step = text[kept + k + 1] - here if kept + k + 1 < 77 else here - text[kept + k - 1]
        rows += [here + step * quarter / 4 for quarter in range(4)]
    expected["positions/text77"] = text
    expected["positions/text248"] = torch.cat([text[:kept], torch.stack(rows)])


def openai():
    """A TorchScript archive in half precision, as OpenAI published its models."""
    model = open_clip.CLIP(
        embed_dim=8, quick_gelu=True,
        vision_cfg={"image_size": 32, "layers": 1, "width": 64, "head_width": 64, "patch_size": 16, "mlp_ratio": 1.0},
        text_cfg={"context_length": 6, "vocab_size": 30, "width": 64, "heads": 1, "layers": 1, "mlp_ratio": 1.0},
    )
    scramble(model, 7)
    model.half().float()
    generator = torch.Generator().manual_seed(8)
    ids = torch.tensor([[28, 7, 9, 29, 0, 0], [28, 29, 0, 0, 0, 0], [28, 1, 2, 3, 4, 29]])
    pictures = torch.randn(3, 3, 32, 32, generator=generator)
    features = lambda p, t: (model.encode_image(p), model.encode_text(t))
    record("openai", model, pictures, ids, features, gradients=False)
    for name, value in (("input_resolution", 32), ("context_length", 6), ("vocab_size", 30)):
        if name in model.__dict__:
            delattr(model, name)
        model.register_buffer(name, torch.tensor(value))
    whole = io.BytesIO()
    torch.jit.save(torch.jit.trace(model.half(), (pictures.half(), ids), strict=False, check_trace=False), whole)
    # Without what tells of the code's origin; the members lose their alignment, as they may. The code stays compressed.
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(HERE / "openai.pt", "w") as target:
        for member in source.infolist():
            if not member.filename.endswith(".debug_pkl"):
                target.writestr(zipfile.ZipInfo(member.filename), source.read(member), member.compress_type)


def tower(name, model, pictures, features, rename=lambda key: key):
    """An image tower alone: features, and the gradients of their product with a seed."""
    output = features(pictures)
    seed = torch.randn(output.shape, generator=torch.Generator().manual_seed(10))
    model.zero_grad()
    output.backward(seed)
    values = {"pictures": pictures, "image": output, "seed": seed}
    for key, parameter in model.named_parameters():
        values[f"tensors/{rename(key)}"] = parameter
        if parameter.grad is not None:
            values[f"gradients/{rename(key)}"] = parameter.grad
    expected.update({f"{name}/{key}": value.detach().float().contiguous().clone() for key, value in values.items()})


def eva02():
    """EVA-02's tower as timm builds it for open_clip, on another grid than its rotary positions were trained on."""
    model = Eva(
        img_size=12, patch_size=4, embed_dim=16, depth=2, num_heads=2, qkv_fused=False, mlp_ratio=4 * 2 / 3,
        swiglu_mlp=True, scale_mlp=True, scale_attn_inner=True, use_rot_pos_emb=True, ref_feat_shape=(16, 16),
        global_pool="token", num_classes=10,
    )
    scramble(model, 11)
    pictures = torch.randn(3, 3, 12, 12, generator=torch.Generator().manual_seed(12))
    tower("eva02", model, pictures, model, lambda key: "visual.trunk." + key)


def eva02_clip():
    """A whole EVA-02-CLIP as open_clip's state dictionary in half precision; heads are 64 wide, as in the published ones."""
    model = open_clip.CustomTextCLIP(
        embed_dim=10, vision_cfg={"image_size": 12, "layers": 1, "width": 16, "head_width": 8, "patch_size": 4},
        text_cfg={"context_length": 5, "vocab_size": 20, "width": 64, "heads": 1, "layers": 1, "mlp_ratio": 0.25},
    )
    model.visual = torch.nn.Module()
    model.visual.trunk = Eva(
        img_size=12, patch_size=4, embed_dim=64, depth=1, num_heads=1, qkv_fused=False, mlp_ratio=0.25, swiglu_mlp=True,
        scale_mlp=True, scale_attn_inner=True, use_rot_pos_emb=True, ref_feat_shape=(16, 16), global_pool="token",
        num_classes=10,
    )
    scramble(model, 17)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(0.3 if parameter.ndim > 1 else 1)
    model.half().float()
    generator = torch.Generator().manual_seed(18)
    ids = torch.tensor([[18, 7, 19, 0, 0], [18, 19, 0, 0, 0], [18, 1, 2, 3, 19]])
    features = lambda p, t: (model.visual.trunk(p), model.text(t))
    record("eva02-clip", model, torch.randn(3, 3, 12, 12, generator=generator), ids, features, gradients=False)
    tensors = {key: value.half() for key, value in model.state_dict().items()}
    save_file(tensors, HERE / "eva02-clip.safetensors")


def timm_towers():
    """timm's plain transformer as open_clip's SigLIP has it, with attention pooling, and as DINOv2, with LayerScale."""
    sizes = dict(img_size=14, patch_size=4, embed_dim=16, depth=2, num_heads=2, mlp_ratio=1.5, num_classes=0)
    pictures = torch.randn(3, 3, 14, 14, generator=torch.Generator().manual_seed(19))
    siglip = VisionTransformer(**sizes, class_token=False, global_pool="map")
    tower("timm-siglip", scramble(siglip, 20), pictures, siglip, lambda key: "visual.trunk." + key)
    dino = VisionTransformer(**sizes, init_values=1e-5, global_pool="token")
    tower("timm-dinov2", scramble(dino, 21), pictures, dino)


def dinov2_folder():
    """A Dinov2Model whose pictures are prepared in another size than its positions were trained on."""
    path = folder("hf-dinov2")
    config = Dinov2Config(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, mlp_ratio=2, image_size=20, patch_size=4)
    model = scramble(Dinov2Model(config), 22)
    model.save_pretrained(path)
    CLIPImageProcessor(size={"shortest_edge": 16}, crop_size={"height": 12, "width": 12}).save_pretrained(path)
    pictures = torch.randn(2, 3, 12, 12, generator=torch.Generator().manual_seed(23))
    expected["hf-dinov2/pictures"] = pictures
    expected["hf-dinov2/image"] = model(pixel_values=pictures).pooler_output.detach().contiguous()


def dinov2():
    config = Dinov2Config(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, mlp_ratio=2, image_size=12, patch_size=4,
    )
    model = scramble(Dinov2Model(config), 13)
    pictures = torch.randn(3, 3, 12, 12, generator=torch.Generator().manual_seed(14))
    tower("dinov2", model, pictures, lambda p: model(pixel_values=p).pooler_output)


def adapters():
    """LLM2CLIP's adapter with N = 4, e = 2 and with N = 1, e = 8, as PyTorch saves it."""
    class Block(torch.nn.Module):
        def __init__(self, width, inner):
            super().__init__()
            self.fn = torch.nn.Sequential(
                torch.nn.Linear(width, inner), torch.nn.GELU(), torch.nn.Dropout(0), torch.nn.Linear(inner, width))
            self.ln = torch.nn.LayerNorm(width)

        def forward(self, x):
            return x + self.fn(self.ln(x))

    for blocks, expansion in ((4, 2), (1, 8)):
        layers = [Block(12, 12 * expansion) for _ in range(blocks)]
        model = torch.nn.ModuleDict(
            {"text_adaptor": torch.nn.Sequential(*layers, torch.nn.LayerNorm(12), torch.nn.Linear(12, 10))})
        scramble(model, 15)
        vectors = torch.randn(5, 12, generator=torch.Generator().manual_seed(16))
        name = f"adapter-{blocks}x{expansion}"
        expected[f"{name}/vectors"] = vectors
        output = F.normalize(model["text_adaptor"](F.normalize(vectors, dim=-1)), dim=-1)
        expected[f"{name}/output"] = output.detach().contiguous()
        torch.save(model.state_dict(), HERE / f"{name}.bin")


if __name__ == "__main__":
    torch.manual_seed(1)
    eva02()
    dinov2()
    adapters()
    hugging_face_clip()
    siglip()
    open_clip_plain()
    openai()
    eva02_clip()
    timm_towers()
    dinov2_folder()
    siglip2()
    save_file(expected, HERE / "expected.safetensors")
