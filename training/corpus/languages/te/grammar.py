"""Telugu word by word: case endings by the sound before them, and a whole text in one style of spelling.

Clauses write `రవి_కు`, `పుస్తకం_లో`, `పెన్నులు_ ధర` (the oblique alone); `decline` gives రవికి, పుస్తకంలో,
పెన్నుల ధర. Loan words keep their last consonant from their ending by a non-joiner (పెన్‌లు, జాన్‌కు).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

NON_JOINER = "\u200c"
VIRAMA = "్"

# --- how a text is written


@dataclass(frozen=True)
class Style:
    """Drawn once for a text."""

    dative: str  # కు or కి after other vowels than i
    locative: str  # పెట్టెల్లో or పెట్టెలలో
    he: str
    genitive: str  # "రవి యొక్క", as in translated texts
    choice: int  # which of the names of a thing
    apart: str  # between a foreign name and its case ending
    plural_apart: str  # between a loan word and its plural ending
    old_spelling: bool  # ళ్ళ for ళ్ల
    fused: bool  # బంతులున్నాయి
    drops: float  # share of the understood subjects that stay unsaid

    @classmethod
    def drawn(cls, rng: Random) -> Style:
        """The style of one text."""
        return cls(
            dative=rng.choices(("కు", "కి"), (70, 30))[0],
            locative=rng.choice(("ల్లో", "లలో")),
            he=rng.choices(("అతను", "అతడు", "తను"), (60, 32, 8))[0],
            genitive=rng.choices(("", " యొక్క"), (85, 15))[0],
            choice=rng.randrange(12),
            apart=rng.choices((NON_JOINER, " "), (82, 18))[0],
            plural_apart=rng.choices((NON_JOINER, ""), (70, 30))[0],
            old_spelling=rng.random() < 0.3,
            fused=rng.random() < 0.12,
            drops=rng.choice((0.1, 0.5, 0.8)),
        )


# --- cases

# oblique, accusative, dative
_IRREGULAR = {
    "నేను": ("నా", "నన్ను", "నాకు"),
    "మేము": ("మా", "మమ్మల్ని", "మాకు"),
    "అతను": ("అతని", "అతన్ని", "అతనికి"),
    "అతడు": ("అతడి", "అతడిని", "అతడికి"),
    "తను": ("తన", "తనను", "తనకు"),
    "ఆయన": ("ఆయన", "ఆయనను", "ఆయనకు"),
}
_SINGULAR = ("కుందేలు", "మైలు", "సైకిలు")  # the only ones in -లు that are not plurals
_MASCULINE = re.compile(r"(?:ుడు|వాడు|గాడు)$")
_PEOPLE_IN_RU = re.compile(r"(?:ద్దరు|గ్గురు|గురు|వారు|ందరు|మాస్టారు)$")
_I_VOWELS = "ిీై"


def oblique(word: str) -> str:
    """The form before a postposition or a thing owned."""
    if word in _IRREGULAR:
        return _IRREGULAR[word][0]
    if word.endswith("లు") and word not in _SINGULAR or word.endswith("ళ్ళు"):
        return word[:-1]
    if _MASCULINE.search(word) or _PEOPLE_IN_RU.search(word):
        return word[:-1] + "ి"
    return word


def decline(word: str, ending: str, style: Style) -> str:
    """The word with `ను`, `కు`, an ending in `లో`, another one, or none (its oblique)."""
    stem = oblique(word)
    if not ending:
        return stem
    if word in _IRREGULAR and ending in ("ను", "కు"):
        return _IRREGULAR[word][1 if ending == "ను" else 2]
    if stem.endswith("ం") and ending in ("ను", "కు"):
        stem = stem[:-2] + "ే" if stem.endswith("ెం") else stem[:-1] + "ా"
        return stem + ("న్ని" if ending == "ను" else "నికి")
    if stem.endswith(VIRAMA):
        return stem + style.apart + (style.dative if ending == "కు" else ending)
    if ending == "ను":
        return stem + ("ని" if stem[-1] in _I_VOWELS else "ను")
    if ending == "కు":
        return stem + ("కి" if stem[-1] in _I_VOWELS else style.dative)
    if ending.startswith("లో") and re.search(r"[^్]ల$", stem) and stem != word:
        return stem[:-1] + style.locative + ending[2:]
    return stem + ending


_TELUGU = "[\u0c00-\u0c7f]"
_CASE = re.compile(rf"({_TELUGU}+)_({_TELUGU}*)")
# After a numeral the accusative and the oblique go unmarked: $5 ఖర్చు చేశాడు, ₹5 ధర.
_CASE_OF_NUMERAL = re.compile(rf"(<q\d+>%?)_({_TELUGU}*)")


def decline_all(text: str, style: Style) -> str:
    """Resolves every case mark."""
    text = text.replace("_య ", f"_{style.genitive} ")
    text = _CASE_OF_NUMERAL.sub(lambda m: m[1] + ("" if m[2] == "ను" else m[2]), text)
    return _CASE.sub(lambda m: decline(m[1], m[2], style), text)


# --- names of things and spelling

_OPTIONS = re.compile(rf"(?:{_TELUGU}|[{NON_JOINER}~])+(?:/(?:{_TELUGU}|[{NON_JOINER}~])+)+")


def settle(text: str, style: Style) -> str:
    """Chooses among `పెట్టె/బాక్స్`, alike in the whole text."""

    def choose(match: re.Match) -> str:
        options = match[0].split("/")
        return options[style.choice % len(options)]

    return _OPTIONS.sub(choose, text).replace("~", " ")


_PEOPLE = {
    "రెండు": "ఇద్దరు",
    "మూడు": "ముగ్గురు",
    "నాలుగు": "నలుగురు",
    "ఐదు": "ఐదుగురు",
    "ఆరు": "ఆరుగురు",
    "ఏడు": "ఏడుగురు",
}
_COUNTED_PEOPLE = re.compile(rf"({'|'.join(_PEOPLE)}) మంది")
# Where joined letters still read well: మఫిన్లు, but షర్ట్‌లు.
_LOAN_PLURAL = re.compile(rf"(?<=[^{VIRAMA}][రనట]{VIRAMA}){NON_JOINER}(?=ల(?!ో))")
_FUSED = re.compile(r"లు (ఉన్నాయి|ఉంటాయి)")


def count_people(text: str) -> str:
    """Two to seven people have words of their own: ముగ్గురు for మూడు మంది."""
    return _COUNTED_PEOPLE.sub(lambda m: _PEOPLE[m[1]], text)


def spell(text: str, style: Style) -> str:
    """The spelling habits of one writer."""
    text = _LOAN_PLURAL.sub(style.plural_apart, text)
    if style.fused:
        text = _FUSED.sub(lambda m: "లు" + m[1][1:], text)
    if style.old_spelling:
        return text.replace("ళ్ల", "ళ్ళ")
    return text.replace("ళ్ళ", "ళ్ల")
