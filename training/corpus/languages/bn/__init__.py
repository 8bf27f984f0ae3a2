"""Bengali: the verb agrees with who is spoken of (with respect or not, or "I"), cases are endings.

Patterns and the hooks below write marks that `finish` settles, drawing a style from the text itself:

- `«কেনা»` a verb in the tense of its code (`verbs.py`), agreeing with the last person named without an
  ending; `«কেনা.x»` with another one, `«দেওয়া.X:s»` with one of respect (মা, বাবা)
- `«আছে»` there is, there was; `«আছে:p»` there was; `«আছে:n»` there is; `«=»` nothing, "was"; `«রইল»` is left
- `_এ` the ending "in, at, for" after a sum: 5 টাকায়, $5-এ
- `কয়টি` how many; `টি`, `গুলো`, `করো` as in the written language: a text may speak otherwise
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from zlib import crc32

from ...language import Count, Forms, Language, Person
from .grammar import WORD, genitive, in_or_at, numbers, spell
from .names import ELDER_MEN, ELDER_WOMEN, MEN, WOMEN
from .verbs import VERBS, Tenses, inflect, participle

# Marks: a mention (name, gender, form, flags), the two ends of a condition, "having done".
_MENTION = "\ue000{}\ue001{}\ue001{}\ue001{}\ue002"
_IF, _END_IF = "\ue004", "\ue005"
_HAVING = "\ue006"

_ELDERS = frozenset(ELDER_MEN + ELDER_WOMEN)


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: the subject, `n` (one that stays when clauses join), `poss` (রহিমের), `obj` (রহিমকে), `own` (তার)."""
    name = who.name if first or not who.forms else who.forms["later"]
    flags = ["pronoun"] * pronoun + ["first"] * first
    return _MENTION.format(name, who.agreement, form, " ".join(flags))


def _number(count: Count) -> str:
    return WORD + count.text if count.word else count.text


def counted(count: Count, noun: Forms, form: str) -> str:
    """`12টি আপেল`, `5 জন বন্ধু`, `3 ঘণ্টা`."""
    classifier = {"টি": "টি ", "জন": " জন ", "একক": " "}[noun["class"]]
    return _number(count) + classifier + noun[form or "noun"]


# --- style


@dataclass(frozen=True)
class _Style:
    tenses: Tenses
    was: bool  # "the price was": a copula in the past
    respect: bool  # তিনি কিনলেন
    respect_roles: bool  # ... of a teacher, a farmer
    dropped: bool  # a subject that is understood stays unsaid
    colloquial: bool  # টা, কয়টা
    how_many: str
    order: str
    chandrabindu: bool  # তাঁর

    def manner(self, name: str, gender: str) -> str:
        """How somebody is spoken of: x, X with respect, I."""
        if gender == "I":
            return "I"
        respected = name in _ELDERS or (self.respect_roles if name in _GROWN_UP else self.respect)
        return "X" if respected and name not in _YOUNG else "x"


# How a text tells its events, whether its states are past, and how often.
_TENSES = ((("past", True), 30), (("past", False), 14), (("perfect", True), 17), (("perfect", False), 17),
           (("present", False), 22))


def _style(rng: Random, speaker: bool) -> _Style:
    (events, past), colloquial = rng.choices(*zip(*_TENSES, strict=True))[0], rng.random() < 0.22
    if speaker and events == "present":
        events = "past"
    respect = rng.random() < 0.35
    tenses = Tenses(
        events,
        past_states=past,
        past_habits=events == "past" and past and rng.random() < 0.4,
        pluperfect=rng.random() < 0.3,
        spelled_out=rng.random() < 0.3,
    )
    how_many = rng.choices(("কয়টি", "কতগুলো", "কতটি", "কতগুলি", "কটি"), (40, 22, 22, 8, 8))[0]
    return _Style(
        tenses=tenses,
        was=past and rng.random() < 0.4,
        respect=respect,
        respect_roles=respect or rng.random() < 0.7,
        dropped=rng.random() < 0.1,
        colloquial=colloquial,
        how_many=rng.choice(("কয়টা", "কতগুলো", "কটা")) if colloquial else how_many,
        order="করুন" if respect and rng.random() < 0.6 else rng.choice(("করো", "করো", "কর", "করুন")),
        chandrabindu=rng.random() < 0.8,
    )


