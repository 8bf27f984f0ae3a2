"""Arabic (modern standard, no vowel signs): verbs agree with their person, nouns with their number.

A fact pattern begins `{A}¦verb ...`; `finish` puts the verb first ("اشترى أحمد 5 تفاحات"), and where the
engine leaves the subject out nothing is missing. A number word that stands alone is `«2»` until `finish`
inflects it by the noun beside it (`°` in front asks for its nominative). `ـ` joins a prefix to a numeral.
"""

from __future__ import annotations

import re
from functools import lru_cache
from zlib import crc32

from ...language import Language, Person
from .names import MEN, WOMEN
from .numbers import ACCUSATIVES, counted, money, number, number_class, number_word, number_words
from .verbs import CONCORDS, PAST_FORMS, PRESENT_FORMS

# Marks that stand in the text until `finish`.
_SUBJECT = "\ue000"  # in front of a subject
_DROPPED = {"m": "\ue005", "f": "\ue006", "I": "\ue007"}  # a subject that is left out
_IF = "\ue001"
_THAT = "\ue002"

# --- people

_WOMEN = frozenset(WOMEN)
_ROLES = "مزارع خباز معلم تاجر بستاني نجار خياط مدرب طباخ طالب جار صياد حداد بائع رسام حرفي فلاح".split()

