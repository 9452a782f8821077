"""The named workloads of proclip-bench in PyTorch, one a process.

    python workloads.py NAME [--runs 5] [--precision fp32|bf16] [--pictures FOLDER]

Prints one JSON object: seconds of each run, operations a second of a large product, the most memory that was held.
Shapes, losses and optimisers are those of Sources/proclip-bench; two threads.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_num_threads(2)
WIDTH = 512
AUTOCAST = False


def features(rows, width, seed):
    generator = torch.Generator().manual_seed(seed)
    return F.normalize(torch.randn(rows, width, generator=generator), dim=-1)


class Adapter(torch.nn.Module):
    """LLM2CLIP's: N blocks x + Linear(GELU(Linear(LayerNorm(x)))), a norm, a projection."""

    def __init__(self, inputs, outputs, blocks, expansion):
        super().__init__()
        self.blocks = torch.nn.ModuleList(
            torch.nn.Sequential(
                torch.nn.LayerNorm(inputs), torch.nn.Linear(inputs, inputs * expansion), torch.nn.GELU(),
                torch.nn.Linear(inputs * expansion, inputs))
            for _ in range(blocks))
        self.head = torch.nn.Sequential(torch.nn.LayerNorm(inputs), torch.nn.Linear(inputs, outputs))

    def forward(self, x):
        x = F.normalize(x, dim=-1)
        for block in self.blocks:
            x = x + block(x)
        return F.normalize(self.head(x), dim=-1)


def condensed(x):
    """As published."""
    return F.pdist(x)


def by_products(x):
    """The distances from one matrix product, which the published code does not do."""
    return torch.cdist(x, x, compute_mode="use_mm_for_euclid_dist")


def alignment(student, target, weight, distances):
    apart = F.smooth_l1_loss(distances(student), distances(target))
    return F.mse_loss(student, target, reduction="sum") / len(student) + weight * apart


def info_nce(image, text, scale):
    logits = scale * image @ text.T
    right = torch.arange(len(logits))
    return (F.cross_entropy(logits, right) + F.cross_entropy(logits.T, right)) / 2


def optimiser(parameters):
    return torch.optim.AdamW(parameters, lr=1e-5, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.05, fused=True)


def step(optimiser, loss):
    optimiser.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=AUTOCAST):
        value = loss()
    value.backward()
    optimiser.step()


def distill(inputs, outputs, blocks, expansion, distances):
    adapter = Adapter(inputs, outputs, blocks, expansion)
    adamw = optimiser(adapter.parameters())
    sets = [(torch.randn(1024, inputs), features(1024, outputs, 7 + seed)) for seed in range(2)]

    def run(round):
        vectors, target = sets[round % 2]
        step(adamw, lambda: alignment(adapter(vectors).float(), target, 63.5, distances))

    return run


def vit(name):
    import open_clip

    return open_clip.create_model(name, pretrained=None).visual


def tune():
    tower, held, adapter = vit("ViT-B-32"), vit("ViT-B-32").eval(), Adapter(4096, 512, 4, 2)
    adamw = optimiser([*tower.parameters(), *adapter.parameters()])
    sets = [(torch.randn(64, 3, 224, 224), torch.randn(64, 4096)) for _ in range(2)]

    def run(round):
        pictures, vectors = sets[round % 2]

        def loss():
            image, text = F.normalize(tower(pictures).float(), dim=-1), adapter(vectors).float()
            with torch.no_grad():
                target = F.normalize(held(pictures).float(), dim=-1)
            return info_nce(image, text, 100.0) + 0.2 * alignment(image, target, 255.5, condensed)

        step(adamw, loss)
        with torch.no_grad():
            torch._foreach_lerp_(list(held.parameters()), list(tower.parameters()), 0.001)

    return run


def encode(name, batch):
    tower = vit(name).eval()
    sets = [torch.randn(batch, 3, 224, 224) for _ in range(3)]

    def run(round):
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=AUTOCAST):
            tower(sets[round % 3])

    return run


def loss(batch, function):
    sets = [(features(batch, WIDTH, 2 * s + 1), features(batch, WIDTH, 2 * s + 2)) for s in range(2)]

    def run(round):
        first, second = (x.clone().requires_grad_() for x in sets[round % 2])
        function(first, second).backward()

    return run


def structure(batch):
    return loss(batch, lambda x, e: F.smooth_l1_loss(condensed(x), condensed(e.detach())))


def contrast(batch):
    return loss(batch, lambda image, text: info_nce(image, text, 14.3))


def attention(batch, tokens, heads, key_heads=None, causal=False):
    key_heads = key_heads or heads
    sets = [[torch.randn(batch, h, tokens, 64) for h in (heads, key_heads, key_heads, heads)] for _ in range(3)]

    def run(round):
        *inputs, upstream = sets[round % 3]
        q, k, v = (x.clone().requires_grad_() for x in inputs)
        F.scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=key_heads != heads).backward(upstream)

    return run


