"""Korean verb endings: the style of speech, the tense, and what joins a clause to the next.

`clause_ending` turns a stem with its mark (`사~` present, `사^` past, `사=` a state of the past) into its form:
`삽니다`, `샀어요`, `샀나요?`, before a join (`사^¦고`) into `샀고`. `-이` is the copula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random

from .stems import DESCRIPTIVE, EXISTENCE, Stem, close, final_consonant, soft, with_a

# --- styles


@dataclass(frozen=True)
class Style:
    """How a text speaks; the shares are drawn once for a text (`drawn`)."""

    name: str
    statement: str
    questions: tuple[str, ...]
    orders: tuple[str, ...]
    speaker: str
    pronouns: float  # share of texts that say 그, 그녀
    child_names: float  # share that says 지훈이는
    hante: float | bool  # 한테 for 에게
    long: float | bool  # 주었다 for 줬다
    with_share: float  # share that says 랑 or 하고 for 과
    with_word: str = ""  # which of the two, or nothing
    state_past: bool = True  # whether states of a story in the past are told in the past

    def drawn(self, rng: Random) -> Style:
        """The style of one text."""
        return replace(
            self,
            hante=rng.random() < self.hante,
            long=rng.random() < self.long,
            with_word=rng.choice(("랑", "하고")) if rng.random() < self.with_share else "",
            state_past=rng.random() < 0.5,
        )


_POLITE_ORDERS = ("세요", "세요", "아 보세요")
STYLES = (  # each with its weight
    (
        Style(
            name="formal",
            statement="formal",
            questions=("formal",) * 3 + ("asks",) * 3 + ("will",) * 2,
            orders=(*_POLITE_ORDERS, "시오", "시오", "십시오"),
            speaker="저",
            pronouns=0.15,
            child_names=0.45,
            hante=0.05,
            long=0.65,
            with_share=0.0,
        ),
        45,
    ),
    (
        Style(
            name="plain",
            statement="plain",
            questions=("before", "before", "before", "will"),
            orders=("시오", "시오", "여라", "아라"),
            speaker="나",
            pronouns=0.3,
            child_names=0.1,
            hante=0.05,
            long=0.75,
            with_share=0.0,
        ),
        28,
    ),
    (
        Style(
            name="polite",
            statement="casual_yo",
            questions=("asks", "asks", "will", "casual_yo"),
            orders=(*_POLITE_ORDERS, "아 주세요", "아 봐요"),
            speaker="저",
            pronouns=0.05,
            child_names=0.5,
            hante=0.5,
            long=0.15,
            with_share=0.3,
        ),
        20,
    ),
    (
        Style(
            name="casual",
            statement="casual",
            questions=("casual", "casual", "will", "asks_casual"),
            orders=("아 봐", "아 줘"),
            speaker="나",
            pronouns=0.0,
            child_names=0.6,
            hante=0.9,
            long=0.05,
            with_share=0.7,
        ),
        7,
    ),
)

_STATEMENTS = {
    "formal": lambda s: s.formal() + "니다",
    "plain": lambda s: s.plain(),
    "casual_yo": lambda s: s.casual() + "요",
    "casual": lambda s: s.casual(),
}
_QUESTIONS = {
    "formal": lambda s: s.formal() + "니까",
    "asks": lambda s: s.asks() + "요",
    "will": lambda s: s.will("까"),
    "before": lambda s: s.before("가"),
    "casual_yo": lambda s: s.casual() + "요",
    "casual": lambda s: s.casual(),
    "asks_casual": lambda s: s.asks(),
}
_JOINS = {
    "고": lambda s: s.text + "고",
    "며": lambda s: soft(s.text) + "며",
    "는데": lambda s: s.before("데"),
    "다면": lambda s: s.plain() + "면",
    "다고": lambda s: s.plain() + "고",
    "을때": lambda s: s.will(" 때"),
}
# Joins of two events: the first without its tense.
_SEQUENCE = {
    "고서": lambda s: s.text + "고",
    "후": lambda s: close(soft(s.text), "ㄴ") + " 후",
    "다음": lambda s: close(soft(s.text), "ㄴ") + " 다음",
}

# The copula is worded whole: after a consonant, after a vowel.
_COPULA_STATEMENTS = {
    "formal": ("입니다", "입니다"),
    "plain": ("이다", "이다"),
    "casual_yo": ("이에요", "예요"),
    "casual": ("이야", "야"),
}
_COPULA_QUESTIONS = {
    "formal": "입니까",
    "asks": "인가요",
    "will": "일까",
    "before": "인가",
    "asks_casual": "일까",
}
_COPULA_JOINS = {
    "고": ("이고", "이고"),
    "며": ("이며", "이며"),
    "는데": ("인데", "인데"),
    "다면": ("이라면", "라면"),
    "다고": ("이라고", "라고"),
    "을때": ("일 때", "일 때"),
}

_AFTER_WHICH = frozenset(_SEQUENCE) | {"고", "며"}
# What stands before 하 in "means to", "wants to", "has to".
_INTENDS = re.compile(r"(?:려고|싶어|야) $")
_VERB = re.compile(r"(?:(\S)-이|([가-힣]+))([~^=])(?:¦([가-힣]+))?(\??)")


def clause_ending(text: str, style: Style, rng: Random) -> str:
    """Every marked stem of a text in its form."""

    def word(match: re.Match) -> str:
        before, stem, tense, join, asks = match.groups()
        past = tense == "^" or tense == "=" and style.state_past
        sentence = match.string[: match.start()].rpartition(".")[2]
        if join in ("는데", "며") and ("는데" in sentence or stem and not past and _kind(stem) == "verb"):
            join = "고"  # "사는데" would say why, a second "는데" is one too many
        if join in _AFTER_WHICH and _INTENDS.search(match.string, 0, match.start()):
            join = "는데"  # 가려고 하는데: to intend is no event in a row
        if not stem:
            return before + _copula(before, past, style, join, asks, rng)
        return _word(stem, past, style, join, asks, rng)

    return _VERB.sub(word, text)


def _copula(
    before: str, past: bool, style: Style, join: str | None, asks: str, rng: Random
) -> str:
    after_vowel = not final_consonant(before)
    if past:
        return _inflect(Stem("였" if after_vowel else "이었", "past"), style, join, asks, rng)
    if join:
        return _COPULA_JOINS.get(join, _COPULA_JOINS["는데"])[after_vowel]
    if not asks:
        if style.statement == "plain" and after_vowel and rng.random() < 0.4:
            return "다"
        return _COPULA_STATEMENTS[style.statement][after_vowel]
    question = rng.choice(style.questions)
    if question in _COPULA_QUESTIONS:
        return _COPULA_QUESTIONS[question] + _yo(question, style) + asks
    return _COPULA_STATEMENTS[question][after_vowel] + asks


def _kind(stem: str) -> str:
    if stem.endswith(DESCRIPTIVE):
        return "descriptive"
    return "existence" if stem.endswith(EXISTENCE) else "verb"


def _word(stem: str, past: bool, style: Style, join: str | None, asks: str, rng: Random) -> str:
    kind = _kind(stem)
    if join in _SEQUENCE:
        if kind == "verb":
            return _SEQUENCE[join](Stem(stem, kind))
        join = "는데"
    if past:
        return _inflect(Stem(close(with_a(stem, style.long), "ㅆ"), "past"), style, join, asks, rng)
    return _inflect(Stem(stem, kind), style, join, asks, rng)


def _inflect(stem: Stem, style: Style, join: str | None, asks: str, rng: Random) -> str:
    if join:
        return _JOINS.get(join, _JOINS["는데"])(stem)
    if not asks:
        return _STATEMENTS[style.statement](stem)
    question = rng.choice(style.questions)
    return _QUESTIONS[question](stem) + _yo(question, style) + asks


def _yo(question: str, style: Style) -> str:
    """살까요 in polite texts, 살까 in the others."""
    return "요" if question == "will" and style.name in ("formal", "polite") else ""


# --- orders

_ORDER = re.compile(r"([가-힣]+)!")


def order(text: str, style: Style, rng: Random) -> str:
    """`구하!` as an order: 구하세요, 구하시오, 구해 보세요."""

    def word(match: re.Match) -> str:
        ending = rng.choice(style.orders)
        return with_a(match[1]) + ending[1:] if ending[0] == "아" else match[1] + ending

    return _ORDER.sub(word, text)
