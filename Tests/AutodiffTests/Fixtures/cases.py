"""One case of an operation's fixture: PyTorch's values and gradients in float64, stored in float32."""

import torch


class Cases:
    """A case `c` holds `c/inputs/*`, `c/output`, `c/seed` (the gradient fed to the output) and `c/gradients/*`."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)
        self.tensors = {}

    def normal(self, *shape):
        return torch.randn(shape, generator=self.generator, dtype=torch.float32).double()

    def case(self, name, inputs, operation):
        """Runs `operation` on the named inputs and stores everything that a test compares."""
        leaves = {key: value.clone().requires_grad_() for key, value in inputs.items()}
        output = operation(**leaves)
        seed = self.normal(*output.shape)
        output.backward(seed)
        self.tensors[f"{name}/output"] = output.detach()
        self.tensors[f"{name}/seed"] = seed
        for key, leaf in leaves.items():
            self.tensors[f"{name}/inputs/{key}"] = leaf.detach()
            self.tensors[f"{name}/gradients/{key}"] = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
