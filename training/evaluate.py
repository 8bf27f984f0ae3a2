"""Accuracy of a run on generated held-out problems, by language and route.

A quick look during development; the figures that count come from `npm run evaluate`, the evaluator
that the page itself uses. Here decoding is plain greedy and the solution is executed exactly.
"""

from collections.abc import Sequence
from fractions import Fraction

import torch
from tokenizers import Tokenizer
from torch import Tensor

import corpus
import vocabularies as vocab
from bridge import greedy
from config import END, MAX_ENCODER_TOKENS, SOLVE
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
    """Embeds questions for each route: [T, d_llm] a question."""

    def __init__(self, run: Run, encoder: BertForMaskedLM):
        self.run, self.encoder = run, encoder
        self.llm_tokenizer = Tokenizer.from_file(str(run.folder / "llm-tokenizer.json"))
        self.encoder_tokenizer = Tokenizer.from_file(str(run.folder / "encoder-tokenizer.json"))

    def llm_ids(self, text: str) -> Tensor:
        ids = self.llm_tokenizer.encode(text, add_special_tokens=False).ids
        return torch.tensor(ids, device=self.run.device)

    @torch.no_grad()
    def direct(self, question: str, llm: LlamaForCausalLM) -> Tensor:
        table = llm.model.embed_tokens
        read = torch.cat([self.llm_ids(f"{question}{END}"), self.llm_ids(SOLVE)])
        return torch.cat([table.weight[vocab.BOS][None], table(read)])

    @torch.no_grad()
    def bridged(self, question: str, llm: LlamaForCausalLM, alignment: Alignment) -> Tensor:
        table = llm.model.embed_tokens
        ids = self.encoder_tokenizer.encode(question).ids[:MAX_ENCODER_TOKENS]
        source = torch.tensor([ids], device=self.run.device)
        soft = alignment(self.encoder.bert(source, torch.ones_like(source)))[0]
        return torch.cat([table.weight[vocab.BOS][None], soft.float(),
                          alignment.end_of_prompt[None], table(self.llm_ids(SOLVE))])


def report(
    run: Run, encoder: BertForMaskedLM, base: LlamaForCausalLM, adapted: LlamaForCausalLM,
    langbridge: Alignment, stage1: Alignment,
) -> dict[str, dict[str, float]]:
    """{route/split: {language: accuracy}}, printed as it is measured."""
    prompts = Prompts(run, encoder)
    routes = {
        "direct": (base, lambda q: prompts.direct(q, base)),
        "langbridge": (base, lambda q: prompts.bridged(q, base, langbridge)),
        "stage 1": (base, lambda q: prompts.bridged(q, base, stage1)),
        "lingualift": (adapted, lambda q: prompts.bridged(q, adapted, stage1)),
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
