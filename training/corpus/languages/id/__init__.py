"""Indonesian: a classifier per noun that may be left out, one pronoun for everybody, passives that name the agent.

`{n:N}` is "12 buah apel" or "12 apel", `{n:N.cl}` only "12 buah", `se{N.cl} {N}` "sebuah apel". Marks that `finish`
settles alike in the whole text: `«buah»` a classifier that may go, `‹perangko/prangko›` equally good words.
People are marked while the text is put together, since *dia* and *-nya* are for women and men: `finish` knows
who else was named and then says the name again.
"""

from __future__ import annotations

import re
from random import Random
from zlib import crc32

from ...language import Count, Forms, Language, Person
from .. import names as shared
from .names import FEMALE, MALE

# A mention: name, form, flags.
_MENTION = "\ue000{}\ue001{}\ue001{}\ue002"
_MENTIONED = re.compile("\ue000(.*?)\ue001(.*?)\ue001(.*?)\ue002")

# Shares of the texts, and of the mentions.
_NAMED_AGAIN = 0.25  # people are named again and again, as schoolbooks do
_NO_CLASSIFIERS = 0.25  # "12 apel" throughout, as in translated texts
_SHORT_UNITS = 0.3  # "60 km"
_KEPT = {"ekor": 0.85, "orang": 0.7, "butir": 0.6, "lembar": 0.6}
_KEPT_ELSEWHERE = 0.5
_OLEH, _SPLIT_PASSIVE = 0.25, 0.2  # "dibeli oleh Budi", "yang Budi beli"


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject; `dia` the same elsewhere; `nya` glued to the word before it (kakak Budi, kakaknya).

    `own` is always a pronoun (kakaknya), `n` and `nn` (glued) always the name; `di beli` is the passive of the
    verb "beli" with its agent (dibeli Budi, dibelinya, saya beli).
    """
    name = who.name if first or not who.forms else who.forms["later"]
    flags = "I" if who.speaker else "pronoun" if pronoun else ""
    return _MENTION.format(name, form, flags)


def counted(count: Count, noun: Forms, form: str) -> str:
    """`12 buah apel`; with a form only the number and that form (`12 buah`)."""
    if form or not noun["cl"]:
        return f"{count.text} {noun[form or 'noun']}"
    return f"{count.text} «{noun['cl']}» {noun['noun']}"


# --- people

_SENTENCE = re.compile(r"[.?!] ")
_GLUED = ("nya", "own", "nn")
_RELATIVE = re.compile(r"\byang (?:(?:sudah|belum|sedang|masih|harus|perlu|akan|bisa|dapat|seharusnya) )*$")


class _People:
    """Says the mentions of one text in their order."""

    def __init__(self, text: str, rng: Random) -> None:
        self.text, self.rng = text, rng
        self.named_again = rng.random() < _NAMED_AGAIN
        self.he = rng.choice(("dia", "ia"))
        self.speaker = rng.choice(("saya", "aku"))
        self.mentions: list[tuple[str, int]] = []  # everybody but the speaker, with the place

    def word(self, match: re.Match) -> str:
        """What stands for one mention."""
        name, form, flags = match.groups()
        if flags == "I":
            return self._speaker(form)
        named = form in ("n", "nn")
        pronoun = form == "own" or flags == "pronoun" and not named and self._clear(name, match.start())
        if form != "own":
            self.mentions.append((name, match.start()))
        if form.startswith("di "):
            return self._passive(form[3:], name, pronoun, match.start())
        if form in _GLUED:
            return "nya" if pronoun else f" {name}"
        return (self.he if form == "" else "dia") if pronoun else name

    def _clear(self, name: str, at: int) -> bool:
        """Whether nobody else can be meant: nobody named at all, or nobody in this and the last sentence."""
        if self.named_again:
            return False
        others = [place for other, place in self.mentions if other != name]
        if not others:
            return True
        return len(_SENTENCE.findall(self.text, max(others), at)) > 1 and self.rng.random() < 0.6

    def _speaker(self, form: str) -> str:
        if form.startswith("di "):
            short = self.speaker == "aku" and self.rng.random() < 0.6
            return f"ku{form[3:]}" if short else f"{self.speaker} {form[3:]}"
        if form in _GLUED:
            return "ku" if self.speaker == "aku" else " saya"
        return self.speaker

    def _passive(self, verb: str, name: str, pronoun: bool, at: int) -> str:
        draw = self.rng.random()
        if draw < _SPLIT_PASSIVE and _RELATIVE.search(self.text, max(0, at - 20), at):
            return f"{self.he if pronoun else name} {verb}"
        if pronoun:
            return f"di{verb}nya"
        return f"di{verb} oleh {name}" if draw > 1 - _OLEH else f"di{verb} {name}"


# --- the whole text

_FREE = re.compile(r"‹([^›]*)›")
_CLASSIFIER = re.compile(r"«([^»]*)» ?")
_UNIT = re.compile(r"(<q\d+>) (kilometer|meter|sentimeter)\b(?! persegi)")
_SHORT = {"kilometer": "km", "meter": "m", "sentimeter": "cm"}
_DOUBLE = re.compile(r"(?:^|(?<=, ))(?:maka )?[Jj]adi, ")  # "if ..., so, how many"
_START = re.compile(r"(^|[.?!] )(\w)")


def finish(text: str) -> str:
    """Settles who is called what, the equally good words and the classifiers.

    The text itself is the seed, so the same text always ends the same.
    """
    rng = Random(crc32(text.encode()))
    text = _MENTIONED.sub(_People(text, rng).word, text)
    chosen: dict[str, str] = {}
    text = _FREE.sub(lambda m: chosen.setdefault(m[1], rng.choice(m[1].split("/"))), text)
    scale = 0 if rng.random() < _NO_CLASSIFIERS else 1
    kept: dict[str, bool] = {}

    def classify(match: re.Match) -> str:
        word = match[1]
        share = _KEPT.get(word, _KEPT_ELSEWHERE) * (1 if word in ("ekor", "orang") else scale)
        return f"{word} " if kept.setdefault(word, rng.random() < share) else ""

    text = _CLASSIFIER.sub(classify, text)
    if rng.random() < _SHORT_UNITS:
        text = _UNIT.sub(lambda m: f"{m[1]} {_SHORT[m[2]]}", text)
    text = _DOUBLE.sub("", re.sub(r" +(?=[ .,;?])", "", text).strip())
    return _START.sub(lambda m: m[1] + m[2].upper(), text)


# --- tables

_ROLES = (
    "petani guru pedagang nelayan peternak pelajar siswa koki penjahit tukang~kayu tukang~kebun tukang~roti pustakawan "
    "pelatih perajin kolektor penjual~buah pemilik~toko penjual~kue ibu~rumah~tangga anak~laki-laki anak~perempuan"
).split()
_KIN = {
    "f": "Ibu|Nenek|Bibi|Kakak|Bu Tini|Bu Sri|Bu Ani|Bu Rina|Ibu Sari|Ibu Guru|Kak Rina|Mbak Yuni|Nenek Siti|Bibi Wati",
    "m": "Ayah|Kakek|Paman|Adik|Pak Budi|Pak Joko|Pak Ahmad|Pak Tani|Pak Hasan|Bapak Rudi|Kak Andi|Mas Eko|Paman Jono|Pak Guru",
}


def _roles() -> list[Forms]:
    """`seorang petani`, later `petani itu`; `Pak Budi` stays."""
    roles = [
        {"first": f"seorang {role}", "later": f"{role} ‹itu/itu/tersebut›"}
        for role in (role.replace("~", " ") for role in _ROLES)
    ]
    for gender, names in _KIN.items():
        roles += [{"first": name, "later": name, "gender": gender} for name in names.split("|")]
    return roles


LANGUAGE = Language(
    code="id",
    names={"f": FEMALE * 4 + shared.FEMALE, "m": MALE * 4 + shared.MALE},
    number_words=dict(
        enumerate("dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|dua belas".split("|"), start=2)
    ),
    fractions={2: "‹setengah/setengah/separuh›", 3: "sepertiga", 4: "seperempat", 5: "seperlima"},
    currencies=(
        *[("Rp{}", "rupiah")] * 4,
        *[("{} rupiah", "rupiah")] * 3,
        ("Rp {}", "rupiah"),
        *[("{} ribu rupiah", "ribu rupiah")] * 2,
        *[("${}", "‹dolar/dollar›")] * 3,
        *[("{} ‹dolar/dolar/dollar›", "‹dolar/dolar/dollar›")] * 3,
        ("{} euro", "euro"),
        ("€{}", "euro"),
        ("RM{}", "ringgit"),
        ("{} ringgit", "ringgit"),
        ("{} pound", "pound"),
    ),
    person=person,
    noun_columns=("noun", "cl", "class"),
    bare_form="noun",
    counted=counted,
    concords={
        "they": {"": "mereka", "I": "kami"},
        "two": {"": "mereka berdua", "I": "kami berdua"},
        "three": {"": "mereka bertiga", "I": "kami bertiga"},
        "at": {"": "di dalam", "on": "di atas"},
        "into": {"": "ke dalam", "on": "ke atas"},
        "out": {"": "dari dalam", "on": "dari atas"},
        "puts": {"": "memasukkan", "on": "menaruh"},
        "put": {"": "dimasukkan", "on": "ditaruh"},
    },
    roles=_roles(),
    first_person=True,
    openers=(
        "kemudian {}",
        "kemudian, {}",
        "lalu {}",
        "setelah itu {}",
        "setelah itu, {}",
        "selanjutnya, {}",
        "sesudah itu, {}",
        "tidak lama kemudian, {}",
        "beberapa saat kemudian, {}",
        "belakangan, {}",
    ),
    joins=(" dan ", ", dan ", "; ", " dan "),
    merges=(" dan ", " dan ", ", dan "),
    event_merges=(" lalu ", ", lalu ", " kemudian ", ", kemudian ", " dan kemudian "),
    conditionals=(
        "jika {facts}, {question}",
        "jika {facts}, {question}",
        "jika {facts}, maka {question}",
        "kalau {facts}, {question}",
        "apabila {facts}, {question}",
        "bila {facts}, {question}",
        "misalkan {facts}. {question}",
        "diketahui {facts}. {question}",
        "{question} jika {facts}?",
    ),
    finish=finish,
)
