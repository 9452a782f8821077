"""Reference values for the losses and the optimiser, from PyTorch. Run in this folder: python3 generate.py

Losses are computed in float64 from direct differences, never from a Gram matrix; gradients come from autograd, with the
distance's gradient set to 0 where d^2 < 1e-12. Seeded: the files come out the same every time.
"""
import math

import torch
from safetensors.torch import save_file

torch.manual_seed(20)


def distances(x):
    squared = (x[:, None] - x[None]).pow(2).sum(-1)
    flat = squared < 1e-12
    return torch.where(flat, torch.zeros_like(squared), torch.where(flat, torch.ones_like(squared), squared).sqrt())


def penalty(name, x):
    if name == "squared":
        return x.pow(2)
    return torch.nn.functional.smooth_l1_loss(x, torch.zeros_like(x), beta=float(name.removeprefix("smooth")),
                                              reduction="none")


def structure(name, reduction, x, e):
    upper = torch.triu_indices(len(x), len(x), 1)
    terms = penalty(name, (distances(x) - distances(e))[upper[0], upper[1]])
    return terms.sum() if reduction == "sum" else terms.mean()


def instance(reduction, x, e):
    terms = (x - e).pow(2).sum(-1)
    return terms.sum() if reduction == "sum" else terms.mean()


def alignment_cases():
    normalised = lambda *shape: torch.nn.functional.normalize(torch.randn(*shape), dim=-1)
    yield "pair", normalised(2, 3), normalised(2, 3)
    yield "odd", normalised(7, 5), normalised(7, 5)
    yield "batch", normalised(33, 32), normalised(33, 32)
    x, e = normalised(9, 17), normalised(9, 17)
    x[4], e[4], x[8], e[6] = x[1], e[1], x[2], e[5]
    yield "duplicates", x, e
    x, e = normalised(12, 24), normalised(12, 24)
    for row, size in ((3, 1e-2), (5, 1e-3), (7, 1e-4), (9, 1e-5)):
        x[row] = x[row - 1] + size * torch.randn(24)
    yield "near", x, e


out = {}
for case, x, e in alignment_cases():
    out[f"{case}/student"], out[f"{case}/target"] = x, e
    for reduction in ("sum", "mean"):
        for term in ("instance", "squared", "smooth1", "smooth0.1"):
            leaf = x.double().requires_grad_()
            loss = (instance(reduction, leaf, e.double()) if term == "instance"
                    else structure(term, reduction, leaf, e.double()))
            loss.backward()
            out[f"{case}/{term}/{reduction}/value"] = loss.detach().float()
            out[f"{case}/{term}/{reduction}/gradient"] = leaf.grad.float()
save_file({k: v.contiguous() for k, v in out.items()}, "alignment.safetensors")

out = {}
image, text = (torch.nn.functional.normalize(torch.randn(6, 10), dim=-1) for _ in range(2))
text[3] = text[1]
leaves = [image.double().requires_grad_(), text.double().requires_grad_(),
          torch.tensor(math.log(1 / 0.07), dtype=torch.float64, requires_grad=True)]
logits = leaves[2].exp() * leaves[0] @ leaves[1].T
labels = torch.arange(6)
loss = (torch.nn.functional.cross_entropy(logits, labels) + torch.nn.functional.cross_entropy(logits.T, labels)) / 2
loss.backward()
out |= {"image": image, "text": text, "scale": leaves[2].detach().float(), "loss": loss.detach().float()}
out |= {f"gradient/{n}": leaf.grad.float() for n, leaf in zip(("image", "text", "scale"), leaves)}
save_file({k: v.contiguous() for k, v in out.items()}, "contrastive.safetensors")

# SigLIP's loss on the same features: every pair is a question of its own.
leaves = [image.double().requires_grad_(), text.double().requires_grad_(),
          torch.tensor(math.log(10), dtype=torch.float64, requires_grad=True),
          torch.tensor(-3, dtype=torch.float64, requires_grad=True)]
logits = leaves[2].exp() * leaves[0] @ leaves[1].T + leaves[3]
loss = -torch.nn.functional.logsigmoid((2 * torch.eye(6) - 1) * logits).sum() / 6
loss.backward()
names = ("image", "text", "scale", "bias")
out = {"loss": loss.detach().float()} | {n: leaf.detach().float() for n, leaf in zip(names, leaves)}
out |= {f"gradient/{n}": leaf.grad.float() for n, leaf in zip(names, leaves)}
save_file({k: v.contiguous() for k, v in out.items()}, "sigmoid.safetensors")

# Twelve steps of AdamW with two learning rates, warm-up and cosine, clipping, and a moving average.
STEPS, WARMUP, LIMIT, DECAY = 12, 3, 2.5, 0.9
out = {}
parameters = {"tower/weight": torch.randn(5, 3), "tower/bias": torch.randn(3), "adapter/weight": torch.randn(4, 4)}
parameters = {k: torch.nn.Parameter(v) for k, v in parameters.items()}
average = {k: v.detach().clone() for k, v in parameters.items()}
out |= {f"start/{k}": v.detach().clone() for k, v in parameters.items()}
rates = {"tower/weight": 1e-3, "tower/bias": 1e-3, "adapter/weight": 1e-2}
optimiser = torch.optim.AdamW(
    [{"params": [v], "lr": rates[k], "weight_decay": 0.05 if v.ndim > 1 else 0} for k, v in parameters.items()],
    betas=(0.9, 0.98), eps=1e-6)
for step in range(STEPS):
    factor = ((step + 1) / WARMUP if step < WARMUP
              else 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / (STEPS - WARMUP))))
    for (name, parameter), group in zip(parameters.items(), optimiser.param_groups):
        parameter.grad = torch.randn_like(parameter) * (0.1 if step % 2 else 1)
        out[f"{step}/gradient/{name}"] = parameter.grad.clone()
        group["lr"] = rates[name] * factor
    out[f"{step}/norm"] = torch.nn.utils.clip_grad_norm_(list(parameters.values()), LIMIT).float()
    out[f"{step}/factor"] = torch.tensor(factor, dtype=torch.float32)
    optimiser.step()
    for name, parameter in parameters.items():
        average[name] = DECAY * average[name] + (1 - DECAY) * parameter.detach()
        out[f"{step}/value/{name}"] = parameter.detach().clone()
        out[f"{step}/average/{name}"] = average[name].clone()
save_file({k: v.contiguous() for k, v in out.items()}, "adamw.safetensors")
