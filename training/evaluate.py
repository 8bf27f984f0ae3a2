"""Accuracy of a run on generated held-out problems, by language and route.

A quick look during development; the figures that count come from `npm run evaluate`, the evaluator
that the page itself uses. Here decoding is plain greedy and the solution is executed exactly.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from tokenizers import Tokenizer
from torch import Tensor

import corpus
from bridge import Bridge, bridged_prompt, direct_prompt, greedy
from config import END, SOLVE
from models import Alignment, BertForMaskedLM, LlamaForCausalLM
from slots import execute
from stages import Run

HELD_OUT_SEED = 900_000_000
BATCH = 200


def held_out(lang: str, count: int, split: str) -> list[corpus.Problem]:
    return [corpus.generate(lang, HELD_OUT_SEED + i, split) for i in range(count)]


def accuracy(
    problems: Sequence[corpus.Problem], prompts: list[Tensor], llm: LlamaForCausalLM,
    tokenizer: Tokenizer,
) -> float:
    right = 0
    for start in range(0, len(problems), BATCH):
        outputs = greedy(llm, prompts[start : start + BATCH])
        for problem, (ids, _) in zip(problems[start : start + BATCH], outputs):
            text = tokenizer.decode(ids, skip_special_tokens=False)
            right += execute(text, problem.values) == Fraction(problem.answer.replace(",", ""))
    return right / len(problems)


class Prompts:
    """What the LLM reads of a question on each route: [T, d_llm]."""

    def __init__(self, run: Run):
        self.llm_tokenizer = Tokenizer.from_file(str(run.folder / "llm-tokenizer.json"))
        self.encoder_tokenizer = Tokenizer.from_file(str(run.folder / "encoder-tokenizer.json"))
        self.solve = self.llm_ids(SOLVE)

    def llm_ids(self, text: str) -> list[int]:
        return self.llm_tokenizer.encode(text, add_special_tokens=False).ids

    def direct(self, llm: LlamaForCausalLM, question: str) -> Tensor:
        return direct_prompt(llm, self.llm_ids(f"{question}{END}"), self.solve)

    def bridged(self, bridge: Bridge, question: str) -> Tensor:
        return bridged_prompt(bridge, self.encoder_tokenizer.encode(question).ids, self.solve)


def report(
    run: Run, encoder: BertForMaskedLM, base: LlamaForCausalLM, adapted: LlamaForCausalLM,
    langbridge: Alignment, stage1: Alignment,
) -> dict[str, dict[str, float]]:
    """{route/split: {language: accuracy}}, printed as it is measured."""
    prompts = Prompts(run)
    routes = {
        "direct": (base, partial(prompts.direct, base)),
        "langbridge": (base, partial(prompts.bridged, Bridge(encoder, langbridge, base))),
        "stage 1": (base, partial(prompts.bridged, Bridge(encoder, stage1, base))),
        "lingualift": (adapted, partial(prompts.bridged, Bridge(encoder, stage1, adapted))),
    }
    results: dict[str, dict[str, float]] = {}
    for split in ("heldout_instances", "heldout_phrasings"):
        for route, (llm, embed) in routes.items():
            row = results[f"{route}, {split}"] = {}
            for lang in run.config.languages:
                problems = held_out(lang, run.config.evaluation_items, split)
                row[lang] = accuracy(problems, [embed(p.question) for p in problems], llm,
                                     prompts.llm_tokenizer)
            print(f"{route:12} {split:18}", " ".join(f"{k} {v:.3f}" for k, v in row.items()), flush=True)
    return results