# --- people and verbs

_PRONOUNS = {
    "x": {"": "সে", "poss": "তার", "obj": "তাকে"},
    "X": {"": "তিনি", "poss": "তাঁর", "obj": "তাঁকে"},
    "I": {"": "আমি", "poss": "আমার", "obj": "আমাকে"},
}


_MARKED = re.compile(
    "\ue000(.*?)\ue001(.*?)\ue001(.*?)\ue001(.*?)\ue002"
    f"|«([^».:]+)(?:\\.(\\w))?(?::(\\w))?»({_HAVING})?|([{_IF}{_END_IF}])"
)

_LISTED = re.compile("(?:,| ও| এবং| আর) \ue000")  # behind the first of several people


class _Reader:
    """Words the people and verbs of one text in order; knows who acts and whether a condition is open."""

    def __init__(self, style: _Style, rng: Random, mode: str) -> None:
        self.style, self.rng, self.mode = style, rng, mode
        self.named: set[str] = set()
        self.actor: str | None = None  # the manner of the last person without an ending

    def word(self, match: re.Match) -> str:
        name, gender, form, flags, verb, subject, code, having, border = match.groups()
        if border:
            self.mode = "if" if border == _IF else "then"
            return ""
        if verb:
            return self._verb(verb, subject, code or "", bool(having))
        listed = bool(_LISTED.match(match.string, match.end()))
        return self._person(name, gender, form.removeprefix("n"), flags.split(), listed)

    def _person(self, name: str, gender: str, form: str, flags: list[str], listed: bool) -> str:
        bare = name.removeprefix("একজন ")
        acting = self.style.manner(bare, gender)
        if form == "" or self.actor is None:
            self.actor = acting
        if gender != "I":
            self.named.add(bare)
        if form == "own":
            form, flags = "poss", ["pronoun"]
        elif listed and gender == "I":
            form = "poss"  # আমার ও করিমের
        elif listed or len(self.named) > 1 and gender != "I":
            flags = []
        if "pronoun" in flags or gender == "I":
            if form == "" and self.style.dropped and "first" not in flags and self.rng.random() < 0.5:
                return ""
            word = _PRONOUNS[acting][form]
            return word if self.style.chandrabindu else word.replace("ঁ", "")
        return {"": name, "poss": genitive(name), "obj": name + "কে"}[form]

    def _verb(self, verb: str, subject: str | None, code: str, having: bool) -> str:
        style, mode = self.style, self.mode
        if having and (code or subject or verb not in VERBS):
            return self._verb(verb, subject, code, False) + " এবং"
        if having:
            return participle(verb) + self.rng.choice(("", ","))
        if verb == "আছে":
            return _there_is(code, style.tenses.past_states, mode)
        if verb == "=":
            return "হয়" if mode == "if" else "ছিল" if style.was and code == "" else ""
        if verb == "রইল":
            return self.rng.choice(("রইল", "আছে", "থাকবে", "থাকল") if mode == "plain" else ("থাকবে", "থাকবে", "রইল"))
        who = subject or self.actor or "x"
        return inflect(verb, code, who, style.tenses, mode)


def _there_is(code: str, past: bool, mode: str) -> str:
    if mode == "if":
        return "থাকে"
    if code == "n":
        return "থাকবে" if mode == "then" else "আছে"
    if mode == "then":
        return "আছে"
    return "ছিল" if past or code == "p" else "আছে"


# --- the whole text

_THEN = "তারপর|এরপর|পরে|তার পরে|পরবর্তীতে|কিছুক্ষণ পর"
_THEN_TWICE = re.compile(f"((?:{_THEN}),?) ((?:[^ ,।?]+ ){{0,3}}?)(?:পরে|এরপর) ")
# "Those two" are "we two" where the speaker is one of them.
_WITH_ME = re.compile("তাদের(?= (?:দুজনের|তিনজনের|কাছে) )")
_EVERY_DAY = re.compile("প্রতি দিন(ে?)(?![ঀ-৿])")


