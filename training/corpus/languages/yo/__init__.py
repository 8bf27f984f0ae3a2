"""Yoruba: no inflection, no genders; a noun comes before its number, "ó" is he and she.

Everything about people is settled in `finish`: a name is repeated as soon as two are known, and a subject
is never left out ("Adé ra ọsàn, ó sì ta ...", "..., Bọ́lá sì ní ..."). `°` in a pattern that does not begin
with a person is where this "sì" (and) stands. A quarter of the texts drop the tone marks, as people type; a
few drop every mark. The text itself is the seed, so the same text always reads the same.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random
from zlib import crc32

from ...language import Count, Forms, Language, Person
from ..names import FEMALE, MALE
from .names import MEN, WOMEN

# Marks of the text before `finish`. A mention: key, form, name, flag (I the speaker, p a pronoun will do).
_MENTION = "\ue000{}\ue001{}\ue001{}\ue001{}\ue002"
_AND = "\ue010"  # the clause that begins here gets "sì"
_BREAK = "\ue012"  # a clause begins here
_SAME = "\ue011"  # the subject of the clause before
_MANY = "\ue013"  # where the plural's "àwọn" may stand

# Shares of the texts.
_NO_TONES = 0.25
_NO_MARKS = 0.06
_CONTRACTED = 0.65  # "ló", "tó" for "ni ó", "tí ó"
_NAMED_AGAIN = 0.25  # people are named again and again, as in translated problems
_PLURALS = 0.2  # "àwọn ọsàn 12", as in translated problems
_SPELT_OTHERWISE = 0.35  # of each spelling of `_SPELLINGS`

# --- people

# A verb (or "fún", for) with its object: before a name, with him or her, with me.
_WITH_OBJECT = {
    "fún": ("fún", "fún un", "fún mi"),
    "jù": ("ju", "jù ú", "jù mí"),
    "gbà": ("gba", "gbà á", "gbà mí"),
    "ná": ("ná", "ná an", "ná mi"),
    "tà": ("ta", "tà á", "tà mí"),
    "tẹ̀": ("tẹ", "tẹ̀ ẹ́", "tẹ̀ mí"),
    "sí": ("sí", "sí i", "sí mi"),
    "bá": ("bá", "bá a", "bá mi"),
    "bí": ("bí", "bí i", "bí mi"),
    "wu": ("wu", "wù ú", "wù mí"),
    "ni": ("ni", "ni", "ni mí"),
    "wé": ("fi wé", "fi wé e", "fi wé mi"),
}
_PRONOUNS = {"": "ó", "poss": "rẹ̀", "ti": "tirẹ̀"}
_SPEAKER = {"": "mo", "pro": "mo", "n": "èmi", "poss": "mi", "own": "mi", "ti": "tèmi"}


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject, `pro` (always ó), `n` (always named), `poss`, `own` (always rẹ̀), `ti` (ti Adé, tirẹ̀),
    and the verbs of `_WITH_OBJECT` with the person as their object."""
    if who.speaker:
        return _MENTION.format("", form, "", "I")
    if form in ("pro", "own"):
        return {"pro": "ó", "own": "rẹ̀"}[form]
    name = who.name if first or not who.forms else who.forms["later"]
    key = who.forms["later"] if who.forms else who.name
    return _MENTION.format(key, form, name, "p" if pronoun else "")


def counted(count: Count, noun: Forms, form: str) -> str:
    """`ọsàn 12`, `ọsàn mẹ́ta`."""
    return f"{_MANY if noun['class'] in 'tp' else ''}{noun['noun']} {count.text}"


_MARKED = re.compile(
    "(\ue010?)\ue000([^\ue001]*)\ue001([^\ue001]*)\ue001([^\ue001]*)\ue001([^\ue002]*)\ue002"
    "|([\ue010-\ue012])|[.?](?= |$)"
)


class _People:
    """Who has been named in a text and who is the subject of the clause."""

    def __init__(self, named_again: bool) -> None:
        self.named: list[str] = []
        self.subject: str | None = None
        self.last: str | None = None  # the last one mentioned in this clause
        self.named_again = named_again

    def pronoun(self) -> str:
        """What stands for the subject of the clause before."""
        if self.subject == "":
            return "mo"
        return "ó" if len(self.named) < 2 or self.subject is None else self.subject

    def word(self, match: re.Match) -> str:
        """What stands for one mark; at the end of a sentence there is no subject."""
        joined, key, form, name, flag, mark = match.groups()
        if mark == _SAME:
            return self.pronoun()
        if key is None:
            self.subject = self.last = None
            return match.group() if mark != _BREAK else ""
        if joined:
            self.subject = self.last = None
        again = key == self.last
        self.last = key
        if key and key not in self.named:
            self.named.append(key)
        if self.subject is None:
            self.subject = key
        known = flag == "p" and len(self.named) == 1 and not self.named_again
        text = self._worded(form, name, flag, known or again)
        if joined:
            return f"{text} sì" if form == "" else _AND + text
        return text

    @staticmethod
    def _worded(form: str, name: str, flag: str, known: bool) -> str:
        verb = _WITH_OBJECT.get(form)
        if flag == "I":
            return verb[2] if verb else _SPEAKER[form]
        if known and form != "n":
            return verb[1] if verb else _PRONOUNS[form]
        return f"{verb[0]} {name}" if verb else f"ti {name}" if form == "ti" else name


