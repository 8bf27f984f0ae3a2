"""A run and its first stages: tokenizers, then the English LLM.

Each loads what it needs from the run's folder and leaves its result there. The gloss reader is a copy of
the LLM that reads word-by-word glosses. encoder_stages.py and bridge_stages.py follow.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from tokenizers import Tokenizer
from torch import Tensor, nn

import corpus
import examples
import texts
import vocabularies as vocab
from config import SOLVE, TRANSLATE, LANGUAGE_NAMES, Config, Stage
from models import LlamaConfig, LlamaForCausalLM
from ragged import Ragged, token_batches
from trainer import Lessons, is_main, run_stage, save

# Examples of practice for every step, about what a batch holds: no round reads one twice.
PRACTICE_ROWS = 16


@dataclass
class Run:
    config: Config
    folder: Path
    data: Path | None  # open texts; None: generated text only
    device: torch.device

    @property
    def context(self) -> tuple[Config, Path, Path | None]:
        return self.config, self.folder, self.data

    def seed(self, stage: str) -> int:
        return self.config.seed + sum(stage.encode())

    def examples(self, name: str, make: Callable[[], list[Ragged]]) -> list[Ragged]:
        """What `make` builds, kept in `<name>.npz`: built once, by the main process."""
        path = self.folder / f"{name}.npz"
        if is_main() and not path.exists():
            columns = make()
            arrays = {f"{part}{i}": getattr(column, part)
                      for i, column in enumerate(columns) for part in ("ids", "offsets")}
            np.savez(path.with_suffix(".partial.npz"), **arrays)
            path.with_suffix(".partial.npz").replace(path)
        if dist.is_initialized():
            dist.barrier()
        return load(path)


def load(path: Path) -> list[Ragged]:
    """The columns of an `.npz` that `Run.examples` wrote."""
    with np.load(path) as arrays:
        return [Ragged(arrays[f"ids{i}"], arrays[f"offsets{i}"]) for i in range(len(arrays) // 2)]


# --- 1. tokenizers ---------------------------------------------------------------------------


def train_tokenizers(run: Run) -> None:
    """Vocabularies from generated and open text; every language has the same weight."""
    if is_main():
        keep(run.folder / "llm-tokenizer.json", lambda: llm_tokenizer(run))
        keep(run.folder / "encoder-tokenizer.json", lambda: encoder_tokenizer(run))
    if dist.is_initialized():
        dist.barrier()


def keep(path: Path, make: Callable[[], Tokenizer]) -> None:
    if not path.exists():
        make().save(str(path))


def generated(lang: str, count: int) -> Iterator[str]:
    for seed in range(count):
        yield corpus.generate(lang, seed).question


def open_texts(run: Run, lang: str) -> list[str]:
    return examples.slotted(texts.monolingual(run.data, lang), run.config) if run.data else []


def llm_tokenizer(run: Run) -> Tokenizer:
    config = run.config

    def english() -> Iterator[str]:
        yield from generated("en", 20_000)
        yield from open_texts(run, "en")
        for seed in range(20_000):
            yield corpus.generate("en", seed).solution
        for name in LANGUAGE_NAMES.values():
            yield from [SOLVE, TRANSLATE.format(language=name)] * 500

    return vocab.train_llm_tokenizer(
        english(), config.llm_vocabulary, config.question_slots, config.result_slots
    )


def encoder_tokenizer(run: Run) -> Tokenizer:
    config = run.config

    def every_language() -> Iterator[str]:
        for lang in config.languages:
            yield from generated(lang, 20_000)
            yield from open_texts(run, lang)

    return vocab.train_encoder_tokenizer(
        every_language(), config.encoder_vocabulary, config.question_slots
    )


def vocabulary_size(run: Run, part: str) -> int:
    return Tokenizer.from_file(str(run.folder / f"{part}-tokenizer.json")).get_vocab_size()


# --- 2. LLM ----------------------------------------------------------------------------------


def new_llm(run: Run, layers: int | None = None) -> LlamaForCausalLM:
    """An LLM of the configured size, or of fewer layers."""
    config = LlamaConfig(vocab_size=vocabulary_size(run, "llm"), **run.config.llm_sizes)
    config = replace(config, num_hidden_layers=layers or config.num_hidden_layers)
    return LlamaForCausalLM(config).to(run.device)


def train_llm(run: Run) -> LlamaForCausalLM:
    """English problems to solve and texts to write again, then problems alone, in a deeper model.

    First generated problems, whose wording is narrow: from them alone an LLM this small learns to read.
    Those written by hand and the open ones follow; mixed in from the start, they kept it from learning
    even the generated ones (62 % after 6,300 steps, 91 % without them).
    """
    torch.manual_seed(run.seed("llm"))
    llm = new_llm(run)
    if not (run.folder / "reasoning.pt").exists():
        shallow = new_llm(run, run.config.llm_first_layers)
        llm_stage(run, "llm", shallow, examples.llm_example, run.config.llm_examples, run.config.llm)
        deepen(shallow, llm)
    llm_stage(run, "reasoning", llm, examples.reasoning_example, run.config.reasoning_examples,
              run.config.reasoning)
    return llm.eval().requires_grad_(False)


def practise(run: Run, llm: LlamaForCausalLM) -> LlamaForCausalLM:
    """More problems for the finished LLM, all but its embedding table, to which the encoder is anchored by
    then. May run beside the encoder's stages.

    In rounds: the same mix, then more problems written by hand. Then in branches, each from the mean of the
    last two rounds; the mean of the branches is the LLM. Weights that agree on what they have read and differ
    in what they made of chance are better averaged (model soups, arXiv 2203.05482).
    """
    llm.requires_grad_(True)
    llm.model.embed_tokens.requires_grad_(False)
    rounds, branches = practice_names(run.config)
    for name, stage in zip(rounds, run.config.practice, strict=True):
        make = examples.reasoning_example if name == rounds[0] else examples.practice_example
        practice_stage(run, name, llm, make, stage)
    for name, stage in zip(branches, run.config.practice_branches, strict=True):
        load_mean(run, "practice-start", rounds[-2:], llm)
        practice_stage(run, name, llm, examples.practice_example, stage)
    load_mean(run, "practice", branches, llm)
    return llm.eval().requires_grad_(False)


def practice_names(config: Config) -> tuple[list[str], list[str]]:
    """Names of the rounds and of the branches of practice."""
    return ([f"practice-{number}" for number in range(len(config.practice))],
            [f"practice-branch-{number}" for number in range(len(config.practice_branches))])


def practice_stage(
    run: Run, name: str, llm: LlamaForCausalLM, make: Callable, stage: Stage
) -> None:
    torch.manual_seed(run.seed(name))
    count = min(run.config.reasoning_examples, PRACTICE_ROWS * stage.steps)
    llm_stage(run, name, llm, make, count, stage)


def load_mean(run: Run, name: str, parts: list[str], module: nn.Module) -> None:
    """Gives `module` the mean of the weights that some stages ended with, kept in `<name>.pt`."""
    path = run.folder / f"{name}.pt"
    if is_main() and not path.exists():
        states = [torch.load(run.folder / f"{part}.pt", map_location="cpu", weights_only=True)
                  for part in parts]
        save({key: torch.stack([state[key] for state in states]).mean(0) for key in states[0]}, path)
    if dist.is_initialized():
        dist.barrier()
    module.load_state_dict(torch.load(path, map_location=run.device, weights_only=True))


def deepen(shallow: LlamaForCausalLM, deep: LlamaForCausalLM) -> None:
    """Makes `deep` compute what `shallow` does: its layers spread out, those between add nothing yet.

    Function-preserving growth, arXiv 1511.05641.
    """
    few, many = len(shallow.model.layers), len(deep.model.layers)
    state = deep.state_dict()
    for name, value in state.items():
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            state[name] = torch.zeros_like(value)
    for name, value in shallow.state_dict().items():
        if name.startswith("model.layers."):
            model, layers, layer, rest = name.split(".", 3)
            name = f"{model}.{layers}.{int(layer) * many // few}.{rest}"
        state[name] = value
    deep.load_state_dict(state)


def llm_so_far(run: Run) -> LlamaForCausalLM:
    """The LLM as another process has trained it: the furthest stage that is finished or has a checkpoint."""
    llm = new_llm(run)
    rounds, _ = practice_names(run.config)
    for name in reversed(["reasoning", *rounds, "practice-start", "practice"]):
        final, checkpoint = run.folder / f"{name}.pt", run.folder / f"{name}.checkpoint.pt"
        if final.exists() or checkpoint.exists():
            path = final if final.exists() else checkpoint
            state = torch.load(path, map_location=run.device, weights_only=True)
            llm.load_state_dict(state if path == final else state["module"])
            return llm.eval().requires_grad_(False)
    raise FileNotFoundError(f"{run.folder} has no LLM yet: start `--stage llm` first")


def train_gloss_reader(run: Run, llm: LlamaForCausalLM, number: int) -> LlamaForCausalLM:
    """A copy of the LLM that solves problems glossed word by word from the low-resource languages."""
    name = f"gloss_reader-{number}"
    torch.manual_seed(run.seed(name))
    reader = new_llm(run)
    reader.load_state_dict(llm.state_dict())
    llm_stage(run, name, reader, examples.glossed_example, run.config.gloss_reader_examples,
              run.config.gloss_reader)
    return reader.eval().requires_grad_(False)


def embedding_rms(llm: LlamaForCausalLM) -> float:
    return math.sqrt(llm.model.embed_tokens.weight.detach().square().mean().item())


def llm_stage(
    run: Run, name: str, llm: LlamaForCausalLM, make: Callable, count: int, stage: Stage
) -> None:
    seed = run.seed(name)

    def lessons() -> Lessons:
        prompt, target = run.examples(name, lambda: examples.build(make, count, seed, run.context))

        def loss(rows: np.ndarray) -> Tensor:
            ids, labels = causal_batch(prompt, target, rows, run.device)
            x = llm.model.embed_tokens(ids)
            # A soft prompt is never exactly an embedding: up to 0.2 of the table's RMS, per row.
            amount = 0.2 * torch.rand(len(rows), 1, 1, device=run.device)
            reads = (labels == -100)[..., None]
            return llm.loss(x + reads * amount * embedding_rms(llm) * torch.randn_like(x), labels)

        return token_batches(prompt.lengths + target.lengths, stage.batch_tokens, seed), loss

    parameters = [parameter for parameter in llm.parameters() if parameter.requires_grad]
    run_stage(name, stage, llm, parameters, lessons, run.folder, run.device)


def causal_batch(
    prompt: Ragged, target: Ragged, rows: np.ndarray, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Ids [B, T] of prompt then target, right-padded, and labels on the target alone."""
    p, t = prompt.lengths[rows][:, None], target.lengths[rows][:, None]
    column = np.arange(int((p + t).max()))[None, :]
    prompt_ids, target_ids = prompt.padded(rows, vocab.PAD), target.padded(rows, vocab.PAD)
    from_prompt = np.take_along_axis(
        prompt_ids, np.minimum(column, prompt_ids.shape[1] - 1).repeat(len(rows), 0), 1)
    place = np.clip(column - p, 0, target_ids.shape[1] - 1)
    from_target = np.take_along_axis(target_ids, place, 1)
    in_target = (column >= p) & (column < p + t)
    ids = np.where(column < p, from_prompt, np.where(in_target, from_target, vocab.PAD))
    labels = np.where(in_target, from_target, -100)
    return torch.from_numpy(ids).to(device), torch.from_numpy(labels).to(device)
