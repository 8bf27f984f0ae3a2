"""The question of an open problem: its numerals, its number words, and the constants it speaks of.

Numerals are read as the page reads them (src/bridge/numerals.ts): `3/4` is one, `1,200` is one.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

_NUMERAL = re.compile(
    r"(?<![\d.,/])\d+/\d+(?![.,/]?\d)|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+"
)
_THOUSANDS_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_MIXED = re.compile(r"(?<![\d./,])(\d+) (\d+)/(\d+)(?![.,/]?\d)")
_NAMES = re.compile(r"[A-Z]\w+(?:, [A-Z]\w+)*,? and [A-Z]\w+")
_SENTENCE_END = re.compile(r"[.?!;]\s")

_UNITS = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
CARDINALS = {word: value for value, word in enumerate(_UNITS + _TEENS, 1)}
LAST_WORD = 12  # number words up to here stay words, as in the corpus; "forty" is read as 40
_VALUES = CARDINALS | {word: 10 * value for value, word in enumerate(_TENS, 2)}
# All words of cardinal numbers, and those that come with them ("a hundred and six").
NUMBER_NAMES = frozenset([*_VALUES, "hundred", "thousand", "a", "an", "and"])
_ORDINALS = "third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
_BELOW_TWENTY = "|".join(sorted(CARDINALS, key=len, reverse=True))
_SMALL = f"(?:(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_UNITS)}))?|{_BELOW_TWENTY})"
_GROUP = rf"(?:(?:an?|{_SMALL}) hundred(?: (?:and )?{_SMALL})?|{_SMALL})"
_CARDINAL = re.compile(
    rf"\b(?:(?:an? |{_GROUP} )thousand(?:,? (?:and )?{_GROUP})?|{_GROUP})\b"
    rf"(?![- ](?:{_ORDINALS}|half|halve|hal|dozen|hundred|thousand|million)|-(?:first|second))",
    re.IGNORECASE,
)

# Words that are numbers in a solution.
_NUMBER_WORDS: dict[str, int] = {
    "half": 2, "halves": 2, "twice": 2, "double": 2, "doubled": 2, "doubles": 2, "pair": 2, "pairs": 2,
    "couple": 2, "both": 2, "thrice": 3, "triple": 3, "tripled": 3, "triplets": 3, "quadruple": 4,
    "quadrupled": 4, "dozen": 12, "dozens": 12, "century": 100,
}  # fmt: skip
_NUMBER_WORDS |= {word: value for word, value in CARDINALS.items() if value <= LAST_WORD}
_SHARES = dict(zip(_ORDINALS.split("|"), (3, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12), strict=True))
_SHARES |= {f"{word}s": value for word, value in _SHARES.items()}
_SHARE_WORDS = frozenset([*_SHARES, "half", "halves"])

# Constants that a word stands for without being a number, beside 1 and 2.
_CONSTANTS: dict[str, tuple[int, ...]] = {
    "second": (60,), "decade": (10,),
    "week": (7, 52, 4), "weekly": (7, 52, 4), "weekday": (5,), "friday": (5,),
    "daily": (7, 24), "day": (7, 24), "month": (4, 12), "monthly": (4, 12), "year": (12, 52),
    "yearly": (12, 52), "annual": (12, 52), "annually": (12, 52), "hour": (24, 60),
    "hourly": (24, 60), "minute": (60,), "foot": (12, 3), "feet": (12, 3), "inch": (12,),
    "yard": (3,), "percent": (100,), "percentage": (100,), "%": (100,), "cent": (100,),
    "$": (100,), "dollar": (100,), "penny": (100,), "pennies": (100,), "nickel": (5, 100),
    "dime": (10, 100), "meter": (100,), "cm": (100,), "centimeter": (100,), "mm": (10,),
    "quarter": (4,), "square": (4,), "triangle": (3,), "sunday": (7,), "saturday": (7,),
    "average": tuple(range(3, 13)), "mean": tuple(range(3, 13)),
}  # fmt: skip


class Numeral(NamedTuple):
    """A numeral as written, its value, and where it stands."""

    text: str
    value: Fraction
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Mention:
    """A number of the text: what stands for it in a solution (`<n0>`, or `3` for "three"), and where."""

    token: str
    value: Fraction
    sentence: int
    near: frozenset[str]  # stems of the words around it
    unit: str  # stem of the first meaningful word after it
    kind: str  # "money" or "percent"; of words "cardinal" or "share" (half, a third); else ""


@lru_cache(maxsize=64)
def read_numerals(text: str) -> tuple[Numeral, ...]:
    """The numerals of a question in order: these become `<n0>`, `<n1>`, ..."""
    return tuple(
        Numeral(m.group(), value_of(m.group()), *m.span()) for m in _NUMERAL.finditer(text)
    )


def value_of(text: str) -> Fraction:
    """The value of a numeral; `1.250` is 1250 as the page reads it. Raises ZeroDivisionError for 1/0."""
    value = Fraction(text.replace(",", ""))
    return value * 1000 if _THOUSANDS_POINT.fullmatch(text) else value


def slotted(text: str, numerals: tuple[Numeral, ...]) -> str:
    """The text with `<n0>`, `<n1>`, ... for its numerals."""
    out, end = [], 0
    for index, numeral in enumerate(numerals):
        out += [text[end : numeral.start], f"<n{index}>"]
        end = numeral.end
    return "".join([*out, text[end:]])


def _word_value(words: str) -> int:
    total = group = 0
    for word in re.split(r"[ ,-]+", words.lower()):
        if word == "thousand":
            total, group = total + (group or 1) * 1000, 0
        elif word == "hundred":
            group = (group or 1) * 100
        else:
            group += _VALUES.get(word, 0)  # "a", "and" add nothing
    return total + group


def large_words_as_numerals(text: str) -> str:
    """`forty-five` as `45`, `2 1/2` as `2.5`; words up to twelve stay words."""
    text = _MIXED.sub(_decimal, text)
    return _CARDINAL.sub(
        lambda m: m.group() if (value := _word_value(m.group())) <= LAST_WORD else str(value), text
    )


def _decimal(mixed: re.Match) -> str:
    whole, top, bottom = map(int, mixed.groups())
    if bottom == 0 or 100 % bottom:
        return mixed.group()
    return f"{float(whole + Fraction(top, bottom)):g}"


def small_words_as_numerals(text: str) -> str:
    """`seven apples` as `7 apples`; "one" stays, it is often no number."""
    return _CARDINAL.sub(
        lambda m: m.group() if (value := _word_value(m.group())) < 2 else str(value), text
    )


def spelled_values(text: str) -> set[int]:
    """The values that the text also has as number words."""
    return {CARDINALS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in CARDINALS}


def mentions(text: str) -> list[Mention]:
    """The numerals of the text in order, then its number words."""
    found = [
        _mention(text, f"<n{index}>", numeral.value, numeral.start, numeral.end)
        for index, numeral in enumerate(read_numerals(text))
    ]
    for match in re.finditer(r"[a-z]+", text.lower()):
        value = _NUMBER_WORDS.get(match.group())
        if value is None and _is_share(text, match):
            value = _SHARES[match.group()]
        if value is not None:
            found.append(_mention(text, str(value), Fraction(value), *match.span()))
    return found


def _is_share(text: str, match: re.Match) -> bool:
    """Whether "third" is a share ("a third of them") and not an ordinal ("the third day")."""
    return match.group() in _SHARES and bool(
        re.search(r"(?:\b(?:an?|one|two|three|four|five)|\d)[- ]$", text[: match.start()].lower())
        or re.match(r" (?:of|as) ", text[match.end() :])
    )


def _mention(text: str, token: str, value: Fraction, start: int, end: int) -> Mention:
    before = re.split(r"[.?!;] ", text[:start])[-1].split()
    after = re.split(r"[.?!;] ", text[end:] + " ")[0]
    following = stems(" ".join(after.split()[:4]))
    if text[start:end].lower() in CARDINALS:
        kind = "cardinal"
    elif text[start:end].lower() in _SHARE_WORDS:
        kind = "share"
    elif text[:start].endswith("$") or re.match(r"[ -](?:dollars?|bucks|cents?)\b", text[end:]):
        kind = "money"
    else:
        kind = "percent" if re.match(r" ?%|[- ]percent", text[end:]) else ""
    return Mention(
        token=token,
        value=value,
        sentence=sum(stop.start() < start for stop in _SENTENCE_END.finditer(text)),
        near=frozenset(stems(" ".join(before[-4:])) + stems(" ".join(after.split()[:6]))),
        unit=following[0] if following else "",
        kind=kind,
    )


def constants(text: str) -> set[int]:
    """Whole numbers that a solution may use though the question does not have them.

    1 and 2, what the units call for, and how many names an enumeration has ("Ann, Ben and Tom each").
    """
    allowed = {1, 2}
    for word in re.findall(r"[a-z]+|[$%]", text.lower()):
        for form in (word, word.removesuffix("s"), word.removesuffix("es")):
            allowed.update(_CONSTANTS.get(form, ()))
    allowed.update(names.count(",", 0, names.rindex(" and")) + 2 for names in _NAMES.findall(text))
    return allowed


def is_hundredths(text: str, numeral: Numeral) -> bool:
    """Whether the numeral is so many hundredths: a percentage, or cents."""
    return bool(re.match(r" ?%|[- ](?:percent|cents?\b)|¢", text[numeral.end : numeral.end + 9]))


_COMMON = frozenset(
    "with have from that this they then than were each much many more does will into them their"
    " his her the and for are was has had she out all not but who how of".split()
)


@lru_cache(maxsize=1024)
def stems(text: str) -> tuple[str, ...]:
    """First letters of the words that mean something, in order."""
    return tuple(word[:5] for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in _COMMON)
