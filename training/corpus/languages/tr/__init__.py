"""Turkish: suffixes go by vowel harmony, verbs by the style that a text keeps throughout.

A text is worded in marks that `finish` resolves (`telling.py` has those of verbs, `suffixes.py` those of
suffixes): the tense of telling, whether a pronoun is left unsaid, "tane" between a number and its noun are
drawn from the text itself, so that the same text always reads the same.
"""

from __future__ import annotations

import re
from random import Random
from zlib import crc32

from ...language import Count, Forms, Language, Person
from .names import FEMALE, MALE, READINGS
from .suffixes import inflect, spoken_number
from .telling import BOUNDARIES, GIVEN, I_ACT, I_AM, IF, IT_ACT, IT_AM, JOIN, MERGE, THEN, Style, draw, tell

# Marks: a mention (name, flags), how the word before is read, where "tane" may stand.
_MENTION = "\ue000{}\ue001{}\ue002"
_READ = "\ue003{}\ue004"
_TANE = "\ue005"

_CASES = {"gen": "_nın", "dat": "_a", "acc": "_ı", "abl": "_dan", "loc": "_da", "whose": "_nın"}


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject, `gen dat acc abl loc`, `whose` (a `gen` always said), `with` (the first of two owners)."""
    flags = [form or "subject"] + ["pronoun"] * (pronoun and not first) + ["I"] * who.speaker
    if not who.forms:
        return _MENTION.format(who.name, " ".join(flags))
    return _MENTION.format(who.forms["first" if first else "later"], " ".join([*flags, "role"]))


def number(count: Count) -> str:
    """The number, with how it is read where it is a numeral."""
    return count.text if count.word else count.text + _READ.format(spoken_number(count.value))


def counted(count: Count, noun: Forms, form: str) -> str:
    """`12 elma`, also `12 tane elma`: the noun stays singular."""
    return f"{number(count)} {_TANE if noun['class'] == 'thing' else ''}{noun['noun']}"


_SPOKEN_CURRENCY = {"$": "dolar", "₺": "lira", "€": "avro", "TL": "tele"}


def money(count: Count, frame: str) -> str:
    """A sum; suffixes go by how the symbol is read: 5 TL'ye, $5'a."""
    read = _SPOKEN_CURRENCY.get(frame.replace("{}", "").strip())
    return frame.format(count.text) + (_READ.format(read) if read else "")


# --- people

_MENTIONED = re.compile("\ue000(.*?)\ue001(.*?)\ue002")
_ME = {"subject": "ben", "gen": "benim", "dat": "bana", "acc": "beni", "abl": "benden", "loc": "bende",
       "with": "benim ve", "whose": "benim"}
_IT = {"subject": "o,", "gen": "onun", "dat": "ona", "acc": "onu", "abl": "ondan", "loc": "onda"}
_UNSAID = ("subject", "gen")
_CLAUSE_START = re.compile(f"[{BOUNDARIES}.?]")
_FINAL_Y = re.compile("(?<=[bcdfghjklmnprstvwz])y$")


class _People:
    """Words the mentions of one text, in order. "o" is he and she: where two are named, names stay."""

    def __init__(self, style: Style, rng: Random) -> None:
        self.style, self.rng = style, rng
        self.named: set[str] = set()

    def word(self, match: re.Match) -> str:
        name, (form, *flags) = match[1], match[2].split()
        self.named.add("I" if "I" in flags else name.removeprefix("bir "))
        clause = _CLAUSE_START.split(match.string[: match.start()])[-1]
        unsaid = form in _UNSAID and "\ue000" not in clause
        acts = form == "subject"
        if "I" in flags:
            said = not unsaid or self.rng.random() < (0.2 if "pronoun" in flags else 0.6)
            return (I_ACT if acts else I_AM) + (_ME[form] if said else "")
        return (IT_ACT if acts else IT_AM) + self._other(name, form, flags, unsaid)

    def _other(self, name: str, form: str, flags: list[str], unsaid: bool) -> str:
        if "pronoun" in flags and len(self.named) == 1 and form in _IT:
            return _IT[form] if not unsaid or self.rng.random() < self.style.pronouns else ""
        if form == "with":
            return name + self.rng.choice((" ile", " ve"))
        read = "" if "role" in flags else _READ.format(READINGS.get(name) or _read(name))
        return name + read + _CASES.get(form, "")


def _read(name: str) -> str:
    """How a name sounds, as far as its suffixes go by it."""
    last = name.rpartition(" ")[2]
    return _FINAL_Y.sub("i", last.replace("I", "ı").replace("İ", "i").lower())


# --- the whole text

_SUFFIXED = re.compile(r"([^\W\d_]+\+?|<q\d+>|[₺$€])(?:\ue003(.*?)\ue004)?((?:_[a-zçğıöşü]+)*)")
_ORDINAL = "\ue00d"  # the dot of "5. kat", which does not end a sentence
_LOST_COMMA = re.compile(r"(^|[.?;] |\bve |, ), ")  # where what stood before it was left unsaid
_START = re.compile(r"(?:^|(?<=[.?] ))[a-zçğıöşü]")
# "Then" in front of a clause makes the one inside it too much.
_THEN_TWICE = re.compile(
    r"((?:^|[.,] ?|ve )(?:bir süre |daha |bundan |)(?:sonra|ardından) [^.,?]*?)(?<![td][ae]n )\b(?:daha sonra|sonra|ardından) "
)


def finish(text: str) -> str:
    """Draws a style for the text and resolves every mark in it."""
    rng = Random(crc32(text.encode()))
    style = draw(rng)
    text = _MENTIONED.sub(_People(style, rng).word, text)
    text = tell(text, style)
    text = re.sub(_TANE, lambda _: _classifier(style, rng), text)
    text = _SUFFIXED.sub(_suffixed, text)
    text = re.sub(r" +", " ", text).replace(" .", ".").replace(" ?", "?").strip()
    text = _LOST_COMMA.sub(r"\1", text).replace(" ,", ",").replace("fitkare", "fit kare")
    text = _THEN_TWICE.sub(r"\1", text)
    text = _START.sub(lambda m: m[0].replace("i", "İ").upper(), text)
    return text.replace(_ORDINAL, ".")


def lower(text: str) -> str:
    """In lower case: İ becomes i, I becomes ı."""
    return text.replace("İ", "i").replace("I", "ı").lower()


def _suffixed(match: re.Match) -> str:
    word, spoken, suffixes = match.groups()
    if spoken and suffixes == "_ıncı":
        return word + _ORDINAL
    return inflect(word, suffixes.split("_")[1:], spoken or "")


def _classifier(style: Style, rng: Random) -> str:
    if rng.random() >= style.tane:
        return ""
    return "tane " if rng.random() < 0.85 else "adet "


_ROLES = (
    "çiftçi fırıncı öğretmen bakkal manav marangoz terzi kütüphaneci aşçı tüccar öğrenci koleksiyoncu bahçıvan "
    "pastacı satıcı balıkçı köylü esnaf çocuk ressam"
).split()

LANGUAGE = Language(
    code="tr",
    names={"f": FEMALE, "m": MALE},
    number_words=dict(
        enumerate("iki,üç,dört,beş,altı,yedi,sekiz,dokuz,on,on bir,on iki".split(","), start=2)
    ),
    fractions={2: "yarı_s", 3: "üçte bir_s", 4: "dörtte bir_s", 5: "beşte bir_s"},
    currencies=(
        ("{} lira", "lira"),
        ("{} lira", "lira"),
        ("{} TL", "TL" + _READ.format("tele")),
        ("{} TL", "TL" + _READ.format("tele")),
        ("{} TL", "lira"),
        ("{}₺", "lira"),
        ("₺{}", "lira"),
        ("{} dolar", "dolar"),
        ("{} dolar", "dolar"),
        ("${}", "dolar"),
        ("{}$", "dolar"),
        ("{} euro", "euro"),
        ("{} avro", "avro"),
        ("€{}", "avro"),
        ("{} sterlin", "sterlin"),
    ),
    person=person,
    noun_columns=("noun", "class"),
    bare_form="noun",
    counted=counted,
    number=number,
    money=money,
    concords={
        "p": {"": "_s", "I": "_m"},
        "per": {"hour": "saatte", "day": "günde", "week": "haftada", "month": "ayda", "minute": "dakikada"},
        "every": {"hour": "her saat", "day": "her gün", "week": "her hafta", "month": "her ay",
                  "minute": "her dakika"},
    },
    roles=[{"first": f"bir {role}", "later": role} for role in _ROLES],
    first_person=True,
    openers=("sonra {}", "daha sonra {}", "ardından {}", "bundan sonra {}", "bir süre sonra {}", "sonra da {}"),
    then_words=("sonra", "daha sonra", "ardından"),
    joins=(f"{JOIN} ve ", f"{JOIN}, ", f"{JOIN} ve ", f"{JOIN}; "),
    merges=(f"{MERGE} ve ", f"{MERGE} ve ", f"{MERGE}, "),
    event_merges=(
        f"¦ip{MERGE} ",
        f"¦ip{MERGE} ",
        f"¦dıktan{MERGE} ",
        f"{MERGE}, sonra da ",
        f"{MERGE} ve ardından ",
    ),
    conditionals=(
        f"{IF}{{facts}}{THEN}, {{question}}",
        f"{IF}{{facts}}{THEN} {{question}}",
        f"{IF}eğer {{facts}}{THEN}, {{question}}",
        f"{GIVEN}{{facts}}{THEN} göre {{question}}",
        f"{GIVEN}{{facts}}{THEN} göre, {{question}}",
    ),
    finish=finish,
    capital=str,
    lower=lower,
)
