"""GSM8K problems in other languages: the published translation with the solution of the English text.

A solution belongs to slots in the order of the English text; a translation may have another order, other
separators, digits for words. So a problem is kept when every slot of its solution has exactly one numeral
of the same value in the translation (or as many as in English, and in that order).
"""

import json
import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import texts
from slots import ANY_SLOT, NUMERAL, slot_text

from . import training_problems
from .problem import MAX_SLOTS, OpenProblem

_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


@lru_cache(maxsize=16)
def translated_problems(root: Path, lang: str) -> list[OpenProblem]:
    """Those of the training problems of GSM8K that have a usable translation into `lang`."""
    versions = {problems[0].id: problems for problems in training_problems(root)}
    ids = {
        " ".join(json.loads(line)["question"].split()): f"gsm8k:{index}"
        for index, line in enumerate(texts.read_lines(root / "gsm8k" / "train.jsonl"))
    }
    found = []
    for foreign, english in zip(*texts.translated_gsm8k(root, lang), strict=True):
        candidates = versions.get(ids.get(" ".join(english.split()), ""), [])
        found += filter(None, [translation(candidates, foreign, lang)])
    return found


def translation(versions: list[OpenProblem], foreign: str, lang: str) -> OpenProblem | None:
    """The problem in the words of `foreign`: its first version whose numbers are all there."""
    numerals = NUMERAL.findall(foreign)
    question = slot_text(foreign, MAX_SLOTS)
    for version in versions if question else []:
        slots = matched(version, [value_of(numeral) for numeral in numerals])
        if slots is not None:
            solution = ANY_SLOT.sub(lambda m, to=slots: to.get(m.group(), m.group()), version.solution)
            return replace(version, lang=lang, question=question, values=numerals, solution=solution)
    return None


def matched(problem: OpenProblem, values: list[Fraction]) -> dict[str, str] | None:
    """The slot of a numeral in `values` for every slot that the solution uses, or None."""
    places: defaultdict[Fraction, list[int]] = defaultdict(list)
    for index, value in enumerate(values):
        places[value].append(index)
    own: defaultdict[Fraction, list[int]] = defaultdict(list)
    for index, text in enumerate(problem.values):
        own[Fraction(text.replace(",", ""))].append(index)
    used = {int(m.group(2)) for m in ANY_SLOT.finditer(problem.solution) if m.group(1) == "n"}
    renamed = {}
    for value, indexes in own.items():
        if not used.intersection(indexes):
            continue
        if len(places[value]) != len(indexes):
            return None
        renamed |= {f"<n{a}>": f"<n{b}>" for a, b in zip(indexes, places[value], strict=True)}
    return renamed


def value_of(numeral: str) -> Fraction:
    """`1.250` and `1,250` are 1250, `2,5` and `2.5` are two and a half."""
    if _THOUSANDS.fullmatch(numeral):
        return Fraction(re.sub(r"[.,]", "", numeral))
    whole, *rest = re.split(r"[.,]", numeral)
    return Fraction(f"{whole}.{''.join(rest)}") if rest else Fraction(whole)
