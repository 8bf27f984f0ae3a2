"""The first stages of a run: tokenizers, the English LLM, and the encoder before it meets the LLM.

Each loads what it needs from the run's folder and leaves its result there.

1. tokenizers
2. llm, reasoning: the English LLM; gloss_reader: a copy that reads word-by-word glosses
3. encoder (masked words, translation pairs, ranking), lexicon (code-switched pairs)

The bridge's stages follow in bridge_stages.py. Sources: masked language modelling with translation
pairs (TLM) arXiv 1901.07291; translation ranking arXiv 2007.01852.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

import corpus
import examples
import texts
import vocabularies as vocab
from config import SOLVE, TRANSLATE, LANGUAGE_NAMES, Config
from models import BertConfig, BertForMaskedLM, LlamaConfig, LlamaForCausalLM
from ragged import Ragged, token_batches
from trainer import is_main, run_stage


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


def new_llm(run: Run) -> LlamaForCausalLM:
    config = LlamaConfig(vocab_size=vocabulary_size(run, "llm"), **run.config.llm_sizes)
    return LlamaForCausalLM(config).to(run.device)


def train_llm(run: Run) -> LlamaForCausalLM:
    """English problems to solve and texts to write again, then problems alone."""
    torch.manual_seed(run.seed("llm"))
    llm = new_llm(run)
    llm_stage(run, "llm", llm, examples.llm_example, run.config.llm_examples)
    llm_stage(run, "reasoning", llm, examples.reasoning_example, run.config.reasoning_examples)
    return llm.eval().requires_grad_(False)


def train_gloss_reader(run: Run, llm: LlamaForCausalLM) -> LlamaForCausalLM:
    """A copy of the LLM that solves problems glossed word by word from the low-resource languages."""
    torch.manual_seed(run.seed("gloss_reader"))
    reader = new_llm(run)
    reader.load_state_dict(llm.state_dict())
    llm_stage(run, "gloss_reader", reader, examples.glossed_example, run.config.gloss_reader_examples)
    return reader.eval().requires_grad_(False)


def embedding_rms(llm: LlamaForCausalLM) -> float:
    return math.sqrt(llm.model.embed_tokens.weight.detach().square().mean().item())


def llm_stage(run: Run, name: str, llm: LlamaForCausalLM, make: Callable, count: int) -> None:
    stage, seed = getattr(run.config, name), run.seed(name)
    batches: Iterator = iter(())
    if not (run.folder / f"{name}.pt").exists():
        prompt, target = run.examples(name, lambda: examples.build(make, count, seed, run.context))
        batches = token_batches(prompt.lengths + target.lengths, stage.batch_tokens, seed)

    def loss(rows: np.ndarray) -> Tensor:
        ids, labels = causal_batch(prompt, target, rows, run.device)
        x = llm.model.embed_tokens(ids)
        # A soft prompt is never exactly an embedding: up to 0.2 of the table's RMS, per row.
        amount = 0.2 * torch.rand(len(rows), 1, 1, device=run.device)
        reads = (labels == -100)[..., None]
        return llm.loss(x + reads * amount * embedding_rms(llm) * torch.randn_like(x), labels)

    run_stage(name, stage, llm, list(llm.parameters()), batches, loss, run.folder, run.device)


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


# --- 3. encoder ------------------------------------------------------------------------------

MASK_SHARE = 0.2
RANKING_TEMPERATURE = 0.05


def new_encoder(run: Run) -> BertForMaskedLM:
    config = BertConfig(vocab_size=vocabulary_size(run, "encoder"), **run.config.encoder_sizes)
    return BertForMaskedLM(config).to(run.device)


def masked(ids: Tensor, vocabulary: int, specials: int) -> tuple[Tensor, Tensor]:
    """BERT's corruption: of the chosen positions 80 % masked, 10 % random, 10 % left."""
    chosen = (torch.rand(ids.shape, device=ids.device) < MASK_SHARE) & (ids >= specials)
    labels = torch.where(chosen, ids, -100)
    dice = torch.rand(ids.shape, device=ids.device)
    ids = torch.where(chosen & (dice < 0.8), vocab.MASK, ids)
    other = torch.randint(specials, vocabulary, ids.shape, device=ids.device)
    return torch.where(chosen & (dice > 0.9), other, ids), labels


