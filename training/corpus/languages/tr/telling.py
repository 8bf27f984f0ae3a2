"""How a Turkish text is told: its style, and every verb and predicate of it in the form of that style.

`tell` turns stems with marks into forms: `al~` present (alıyor, alır), `al^` past (`al^^` even after "if"),
`al*` past that lasts (alıyordu), `al>` aorist, `al&` future, `bul!` an order; `var=` a state, `var#` a state of
a story in the past, `var§` one that is over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from . import verbs

# Where "I" act, "I" am named otherwise, somebody else acts or is named; a clause that follows, one with the
# same subject; a condition and its end.
I_ACT, I_AM, IT_ACT, IT_AM = "\ue006\ue007\ue00e\ue00f"
JOIN, MERGE, IF, GIVEN, THEN = "\ue008\ue009\ue00a\ue00b\ue00c"
BOUNDARIES = JOIN + MERGE + IF + GIVEN + THEN


@dataclass(frozen=True)
class Style:
    """What is drawn once for a text."""

    present: str  # how a story in the present is told: alıyor, alır
    asks_aorist: bool  # questions in the present: kalır
    copula: bool  # vardır, liradır
    perfect: bool  # questions in the past: kalmıştır
    state_past: bool  # states of a story in the past: vardı
    if_past: bool  # aldıysa, not alırsa
    politeness: int  # bul, bulun, bulunuz
    tane: float  # share of counted things that have it
    pronouns: float  # share of the unsaid pronouns that are said


def draw(rng: Random) -> Style:
    """The style of one text: of a schoolbook, or as people talk."""
    formal = rng.random() < 0.4
    return Style(
        present="aorist" if rng.random() < (0.6 if formal else 0.3) else "continuous",
        asks_aorist=rng.random() < 0.7,
        copula=rng.random() < (0.8 if formal else 0.1),
        perfect=rng.random() < (0.5 if formal else 0.03),
        state_past=rng.random() < 0.6,
        if_past=rng.random() < 0.4,
        politeness=rng.choice((2, 2, 1) if formal else (0, 0, 1)),
        tane=rng.choice((0, 0, 0.15, 0.5)),
        pronouns=rng.choice((0, 0, 0, 0.4)),
    )


@dataclass
class _Clause:
    """How the verbs of one clause stand."""

    acts: bool  # "I" am the subject
    asks: bool
    condition: str  # IF, GIVEN or nothing
    as_present: bool  # the question after alırsa


_SENTENCE = re.compile(r"[^.?]+[.?]*\s*")
_BOUNDARY = re.compile(f"([{BOUNDARIES}])")
_MENTION = re.compile(f"([{I_ACT}{I_AM}{IT_ACT}{IT_AM}])")
_VERB = re.compile(r"([a-zçğıöşüâî]+)(\^\^|[~^*>&!])(?:¦(\w+))?")
_PREDICATE = re.compile(r"(\b(?:var|yok))?([=#§])(?:¦(\w+))?")
_OURS = re.compile(r"_o(?![a-zçğıöşü])")
_ALL_OF_US = {"ikisinin": "ikimizin", "üçünün": "üçümüzün"}


def tell(text: str, style: Style) -> str:
    """The text with its verbs and predicates worded, and `_o` as "our" or "their"."""
    told = I_ACT in text or I_AM in text
    return "".join(_sentence(sentence, told, style) for sentence in _SENTENCE.findall(text))


def _sentence(sentence: str, told: bool, style: Style) -> str:
    """`told`: the speaker is one of the people of the text."""
    out = ""
    clause = _Clause(False, "?" in sentence, "", False)
    for part in _BOUNDARY.split(sentence):
        if part and part in BOUNDARIES:
            if part == THEN:
                clause.as_present = clause.condition == IF and not style.if_past
                clause.condition = ""
            elif part in (IF, GIVEN):
                clause.condition = part
            if part != MERGE:
                clause.acts = False
        else:
            out += _clause(part, clause, told, style)
    return out


def _clause(text: str, clause: _Clause, told: bool, style: Style) -> str:
    out = ""
    for piece in _MENTION.split(text):
        if piece and piece in I_ACT + IT_ACT:
            clause.acts = piece == I_ACT
        elif piece and piece not in I_AM + IT_AM:
            piece = _VERB.sub(lambda m: _verb(*m.groups(), clause, style), piece)
            out += _PREDICATE.sub(lambda m: _predicate(*m.groups(), clause, style), piece)
    if I_ACT in text or I_AM in text or told and not _MENTION.search(text):
        for theirs, ours in _ALL_OF_US.items():
            out = out.replace(theirs, ours)
        return _OURS.sub("_mız", out)
    return _OURS.sub("_s", out)


def _verb(stem: str, mark: str, join: str | None, clause: _Clause, style: Style) -> str:
    first = clause.acts
    if join == "ip":
        return verbs.joining(stem)
    if join == "dıktan":
        return verbs.after(stem) + " sonra"
    if mark == "!":
        return verbs.order(stem, style.politeness)
    if clause.condition == GIVEN:
        return verbs.according(stem, first)
    if clause.as_present and mark in "^*":
        mark = ">"
    if clause.condition == IF:
        if mark == "^^" or mark == "^" and style.if_past:
            return verbs.conditional(verbs.past(stem, False), first)
        lasts = mark in "~*" and style.present == "continuous"
        form = verbs.continuous(stem, False) if lasts else verbs.aorist(stem, False)
        return verbs.conditional(form, first)
    if mark == "~" or mark == "*" and not style.state_past:
        aorist = style.asks_aorist if clause.asks else style.present == "aorist"
        return verbs.aorist(stem, first) if aorist else verbs.continuous(stem, first)
    if mark == "^" and clause.asks and style.perfect:
        return verbs.perfect(stem, first)
    return _FORMS[mark](stem, first)


_FORMS = {"^": verbs.past, "^^": verbs.past, "*": verbs.past_continuous, ">": verbs.aorist, "&": verbs.future}


def _predicate(word: str | None, mark: str, join: str | None, clause: _Clause, style: Style) -> str:
    word = word or ""
    first = clause.acts and not word
    if clause.condition == GIVEN:
        return " olduğuma" if first else " olduğuna"
    if clause.condition == IF:
        return word + ("_ysa" if word else "_ysam" if first else " ise")
    more = " ve" if join else ""
    if mark == "§" or mark == "#" and style.state_past and not clause.as_present:
        return word + ("_ydım" if first else "_ydı") + more
    if first:
        return word + "_yım" + more
    return word + ("_dır" if style.copula else "") + more