# --- the whole text

# A pronoun before "yóò" (will) and "kò" (not) falls away or changes.
_AUXILIARIES = (
    (re.compile(r"\bó (sì )?(yóò|kò)\b"), r"\2 \1"),
    (re.compile(r"\bmo (sì )?yóò\b"), r"èmi yóò \1"),
    (re.compile(r"\bmo (sì )?kò\b"), r"mi ò \1"),
    (re.compile(r"\b(wá|sì) \1\b"), r"\1"),
)
_SI = re.compile(f"{_AND}([^°.?,;{_AND}]*)°")
_CONTRACTIONS = ((re.compile(r"\bni ó\b"), "ló"), (re.compile(r"\b([tk])í ó\b"), r"\1ó"))
# The same word as others spell or say it, lower case and with a capital; a text keeps to one of the two.
_SPELLINGS = tuple(
    tuple(
        (re.compile(rf"(?<!\w){unicodedata.normalize('NFC', cased(one))}(?!\w)"), cased(other))
        for cased in (str, lambda word: word[0].upper() + word[1:])
    )
    for one, other in (
        ("ojú-ìwé", "ojú ewé"),
        ("ènìyàn", "èèyàn"),
        ("ṣẹ́kù", "ṣẹ́ kù"),
        ("lójoojúmọ́", "lójúmọ́"),
        ("ní dọ́gbadọ́gba", "lọ́gbọọgba"),
        ("sọ́ọ̀bù", "ṣọ́ọ̀bù"),
        ("ṣẹ́ńjì", "ṣéńjì"),
        ("ilé-ìwé", "ilé ìwé"),
        ("ìrìn-àjò", "ìrìn àjò"),
        ("adìẹ", "adìyẹ"),
        ("tòmátì", "tòmátò"),
        ("máńgòrò", "mángòrò"),
        ("bísíkítì", "bisikíìtì"),
        ("kọ̀ǹpútà", "kọ̀mpútà"),
    )
)
_TONES = re.compile("[\u0300\u0301\u0304]")
_DOTS = re.compile("\u0323")
_MELO = re.compile(r"\b([Mm])eloo\b")
_START = re.compile(r"(^|[.?] )(\w)")


def _typed(text: str, dots: bool) -> str:
    """The text without tone marks, perhaps without under-dots."""
    text = _TONES.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text if dots else _DOTS.sub("", text))


def finish(text: str) -> str:
    """Names people or says "ó", joins clauses, contracts, and drops marks as people do."""
    rng = Random(crc32(text.encode()))
    text = _MARKED.sub(_People(rng.random() < _NAMED_AGAIN).word, text)
    text = _SI.sub(r"\1sì ", text).replace("°", "").replace(_AND, "")
    text = text.replace(_MANY, "àwọn " if rng.random() < _PLURALS else "").replace("àwọn àwọn", "àwọn")
    for pattern, instead in _AUXILIARIES:
        text = pattern.sub(instead, text)
    if rng.random() < _CONTRACTED:
        for pattern, instead in _CONTRACTIONS:
            text = pattern.sub(instead, text)
    text = re.sub(r" +(?=[,.;?])", "", re.sub(" {2,}", " ", text)).strip()
    text = unicodedata.normalize("NFC", text)
    for spelling in _SPELLINGS:
        if rng.random() < _SPELT_OTHERWISE:
            for pattern, instead in spelling:
                text = pattern.sub(instead, text)
    text = unicodedata.normalize("NFC", _START.sub(lambda match: match[1] + match[2].upper(), text))
    draw = rng.random()
    if draw > _NO_TONES + _NO_MARKS:
        return text
    text = _typed(text, draw < _NO_TONES)
    return _MELO.sub(r"\1elo", text) if rng.random() < 0.5 else text


# --- tables

