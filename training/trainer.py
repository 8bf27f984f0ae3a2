"""The training loop that every stage shares: AdamW, schedule, clipping, log, checkpoints.

Restartable: a stage continues from its last checkpoint as if it had not stopped (same batches, same
moments). With `torchrun` every process takes its share of the batches and gradients are averaged.
"""

import json
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from config import Stage

LOG_EVERY = 25
CHECKPOINT_SECONDS = 120

# What a stage learns from: its batches, and the loss of one of them.
Lessons = tuple[Iterator, Callable[[Any], Tensor]]


def by_turns(turns: Sequence[str], lessons: dict[str, Lessons]) -> Lessons:
    """Lessons whose batches take turns over several kinds, in the order of `turns`, again and again."""

    def loss(batch: tuple[str, Any]) -> Tensor:
        kind, rows = batch
        return lessons[kind][1](rows)

    return ((kind, next(lessons[kind][0])) for kind in cycle(turns)), loss


def start_process() -> torch.device:
    """Joins the process group of `torchrun`, if there is one, and picks this process's device."""
    rank = int(os.environ.get("LOCAL_RANK", 0))
    cuda = torch.cuda.is_available()
    if "WORLD_SIZE" in os.environ and not dist.is_initialized():
        dist.init_process_group("nccl" if cuda else "gloo")
    if cuda:
        torch.cuda.set_device(rank)
        torch.backends.cuda.matmul.allow_tf32 = True
        return torch.device("cuda", rank)
    return torch.device("cpu")


def has_bfloat16(device: torch.device) -> bool:
    """Whether matrix products in bfloat16 are faster there than in float32 (on CPUs about twice)."""
    return device.type == "cuda" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))


def world() -> tuple[int, int]:
    """(rank, processes)."""
    return (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)


def is_main() -> bool:
    return world()[0] == 0


def learning_rate(stage: Stage, step: int) -> float:
    """Linear warm-up, then a cosine to a tenth."""
    warm = min(1.0, (step + 1) / max(1, stage.warmup))
    progress = min(1.0, step / stage.steps)
    return stage.learning_rate * warm * (0.55 + 0.45 * math.cos(math.pi * progress))


def run_stage(
    name: str,
    stage: Stage,
    module: nn.Module,
    parameters: list[nn.Parameter],
    lessons: Callable[[], Lessons],
    run: Path,
    device: torch.device,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> None:
    """Trains `parameters` of `module`, or loads the result if the stage has ended before.

    `lessons` is called only where there is something to train: it may have examples to build. Writes `<run>/<name>.pt` (state of `module` at the end) and `<run>/<name>.log` (JSON lines).
    A loss that is not finite stops the run with the step's number.
    """
    final, checkpoint = run / f"{name}.pt", run / f"{name}.checkpoint.pt"
    if final.exists():
        module.load_state_dict(torch.load(final, map_location=device, weights_only=True))
        return
    batches, loss_of = lessons()
    decayed = [p for p in parameters if p.dim() >= 2]
    others = [p for p in parameters if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": stage.weight_decay},
         {"params": others, "weight_decay": 0.0}],
        lr=stage.learning_rate, betas=(0.9, 0.98), fused=True,
    )
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        module.load_state_dict(saved["module"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["step"]
        torch.set_rng_state(saved["random"].cpu())
        if device.type == "cuda":
            torch.cuda.set_rng_state(saved["cuda_random"].cpu(), device)

    rank, processes = world()
    started = last_saved = time.monotonic()
    running = torch.zeros((), device=device)
    log = run / f"{name}.log"
    module.train()
    for index, batch in enumerate(batches):
        step, turn = divmod(index, processes)
        if step >= stage.steps:
            break
        if step < first or turn != rank:
            continue
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(stage, step)
        with torch.autocast(device.type, torch.bfloat16, enabled=has_bfloat16(device)):
            loss = loss_of(batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if processes > 1:
            average_gradients(parameters, processes)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        running += loss.detach()
        if (step + 1) % LOG_EVERY == 0 or step + 1 == stage.steps:
            mean = running.item() / ((step % LOG_EVERY) + 1)
            running.zero_()
            if not math.isfinite(mean):
                raise FloatingPointError(f"{name}: the loss is not finite near step {step + 1}")
            seconds = time.monotonic() - started
            if is_main():
                line = {"step": step + 1, "loss": round(mean, 4), "seconds": round(seconds, 1)}
                with log.open("a") as file:
                    file.write(json.dumps(line) + "\n")
            if is_main() and (step + 1) % (LOG_EVERY * 10) == 0:
                print(f"{name}: step {step + 1}/{stage.steps}, loss {mean:.4f}, {seconds:.0f} s",
                      flush=True)
        if is_main() and time.monotonic() - last_saved > checkpoint_seconds:
            state = {"module": module.state_dict(), "optimizer": optimizer.state_dict(),
                     "step": step + 1, "random": torch.get_rng_state()}
            if device.type == "cuda":
                state["cuda_random"] = torch.cuda.get_rng_state(device)
            save(state, checkpoint)
            last_saved = time.monotonic()
    if is_main():
        save(module.state_dict(), final)
        checkpoint.unlink(missing_ok=True)
    if processes > 1:
        dist.barrier()


def average_gradients(parameters: list[nn.Parameter], processes: int) -> None:
    """One all-reduce over all gradients; parameters without one count as zero."""
    gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
    flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
    dist.all_reduce(flat)
    flat /= processes
    offset = 0
    for parameter in parameters:
        parameter.grad = flat[offset : offset + parameter.numel()].view_as(parameter)
        offset += parameter.numel()


def save(state: dict, path: Path) -> None:
    """Writes beside and renames, so that a crash leaves the old file whole."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)
