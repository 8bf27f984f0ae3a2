"""The stages that see encoder, alignment and LLM as one: the encoder's tuning, then the two papers' own.

1. tuning, reading, self_training-N: the encoder learns through the frozen LLM, and from its embeddings
2. langbridge: alignment on English   3. stage1: on code-switched text   4. stage2: LoRA on the LLM

Sources: LangBridge arXiv 2401.10695; LinguaLIFT arXiv 2412.12499.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch
from torch import Tensor

import examples
from anchoring import anchor_loss, glossed_anchors
from bridge import Bridge, bridge_batch
from config import Config, Stage
from models import Alignment, BertForMaskedLM, LlamaForCausalLM, add_lora
from ragged import Ragged, token_batches
from encoder_stages import joined, new_alignment
from self_training import self_trained
from stages import Run, load, new_llm, train_gloss_reader
from trainer import Lessons, by_turns, run_stage

BROADENING_TURNS = ("problems", "problems", "words")
SELF_TRAINED_REPEATS = 2  # so that real low-resource text is about a fifth of a round


def bridge_stage(
    run: Run, name: str, make: Callable, count: int, bridge: Bridge, module: torch.nn.Module,
    parameters: list[torch.nn.Parameter], stage: Stage | None = None,
    beside: Callable[[], list[Ragged]] | None = None,
) -> None:
    """Trains `parameters` through the frozen rest of the bridge on what `make` makes, `count` times.

    Rows of `beside` join them. The budget is the one in the configuration under `name`, or `stage`.
    """
    stage, seed = stage or getattr(run.config, name), run.seed(name)

    def lessons() -> Lessons:
        columns = run.examples(name, lambda: examples.build(
            make, count, seed, run.context))
        if beside:
            columns = joined([columns, beside()])

        def loss(rows: np.ndarray) -> Tensor:
            return bridge.loss(bridge_batch(*columns, rows, run.device))

        lengths = sum(column.lengths for column in columns)
        return token_batches(lengths, stage.batch_tokens, seed), loss

    run_stage(name, stage, module, parameters, lessons, run.folder, run.device)


def tuned_parts(
    encoder: BertForMaskedLM, alignment: Alignment
) -> tuple[torch.nn.Module, list[torch.nn.Parameter]]:
    """Encoder and alignment as one module, and what of them learns through the LLM."""
    encoder.bert.requires_grad_(True)
    both = torch.nn.ModuleList([encoder, alignment])
    return both, [*encoder.bert.parameters(), *alignment.parameters()]


def tune_encoder(
    run: Run, encoder: BertForMaskedLM, alignment: Alignment, llm: LlamaForCausalLM
) -> None:
    """The encoder's last lessons come through the frozen LLM; the alignment beside it is thrown away.

    Words alone give an encoder this small too little of what a problem asks for. First come
    English, high-resource and code-switched problems.
    """
    torch.manual_seed(run.seed("tuning"))
    both, parameters = tuned_parts(encoder, alignment)
    bridge_stage(run, "tuning", examples.tuning_example, run.config.tuning_examples,
                 Bridge(encoder, alignment, llm), both, parameters)


def teach_reading(
    run: Run, encoder: BertForMaskedLM, alignment: Alignment, llm: LlamaForCausalLM
) -> None:
    """Real texts of every language: each word's state has to be the LLM's embedding of its first sense."""
    torch.manual_seed(run.seed("reading"))
    both, parameters = tuned_parts(encoder, alignment)
    stage, seed = run.config.reading, run.seed("reading")

    def lessons() -> Lessons:
        columns = run.examples("reading", lambda: examples.build(
            glossed_anchors, run.config.reading_examples, seed, run.context))
        batches = token_batches(columns[0].lengths, stage.batch_tokens, seed)
        return batches, anchor_loss(encoder, alignment, llm, columns)

    run_stage("reading", stage, both, parameters, lessons, run.folder, run.device)


def self_train_encoder(
    run: Run, encoder: BertForMaskedLM, alignment: Alignment, llm: LlamaForCausalLM
) -> None:
    """Then, in rounds, also monolingual low-resource text with the labels that the bridge has learned to
    give (self_training.py).
    """
    torch.manual_seed(run.seed("self_training"))
    both, parameters = tuned_parts(encoder, alignment)
    bridge = Bridge(encoder, alignment, llm)
    for number, stage in enumerate(run.config.self_training):
        bridge_stage(run, f"self_training-{number}", examples.self_training_example,
                     run.config.self_training_examples, bridge, both, parameters, stage,
                     partial(self_trained_rows, run, bridge, number))


def broaden_encoder(
    run: Run, encoder: BertForMaskedLM, alignment: Alignment, llm: LlamaForCausalLM
) -> BertForMaskedLM:
    """The encoder's last lessons, for which the LLM has practised more: mostly problems written by hand,
    through the LLM, and by turns real texts of every language, word by word, so that they are not forgotten.
    From the second round on with labels that this bridge gives. Then the encoder is frozen, as in both papers.
    """
    both, parameters = tuned_parts(encoder, alignment)
    bridge = Bridge(encoder, alignment, llm)
    config, seed = run.config, run.seed("broadening")

    def lessons(number: int, stage: Stage) -> Lessons:
        problems = run.examples(f"broadening-{number}", lambda: examples.build(
            examples.broadening_example, config.broadening_examples, seed + number, run.context))
        words = run.examples(f"broadening-words-{number}", lambda: examples.build(
            glossed_anchors, config.broadening_examples, seed + number, run.context))
        if number:
            labels = self_trained_rows(run, bridge, broadening_labels(config, number))
            problems = joined([problems, labels])

        def problem_loss(rows: np.ndarray) -> Tensor:
            return bridge.loss(bridge_batch(*problems, rows, run.device))

        def batches(lengths: np.ndarray) -> Iterator[np.ndarray]:
            return token_batches(lengths, stage.batch_tokens, seed + number)

        return by_turns(BROADENING_TURNS, {
            "problems": (batches(sum(column.lengths for column in problems)), problem_loss),
            "words": (batches(words[0].lengths), anchor_loss(encoder, alignment, llm, words)),
        })

    for number, stage in enumerate(config.broadening):
        torch.manual_seed(seed + number)
        run_stage(f"broadening-{number}", stage, both, parameters, partial(lessons, number, stage),
                  run.folder, run.device)
    return encoder.eval().requires_grad_(False)


def broadening_labels(config: Config, number: int) -> int:
    """Which labels a round of broadening has, from the second on: those after self-training's."""
    return len(config.self_training) + number - 1


