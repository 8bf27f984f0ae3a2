"""Amharic: verbs stand last and agree with their person; marks in the patterns are resolved by `finish`.

Marks: `ፖም*` a noun or verb in the number that the text uses after numerals ("12 ፖም አለው" or "12 ፖሞች አሉት"),
`°` where its plural may take the accusative `ን`; `ፖሞች^` "the" or "his", `^f` "her", `^I` "my"; `ሰጠ+m` a
verb with its object ("gave him"), `+ለ` "for him"; `¦` what a finite verb becomes before the next clause.
"""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random
from zlib import crc32

from ...language import Count, Forms, Language, Person
from .letters import contracted, order, owned
from .names import MEN, WOMEN
from .verbs import CONCORDS, OBJECT, PLURAL, RELATED

# --- people

_PRONOUN = {"m": "እሱ", "f": "እሷ", "I": "እኔ"}
_OWN = {"m": "^", "f": "^f", "I": "^I"}
_OPTIONAL = "~"  # in front of a subject pronoun, which most texts leave out


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject (mostly left out where others have a pronoun), `n` (the name or እሱ, for prefixes and
    suffixes: `ለ{A.n}`), `own` (an ending: his, her, my), `pro` (always እሱ)."""
    if form == "own":
        return _OWN[who.agreement]
    name = who.name if first or not who.forms else who.forms["later"]
    if form == "pro" or pronoun or who.speaker:
        return ("" if form else _OPTIONAL) + _PRONOUN[who.agreement]
    return name


# --- numbers

_WORDS = "ሁለት ሶስት አራት አምስት ስድስት ሰባት ስምንት ዘጠኝ አስር አስራ_አንድ አስራ_ሁለት".split()


def counted(count: Count, noun: Forms, form: str) -> str:
    """`12 ፖም*`. Forms: `o` an object (`ፖሞችን` too), `pl` always the plural, `plo` an object in the plural.

    People are always in the plural, units of measure never.
    """
    plural = form.startswith("pl") or noun["class"] == "people"
    star = "" if plural or noun["class"] == "unit" else "*"
    mark = "°" if form.endswith("o") and noun["class"] != "unit" else ""
    return f"{count.text} {noun['pl' if plural else 'sg']}{star}{mark}"


# --- the whole text

_SUBJECT_PRONOUN = re.compile(rf"{_OPTIONAL}(\w+)")
_OBJECT = re.compile(r"(\w+)\+(ለ?)([mfI])")
_NUMBERED = re.compile(r"(\w+)(?=[*°])(\*?)(°?)")
_DEFINITE = re.compile(r"(?P<word>\w+|>)\^(?P<owner>[fI]?)")
_JOIN = re.compile(r"(\w+)¦(\w+|[፣፤])")
_CLAUSES = re.compile(r"([።፣፤?])")
_SPACE = re.compile(r" +(?=[።፣፤?.,])")
_HOW_MANY = re.compile(r"(?<!\w)ስንት(?! [ዓአ]መት)")
# What texts write for one word, and the share that writes the second.
_SPELLINGS = (
    (0.3, (("ሰዓት", "ሰአት"), ("ዓመት", "አመት"))),
    (0.3, (("ሶስት", "ሦስት"), ("ሶስተኛ", "ሦስተኛ"))),
    (0.25, (("ሰራ", "ሠራ"), ("ይሰራል", "ይሠራል"), ("ትሰራለች", "ትሠራለች"), ("ሰርቶ", "ሠርቶ"), ("ሰርታ", "ሠርታ"))),
    (0.25, (("መጽሐፍ", "መጽሃፍ"), ("ጽሑፍ", "ጽሁፍ"))),
    (0.25, (("ሴንቲ ሜትር", "ሳንቲ ሜትር"), ("ኪሎ ሜትር", "ኪሎሜትር"))),
    (0.2, (("ዕድሜ", "እድሜ"), ("ዕለት", "እለት"))),
    (0.3, (("አስራ ", "አስራ"),)),
)  # fmt: skip
_SHORT = (("ለእሱ", "ለሱ"), ("ለእሷ", "ለሷ"), ("ለእኔ", "ለኔ"), ("የእሱ", "የሱ"), ("የእሷ", "የሷ"), ("የእኔ", "የኔ"),
          ("ከእሱ", "ከሱ"), ("ከእሷ", "ከሷ"), ("ከእኔ", "ከኔ"), ("ከዚያ", "ከዛ"))  # fmt: skip


def finish(text: str) -> str:
    """Draws a style for the text and resolves every mark in it."""
    rng = Random(crc32(text.encode()))
    says_pronoun = rng.random() < 0.2
    text = _SUBJECT_PRONOUN.sub(lambda m: m[1] if says_pronoun else "", text)
    text = _OBJECT.sub(lambda m: OBJECT.get(m.groups(), m[1]), text)
    text = _numbers(text, rng)
    text = _DEFINITE.sub(_definite, text).replace("_", " ")
    text = _joins(text, rng)
    text = _two_prefixes().sub(r"\1", text)
    for share, pairs in _SPELLINGS:
        if rng.random() < share:
            for ours, theirs in pairs:
                text = text.replace(ours, theirs)
    if rng.random() < 0.15:
        text = _HOW_MANY.sub("ምን ያህል", text)
    if rng.random() < 0.25:
        for long, short in _SHORT:
            text = text.replace(long, short)
    return _SPACE.sub("", re.sub(r" +", " ", text)).strip()


def _numbers(text: str, rng: Random) -> str:
    """Singular or plural after numerals: one way in the whole text, or clause by clause."""
    style = rng.choices(("one", "many", "mixed"), (40, 40, 20))[0]
    accusative = rng.random() < 0.5
    out = []
    for part in _CLAUSES.split(text):
        many = style == "many" or style == "mixed" and rng.random() < 0.5

        def resolve(match: re.Match, many: bool = many) -> str:
            word, star, mark = match.groups()
            if star and many:
                word = _plurals().get(word, word)
            shown_plural = many or not star
            return word + ("ን" if mark and accusative and shown_plural else "")

        out.append(_NUMBERED.sub(resolve, part))
    return "".join(out)


@lru_cache(maxsize=1)
def _plurals() -> dict[str, str]:
    """Verbs and nouns, each with its plural."""
    return PLURAL | {forms["sg"]: forms["pl"] for forms in LANGUAGE.nouns.values()}


def _definite(match: re.Match) -> str:
    word, owner = match["word"], match["owner"] or "m"
    return f"{word}ቱ" if word == ">" else owned(word, owner)


@lru_cache(maxsize=1)
def _two_prefixes() -> re.Pattern:
    """`ከየአሻንጉሊት መኪናዎቹ`: a preposition swallows the `የ` of a noun."""
    heads = {f["sg"].split("_")[0] for f in LANGUAGE.nouns.values() if f["sg"][0] == "የ"}
    return re.compile(rf"(?<!\w)([ከለበየ])የ(?={'|'.join(sorted(h[1:] for h in heads))})")


# --- verbs before joins

_ONGOING = ("የሚ", "የም")  # relatives of the present; with `ና` it would mean "because"
# A question about what will be: only this goes with "should he buy".
_AHEAD = re.compile(r"(?<!\w)[ይትእያታአ]\w+(?:ል|ለች|ሉ|ለሁ)\?")
_SENTENCES = re.compile(r"(?<=[።?])")


def _joins(text: str, rng: Random) -> str:
    head, mark, tail = text.partition("¦ከሆነ")
    if mark:
        start = max(head.rfind("። "), head.rfind("? ")) + 1
        told, facts = head[:start], _JOIN.sub(_in_condition, head[start:])
        before, _, last = facts.rpartition(" ")
        supposed = _supposed(last) if _AHEAD.search(tail) and rng.random() < 0.4 else ""
        text = f"{told}{before} {supposed or _condition(last, rng.random() < 0.6)}{tail}"
    return "".join(_JOIN.sub(_join, _once(part)) for part in _SENTENCES.split(text))


def _once(sentence: str) -> str:
    """A second `ሲሆን` in a sentence is too much."""
    first, mark, rest = sentence.partition("¦ሲሆን")
    return first + mark + rest.replace("¦ሲሆን፣", "¦እና").replace("¦ሲሆን", "¦እና")


def _condition(verb: str, short: bool) -> str:
    """`ገዛ` to `ከገዛ` or `የገዛ ከሆነ`; `ነው` to `ከሆነ`."""
    if verb not in RELATED:
        return f"{verb} ከሆነ"
    related = RELATED[verb]
    if short or related.relative.startswith("የሆ"):
        return related.condition
    return f"{related.relative} ከሆነ"


def _supposed(verb: str) -> str:
    """`ገዛ` to `ቢገዛ`, "should he buy"; nothing for states."""
    return RELATED[verb].hypothetical if verb in RELATED else ""


def _in_condition(match: re.Match) -> str:
    verb, join = match.groups()
    if join == "ቶ" and verb in RELATED and RELATED[verb].converb:
        return RELATED[verb].converb
    return f"{_condition(verb, True)} እና"


def _join(match: re.Match) -> str:
    """`ሲሆን` after what the verb describes, `ቶ` the converb, `ና` a suffix; else the plain "and"."""
    verb, join = match.groups()
    related = RELATED.get(verb)
    if related and join == "ሲሆን":
        return "ሲሆን" if related.condition.startswith("ከሆ") else f"{related.relative} ሲሆን"
    if related and related.converb and join == "ቶ":
        return related.converb
    if join == "ና" and related and related.converb and not related.relative.startswith(_ONGOING):
        return f"{verb}ና"
    if join in "፣፤":
        return f"{verb}{join}"
    return f"{verb} እና"


_ROLES = (
    "ገበሬ ዳቦ_ጋጋሪ መምህር ዓሣ_አጥማጅ አትክልተኛ አናጺ ልብስ_ሰፊ አሰልጣኝ አብሳይ ተማሪ ጎረቤት ሹፌር ነርስ ሰዓሊ ሐኪም ሰራተኛ"
).split()


def _role(role: str, gender: str) -> Forms:
    words = role.replace("_", " ")
    article = "አንድ" if gender == "m" else "አንዲት"
    return {"gender": gender, "first": f"{article} {words}", "later": owned(words, gender)}


LANGUAGE = Language(
    code="am",
    names={"f": WOMEN, "m": MEN},
    number_words=dict(enumerate((word.replace("_", " ") for word in _WORDS), start=2)),
    fractions={2: "ግማሽ", 3: "አንድ ሶስተኛ", 4: "ሩብ", 5: "አንድ አምስተኛ"},
    currencies=(
        ("{} ብር", "ብር"),
        ("{} ብር", "ብር"),
        ("{} ብር", "ብር"),
        ("{} ብር", "ብር"),
        ("{} ዶላር", "ዶላር"),
        ("{} ዶላር", "ዶላር"),
        ("${}", "ዶላር"),
        ("{} ዩሮ", "ዩሮ"),
        ("{} ፓውንድ", "ፓውንድ"),
        ("{} ሽልንግ", "ሽልንግ"),
    ),
    person=person,
    noun_columns=("sg", "pl", "class"),
    bare_form="sg",
    counted=counted,
    concords=CONCORDS | {lead: {who: lead + who for who in "mfI"} for lead in ("+", "+ለ")},
    roles=[_role(role, gender) for role in _ROLES for gender in "mf"],
    first_person=True,
    openers=(
        "ከዚያ {}",
        "ከዚያም {}",
        "ከዚያም {}",
        "ከዚያ በኋላ {}",
        "ከዚያ በኋላ፣ {}",
        "በኋላ {}",
        "በኋላም {}",
        "በመቀጠል {}",
        "ቀጥሎ {}",
        "ከጥቂት ጊዜ በኋላ {}",
    ),
    then_words=("ከዚያ", "በኋላ", "በመቀጠል"),
    joins=("¦እና ", "¦፣ ", "¦፤ ", "¦ሲሆን ", "¦ሲሆን፣ ", "¦እና "),
    merges=("¦እና ", "¦፣ ", "¦ሲሆን "),
    event_merges=("¦ቶ ", "¦ቶ ", "¦ቶ ", "¦ና ", "¦ቶ በኋላ "),
    conditionals=(
        "{facts}¦ከሆነ {question}",
        "{facts}¦ከሆነ፣ {question}",
        "{facts}¦ከሆነ፣ {question}",
        "{facts} እንበል። {question}",
        "{facts} ብለን እናስብ። {question}",
        "እስቲ {facts} እንበል፣ {question}",
    ),
    stop="።",
    finish=finish,
)