_ROLES = {
    "f": "aránṣọ|olùkọ́|olùtajà|obìnrin|ìyá|ọmọbìnrin|akẹ́kọ̀ọ́bìnrin|alásè|onísọ́ọ̀bù|oníṣòwò|ìyálọ́jà|nọ́ọ̀sì|aṣebúrẹ́dì",
    "m": "àgbẹ̀|káfíńtà|olùkọ́|bàbá|ọmọkùnrin|ọkùnrin|apẹja|olùṣọ́gbà|onísọ́ọ̀bù|oníṣòwò|awakọ̀|kóòṣì|bíríkìlà|aṣebúrẹ́dì",
}

# Foreign names that are Yoruba words when the marks are dropped ("lára" of, "yàrá" room).
_WORDS = frozenset("Gita Ida Lara Yara Arun Jin Kofi Segun Wale".split())

LANGUAGE = Language(
    code="yo",
    names={
        "f": WOMEN * 2 + [name for name in FEMALE if name not in _WORDS],
        "m": MEN * 2 + [name for name in MALE if name not in _WORDS],
    },
    number_words=dict(
        enumerate(
            "méjì mẹ́ta mẹ́rin márùn-ún mẹ́fà méje mẹ́jọ mẹ́sàn-án mẹ́wàá mọ́kànlá méjìlá".split(), start=2
        )
    ),
    fractions={
        2: "ìdajì",
        3: "ìdá kan nínú mẹ́ta",
        4: "ìdá kan nínú mẹ́rin",
        5: "ìdá kan nínú márùn-ún",
    },
    currencies=(
        *[("náírà {}", "náírà")] * 4,
        *[("₦{}", "náírà")] * 4,
        ("N{}", "náírà"),
        ("{} náírà", "náírà"),
        *[("dọ́là {}", "dọ́là")] * 2,
        *[("${}", "dọ́là")] * 3,
        ("{} dọ́là", "dọ́là"),
        ("yúrò {}", "yúrò"),
        ("€{}", "yúrò"),
        ("pọ́n-ùn {}", "pọ́n-ùn"),
        ("sẹ́fà {}", "sẹ́fà"),
        ("sidì {}", "sidì"),
    ),
    person=person,
    noun_columns=("noun", "class"),
    bare_form="noun",
    noun_classes=("t", "p", "hour", "day", "week", "month", "minute", "u"),
    counted=counted,
    concords={
        "every": {
            "hour": "ní wákàtí kọ̀ọ̀kan",
            "day": "lójoojúmọ́",
            "week": "lọ́sọ̀ọ̀sẹ̀",
            "month": "lóṣooṣù",
            "minute": "ní ìṣẹ́jú kọ̀ọ̀kan",
        },
        "per": {
            "hour": "ní wákàtí kan",
            "day": "lóòjọ́",
            "week": "lọ́sẹ̀",
            "month": "lóṣù",
            "minute": "ní ìṣẹ́jú kan",
        },
        "they": {"": "wọ́n", "I": "a"},  # a group that the person belongs to
        "àwọn": {"": "àwọn", "I": "àwa"},
        "their": {"": "wọn", "I": "wa"},
    },
    roles=[
        {"first": f"{role} kan", "later": f"{role} náà", "gender": gender}
        for gender, roles in _ROLES.items()
        for role in roles.split("|")
    ],
    first_person=True,
    openers=(
        "lẹ́yìn náà, {}",
        "lẹ́yìn náà, {}",
        "lẹ́yìn náà {}",
        "lẹ́yìn èyí, {}",
        "nígbà tí ó yá, {}",
        "nígbà tí ó ṣe díẹ̀, {}",
        "lẹ́yìn ìgbà díẹ̀, {}",
    ),
    then_words=("wá",),
    joins=(", " + _AND, ", " + _AND, "; " + _BREAK, ", àti pé " + _BREAK),
    merges=(f", {_SAME} sì ", f", {_SAME} sì ", f" {_SAME} sì "),
    event_merges=(f", {_SAME} wá ", f", lẹ́yìn náà {_SAME} ", f", lẹ́yìn náà, {_SAME} "),
    conditionals=tuple(
        frame.replace("/", _BREAK)
        for frame in (
            "tí a bá mọ̀ pé {facts}, /{question}",
            "bí a bá mọ̀ pé {facts}, /{question}",
            "ká ní {facts}, /{question}",
            "ká sọ pé {facts}, /{question}",
            "jẹ́ ká sọ pé {facts}. {question}",
            "ẹ jẹ́ ká gbà pé {facts}. {question}",
            "níwọ̀n ìgbà tí {facts}, /{question}",
            "{question}, tí a bá mọ̀ pé /{facts}?",
        )
    ),
    finish=finish,
)