def finish(text: str) -> str:
    """Draws a style for the text and settles every mark in it."""
    rng = Random(crc32(text.encode()))
    speaker = "\ue001I\ue001" in text
    style = _style(rng, speaker)
    if speaker:
        text = _WITH_ME.sub("আমাদের", text)
    mode = "then" if _IF in text else "plain"
    text = _MARKED.sub(_Reader(style, rng, mode).word, text).replace(_HAVING, " এবং")
    text = _THEN_TWICE.sub(r"\1 \2", text)
    text = _EVERY_DAY.sub("প্রতিদিন", in_or_at(numbers(text, rng)))
    text = spell(text, style.how_many, style.order, style.colloquial, rng)
    return re.sub(r" +(?=[ ।?,;])|^ +", "", text)


# --- the language

_WORDS = "দুই তিন চার পাঁচ ছয় সাত আট নয় দশ এগারো বারো".split()
_GROWN_UP = (
    "কৃষক শিক্ষক দোকানদার দর্জি ফলবিক্রেতা মালী কাঠমিস্ত্রি রাঁধুনি ব্যবসায়ী জেলে শিল্পী সংগ্রাহক কারিগর শিক্ষিকা গৃহিণী ডাক্তার"
).split()
_YOUNG = frozenset("ছাত্র ছাত্রী বালক বালিকা".split())
_WOMEN_ROLES = frozenset("শিক্ষিকা গৃহিণী ছাত্রী বালিকা".split())

LANGUAGE = Language(
    code="bn",
    names={"f": WOMEN + ELDER_WOMEN, "m": MEN + ELDER_MEN},
    number_words=dict(enumerate(_WORDS, start=2)),
    fractions={2: "অর্ধেক", 3: "এক-তৃতীয়াংশ", 4: "এক-চতুর্থাংশ", 5: "এক-পঞ্চমাংশ"},
    currencies=(
        ("{} টাকা", "টাকা"),
        ("{} টাকা", "টাকা"),
        ("{} টাকা", "টাকা"),
        ("{} টাকা", "টাকা"),
        ("৳{}", "টাকা"),
        ("{} রুপি", "রুপি"),
        ("₹{}", "টাকা"),
        ("{} ডলার", "ডলার"),
        ("{} ডলার", "ডলার"),
        ("${}", "ডলার"),
        ("${}", "ডলার"),
        ("{} ইউরো", "ইউরো"),
        ("€{}", "ইউরো"),
        ("{} পাউন্ড", "পাউন্ড"),
    ),
    person=person,
    noun_columns=("noun", "gen", "loc", "class"),
    bare_form="noun",
    counted=counted,
    number=_number,
    roles=[
        {
            "first": f"একজন {role}",
            "later": role,
            "gender": "f" if role in _WOMEN_ROLES else "m",
        }
        for role in (*_GROWN_UP, *sorted(_YOUNG))
    ],
    first_person=True,
    openers=("তারপর {}", "তারপর {}", "এরপর {}", "এরপর {}", "পরে {}", "পরবর্তীতে {}", "কিছুক্ষণ পর {}", "তার পরে {}"),
    then_words=("পরে", "এরপর"),
    joins=(" এবং ", " আর ", ", আর ", " এবং ", "; "),
    merges=(" এবং ", " আর ", " এবং ", ", "),
    event_merges=(", তারপর ", " এবং তারপর ", ", পরে ", f"{_HAVING} ", f"{_HAVING} "),
    conditionals=(
        f"যদি {_IF}{{facts}}{_END_IF}, তাহলে {{question}}",
        f"যদি {_IF}{{facts}}{_END_IF}, তবে {{question}}",
        f"যদি {_IF}{{facts}}{_END_IF}, {{question}}",
        f"{{question}} যদি {_IF}{{facts}}{_END_IF}?",
        "{facts}। তাহলে {question}",
        "{facts}। তাহলে {question}",
    ),
    stop="।",
    finish=finish,
)
