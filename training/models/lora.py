"""LoRA (arXiv 2106.09685): y = W x + (alpha / r) B A x beside frozen linears, in PEFT's names."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


class LoraLinear(nn.Module):
    """Wraps a Linear; `B` starts at zero, so that step 0 is the frozen model."""

    def __init__(self, base: nn.Linear, rank: int, alpha: float):
        super().__init__()
        self.base = base.requires_grad_(False)
        self.scale = alpha / rank
        self.lora_A = nn.Parameter(torch.randn(rank, base.in_features) * base.in_features**-0.5)
        self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank))
        self.to(base.weight.device)

    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + F.linear(F.linear(x, self.lora_A), self.lora_B) * self.scale


def add_lora(model: nn.Module, rank: int, alpha: float) -> list[nn.Parameter]:
    """Wraps every target projection of `model` and returns what is to be trained."""
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if name in TARGETS and isinstance(child, nn.Linear):
                setattr(parent, name, LoraLinear(child, rank, alpha))
    return [p for n, p in model.named_parameters() if "lora_" in n]


def lora_state(model: nn.Module) -> dict[str, Tensor]:
    """The adapter's tensors under PEFT's names."""
    return {
        f"base_model.model.{name}.weight": parameter.detach().clone()
        for name, parameter in model.named_parameters()
        if "lora_" in name
    }


def merge_lora(model: nn.Module) -> None:
    """Folds every branch into its Linear and removes the wrappers."""
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, LoraLinear):
                with torch.no_grad():
                    child.base.weight += child.scale * child.lora_B @ child.lora_A
                setattr(parent, name, child.base)
