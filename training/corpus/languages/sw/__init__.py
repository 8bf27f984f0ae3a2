"""Swahili (Kiswahili sanifu): noun classes drive every concord, the verb's prefix is the subject.

Concord tables are named by their form for class n: `{N!zi}` is a plural's subject or object prefix,
`{N!z}{A.poss}` "za Asha" or "zake", `{n}{N!idadi}` a number that agrees with a noun not repeated.
Swahili does not tell "he" from "she", so a subject is dropped only while one person has been named.
"""

from __future__ import annotations

import re

from ...language import Count, Forms, Language, Person
from ..names import FEMALE, MALE
from .names import MEN, WOMEN

# Marks that stand in the text until `finish`: a mention (key, words, pronoun), a place for the
# narrative tense, the class that a number before it agrees with.
_MENTION = "\ue000{}\ue001{}\ue001{}\ue002"
_ALWAYS = "\ue003"  # in place of the pronoun: this mention keeps its words
_NARRATIVE = "\ue004"
_AGREES = "\ue005"


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject, `n` (always named), `obj` (after a verb that marks its object), `poss` (-a Asha,
    -ake), `ake` (always -ake), `jamaa` (wa Asha, yake: beside a relative or friend)."""
    if who.speaker:
        return {"": "", "n": "mimi", "obj": "", "poss": "angu", "ake": "angu", "jamaa": "yangu"}[form]
    if form == "ake":
        return "ake"
    name = who.name if first or not who.forms else who.forms["later"]
    key = who.forms["later"] if who.forms else who.name
    words = {"poss": f"a {name}", "jamaa": f"wa {name}"}.get(form, name)
    instead = {"": "", "obj": "", "poss": "ake", "jamaa": "yake"}.get(form, _ALWAYS)
    return _MENTION.format(key, words, instead if pronoun else _ALWAYS)


# --- numbers

_CLASSES = ("n", "ma", "vi", "mi", "wa", "u", "uma")
_NUMBER_PREFIX = {"ma": "ma", "vi": "vi", "mi": "mi", "wa": "wa", "uma": "ma"}
_STEMS = {"mbili": "wili", "tatu": "tatu", "nne": "nne", "tano": "tano", "nane": "nane"}
_ONE = {"vi": "kimoja", "mi": "mmoja", "wa": "mmoja", "u": "mmoja", "uma": "mmoja"}


def _agree(words: str, noun_class: str) -> str:
    """A number word beside a noun of this class: *tatu* to *vitatu*, *kumi na mbili* to *kumi na wawili*."""
    *before, last = words.split(" ")
    if last == "moja":
        last = _ONE.get(noun_class, last)
    elif last in _STEMS and noun_class in _NUMBER_PREFIX:
        last = _NUMBER_PREFIX[noun_class] + _STEMS[last]
    return " ".join([*before, last])


def counted(count: Count, noun: Forms, form: str) -> str:
    """`matofaa 12`, `vitabu vitatu`: the number follows its noun."""
    number = _agree(count.text, noun["class"]) if count.word else count.text
    return f"{noun[form or ('sg' if count.value == 1 else 'pl')]} {number}"


# --- concords: a row is the forms for n, ma, vi, mi, wa, u, uma

_SINGULAR = """
i: i li ki u a u u
y: y l ch w w w w
yenye: yenye lenye chenye wenye mwenye wenye wenye
yo: yo lo cho o ye o o
moja: moja moja kimoja mmoja mmoja mmoja mmoja
mpya: mpya jipya kipya mpya mpya mpya mpya
hiyo: hiyo hilo hicho huo huyo huo huo
"""
_PLURAL = """
zi: zi ya vi i wa zi ya
z: z y vy y w z y
zenye: zenye yenye vyenye yenye wenye zenye yenye
zo: zo yo vyo yo o zo yo
zote: zote yote vyote yote wote zote yote
hizo: hizo hayo hivyo hiyo hao hizo hayo
hizi: hizi haya hivi hii hawa hizi haya
zile: zile yale vile ile wale zile yale
ngapi: ngapi mangapi vingapi mingapi wangapi ngapi mangapi
nyingine: nyingine mengine vingine mingine wengine nyingine mengine
nyingi: nyingi mengi vingi mingi wengi nyingi mengi
chache: chache machache vichache michache wachache chache machache
nyekundu: nyekundu mekundu vyekundu myekundu wekundu nyekundu mekundu
nzuri: nzuri mazuri vizuri mizuri wazuri nzuri mazuri
nzima: nzima mazima vizima mizima wazima nzima mazima
mbovu: mbovu mabovu vibovu mibovu wabovu mbovu mabovu
mapya: mpya mapya vipya mipya wapya mpya mapya
"""


def _tables(rows: str) -> dict[str, dict[str, str]]:
    pairs = (row.split(":") for row in rows.strip().splitlines())
    return {name: dict(zip(_CLASSES, forms.split(), strict=True)) for name, forms in pairs}


_NOUN_CONCORDS = _tables(_SINGULAR) | _tables(_PLURAL)
_CONCORDS = (
    _NOUN_CONCORDS
    | {"idadi": {name: f"{_AGREES}{name}{_AGREES}" for name in _CLASSES}}
    # Beside people: the third person, then the speaker. `wa` is a group that the person belongs to.
    | {
        third: {"": third, "I": mine}
        for third, mine in (
            ("a", "ni"), ("m", "ni"), ("mw", "ni"), ("wa", "tu"), ("ha", "si"), ("wote", "sote"),
        )
    }
)

# --- the whole text

_MENTIONED = re.compile("\ue000([^\ue001]*)\ue001([^\ue001]*)\ue001([^\ue002]*)\ue002")
_THEN = re.compile(f"{_NARRATIVE} ?(a|ni)li(?!zeti)(kuwa(?= )|ku(?:la|ja)(?= ))?")
_ANY_NUMBER = (
    r"kumi na \w+|sita|saba|tisa|kumi|(?:ma|mi|vi|wa)?(?:mbili|wili|tatu|nne|tano|nane)|<q\d+>"
)
_NUMBER = r"(?:kumi na )?(?:moja|mbili|tatu|nne|tano|nane)"
_AGREEING = re.compile(rf"({_NUMBER}|[\w<>]+){_AGREES}(\w+){_AGREES}")
_COUNTED_NOUNS = {
    "miaka": "mi", "miezi": "mi", "watu": "wa", "abiria": "wa", "vipande": "vi", "masaa": "ma",
    "binamu": "wa", "paka": "wa", "wenzake": "wa", "wenzangu": "wa", "marafiki": "wa", "michezo": "mi",
    "mashindano": "ma",
}
_COUNTED_NOUN = re.compile(
    rf"\b({'|'.join(_COUNTED_NOUNS)})( wengine| mingine|) ({_NUMBER})\b(?! ya\b)", re.I
)
_POSSESSED = re.compile(rf"({_ANY_NUMBER}|zote|v?yote|wote) ([a-z]{{1,2}}(?:ake|angu))\b")
_BETWEEN = {
    form
    for name in "moja mpya ngapi nyingine nyingi nyekundu nzuri nzima mbovu mapya zote hizo hizi hiyo".split()
    for form in _NOUN_CONCORDS[name].values()
} | {stem + mine for name in "yz" for stem in _NOUN_CONCORDS[name].values() for mine in ("ake", "angu")}
_COMPOUND = re.compile(
    rf"(\w+)((?:~\w+)+)((?: (?:{_ANY_NUMBER}|{'|'.join(sorted(_BETWEEN))})(?!\w))*)"
)


def _resolve_people(text: str) -> str:
    """Drops a subject or says "-ake" while one person is known, names the person after that."""
    named: set[str] = set()

    def resolve(match: re.Match) -> str:
        key, words, instead = match.groups()
        named.add(key)
        return words if instead == _ALWAYS or len(named) > 1 else instead

    return _MENTIONED.sub(resolve, text)


def _narrative(match: re.Match) -> str:
    """*kisha aliuza* to *kisha akauza*; short verbs lose their *ku*: *akala*, *akawa na*."""
    return f"{match[1]}ka{(match[2] or '').removeprefix('ku')}"


def finish(text: str) -> str:
    """Names or drops people, puts the narrative tense, number concords and capitals in place."""
    text = re.sub(" {2,}", " ", _resolve_people(text))
    text = _THEN.sub(_narrative, text).replace(f"{_NARRATIVE} ", "").replace(_NARRATIVE, "")
    text = _AGREEING.sub(lambda m: _agree(m[1], m[2]), text)
    text = _COUNTED_NOUN.sub(
        lambda m: f"{m[1]}{m[2]} {_agree(m[3], _COUNTED_NOUNS[m[1].lower()])}", text
    )
    text = _POSSESSED.sub(r"\2 \1", text)
    text = _COMPOUND.sub(lambda m: m[1] + m[3] + m[2].replace("~", " "), text)
    text = re.sub(r" (?=[,.;?])", "", text).strip()
    return re.sub(r"(^|[.?] )(\w)", lambda m: m[1] + m[2].upper(), text)


_ROLES = (
    "mkulima mwokaji mwalimu mwenye~duka mtunza~bustani seremala fundi~cherehani mpishi mwanafunzi "
    "mfanyabiashara fundi jirani mchuuzi msichana mvulana mvuvi mfugaji"
).split()

_NUMBER_WORDS = [*"mbili tatu nne tano sita saba nane tisa kumi".split(), "kumi na moja", "kumi na mbili"]

LANGUAGE = Language(
    code="sw",
    names={
        "f": WOMEN * 2 + [name for name in FEMALE if name != "Ana"],  # "ana" is "has"
        "m": MEN * 2 + MALE,
    },
    number_words=dict(enumerate(_NUMBER_WORDS, start=2)),
    fractions={2: "nusu", 3: "theluthi moja", 4: "robo", 5: "moja ya tano"},
    currencies=(
        ("shilingi {}", "shilingi"),
        ("shilingi {}", "shilingi"),
        ("Sh {}", "shilingi"),
        ("KSh {}", "shilingi"),
        ("dola {}", "dola"),
        ("${}", "dola"),
        ("${}", "dola"),
        ("euro {}", "euro"),
        ("€{}", "euro"),
        ("faranga {}", "faranga"),
    ),
    person=person,
    noun_columns=("sg", "pl", "class"),
    noun_classes=_CLASSES,
    counted=counted,
    concords=_CONCORDS,
    roles=[
        {"first": f"{role.replace('~', ' ')} mmoja", "later": f"{role.replace('~', ' ')} huyo"}
        for role in _ROLES
    ],
    first_person=True,
    openers=(
        "kisha " + _NARRATIVE + "{}",
        "halafu " + _NARRATIVE + "{}",
        "baadaye {}",
        "baadaye, {}",
        "baada ya hapo, {}",
        "baadaye kidogo {}",
    ),
    then_words=("baadaye", "kisha"),
    joins=(" na ", ", na ", "; ", " na "),
    merges=(" na ", " na ", ", na "),
    event_merges=tuple(
        joint + _NARRATIVE for joint in (" kisha ", ", kisha ", ", halafu ", " na ")
    ),
    conditionals=(
        "ikiwa {facts}, {question}",
        "kama {facts}, {question}",
        "ikiwa {facts}, basi {question}",
        "tuseme {facts}. {question}",
        "tuchukulie kwamba {facts}. {question}",
        "{question} ikiwa {facts}?",
    ),
    finish=finish,
)
