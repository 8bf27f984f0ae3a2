"""Self-training: labels for monolingual text of a low-resource language, from a lexicon and the models.

A question becomes a training row when two readers of it come to the same answer: the bridge as it is so
far, and a copy of the English LLM that has learned to read word-by-word glosses (`glossed_example`).
They err in different ways. Of 1,000 Swahili questions the bridge had 78 % right, the reader of glosses
83 % (the LLM itself 71 %); where they agreed (79 %), 92 %. Where they differ, the reader of glosses
counts if it is sure: right in 97 % of another 4 %. Neither parallel text nor the generator's own
solutions are read: the questions stand for any monolingual text.

Sources: self-training, Yarowsky 1995 (P95-1026); agreement of two views, Blum & Mitchell 1998.
"""

import random
from collections.abc import Iterable
from copy import deepcopy
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

import corpus
import everyday
from bridge import Bridge, bridged_prompt, direct_prompt, greedy
from config import END, Config
from corpus.lexicon import gloss
from examples import BRIDGE_SEEDS, Tools, rows_on_all_cores, solve_row
from models import LlamaForCausalLM
from ragged import Ragged
from slots import execute

BATCH = 250
SURE = -0.2  # log-probability of a whole solution


def self_trained(
    lang: str, count: int, seed: int, bridge: Bridge, reader: LlamaForCausalLM,
    context: tuple[Config, Path],
) -> list[Ragged]:
    """Rows (source, prompt, target) of those of `count` questions in `lang` whose solution is trusted."""
    global _bridge, _reader, _tools
    _bridge, _reader = deepcopy(bridge).cpu().eval(), deepcopy(reader).cpu().eval()
    _tools = Tools(*context, data=None)
    return rows_on_all_cores(partial(_label, lang, seed), range(0, count, BATCH))


_bridge: Bridge
_reader: LlamaForCausalLM
_tools: Tools


def _label(lang: str, seed: int, start: int) -> list[tuple]:
    torch.set_num_threads(1)  # one process a core
    rng = random.Random(f"{lang} {seed} {start}")
    texts = [monolingual_question(lang, seed, start + i) for i in range(BATCH)]
    questions = [question for question, _ in texts]
    rows = []
    for (question, values), bridged, read in zip(
        texts, by_bridge(questions), by_gloss(lang, questions), strict=True
    ):
        solution = trusted(bridged, read, values)
        if solution is not None:
            rows.append(solve_row(_tools, rng, question, solution))
    return rows


def monolingual_question(lang: str, seed: int, index: int) -> tuple[str, list[str]]:
    """A question over slots and its numerals: those written by hand come first, then generated ones."""
    written = everyday.questions(lang, _tools.config.question_slots)
    if index < len(written):
        return written[index]
    problem = corpus.generate(lang, BRIDGE_SEEDS * 6 + seed + index)
    return problem.question, problem.values


def trusted(
    bridged: tuple[str, float], read: tuple[str, float], values: list[str]
) -> str | None:
    """Which of two solutions, each with its log-probability, becomes the label; None: neither."""
    answers = [execute(solution, values) for solution, _ in (bridged, read)]
    if answers[1] is not None and answers[0] == answers[1]:
        return max(bridged, read, key=lambda reading: reading[1])[0]
    return read[0] if answers[1] is not None and read[1] > SURE else None


def by_bridge(questions: Iterable[str]) -> list[tuple[str, float]]:
    """Solutions of the bridge, and their log-probabilities."""
    return solutions(_bridge.llm, [
        bridged_prompt(_bridge, _tools.encoder.encode(question).ids, _tools.solve_prompt())
        for question in questions
    ])


def by_gloss(lang: str, questions: Iterable[str]) -> list[tuple[str, float]]:
    """Solutions of the reader of glosses, and their log-probabilities."""
    return solutions(_reader, [
        direct_prompt(_reader, _tools.llm_ids(f"{gloss(question, _tools.lexicons[lang])}{END}"),
                      _tools.solve_prompt())
        for question in questions
    ])


def solutions(llm: LlamaForCausalLM, prompts: list[Tensor]) -> list[tuple[str, float]]:
    decode = partial(_tools.llm.decode, skip_special_tokens=False)
    return [(decode(ids), probability) for ids, probability in greedy(llm, prompts)]
