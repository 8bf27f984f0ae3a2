"""Generated word problems with number slots, in every language of `languages/`.

A *story* (facts, question, calculation; `scenarios*.py`) knows no language; a *realisation* words it
with a language's clause patterns (`realise.py`). Same language, seed and split: same problem.

Splits: `train`; `heldout_instances` (the same patterns, other values and name-noun pairs); and three that
go further, each in one direction: `heldout_phrasings` (at least one clause in a wording that training
never sees), `heldout_nouns` (at least one thing it never sees), `heldout_scenarios` (a kind of story it
never sees).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from zlib import crc32

from slots import evaluate as exact_value

from .distractors import distract
from .language import Language, language_codes, load
from .realise import Realisation, number_slots
from .nouns import HELD_OUT_NOUNS
from .scenarios import SCENARIOS
from .story import NUMERAL, Draft, Reject, Story, numeral

__all__ = ["SCENARIOS", "SPLITS", "Problem", "generate", "generate_parallel", "language_codes"]

SPLITS = (
    "train", "heldout_instances", "heldout_phrasings", "heldout_nouns", "heldout_scenarios",
)
MAX_SLOTS = 12
# Their operations and clauses occur elsewhere; put together like this they are never trained on.
HELD_OUT_SCENARIOS = frozenset({"bake_sale", "compare_then_change", "wages_together"})
_NAMES = {
    held: [name for name in SCENARIOS if (name in HELD_OUT_SCENARIOS) == held] for held in (False, True)
}
_WEIGHTS = {
    held: list(accumulate(SCENARIOS[name][0] for name in names)) for held, names in _NAMES.items()
}
_SLOT = re.compile(r"<([nr])(\d+)>")
_REF = re.compile(r"[qr]\d+")


@dataclass
class Problem:
    """A problem as the models read it: numerals of the question are `<n0>`, `<n1>`, ... in its order."""

    lang: str
    scenario: str
    question: str
    values: list[str]
    solution: str
    answer: str

    def plain_question(self) -> str:
        """The question with its numerals."""
        return _SLOT.sub(lambda m: self.values[int(m.group(2))], self.question)

    def plain_solution(self) -> str:
        """The solution with numbers in place of slots, as people see it: `left: <<12-5=7>>`."""
        known = {f"<n{i}>": value for i, value in enumerate(self.values)}
        lines = []
        for line in self.solution.splitlines():
            expression, _, result = line.partition("<<")[2].rpartition("=")
            filled = _SLOT.sub(lambda m: known[m.group()], expression)
            if result:
                slot = result.removesuffix(">>")
                known[slot] = evaluate(filled)
                lines.append(f"{line.partition('<<')[0]}<<{filled}={known[slot]}>>")
            else:
                lines.append(_SLOT.sub(lambda m: known[m.group()], line))
        return "\n".join(lines)


def evaluate(expression: str) -> str:
    """The exact value of an expression over decimals, as a numeral (`17`, `3.50` is `3.5`)."""
    return numeral(exact_value(expression, {}.__getitem__))


def generate(lang: str, seed: int, split: str = "train") -> Problem:
    """The problem of this language, seed and split."""
    return generate_parallel([lang], seed, split)[lang]


def generate_parallel(langs: Sequence[str], seed: int, split: str = "train") -> dict[str, Problem]:
    """The same story worded in several languages; names and order may differ, the answer does not."""
    if split not in SPLITS:
        raise ValueError(f"no split {split!r}; there are {', '.join(SPLITS)}")
    tables = [load(code) for code in langs]
    rng = Random(f"{split} {seed}")
    while True:
        try:
            story = draw_story(rng, split)
            return {
                table.code: _word(story, table, Random(f"{table.code} {split} {seed}"), split)
                for table in tables
            }
        except Reject:
            continue


def draw_story(rng: Random, split: str) -> Story:
    """A story of this split: a tenth of all (scenario, values) is kept from training."""
    new_story, new_nouns = split == "heldout_scenarios", split == "heldout_nouns"
    while True:
        name = rng.choices(_NAMES[new_story], cum_weights=_WEIGHTS[new_story])[0]
        draft = Draft(rng, name, new_nouns)
        try:
            SCENARIOS[name][1](draft)
            distract(draft)
            numeral(draft.story.answer)
        except Reject:
            continue
        story = draft.story
        if new_nouns and not HELD_OUT_NOUNS.intersection(map(str, story.nouns())):
            continue
        values = [str(q.value) for q in story.quantities.values()]
        held = crc32(f"{name} {values}".encode()) % 10 == 0
        if held == (split != "train"):
            return story


def _word(story: Story, table: Language, rng: Random, split: str) -> Problem:
    for _ in range(40):
        try:
            text = Realisation(story, table, rng, split).text()
        except Reject:
            continue
        question, order, slots = number_slots(text, story)
        if len(order) <= MAX_SLOTS:
            return Problem(
                table.code,
                story.scenario,
                question,
                [numeral(story.quantities[name].value, money=True) for name in order],
                _solution(story, slots),
                numeral(story.answer),
            )
    raise Reject


def _solution(story: Story, slots: dict[str, str]) -> str:
    def operand(match: re.Match) -> str:
        name = match.group()
        if name[0] == "r":
            return f"<{name}>"
        quantity = story.quantities[name]
        return slots[name] if quantity.style == NUMERAL else str(quantity.value)

    lines = [
        f"{step.label}: <<{_REF.sub(operand, step.expression)}=<r{index}>>>"
        for index, step in enumerate(story.steps)
    ]
    return "\n".join([*lines, f"#### <r{len(lines) - 1}>"])
