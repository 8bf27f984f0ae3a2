"""Keeps problems out of training that are nearly one of the built-in ones, in any script."""

import json
from functools import lru_cache
from pathlib import Path

BUILT_IN = Path(__file__).parents[2] / "public" / "problems"
NEAR = 0.5  # share of the shorter text's runs that makes a near-duplicate
# Letters of a run that two near-duplicates share; a character says more where words are not spaced.
RUN, DENSE_RUN, DENSE = 14, 6, frozenset({"zh", "ja", "ko", "th"})


def runs(text: str, lang: str) -> set[str]:
    """Runs of letters of a text, without its numbers and spaces."""
    letters = "".join(char for char in text.lower() if char.isalpha())
    size = DENSE_RUN if lang in DENSE else RUN
    return {letters[i : i + size] for i in range(max(1, len(letters) - size + 1))}


@lru_cache
def _built_in(lang: str) -> list[set[str]]:
    path = BUILT_IN / f"{lang}.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [runs(json.loads(line)["question"], lang) for line in lines]


def near_built_in(text: str, lang: str) -> bool:
    """Whether the text is nearly a built-in problem of its language."""
    own = runs(text, lang)
    return any(len(own & other) >= NEAR * min(len(own), len(other)) for other in _built_in(lang))