_SUFFIX = {"f": "ها", "m": "ه", "I": "ي"}
_PRONOUN = {"f": "هي", "m": "هو", "I": "أنا"}
# Before a name, before a suffix, and with the suffix of the speaker.
_PREPOSITIONS = {
    "has": ("لدى ", "لدي", "لدي"),
    "at": ("عند ", "عند", "عندي"),
    "with": ("مع ", "مع", "معي"),
    "from": ("من ", "من", "مني"),
    "toward": ("إلى ", "إلي", "إلي"),
    "on": ("على ", "علي", "علي"),
    "to": ("ل", "ل", "لي"),
    "by": ("ب", "ب", "بي"),
    "of": (" ", "", "ي"),
    "obj": (" ", "", "ني"),
}


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject (left out where others have a pronoun), `nom` (name, هو), `name` (never a pronoun
    but أنا), `own` (always "ه"), `of` (after a noun: " أحمد", "ه"), `obj` (the same after a verb), and
    prepositions: `has` (لدى), `at` (عند), `with` (مع), `from` (من), `toward` (إلى), `on` (على), `to`, `by`."""
    name = who.name if first or not who.forms else who.forms["later"]
    pronoun = pronoun or who.speaker
    if form == "":
        return _SUBJECT + (_DROPPED[who.agreement] if pronoun else name)
    if form == "own":
        return _SUFFIX[who.agreement]
    if form in ("nom", "name"):
        return _PRONOUN[who.agreement] if who.speaker or pronoun and form == "nom" else name
    before_name, before_suffix, speaker = _PREPOSITIONS[form]
    if who.speaker:
        return speaker
    if form == "obj" and first and who.forms:
        name = who.forms["object"]
    return before_suffix + _SUFFIX[who.gender] if pronoun else before_name + name


# --- the whole text

_NAME = rf"{_SUBJECT}(?P<name>[{''.join(_DROPPED.values())}]|\w+)"
_VERB_FIRST = re.compile(rf"{_NAME}¦(?P<verb>\S+)")
_FACTS = re.compile(rf"(?:إذا(?P<if>{_IF})|أن{_THAT}) (?:{_NAME} ?)?(?P<seam>¦?)(?P<word>\S+)")
_MARKS = re.compile("[\ue000-\ue007¦°]")
_JOINED = re.compile(r"ـ(?=[^\W\d])")
_TO_THE = re.compile(r"\b([وف]?)لالل?")
_ENDING = re.compile(r"([ةى])(?=[هني])")
_FULL_ENDING = {"ة": "ت", "ى": "ا"}
_LONE_AND = re.compile(r"(?<!\S)و +(?=[^\W\d])")
_WITH_ME = re.compile(r"\b(لدى|عند|مع) أنا\b")
_ME = {"لدى": "لدي أنا", "عند": "عندي أنا", "مع": "معي أنا"}


def finish(text: str) -> str:
    """Orders verbs and subjects, spells number words, joins prefixes and suffixes, takes the marks out."""
    text = _FACTS.sub(_lead, text)
    text = _VERB_FIRST.sub(r"\g<verb> \g<name>", text)
    text = _MARKS.sub("", number_words(text))
    text = _TO_THE.sub(r"\1لل", _JOINED.sub("", text))
    text = _ENDING.sub(lambda m: _FULL_ENDING[m[1]], text)
    text = _WITH_ME.sub(lambda m: _ME[m[1]], text)
    text = _LONE_AND.sub("و", re.sub(r" +", " ", text))
    return _with_nunation(re.sub(r" +(?=[،؛؟.])", "", text).strip())


_ADVERBS = "معا أيضا إجمالا يوميا لاحقا حاليا دائما جميعا جانبا ثمنا مبلغا خصما أجرا".split()
_NUNATIONS = ("ًا", "اً", "ا", "ا", "ا")  # many write the sign, on either side of its letter


def _with_nunation(text: str) -> str:
    """Writes the sign of the indefinite accusative in some texts ("كتابا", "كتابًا", "كتاباً")."""
    ending = _NUNATIONS[crc32(text.encode()) % len(_NUNATIONS)]
    return text if ending == "ا" else _nunated().sub(rf"\1{ending}", text)


@lru_cache(maxsize=1)
def _nunated() -> re.Pattern:
    words = {*_ADVERBS, *ACCUSATIVES}
    for forms in LANGUAGE.nouns.values():
        pairs = zip(forms["sg"].split(), forms["acc"].split(), strict=True)
        words |= {accusative for bare, accusative in pairs if accusative == f"{bare}ا"}
    return re.compile(rf"\b({'|'.join(sorted(word[:-1] for word in words))})ا\b")


def _lead(match: re.Match) -> str:
    """After `إذا` comes the past ("إذا كان لدى ..."), after `أن` a noun ("أن أحمد اشترى ...")."""
    name, word = match["name"] or "", match["word"]
    verb_first, past = bool(match["seam"]), word in PAST_FORMS
    suffix, was = _THAT_HE.get(name, ("", ""))
    if suffix:
        name = ""
    if not match["if"]:
        if not name and not (suffix and verb_first):
            suffix = "ه" if past or word in PRESENT_FORMS or word in _PLACES else ""
        return f"أن{suffix} {name}{'ا' if name in _ROLES else ''} {word}"
    if past and (verb_first or not name):
        return f"إذا {word} {name}"
    if past and word == "كان":  # "سارة كان لديها"
        return f"إذا {_was(name)} {name}"
    return f"إذا {was if was and verb_first else _was(name or word)} {name} {word}"


# A subject that is left out: the suffix of `أن`, "was".
_THAT_HE = {_DROPPED["m"]: ("ه", "كان"), _DROPPED["f"]: ("ها", "كانت"), _DROPPED["I"]: ("ني", "كنت")}
_PLACES = set(
    "لمدة خلال طوال مقابل مقارنة لدى عند مع في على إلى هناك داخل لدي لديه لديها لدينا عندي عنده عندها معي معه "
    "معها".split()
)


def _was(subject: str) -> str:
    """`كانت` before what is feminine: women, plurals of things, words with its ending, its verbs."""
    if subject in PRESENT_FORMS:
        return "كانت" if subject[0] == "ت" else "كان"
    plurals = {forms["defpl"].split()[0] for forms in LANGUAGE.nouns.values()}
    feminine = subject in _WOMEN or subject in plurals or subject.endswith(("ة", "ات"))
    return "كانت" if feminine else "كان"


LANGUAGE = Language(
    code="ar",
    names={"f": WOMEN, "m": MEN},
    number_words={value: number_word(value, False, False) for value in range(2, 13)},
    fractions={2: "نصف", 3: "ثلث", 4: "ربع", 5: "خمس"},
    currencies=(
        ("{} دولارا", "دولارا"),
        ("{} دولارا", "دولارا"),
        ("{} دولارا", "دولارا"),
        ("${}", "دولارا"),
        ("{}$", "دولارا"),
        ("{} ريالا", "ريالا"),
        ("{} ريالا", "ريالا"),
        ("{} جنيها", "جنيها"),
        ("{} جنيها", "جنيها"),
        ("{} درهما", "درهما"),
        ("{} دينارا", "دينارا"),
        ("{} ليرة", "ليرة"),
        ("{} شيكلا", "شيكلا"),
        ("{} يورو", "يورو"),
    ),
    person=person,
    noun_columns=("sg", "acc", "pl", "def", "defpl", "du", "dun", "class"),
    bare_form="defpl",
    counted=counted,
    number=number,
    money=money,
    noun_classes=("m", "f"),
    number_class=number_class,
    concords=CONCORDS,
    roles=[
        {"gender": gender, "first": role + ending, "object": role + accusative, "later": f"ال{role}{ending}"}
        for role in _ROLES
        for gender, ending, accusative in (("m", "", "ا"), ("f", "ة", "ة"))
    ],
    first_person=True,
    openers=(
        "ثم {}",
        "ثم {}",
        "بعد ذلك {}",
        "بعد ذلك، {}",
        "وبعد ذلك {}",
        "بعدها {}",
        "لاحقا، {}",
        "وفي وقت لاحق {}",
    ),
    then_words=("بعد ذلك", "بعدها"),
    joins=(" و", " و", "، و", "؛ "),
    merges=(" و", " و", "، و"),
    event_merges=(" ثم ", "، ثم ", " وبعد ذلك ", " وبعدها "),
    conditionals=(
        f"إذا{_IF} {{facts}}، ف{{question}}",
        f"إذا{_IF} {{facts}}، {{question}}",
        f"إذا علمت أن{_THAT} {{facts}}، ف{{question}}",
        f"بما أن{_THAT} {{facts}}، {{question}}",
        f"لنفترض أن{_THAT} {{facts}}. {{question}}",
        f"{{question}} إذا{_IF} {{facts}}؟",
        f"{{question}} علما بأن{_THAT} {{facts}}؟",
    ),
    question_marks="؟",
    finish=finish,
)
