"""Writes the golden files of tests/fixtures/train: gradients and loss curves of PyTorch through the bridge.

    python training/train_goldens.py tests/fixtures/onnx tests/fixtures/train

The decoders are those of tests/fixtures/onnx. For each, one small batch of examples (encoder states,
instruction, target), an MLP alignment (for one decoder the other kinds too) and LoRA branches on every
projection, and what PyTorch says: the loss, the gradients of each, and the losses of twenty AdamW steps.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

from goldens import (
    Weights,
    aligned,
    alignment_shapes,
    as_float,
    decoder_logits,
    random_weights,
)

SEED = 2
MODELS = ("llama", "qwen2", "qwen3")
OTHER_KINDS = {"llama": ("linear", "latent")}  # beside mlp
ENCODER_DIM, HIDDEN_DIM, HEADS, LATENTS, RANK, LORA_SCALE = 24, 16, 2, 5, 4, 2.0
BOS, INSTRUCTION = 1, [7, 8]
# Soft prompts of these lengths, with these targets (the last token ends the text).
EXAMPLES = [(5, [9, 10, 11, 2]), (3, [12, 2]), (7, [13, 14, 15, 16, 17, 2])]
STEPS, LEARNING_RATE, MAX_NORM, BETAS, EPSILON, DECAY = 20, 1e-2, 1.0, (0.9, 0.98), 1e-8, 0.01
PROJECTIONS = {"self_attn": ("q_proj", "k_proj", "v_proj", "o_proj"),
               "mlp": ("gate_proj", "up_proj", "down_proj")}


def loss_of(weights: Weights, config: dict, alignment: Weights, metadata: dict[str, str],
            states: list[Tensor]) -> Tensor:
    """Mean cross-entropy over all target tokens of the batch."""
    table = weights["model.embed_tokens.weight"]
    total, count = torch.zeros(()), 0
    for (_, target), hidden in zip(EXAMPLES, states, strict=True):
        tail = torch.tensor(INSTRUCTION + target)
        x = torch.cat([table[BOS][None], aligned(alignment, metadata, hidden), table[tail]])
        logits = decoder_logits(weights, config, x)
        predicted = logits[-len(target) - 1 : -1]
        total = total + F.cross_entropy(predicted, torch.tensor(target), reduction="sum")
        count += len(target)
    return total / count


def lora_factors(weights: Weights, layers: int) -> Weights:
    """Random A and B, neither zero, under PEFT's names."""
    factors = {}
    for layer in range(layers):
        for block, names in PROJECTIONS.items():
            for name in names:
                path = f"model.layers.{layer}.{block}.{name}"
                rows, columns = weights[f"{path}.weight"].shape
                factors[f"{path}.lora_A.weight"] = torch.randn(RANK, columns) * columns**-0.5
                factors[f"{path}.lora_B.weight"] = torch.randn(rows, RANK) * 0.1
    return factors


def adapted(weights: Weights, factors: Weights) -> Weights:
    """W + s B A for every weight with a branch."""
    merged = dict(weights)
    for name, down in factors.items():
        if name.endswith("lora_A.weight"):
            path = name.removesuffix(".lora_A.weight")
            up = factors[f"{path}.lora_B.weight"]
            merged[f"{path}.weight"] = weights[f"{path}.weight"] + LORA_SCALE * up @ down
    return merged


def gradients(parameters: Weights, loss: Callable[[Weights], Tensor]) -> tuple[Tensor, Weights]:
    leaves = {name: value.clone().requires_grad_() for name, value in parameters.items()}
    value = loss(leaves)
    value.backward()
    return value.detach(), {name: leaf.grad for name, leaf in leaves.items()}


def curve(parameters: Weights, loss: Callable[[Weights], Tensor]) -> Tensor:
    """The loss before each of the AdamW steps."""
    leaves = {name: value.clone().requires_grad_() for name, value in parameters.items()}
    optimizer = torch.optim.AdamW(
        leaves.values(), lr=LEARNING_RATE, betas=BETAS, eps=EPSILON, weight_decay=DECAY)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        value = loss(leaves)
        value.backward()
        torch.nn.utils.clip_grad_norm_(list(leaves.values()), MAX_NORM)
        optimizer.step()
        losses.append(value.detach())
    return torch.stack(losses)


def golden(folder: Path) -> Weights:
    config = json.loads((folder / "config.json").read_text())
    weights = as_float(load_file(folder / "model.safetensors"))
    states = [torch.randn(length, ENCODER_DIM) * 3 for length, _ in EXAMPLES]
    found = {f"states.{index}": value for index, value in enumerate(states)}
    for kind in ("mlp", *OTHER_KINDS.get(folder.name, ())):
        metadata = {"kind": kind, "encoder_dim": str(ENCODER_DIM), "llm_dim": str(config["hidden_size"]),
                    "hidden_dim": str(HIDDEN_DIM), "heads": str(HEADS), "latents": str(LATENTS),
                    "input_norm": "rms", "norm_eps": "1e-06"}
        alignment = random_weights(alignment_shapes(metadata), torch.float32)
        loss = partial(loss_of, weights, config, metadata=metadata, states=states)
        found |= trained(kind, alignment, loss)
        if kind == "mlp":
            factors = lora_factors(weights, config["num_hidden_layers"])
            found |= trained("lora", factors, lambda values, fixed=alignment, metadata=metadata: loss_of(
                adapted(weights, values), config, fixed, metadata, states))
    return found


def trained(name: str, parameters: Weights, loss: Callable[[Weights], Tensor]) -> Weights:
    """The parameters, their gradients, the loss and its curve, under names that begin with `name`."""
    value, found = gradients(parameters, loss)
    return {
        **{f"{name}.{part}": tensor for part, tensor in parameters.items()},
        **{f"{name}.d.{part}": tensor for part, tensor in found.items()},
        f"{name}.loss": value, f"{name}.curve": curve(parameters, loss),
    }


def main(models: Path, out: Path) -> None:
    torch.manual_seed(SEED)
    out.mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        tensors = {key: value.contiguous() for key, value in golden(models / name).items()}
        save_file(tensors, out / f"{name}.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
