"""Other numbers for a problem, and numbers written as words."""

import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random

from corpus.story import numeral
from slots import QUESTION_SLOT, renumber

from . import questions
from .problem import OpenProblem, program_of
from .program import run, short

ATTEMPTS = 80


def mutate(problem: OpenProblem, rng: Random) -> OpenProblem | None:
    """The same problem with other numbers and its new answer; None when no draw makes sense.

    A new value has the kind of the old one: whole stays whole with as many digits, decimals keep their
    places, percentages stay below 100. Years, times, fractions, ordinals, 0, 1, and numbers that the
    text also has as words stay. A repeated number stays repeated. Every step has to stay sensible: whole
    where it was whole, positive where it was positive, and at most ten times as large.
    """
    program = program_of(problem.solution)
    values = [questions.value_of(value) for value in problem.values]
    before = run(program, values)
    free = _free(problem)
    for _ in range(ATTEMPTS if free else 0):
        chosen = rng.sample(free, rng.randint(1, len(free)))
        texts = list(problem.values)
        for slot in chosen:
            texts[slot] = _other_value(texts[slot], _is_percent(problem.question, slot), rng)
        texts = [texts[_repeated(problem, slot)] for slot in range(len(texts))]
        try:
            after = run(program, [questions.value_of(text) for text in texts])
        except ZeroDivisionError:
            continue
        if after != before and all(map(_sensible, before, after)):
            return replace(problem, values=texts, answer=numeral(after[-1]))
    return None


def _sensible(before: Fraction, after: Fraction) -> bool:
    if before.denominator == 1 and after.denominator != 1 or not short(after):
        return False
    return (after > 0) == (before > 0) and abs(after) <= max(10 * abs(before), 20)


def _repeated(problem: OpenProblem, slot: int) -> int:
    """The slot whose number this one repeats: the calculation has that one and not this one."""
    used = [int(n) for n in QUESTION_SLOT.findall(problem.solution)]
    if slot in used:
        return slot
    same = [other for other in used if problem.values[other] == problem.values[slot]]
    return same[0] if same else slot


_YEAR = re.compile(r"(?:1[789]|20)\d\d")
_BEFORE_YEAR = re.compile(r"\b(?:in|since|of|until|year|from|to|by|and) $", re.IGNORECASE)
_FIXED_BEFORE = re.compile(r"[:/#]$")
_FIXED_AFTER = re.compile(r":|/| ?[ap]\.?m\b| o'clock|st\b|nd\b|rd\b|th\b", re.IGNORECASE)


def _free(problem: OpenProblem) -> list[int]:
    """The slots that may have another value."""
    spelled = questions.spelled_values(problem.question)
    free = []
    for match in QUESTION_SLOT.finditer(problem.question):
        slot = int(match.group(1))
        text, value = problem.values[slot], questions.value_of(problem.values[slot])
        before, after = problem.question[: match.start()], problem.question[match.end() :]
        constant = "/" in text or value <= 1 or value in spelled
        year = _YEAR.fullmatch(text) and _BEFORE_YEAR.search(before)
        if not (constant or year or _FIXED_BEFORE.search(before) or _FIXED_AFTER.match(after)):
            free.append(slot)
    return free


def _is_percent(question: str, slot: int) -> bool:
    return bool(re.search(rf"<n{slot}>(?: ?%|[- ]percent)", question))


def _other_value(text: str, percent: bool, rng: Random) -> str:
    """Another numeral of the same kind, in the same spelling: `1,200` may become `3,400`."""
    whole, point, decimals = text.replace(",", "").partition(".")
    units = int(whole or 0)
    value = 0
    if units:
        low, high = max(2, 10 ** (len(whole) - 1)), 10 ** len(whole) - 1
        grain = min(10 ** (len(whole) - len(whole.rstrip("0"))), 10 ** (len(whole) - 1))
        if grain == 1 and units > 5 and units % 5 == 0:
            grain = 5
        if percent and units <= 100:
            low, high, grain = min(5, units), 99, min(grain, 10)
        value = rng.randrange(-(-low // grain) * grain, high + 1, grain)
    if point:
        step = 5 if decimals.endswith("5") else 10 if decimals.endswith("0") and len(decimals) > 1 else 1
        limit = 10 ** len(decimals)
        decimals = f"{rng.randrange(0 if value else step, limit, step):0{len(decimals)}d}"
    if not whole:
        return f".{decimals}"
    return f"{value:,}{point}{decimals}" if "," in text else f"{value}{point}{decimals}"


_WORDS = {value: word for word, value in questions.CARDINALS.items() if value <= questions.LAST_WORD}
_COUNTED = re.compile(r"(?<=[a-z,] )<n(\d+)>(?= [a-z])(?! (?:percent|dollars?|cents?)\b)")


def spell(problem: OpenProblem, rng: Random) -> OpenProblem:
    """The problem with one of its small counts as a number word, a constant of the solution then.

    "Ann has <n0> pens" with 5 is "Ann has five pens". The same problem where no count is small.
    """
    used = set(QUESTION_SLOT.findall(problem.solution))
    repeated = Counter(problem.values)
    small = [
        slot
        for slot in _COUNTED.findall(problem.question)
        if slot in used
        and repeated[problem.values[int(slot)]] == 1
        and problem.values[int(slot)] in map(str, _WORDS)
        and int(problem.values[int(slot)]) > 1
    ]
    if not small:
        return problem
    slot = rng.choice(small)
    value = problem.values[int(slot)]
    question, solution = renumber(
        problem.question.replace(f"<n{slot}>", _WORDS[int(value)]),
        problem.solution.replace(f"<n{slot}>", value),
    )
    values = [v for i, v in enumerate(problem.values) if i != int(slot)]
    return replace(problem, question=question, solution=solution, values=values)
