"""The open English training sets as problems with number slots, in the form of the corpus.

    python -m open_problems --data DATA            counts of what is kept and why the rest is not
    python -m open_problems --data DATA --jsonl    the held-out part as data for npm run evaluate

A published problem is trusted when its calculation, mapped to slots (`mapping.py`), gives the
published answer, and when it still works with other numbers (`mutate`). The first says that the
mapping is right for these numbers. The second throws out what holds for no others: chains that lean
on a constant of the text, or that give halves of people as soon as a number changes.

With slots a mutated problem reads like the original; mutation shows in the digits, and where `spell`
writes a small number as a word, which makes it a constant of the solution.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random

from .guard import Guard, is_held_out, normalized
from .mutation import mutate, spell
from .problem import OpenProblem, build
from .program import Dropped
from .questions import small_words_as_numerals
from .sources import SETS, Source

__all__ = [
    "OpenProblem",
    "convert",
    "draw",
    "held_out_open",
    "is_held_out",
    "mutate",
    "read_all",
    "spell",
    "training_problems",
]


def convert(
    sources: Iterable[Source], guard: Guard, seen: set[str]
) -> Iterator[tuple[str, list[OpenProblem]]]:
    """For every source the reason why it is not used and no problem, or "kept" and its versions.

    Versions: the question as it is, and with its number words as numerals. `seen` holds the texts
    that were there before and gets the new ones.
    """
    for source in sources:
        text = normalized(source.question)
        if text in seen:
            yield "there before", []
        elif guard.blocks(source.question):
            yield "near a problem to test with", []
        else:
            reason, versions = _versions(source)
            if versions:
                seen.add(text)
            yield reason, versions


def _versions(source: Source) -> tuple[str, list[OpenProblem]]:
    reason, versions, trusted = "", [], False
    numerals_only = small_words_as_numerals(source.question)
    for words in (True, False) if numerals_only != source.question else (True,):
        try:
            problem = build(source, words)
        except Dropped as dropped:
            reason = reason or str(dropped)
            continue
        versions.append(problem)
        trusted = trusted or mutate(problem, Random(source.id)) is not None
    if versions and not trusted:
        return "no other numbers make sense", []
    return ("kept", versions) if versions else (reason, [])


@lru_cache(maxsize=2)
def read_all(root: Path) -> tuple[dict[str, Counter], list[list[OpenProblem]]]:
    """Counts per set, and the versions of every problem kept."""
    guard, seen = Guard(root), set()
    counts: dict[str, Counter] = {}
    kept = []
    for name, read in SETS.items():
        counts[name] = Counter()
        for reason, versions in convert(read(root), guard, seen):
            counts[name][reason] += 1
            if versions:
                kept.append(versions)
    return counts, kept


def training_problems(root: Path) -> list[list[OpenProblem]]:
    """The problems to train on, each in its versions. Read once per process and its forks."""
    return [versions for versions in read_all(root)[1] if not is_held_out(versions[0].question)]


def held_out_open(root: Path) -> list[OpenProblem]:
    """The problems that training never sees, as published."""
    return [versions[0] for versions in read_all(root)[1] if is_held_out(versions[0].question)]


def draw(problems: Sequence[list[OpenProblem]], rng: Random) -> OpenProblem:
    """One of the problems in one of its versions, every fourth time with a mutated number as a word."""
    problem = rng.choice(rng.choice(problems))
    if rng.random() < 0.25:
        return spell(mutate(problem, rng) or problem, rng)
    return problem
