"""The golden run: ten steps of each stage in PyTorch, from weights and batches that the file also holds.

Run in this folder: python3 generate_golden.py. Seeded: the file comes out the same every time. The networks are written
out over a dictionary of named tensors, so a name that differs from ours is an error and not a silent skip.
"""
import copy
import math

import torch
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy, gelu, layer_norm, linear, normalize, smooth_l1_loss

# With these numbers rounding alone, which training amplifies, stays below a third of the test's tolerance for ten steps.
torch.manual_seed(7)
SIDE, PATCH, WIDTH, HEADS, DEPTH, EMBEDDING = 8, 4, 6, 2, 2, 6
VOCABULARY, CONTEXT, TEXT_WIDTH = 20, 9, 6
VECTOR, BLOCKS, EXPANSION = 8, 2, 2
PICTURES, CAPTIONS, BATCH, STEPS = 24, 30, 6, 10
MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073])
DEVIATION = torch.tensor([0.26862954, 0.26130258, 0.27577711])


def weights():
    out = {}

    def add(name, *shape, scale=None):
        scale = shape[-1] ** -0.5 if scale is None else scale
        out[name] = torch.randn(*shape) * scale

    def norm(name, width):
        out[name + "/weight"] = 1 + 0.1 * torch.randn(width)
        out[name + "/bias"] = 0.1 * torch.randn(width)

    def dense(name, inputs, outputs):
        add(name + "/weight", outputs, inputs)
        add(name + "/bias", outputs, scale=0.1)

    def tower(name, width, tokens):
        add(f"{name}/position_embedding", tokens, width, scale=0.1)
        for i in range(DEPTH):
            block = f"{name}/blocks/{i}"
            norm(block + "/norm1", width)
            for part in ("query", "key", "value", "output"):
                dense(f"{block}/attention/{part}", width, width)
            norm(block + "/norm2", width)
            dense(block + "/mlp/up", width, 4 * width)
            dense(block + "/mlp/down", 4 * width, width)
        add(f"{name}/projection/weight", EMBEDDING, width)

    add("image/patch_embedding/weight", WIDTH, 3 * PATCH * PATCH)
    add("image/class_embedding", WIDTH, scale=0.1)
    norm("image/norm_pre", WIDTH)
    tower("image", WIDTH, (SIDE // PATCH) ** 2 + 1)
    norm("image/norm_post", WIDTH)
    add("text/token_embedding", VOCABULARY, TEXT_WIDTH, scale=0.3)
    tower("text", TEXT_WIDTH, CONTEXT)
    norm("text/norm_final", TEXT_WIDTH)
    out["logit_scale"] = torch.tensor(math.log(1 / 0.07))
    for i in range(BLOCKS):
        norm(f"adapter/blocks/{i}/norm", VECTOR)
        dense(f"adapter/blocks/{i}/up", VECTOR, EXPANSION * VECTOR)
        dense(f"adapter/blocks/{i}/down", EXPANSION * VECTOR, VECTOR)
    norm("adapter/norm", VECTOR)
    dense("adapter/projection", VECTOR, EMBEDDING)
    return out


def norm(w, name, x):
    return layer_norm(x, x.shape[-1:], w[name + "/weight"], w[name + "/bias"], 1e-5)


def dense(w, name, x):
    return linear(x, w[name + "/weight"], w[name + "/bias"])


def block(w, name, x, causal):
    b, t, d = x.shape
    y = norm(w, name + "/norm1", x)
    q, k, v = (dense(w, f"{name}/attention/{p}", y).view(b, t, HEADS, d // HEADS).transpose(1, 2)
               for p in ("query", "key", "value"))
    scores = q @ k.transpose(-1, -2) / math.sqrt(d // HEADS)
    if causal:
        scores = scores.masked_fill(torch.triu(torch.ones(t, t, dtype=torch.bool), 1), -math.inf)
    x = x + dense(w, name + "/attention/output", (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, d))
    return x + dense(w, name + "/mlp/down", gelu(dense(w, name + "/mlp/up", norm(w, name + "/norm2", x))))


def image_tower(w, pixels):
    b, grid = len(pixels), SIDE // PATCH
    x = pixels.view(b, 3, grid, PATCH, grid, PATCH).permute(0, 2, 4, 1, 3, 5).reshape(b, grid * grid, -1)
    x = linear(x, w["image/patch_embedding/weight"])
    x = torch.cat([w["image/class_embedding"].expand(b, 1, -1), x], 1) + w["image/position_embedding"]
    x = norm(w, "image/norm_pre", x)
    for i in range(DEPTH):
        x = block(w, f"image/blocks/{i}", x, False)
    return normalize(linear(norm(w, "image/norm_post", x[:, 0]), w["image/projection/weight"]), dim=-1)


def text_tower(w, ids, lengths):
    x = w["text/token_embedding"][ids] + w["text/position_embedding"][: ids.shape[1]]
    for i in range(DEPTH):
        x = block(w, f"text/blocks/{i}", x, True)
    x = norm(w, "text/norm_final", x)[torch.arange(len(ids)), lengths - 1]
    return normalize(linear(x, w["text/projection/weight"]), dim=-1)


def adapter(w, vectors):
    x = normalize(vectors, dim=-1)
    for i in range(BLOCKS):
        name = f"adapter/blocks/{i}"
        x = x + dense(w, name + "/down", gelu(dense(w, name + "/up", norm(w, name + "/norm", x))))
    return normalize(dense(w, "adapter/projection", norm(w, "adapter/norm", x)), dim=-1)


def info(w, image, text):
    logits = w["logit_scale"].exp() * image @ text.T
    labels = torch.arange(len(logits))
    return (cross_entropy(logits, labels) + cross_entropy(logits.T, labels)) / 2


def alignment(x, e, struct_weight, beta=0.1):
    upper = torch.triu_indices(len(x), len(x), 1)
    distance = lambda a: (a[upper[0]] - a[upper[1]]).pow(2).sum(-1).clamp_min(1e-12).sqrt()
    ins = (x - e).pow(2).sum(-1).mean()
    struct = smooth_l1_loss(distance(x), distance(e), beta=beta)
    return ins + struct_weight * struct, ins, struct


def batches(owner):
    """Six captions of different pictures a step."""
    for _ in range(STEPS):
        chosen, seen = [], set()
        for c in torch.randperm(CAPTIONS).tolist():
            if owner[c] not in seen and len(chosen) < BATCH:
                chosen.append(c)
                seen.add(owner[c])
        yield chosen


start = weights()
images = torch.randint(0, 256, (PICTURES, SIDE, SIDE, 3)).float()
owner = sorted(list(range(PICTURES)) + torch.randint(0, PICTURES, (CAPTIONS - PICTURES,)).tolist())
lengths = torch.randint(3, CONTEXT + 1, (CAPTIONS,))
tokens = torch.randint(1, VOCABULARY - 1, (CAPTIONS, CONTEXT))
for row, length in enumerate(lengths):
    tokens[row, length - 1:] = 0
    tokens[row, length - 1] = VOCABULARY - 1
vectors = torch.randn(CAPTIONS, VECTOR) * 3
targets = normalize(torch.randn(CAPTIONS, EMBEDDING), dim=-1)
pixels = (((images / 255) - MEAN) / DEVIATION).permute(0, 3, 1, 2)

out = {f"weights/{k}": v for k, v in start.items()}
out |= {"images": images, "pictures": torch.tensor(owner).float(), "tokens": tokens.float(),
        "lengths": lengths.float(), "vectors": vectors, "targets": targets}
STAGES = {"pretrain": ("image/", "text/", "logit_scale"), "distill": ("adapter/",),
          "tune": ("image/", "adapter/", "logit_scale")}
for stage, prefixes in STAGES.items():
    w = copy.deepcopy(start)
    trained = sorted(k for k in w if k.startswith(prefixes))
    for name in trained:
        w[name].requires_grad_()
    average = {k: v.detach().clone() for k, v in w.items() if k.startswith("image/")}
    rate = lambda k: 1e-3 if stage == "tune" and k.startswith("image/") else 2e-3
    optimiser = torch.optim.AdamW(
        [{"params": [w[k]], "lr": rate(k), "weight_decay": 0.1 if w[k].ndim > 1 else 0} for k in trained],
        betas=(0.9, 0.98), eps=1e-6)
    drawn, losses, gradients = list(batches(owner)), [], {}
    for step, batch in enumerate(drawn):
        pictures = [owner[c] for c in batch]
        if stage == "pretrain":
            loss = info(w, image_tower(w, pixels[pictures]), text_tower(w, tokens[batch], lengths[batch]))
            terms = (loss,)
        elif stage == "distill":
            loss, *terms = alignment(adapter(w, vectors[batch]), targets[batch], 63.5)
        else:
            image = image_tower(w, pixels[pictures])
            with torch.no_grad():
                held = image_tower(average, pixels[pictures])
            contrast = info(w, image, adapter(w, vectors[batch]))
            reg, *parts = alignment(image, held, 8)
            loss, terms = contrast + 0.2 * reg, (contrast, *parts)
        losses.append(torch.stack([loss, *terms]).detach())
        optimiser.zero_grad()
        loss.backward()
        for k in trained:
            gradients.setdefault(k, []).append(w[k].grad.clone())
        torch.nn.utils.clip_grad_norm_([w[k] for k in trained], 1.0)
        factor = (step + 1) / 3 if step < 3 else 0.5 * (1 + math.cos(math.pi * (step - 3) / (STEPS - 3)))
        for group, name in zip(optimiser.param_groups, trained):
            group["lr"] = rate(name) * factor
        optimiser.step()
        with torch.no_grad():
            w["logit_scale"].clamp_(0, math.log(100))
            for name in average:
                average[name] = 0.9 * average[name] + 0.1 * w[name]
    out |= {f"{stage}/gradients/{k}": torch.stack(values) for k, values in gradients.items()}
    out[f"{stage}/batches"], out[f"{stage}/losses"] = torch.tensor(drawn).float(), torch.stack(losses)
save_file({k: v.contiguous() for k, v in out.items()}, "golden.safetensors")
