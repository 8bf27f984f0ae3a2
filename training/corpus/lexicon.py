"""Bilingual lexicons and what they are for: code-switching English, and how much of a text they cover.

`lexicons/<code>.txt` is MUSE text: `foreign english` a line (a tab between them where the English is
several words); inflected forms are entries of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from zlib import crc32

FOLDER = Path(__file__).parent / "lexicons"
# A slot, a word (with inner apostrophes and hyphens; combining signs of any script, not the danda), or anything else.
_SIGNS = r"[\u0300-\u036f\u064b-\u0652\u0900-\u0963\u0971-\u0dff\u0e00-\u0eff]"
_TOKEN = re.compile(rf"<[nr]\d+>|[^\W\d_](?:[^\W\d_]|['’\-](?=[^\W\d_])|{_SIGNS})*|.", re.S)

# Scripts written without spaces between words: Thai and Lao, Burmese, Khmer, kana, Han.
_UNSPACED_LETTER = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
UNSPACED = re.compile(_UNSPACED_LETTER)
_SPACE_WITHIN = re.compile(rf"(?<={_UNSPACED_LETTER}) (?={_UNSPACED_LETTER})")
_SPACE_AT_SLOT = re.compile(rf"(?<={_UNSPACED_LETTER}) (?=<)|(?<=>) (?={_UNSPACED_LETTER})")
# Punctuation that an English LLM has not seen, as in src/bridge/gloss.ts.
_SIGN_IN_ENGLISH = {"。": ". ", "、": ", ", "，": ", ", "？": "? ", "！": "! ", "।": ". ", "።": ". ",
                    "፣": ", ", "፤": "; ", "؟": "?", "،": ",", "؛": ";", "¿": "", "¡": ""}
# Signs that people write or leave out: Arabic short vowels and doubling, the dot of a lower-cased "İ".
_OPTIONAL_SIGNS = re.compile("[\u064b-\u0652]|(?<=i)\u0307")


@dataclass(frozen=True)
class Lexicon:
    """`english[word]` is its foreign words, `foreign[fold(word)]` its English ones; all lower case."""

    english: dict[str, tuple[str, ...]]
    foreign: dict[str, tuple[str, ...]]

    @cached_property
    def longest(self) -> int:
        """Letters of the longest foreign word."""
        return max(map(len, self.foreign), default=0)

    @cached_property
    def headwords(self) -> list[str]:
        """The English words and phrases."""
        return list(self.english)

    @cached_property
    def longest_phrase(self) -> int:
        """Words of the longest English entry."""
        return max((english.count(" ") + 1 for english in self.english), default=1)


def fold(word: str) -> str:
    """The form in which foreign words are compared."""
    return _OPTIONAL_SIGNS.sub("", unicodedata.normalize("NFC", word.lower()))


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
        if "-" in ours:
            english.setdefault(ours.replace("-", " "), []).append(theirs)
        foreign.setdefault(fold(theirs), []).append(ours)
    return Lexicon(
        {word: tuple(dict.fromkeys(found)) for word, found in english.items()},
        {word: tuple(dict.fromkeys(found)) for word, found in foreign.items()},
    )


def load_lexicon(code: str, share: float = 1.0) -> Lexicon:
    """The lexicon of a language, or this share of its lines: the same ones every time, and all of a smaller
    share's."""
    with (FOLDER / f"{code}.txt").open(encoding="utf-8") as lines:
        return parse_lexicon(line for line in lines if crc32(line.encode()) < share * 2**32)


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
    """Replaces each English word or phrase that the lexicon knows with probability `ratio`.

    Of phrases ("how many") the longest counts. Slots, signs and unknown words (names) stay; a capital
    stays a capital; "Tom's" loses nothing. Between words of a script without spaces there is none, as
    in its real texts.
    """
    switched = "".join(theirs for theirs, _ in switched_pieces(text, lexicon, ratio, rng))
    switched = _SPACE_WITHIN.sub("", switched)
    return _SPACE_AT_SLOT.sub("", switched) if rng.random() < 0.5 else switched