def mean_pooled(encoder: BertForMaskedLM, ids: Tensor) -> Tensor:
    mask = ids != vocab.PAD
    states = encoder.bert(ids, mask)
    return F.normalize((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)


def encoder_examples(
    run: Run, name: str, lang: str, make: Callable, count: int,
    lines: Callable[[], dict] = dict,
) -> list[Ragged]:
    """`lines` gives the open texts that `make` draws from; they are read only when rows are built."""
    seed = run.seed(name) + run.config.languages.index(lang)
    return run.examples(f"{name}-{lang}", lambda: examples.build(
        partial(make, lang=lang, **lines()), count, seed, run.context))


def joined(parts: list[list[Ragged]]) -> list[Ragged]:
    """Columns one after the other; a part without rows has no columns."""
    return [Ragged.joined(column) for column in zip(*filter(None, parts), strict=True)]


def sentences(run: Run) -> list[Ragged]:
    """Text of every language, one column; low-resource languages come twice as often."""
    config = run.config
    return joined([
        encoder_examples(
            run, "sentences", lang, examples.encoder_sentence,
            config.encoder_sentences_per_language * (2 if lang in config.low_resource else 1),
            lambda lang=lang: {"lines": open_texts(run, lang)})
        for lang in config.languages
    ])


def pairs(run: Run) -> list[Ragged]:
    """English and a high-resource language, two columns."""
    config = run.config

    def lines(lang: str) -> list[tuple[str, str]]:
        return [
            (a, b)
            for english, foreign in (texts.parallel(run.data, lang) if run.data else [])
            for a in examples.slotted([english], config)
            for b in examples.slotted([foreign], config)
        ]

    return joined([
        encoder_examples(run, "pairs", lang, examples.encoder_pair,
                         config.encoder_pairs_per_language,
                         lambda lang=lang: {"pairs": lines(lang)})
        for lang in config.high_resource if lang != "en"
    ])


def switched(run: Run) -> list[Ragged]:
    """English and the same code-switched into a low-resource language, two columns."""
    return joined([
        encoder_examples(run, "switched", lang, examples.encoder_switched,
                         run.config.encoder_pairs_per_language)
        for lang in run.config.low_resource
    ])


def train_encoder(run: Run) -> BertForMaskedLM:
    """Masked language modelling on sentences and translation pairs, translation ranking on the pairs."""
    torch.manual_seed(run.seed("encoder"))
    encoder = new_encoder(run)
    encoder_stage(run, "encoder", encoder, {"sentences": sentences, "pairs": pairs, "ranking": pairs},
                  ("sentences", "pairs", "sentences", "pairs", "sentences", "ranking"))
    return encoder


def train_lexicon_encoder(run: Run, encoder: BertForMaskedLM) -> BertForMaskedLM:
    """The same with code-switched pairs: a lexicon in pre-training (arXiv 2010.12566)."""
    torch.manual_seed(run.seed("lexicon"))
    encoder_stage(run, "lexicon", encoder,
                  {"sentences": sentences, "pairs": pairs, "switched": switched},
                  ("switched", "sentences", "switched", "pairs"))
    return encoder.eval().requires_grad_(False)


def encoder_stage(
    run: Run, name: str, encoder: BertForMaskedLM, sources: dict[str, Callable], turns: Sequence[str]
) -> None:
    """Steps take turns over the kinds of batches; `ranking` contrasts pooled pairs, the others mask."""
    stage, seed = getattr(run.config, name), run.seed(name)
    batches: Iterator = iter(())
    if not (run.folder / f"{name}.pt").exists():
        columns = {kind: source(run) for kind, source in sources.items()}
        streams = {
            kind: token_batches(sum(c.lengths for c in column), stage.batch_tokens, seed + number)
            for number, (kind, column) in enumerate(columns.items())
        }
        batches = ((kind, next(streams[kind])) for kind in cycle(turns))
    size, specials = encoder.config.vocab_size, vocab.MASK + 1

    def loss(batch: tuple[str, np.ndarray]) -> Tensor:
        kind, rows = batch
        if kind == "ranking":
            a, b = (mean_pooled(encoder, torch.from_numpy(c.padded(rows, vocab.PAD)).to(run.device))
                    for c in columns[kind])
            scores = (a @ b.T).float() / RANKING_TEMPERATURE
            same = torch.arange(len(rows), device=run.device)
            return (F.cross_entropy(scores, same) + F.cross_entropy(scores.T, same)) / 2
        ids = torch.from_numpy(joined_rows(columns[kind], rows)).to(run.device)
        corrupted, labels = masked(ids, size, specials)
        return encoder.masked_loss(encoder.bert(corrupted, ids != vocab.PAD), labels)

    run_stage(name, stage, encoder, list(encoder.parameters()), batches, loss, run.folder, run.device)


def joined_rows(columns: list[Ragged], rows: np.ndarray) -> np.ndarray:
    """Ids [B, S] of `<s> a </s>`, or of `<s> a </s> b </s>` for translation language modelling."""
    if len(columns) == 1:
        return columns[0].padded(rows, vocab.PAD)
    first, second = columns
    pairs = [[*first.ids[first.offsets[r] : first.offsets[r + 1]],
              *second.ids[second.offsets[r] + 1 : second.offsets[r + 1]]] for r in rows]
    return Ragged.of(pairs).padded(np.arange(len(rows)), vocab.PAD)
