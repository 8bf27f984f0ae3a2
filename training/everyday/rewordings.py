"""Other words for an English problem: "how many are left" becomes "how many remain".

`rewordings.txt` holds a group of phrases a line, each of which can stand for the others; `fillers.txt` holds
sentences that can stand anywhere and change nothing. Nothing that a calculation hangs on is in either.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from random import Random

from .nouns import in_place_of

FOLDER = Path(__file__).parent
EXCHANGED = 0.6  # of the phrases of a problem
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z{<])")


@lru_cache
def groups() -> dict[str, list[str]]:
    """Every phrase of the list and its group."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate((FOLDER / "rewordings.txt").read_text("utf-8").splitlines(), 1):
        phrases = [phrase.strip() for phrase in line.split("|")]
        for phrase in phrases:
            if not phrase or phrase in found or len(phrases) < 2:
                raise ValueError(f"rewordings.txt:{number}: '{phrase}' is empty, alone or in two groups")
            found[phrase] = phrases
    return found


@lru_cache
def phrase_pattern() -> re.Pattern:
    """Any phrase, the longest first, with the article before it, which has to fit another."""
    phrases = sorted(groups(), key=len, reverse=True)
    return re.compile(rf"(?<![\w{{-])(?:([Aa])n? )?({'|'.join(map(re.escape, phrases))})(?![\w}}-])", re.IGNORECASE)


@lru_cache
def fillers() -> list[str]:
    return (FOLDER / "fillers.txt").read_text("utf-8").splitlines()


def reworded(text: str, rng: Random) -> str:
    """The text with some of its phrases exchanged for others of their groups."""

    def other(match: re.Match) -> str:
        article, phrase = match.groups()
        if rng.random() > EXCHANGED:
            return match.group()
        new = rng.choice([p for p in groups()[phrase.lower()] if p != phrase.lower()])
        return in_place_of(phrase, article, re.sub(r"\bi\b", "I", new))

    return phrase_pattern().sub(other, text)


def with_filler(text: str, rng: Random) -> str:
    """The text with a sentence before one of its sentences that has nothing to do with it."""
    sentences = SENTENCE.split(text)
    sentences.insert(rng.randrange(len(sentences)), rng.choice(fillers()))
    return " ".join(sentences)
