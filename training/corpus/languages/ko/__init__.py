"""Korean: particles go by the sound before them, verbs by the style of speech that a text keeps throughout.

A text is worded in marks that `finish` resolves (see `clauses.txt` for those of verbs and particles): how
formal it is, whether things come before or after their number ("사과 12개를", "사과를 12개", "12개의 사과를")
and how much is left unsaid is drawn from the text itself, so that the same text always reads the same.
"""

from __future__ import annotations

import re
from random import Random
from zlib import crc32

from ...language import Count, Forms, Language, Person
from .names import FOREIGN_FEMALE, FOREIGN_MALE, KOREAN_FEMALE, KOREAN_MALE
from .stems import final_consonant
from .verbs import STYLES, Style, clause_ending, order

# Marks of a mention (name, gender, flags), of a counted noun (noun, number, counter, form), of a number word.
_MENTION = "\ue000{}\ue001{}\ue001{}\ue002"
_COUNTED = "\ue003{}\ue001{}\ue001{}\ue001{}\ue004"
_WORD = "\ue005"

_KOREAN = frozenset(KOREAN_FEMALE + KOREAN_MALE)


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: a subject before `_은` that may stay unsaid, `n` (always said), `poss` (지수의), `own` (자신의)."""
    name = who.name if first or not who.forms else who.forms["later"]
    flags = [form or "subject"]
    flags += ["pronoun"] * pronoun + ["first"] * first + ["role"] * bool(who.forms)
    return _MENTION.format(name, who.agreement, " ".join(flags))


def counted(count: Count, noun: Forms, form: str) -> str:
    """A noun with its number and counter; forms: `np` (사과 12개), `of` (12개의 사과), else either, or apart."""
    number = _number(count)
    if noun["class"] in _UNITS:
        return number + noun["class"]
    return _COUNTED.format(noun["noun"], number, noun["class"], form)


def _number(count: Count) -> str:
    return f"{_WORD}{count.text} " if count.word else count.text


# --- people

_MENTIONED = re.compile("\ue000(.*?)\ue001(.*?)\ue001(.*?)\ue002(_[가-힣]+)?( ?)")
_SPEAKER = {"나": {"_이": "내가", "의": "내"}, "저": {"_이": "제가", "의": "제"}}
_OWN = ("", "", "자신의 ", "가지고 있던 ")


class _People:
    """Words the mentions of one text, in order."""

    def __init__(self, style: Style, rng: Random) -> None:
        self.style, self.rng = style, rng
        self.named: set[str] = set()
        self.says_he = rng.random() < style.pronouns
        self.adds_i = rng.random() < style.child_names

    def word(self, match: re.Match) -> str:
        name, gender, flags, particle, blank = match.groups()
        particle = particle or ""
        self.named.add(gender if gender == "I" else name.removeprefix("한 ").removeprefix("그 "))
        if "own" in flags:
            return "" if gender == "I" else self.rng.choice(_OWN)
        unsaid = "subject" in flags and particle == "_은" and "pronoun" in flags and "first" not in flags
        if unsaid and len(self.named) == 1 and self.rng.random() < 0.65:
            return ""
        possessive = "의" if "poss" in flags else ""
        if gender == "I":
            word = _SPEAKER[self.style.speaker].get(possessive or particle)
            return (word or self.style.speaker + possessive + particle) + blank
        if "pronoun" in flags and self.says_he:
            name = "그녀" if gender == "f" else "그"
        elif self.adds_i and name in _KOREAN and final_consonant(name):
            name += "이"
        if "role" in flags and "first" in flags and particle == "_은":
            particle = "_이"  # 한 농부가
        return name + possessive + particle + blank


# --- nouns with their numbers

_COUNT = re.compile("\ue003(.*?)\ue001(.*?)\ue001(.*?)\ue001(.*?)\ue004(_[을이](?= ))?")
_UNITS = frozenset("시간 일 주 개월 분 킬로미터 마일 미터 센티미터 피트".split())


def _count(match: re.Match, rng: Random) -> str:
    noun, number, counter, form, particle = match.groups()
    particle = particle or ""
    if not form and particle:
        form = rng.choices(("np", "of", "apart"), (45, 15, 40))[0]
    if form == "of":
        return f"{number}{counter}의 {noun}{particle}"
    if form == "apart":
        return f"{noun}{particle} {number}{counter}"
    return f"{noun} {number}{counter}{particle}"


_NATIVE = "두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두".split()
_SINO = "이 삼 사 오 육 칠 팔 구 십 십일 십이".split()
_SINO_OF = dict(zip(_NATIVE, _SINO, strict=True))
# Counters that go with 일, 이, 삼; the others go with 하나, 둘, 셋.
_SINO_COUNTERS = "년|분|일|개월|월|층|점|세|인분|페이지|킬로미터|센티미터|미터|마일|피트|퍼센트|%"
_WORDED = re.compile(f"{_WORD}([가-힣]+) (?:({_SINO_COUNTERS}))?")
_SPECIAL = {"이 일": "이틀", "삼 일": "사흘", "사 일": "나흘", "오 일": "닷새", "육 월": "유월", "십 월": "시월"}


def _worded(match: re.Match) -> str:
    word, counter = match.groups()
    if not counter:
        return f"{word} "
    text = f"{_SINO_OF[word]} {counter}"
    return _SPECIAL.get(text, text)


# --- particles: the form after a consonant, after a vowel

_PARTICLES = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
}
_PARTICLE = re.compile(r"(.)_(으로|[은이을과])")
_ORPHAN = re.compile(r"(^|(?<=\s))_[은이] ?")
_PREFIXED_SUM = re.compile(r"([$€]<q\d+>)(_[가-힣]+)")


def _particle(match: re.Match, style: Style) -> str:
    before, particle = match.groups()
    final = final_consonant(before)
    if particle == "과" and style.with_word:
        return before + ("이" if final and style.with_word == "랑" else "") + style.with_word
    after_consonant, after_vowel = _PARTICLES[particle]
    if particle == "으로" and final == "ㄹ":
        return before + after_vowel
    return before + (after_consonant if final else after_vowel)


# --- the whole text

_ROPES = ("밧줄", "밧줄", "밧줄", "끈", "끈", "끈", "리본", "철사")
_SYMBOLS = {"킬로미터": "km", "센티미터": "cm", "미터": "m"}
_SYMBOL = re.compile(r"(?<!제곱)(킬로미터|센티미터|(?<!킬로)(?<!센티)미터)")
# What "if" is said of is a subject, not a topic: 지수가 12개를 가지고 있다면.
_CONDITION = re.compile(r".*¦(?:다면|다고|을때)")
_I_AS_SUBJECT = re.compile(r"(?<![가-힣])([나저])_이")
# "Then" in front of a clause makes the one inside it too much.
_THEN_TWICE = re.compile(
    r"((?:^|[.,] )(?:그 후|그다음에?|그런 다음|그 뒤|그리고 나서|그러고 나서|나중에|이어서|잠시 후|얼마 뒤) (?:[^\s.,?]+ ){0,3}?)"
    r"(?:나중에|그다음에|이어서|그 후) "
)
_SLOT_AND_COUNTER = re.compile(r"(?<![$€])(<q\d+>)(?=[가-힣])")


def _as_condition(match: re.Match) -> str:
    text = match[0].replace("_은", "_이")
    return _I_AS_SUBJECT.sub(lambda m: _SPEAKER[m[1]]["_이"], text)


def finish(text: str) -> str:
    """Draws a style for the text and resolves every mark in it."""
    rng = Random(crc32(text.encode()))
    style = rng.choices([s for s, _ in STYLES], [weight for _, weight in STYLES])[0].drawn(rng)
    text = _ORPHAN.sub(r"\1", _MENTIONED.sub(_People(style, rng).word, text))
    text = _CONDITION.sub(_as_condition, text)
    text = _COUNT.sub(lambda m: _count(m, rng), text)
    text = _WORDED.sub(_worded, text)
    text = text.replace("밧줄", rng.choice(_ROPES))
    text = _PREFIXED_SUM.sub(lambda m: m[1] + _PARTICLES[m[2][1:]][1], text)
    text = order(clause_ending(text, style, rng), style, rng)
    text = _PARTICLE.sub(lambda m: _particle(m, style), text)
    text = _THEN_TWICE.sub(r"\1", text)
    if style.hante:
        text = text.replace("에게", "한테")
    if rng.random() < 0.35:
        text = _SYMBOL.sub(lambda m: _SYMBOLS[m[1]], text)
    if rng.random() < 0.12:
        text = _SLOT_AND_COUNTER.sub(r"\1 ", text)
    return re.sub(r" +", " ", text).replace(" .", ".").replace(" ?", "?").strip()


_COUNTERS = (
    "개 통 송이 덩어리 장 판 대 자루 권 부 벌 켤레 마리 그루 알 포기 척 명 시간 일 주 개월 분 킬로미터 마일 미터 센티미터 피트"
).split()
_ROLES = (
    "농부 제빵사 가게_주인 정원사 목수 재단사 사서 요리사 상인 학생 이웃 수집가 과일_장수 소년 소녀 아주머니 아저씨 어부 화가"
).split()


def _by_unit(hour: str, day: str, week: str, month: str, minute: str) -> dict[str, str]:
    return {"시간": hour, "일": day, "주": week, "개월": month, "분": minute}


LANGUAGE = Language(
    code="ko",
    names={"f": KOREAN_FEMALE + FOREIGN_FEMALE, "m": KOREAN_MALE + FOREIGN_MALE},
    number_words=dict(enumerate(_NATIVE, start=2)),
    fractions={2: "절반", 3: "삼분의 일", 4: "사분의 일", 5: "오분의 일"},
    currencies=(
        ("{}원", "원"),
        ("{}원", "원"),
        ("{}원", "원"),
        ("{}달러", "달러"),
        ("{}달러", "달러"),
        ("{}달러", "달러"),
        ("${}", "달러"),
        ("{}유로", "유로"),
        ("{}파운드", "파운드"),
        ("{}엔", "엔"),
    ),
    person=person,
    noun_columns=("noun", "class"),
    bare_form="noun",
    counted=counted,
    number=_number,
    concords={
        "c": {counter: counter for counter in _COUNTERS},
        "per": _by_unit("한 시간에", "하루에", "일주일에", "한 달에", "일 분에"),
        "every": _by_unit("매시간", "매일", "매주", "매달", "매분"),
        "dang": _by_unit("시간당", "하루에", "주당", "한 달에", "분당"),
        "one": _by_unit("한 시간", "하루", "한 주", "한 달", "일 분"),
        "how": _by_unit("몇 시간", "며칠", "몇 주", "몇 달", "몇 분"),
    },
    roles=[
        {
            "first": f"한 {role.replace('_', ' ')}",
            "later": f"그 {role.replace('_', ' ')}",
            **({"gender": "f"} if role in ("소녀", "아주머니") else {}),
            **({"gender": "m"} if role in ("소년", "아저씨") else {}),
        }
        for role in _ROLES
    ],
    first_person=True,
    openers=(
        "그 후 {}",
        "그다음 {}",
        "그다음에 {}",
        "그런 다음 {}",
        "그 뒤 {}",
        "그리고 나서 {}",
        "그러고 나서 {}",
        "나중에 {}",
        "이어서 {}",
        "잠시 후 {}",
        "얼마 뒤 {}",
    ),
    then_words=("나중에", "그다음에", "이어서", "그 후"),
    joins=("¦고 ", "¦고, ", "¦고 ", "¦는데 ", "¦며 "),
    merges=("¦고 ", "¦는데 ", "¦고, "),
    event_merges=("¦후 ", "¦다음 ", "¦고서 "),
    conditionals=(
        "{facts}¦다면 {question}",
        "{facts}¦다면, {question}",
        "만약 {facts}¦다면 {question}",
        "{facts}¦다고 할 때, {question}",
        "{facts}¦다고 하면, {question}",
        "{facts}¦을때, {question}",
    ),
    finish=finish,
)
