"""Bilingual lexicons and what they are for: code-switching English, and how much of a text they cover.

`lexicons/<code>.txt` is MUSE text: `foreign english` a line; inflected forms are entries of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent / "lexicons"
# A slot, a word (with inner apostrophes and hyphens; combining signs of any script), or anything else.
_SIGNS = r"[\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff]"
_TOKEN = re.compile(rf"<[nr]\d+>|[^\W\d_](?:[^\W\d_]|['’\-](?=[^\W\d_])|{_SIGNS})*|.", re.S)


@dataclass(frozen=True)
class Lexicon:
    """`english[word]` is its foreign words, `foreign[word]` its English ones; all lower case."""

    english: dict[str, tuple[str, ...]]
    foreign: dict[str, tuple[str, ...]]


def parse_lexicon(lines: Iterable[str]) -> Lexicon:
    """Reads MUSE lines (tab or space between the two words); ValueError names the bad line."""
    english: dict[str, list[str]] = {}
    foreign: dict[str, list[str]] = {}
    for number, line in enumerate(lines, 1):
        cells = line.strip().split("\t") if "\t" in line else line.split()
        if not cells or line.startswith("#"):
            continue
        if len(cells) != 2:
            raise ValueError(f"line {number}: expected 'foreign english': {line.strip()}")
        theirs, ours = (cell.strip().lower() for cell in cells)
        english.setdefault(ours, []).append(theirs)
        foreign.setdefault(theirs, []).append(ours)
    return Lexicon(
        {word: tuple(dict.fromkeys(found)) for word, found in english.items()},
        {word: tuple(dict.fromkeys(found)) for word, found in foreign.items()},
    )


def load_lexicon(code: str) -> Lexicon:
    """The lexicon of a language."""
    with (FOLDER / f"{code}.txt").open(encoding="utf-8") as lines:
        return parse_lexicon(lines)


def lexicons() -> list[str]:
    """The codes that have a lexicon."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def tokens(text: str) -> list[str]:
    """Words, slots and single other characters; joined they are the text again."""
    return _TOKEN.findall(text)


def is_word(token: str) -> bool:
    """Whether a token is a word (not a slot, space or sign)."""
    return token[0].isalpha()


def code_switch(text: str, lexicon: Lexicon, ratio: float, rng: Random) -> str:
    """Replaces each English word that the lexicon knows with probability `ratio`.

    Slots, signs and unknown words (names) stay; a capital stays a capital; "Tom's" loses nothing.
    """
    out = []
    for token in tokens(text):
        choices = lexicon.english.get(token.lower()) if is_word(token) else None
        if choices and rng.random() < ratio:
            word = rng.choice(choices)
            out.append(word[0].upper() + word[1:] if token[0].isupper() else word)
        else:
            out.append(token)
    return "".join(out)


def coverage(texts: Iterable[str], known: Iterable[str]) -> tuple[float, Counter[str]]:
    """The share of the lower-case words of `texts` in `known`, and the others with their counts.

    Words that are always capitalised (names) are left out.
    """
    known = set(known)
    seen: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for text in texts:
        for token in filter(is_word, tokens(text)):
            seen[token.lower()] += 1
            lower[token.lower()] += token[0].islower() or token.lower() in known
    words = {word: count for word, count in seen.items() if lower[word]}
    missing = Counter({word: count for word, count in words.items() if word not in known})
    total = sum(words.values())
    return (1 - missing.total() / total if total else 0.0), missing