def adamw():
    parameters = [torch.nn.Parameter(torch.full((4136, 4096), 0.1)) for _ in range(16)]
    for parameter in parameters:
        parameter.grad = torch.full_like(parameter, 1e-3)
    adamw = optimiser(parameters)
    return lambda round: adamw.step()


def image_input(folder):
    from PIL import Image
    from torchvision import transforms

    paths = sorted(Path(folder).iterdir())
    prepared = transforms.Compose([
        transforms.Resize(224, interpolation=transforms.InterpolationMode.BICUBIC), transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))])

    class Files(torch.utils.data.Dataset):
        def __len__(self):
            return len(paths)

        def __getitem__(self, index):
            return prepared(Image.open(paths[index]).convert("RGB"))

    def run(round):
        for _ in torch.utils.data.DataLoader(Files(), batch_size=50, num_workers=2):
            pass

    return run


def benchmark_retrieval():
    """Recalls by the steps of CLIP_benchmark: the whole matrix, and the best k of 64 queries at a time as one-hot rows."""
    images, texts = features(5_000, WIDTH, 1), features(25_000, WIDTH, 2)
    owner = torch.arange(25_000) // 5

    def recall(scores, pairs, k):
        found = []
        for start in range(0, len(scores), 64):
            right = pairs[start : start + 64]
            best = F.one_hot(scores[start : start + 64].topk(k).indices, num_classes=scores.shape[1])
            hits = (best * right[:, None]).sum(dim=(1, 2))
            found.append((hits / right.sum(dim=1) > 0).float())
        return torch.cat(found).mean()

    def run(round):
        with torch.inference_mode():
            scores = texts @ images.T
            pairs = torch.zeros_like(scores, dtype=torch.bool)
            pairs[torch.arange(25_000), owner] = True
            for k in (1, 5, 10):
                recall(scores, pairs, k), recall(scores.T, pairs.T, k)

    return run


def retrieval():
    """The same recalls as fast as PyTorch gives them: the queries in pieces, the best ten compared with the owner."""
    images, texts = features(5_000, WIDTH, 1), features(25_000, WIDTH, 2)
    owner = torch.arange(25_000) // 5

    def run(round):
        with torch.inference_mode():
            for start in range(0, 25_000, 1000):
                best = (texts[start : start + 1000] @ images.T).topk(10).indices
                hits = best == owner[start : start + 1000, None]
                [hits[:, :k].any(1).float().mean() for k in (1, 5, 10)]
            for start in range(0, 5_000, 1000):
                best = (images[start : start + 1000] @ texts.T).topk(10).indices
                hits = owner[best] == torch.arange(start, start + 1000)[:, None]
                [hits[:, :k].any(1).float().mean() for k in (1, 5, 10)]

    return run


WORKLOADS = {
    "distill-step": lambda _: distill(4096, 768, 4, 2, condensed),
    "distill-step-small": lambda _: distill(384, 512, 1, 8, condensed),
    "distill-step-small/products": lambda _: distill(384, 512, 1, 8, by_products),
    "tune-step": lambda _: tune(),
    "image-encode-b32": lambda _: encode("ViT-B-32", 64),
    "image-encode-l14": lambda _: encode("ViT-L-14", 8),
    "struct-1024": lambda _: structure(1024),
    "struct-4096": lambda _: structure(4096),
    "infonce-4096": lambda _: contrast(4096),
    "attention-50": lambda _: attention(64, 50, 12),
    "attention-257": lambda _: attention(8, 257, 16),
    "attention-causal-512": lambda _: attention(4, 512, 16, 4, True),
    "adamw": lambda _: adamw(),
    "image-input": image_input,
    "retrieval": lambda _: benchmark_retrieval(),
    "retrieval/lean": lambda _: retrieval(),
}


def seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def product_rate():
    a, b = torch.randn(1536, 1536), torch.randn(1536, 1536)
    if AUTOCAST:
        a, b = a.bfloat16(), b.bfloat16()
    a @ b
    return 2 * 1536**3 / min(seconds(lambda: a @ b) for _ in range(5))


def main():
    global AUTOCAST
    options = argparse.ArgumentParser()
    options.add_argument("name", choices=WORKLOADS)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    options.add_argument("--pictures")
    chosen = options.parse_args()
    AUTOCAST = chosen.precision == "bf16"
    run = WORKLOADS[chosen.name](chosen.pictures)
    run(0)
    times = sorted(seconds(lambda: run(round)) for round in range(1, chosen.runs + 1))
    memory = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024
    print(json.dumps({"name": chosen.name, "seconds": times, "productRate": product_rate(), "peakBytes": memory}))


main()