def labelled_name(lang: str, number: int) -> str:
    return f"labelled-{lang}-{number}"


def self_trained_rows(run: Run, bridge: Bridge, number: int) -> list[Ragged]:
    """Monolingual questions of every low-resource language with the labels of this round."""
    config = run.config

    def labelled(lang: str) -> list[Ragged]:
        reader = train_gloss_reader(run, bridge.llm, number)
        seed = number * len(config.languages) + config.languages.index(lang)
        return self_trained(lang, config.self_training_questions,
                            seed * config.self_training_questions, bridge, reader,
                            (config, run.folder))

    rows = [run.examples(labelled_name(lang, number), partial(labelled, lang))
            for lang in config.low_resource]
    return joined(rows * SELF_TRAINED_REPEATS)


def last_self_trained_rows(run: Run) -> list[Ragged]:
    """The rows of the last round again: real low-resource text beside the code-switched."""
    last = broadening_labels(run.config, len(run.config.broadening) - 1)
    rows = [load(run.folder / f"{labelled_name(lang, last)}.npz") for lang in run.config.low_resource]
    return joined(rows * SELF_TRAINED_REPEATS)


def train_langbridge(run: Run, encoder: BertForMaskedLM, llm: LlamaForCausalLM) -> Alignment:
    torch.manual_seed(run.seed("langbridge"))
    alignment = new_alignment(run, llm, encoder)
    bridge_stage(run, "langbridge", examples.langbridge_example, run.config.alignment_examples,
                 Bridge(encoder, alignment, llm), alignment, list(alignment.parameters()))
    return alignment.eval()


def train_stage1(
    run: Run, encoder: BertForMaskedLM, llm: LlamaForCausalLM, start: Alignment, labels: bool = True
) -> Alignment:
    """The alignment goes on from `start`, the one that the encoder has learned with; encoder and LLM stay frozen.

    `labels`: whether self-labelled text is beside the code-switched problems.
    """
    torch.manual_seed(run.seed("stage1"))
    alignment = new_alignment(run, llm, encoder)
    alignment.load_state_dict(start.state_dict())
    bridge = Bridge(encoder, alignment, llm)
    bridge_stage(run, "stage1", examples.stage1_example, run.config.alignment_examples, bridge,
                 alignment, list(alignment.parameters()),
                 beside=partial(last_self_trained_rows, run) if labels else None)
    return alignment.eval().requires_grad_(False)


def train_stage2(
    run: Run, encoder: BertForMaskedLM, base: LlamaForCausalLM, alignment: Alignment
) -> LlamaForCausalLM:
    """LoRA on a copy of the LLM, in rounds of other problems; encoder and alignment stay frozen."""
    torch.manual_seed(run.seed("stage2"))
    llm = new_llm(run)
    llm.load_state_dict(base.state_dict())
    llm.requires_grad_(False)
    factors = add_lora(llm, run.config.lora_rank, run.config.lora_alpha)
    for number, stage in enumerate(run.config.stage2):
        bridge_stage(run, f"stage2-{number}", examples.stage2_example, run.config.stage2_examples,
                     Bridge(encoder, alignment, llm), llm, factors, stage,
                     partial(last_self_trained_rows, run))
    return llm.eval()