def switched_pieces(
    text: str, lexicon: Lexicon, ratio: float, rng: Random
) -> list[tuple[str, str]]:
    """What `code_switch` joins: for each word, phrase, slot, space or sign what it becomes, and itself."""
    out, words, start = [], tokens(text), 0
    while start < len(words):
        phrase, choices = longest_phrase(words, start, lexicon)
        if choices and rng.random() < ratio:
            word = rng.choice(choices)
            word = word[0].upper() + word[1:] if phrase[0][0].isupper() else word
            out.append((word, "".join(phrase)))
        else:
            out += [(token, token) for token in phrase]
        start += len(phrase)
    return out


def longest_phrase(
    words: list[str], start: int, lexicon: Lexicon
) -> tuple[list[str], tuple[str, ...]]:
    """The tokens from `start` that are the longest English entry, with its foreign words; else one token."""
    for count in range(2 * lexicon.longest_phrase - 1, 0, -2):
        phrase = words[start : start + count]
        spaced = all(is_word(w) if i % 2 == 0 else w == " " for i, w in enumerate(phrase))
        if spaced and (choices := lexicon.english.get("".join(phrase).lower())):
            return phrase, choices
    return words[start : start + 1], ()


def gloss(text: str, lexicon: Lexicon) -> str:
    """Replaces each foreign word that the lexicon knows by its first English one.

    In scripts without spaces, and in what they write together with Latin letters (`kmで`), the longest
    entry that fits is a word, and words get spaces; so do words written onto a number (Amharic `በ<n0>`).
    """
    out = []
    for words in glossed_tokens(text, lexicon):
        is_run = len(words) > 1 or UNSPACED.search(words[0][0])
        english = [word if meaning is None else meaning for word, meaning in words]
        out += [f" {word} " if is_run else word for word in english]
    text = re.sub(r"(?<=[a-z])(?=<n)", " ", "".join(out))
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" (?=[.,?!])", "", text).strip()


def glossed_tokens(text: str, lexicon: Lexicon) -> list[list[tuple[str, str | None]]]:
    """Each token of a foreign text in the words that it is made of, with their English where it is known.

    Signs are English ones. Joined, the words are the text, but for an Ethiopic full stop of two signs.
    """
    return [
        list(longest_matches(token, lexicon)) if is_word(token) and UNSPACED.search(token)
        else [(token, sense(token, lexicon) or _SIGN_IN_ENGLISH.get(token))]
        for token in tokens(text.replace("፡፡", "።"))
    ]


def sense(word: str, lexicon: Lexicon) -> str | None:
    """The first English of a word; "how-many" is read as two words."""
    senses = lexicon.foreign.get(fold(word))
    return senses[0].replace("-", " ") if senses else None


def longest_matches(run: str, lexicon: Lexicon) -> Iterator[tuple[str, str | None]]:
    """Cuts text without spaces into the longest known words with their English; the rest stays whole."""
    start, unknown = 0, ""
    while start < len(run):
        lengths = range(min(lexicon.longest, len(run) - start), 0, -1)
        found = next((run[start : start + n] for n in lengths
                      if fold(run[start : start + n]) in lexicon.foreign), "")
        if found and unknown:
            yield unknown, None
            unknown = ""
        if found:
            yield found, sense(found, lexicon)
        unknown += "" if found else run[start]
        start += len(found) or 1
    if unknown:
        yield unknown, None


def coverage(texts: Iterable[str], known: Iterable[str]) -> tuple[float, Counter[str]]:
    """The share of the words of `texts` in `known`, and the others with their counts.

    Words that are always capitalised (names) are left out; scripts without capitals show no names, so
    there names count as missing. Runs of a script without spaces count as one word.
    """
    known = {fold(word) for word in known}
    seen: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for text in texts:
        for token in filter(is_word, tokens(text)):
            word = fold(token)
            seen[word] += 1
            lower[word] += not token[0].isupper() or word in known
    words = {word: count for word, count in seen.items() if lower[word]}
    missing = Counter({word: count for word, count in words.items() if word not in known})
    total = sum(words.values())
    return (1 - missing.total() / total if total else 0.0), missing
