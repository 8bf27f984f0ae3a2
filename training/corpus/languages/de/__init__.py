"""German: cases, three genders, and a verb that is second, first after "dann", or last after "wenn".

Fact patterns mark what `finish` needs to order a clause:

- `kauft~` the finite verb, `~ab` its separable particle ("gibt~ 4 Äpfel ~ab", "wenn sie 4 Äpfel abgibt")
- `^` where the verb goes in a "wenn" clause when that is not the end (before a relative clause)
- `¦` the seam before a clause with the same subject, `¦¦` before another
- `°` this clause takes no "dann" in front
"""

from __future__ import annotations

import re

from ...language import Count, Forms, Language, Person
from .names import FEMALE, MALE

_PRONOUNS = {
    "f": {"": "sie", "acc": "sie", "dat": "ihr", "own": "ihr", "pro": "sie"},
    "m": {"": "er", "acc": "ihn", "dat": "ihm", "own": "sein", "pro": "er"},
    "I": {"": "ich", "acc": "mich", "dat": "mir", "own": "mein", "pro": "ich"},
}


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject, `acc`, `dat`, `own` (sein-, ihr-, endings follow), `pro` (always er, sie), `name`
    (never a pronoun but ich), `nom` (a subject that the next clause does not share)."""
    form = "" if form == "nom" else form
    if form in ("own", "pro") or (pronoun and form != "name") or who.speaker:
        return _PRONOUNS[who.agreement]["" if form == "name" else form]
    if not who.forms:
        return who.name
    case = "" if form == "name" else form
    return who.forms[("first" if first else "later") + case]


def counted(count: Count, noun: Forms, form: str) -> str:
    """`12 Äpfel`, `mit 12 Äpfeln` (form `dat`)."""
    if count.value == 1:
        return f"{count.text} {noun['obl' if form == 'dat' else 'sg']}"
    return f"{count.text} {noun[form or 'pl']}"


_MARKS = re.compile(r"[~^°†¦]")
_THEN = re.compile(r" ?†\w+")
_VERB = re.compile(r"(\S+)~")
_PARTICLE = re.compile(r"(?:^|(?<= ))~(\w+)")
_OPENED = re.compile(r"(?P<opener>[^¬]+)¬(?P<clause>.*)", re.DOTALL)
_MERGED = re.compile(r"(?P<join>.*)¤(?P<then>\w+(?: \w+)?)¤ (?P<clause>.*)", re.DOTALL)
_VERB_AND_PRONOUN = re.compile(r"\S+~(?: (?:ihm|ihr|ihnen|sich|mir|mich|ihn|sie))?(?= |$)")
_ADVERBIAL = re.compile(
    r"(?:am|an|auf|aus|bei|bis|bisher|davon|den|für|heute|im|in|jeden?|jedes|mit|nach|neben|pro|täglich|"
    r"unter|von|vom|vor|zu|zuerst|zum)\b|"
    r"\S+ (?:\w+ lang|Seiten davon|Kilometer|Meilen|Meter|Zentimeter|Fuß) $"
)
_SUBJECT = re.compile(r"(?!Platz )(ich|er|sie|es|man|sich|[A-ZÀ-Þ][\w'-]+) ")
_SEAM = re.compile(r"[,;]? ?(?:und )?(.*)", re.DOTALL)


def _second(clause: str) -> str:
    """A main clause; after an opener the verb comes before the subject, "dann" of a merge after the verb."""
    if found := _OPENED.fullmatch(clause):
        opener, rest = found["opener"], found["clause"]
        if "°" in rest:
            return rest
        rest = _THEN.sub("", rest)
        verb = _VERB.search(rest)
        return f"{opener} {verb[1]} {rest[: verb.start()]}{rest[verb.end() :]}" if verb else rest
    if found := _MERGED.fullmatch(clause):
        if "°" in clause:
            return found["join"] + found["clause"]
        rest = _THEN.sub("", found["clause"])
        return found["join"] + _VERB_AND_PRONOUN.sub(rf"\g<0> {found['then']}", rest, count=1)
    return clause


def _last(facts: str) -> str:
    """Facts after "wenn": the verb at the end of each clause, the clauses joined anew."""
    groups = [_joined(group.split("¦")) for group in facts.split("¦¦")]
    text = groups[0]
    for index, group in enumerate(groups[1:], start=1):
        text += _link(groups[index - 1], index == len(groups) - 1) + group
    return text


def _joined(clauses: list[str]) -> str:
    """Clauses with one subject."""
    worded = [_verb_last(_SEAM.fullmatch(clause)[1]) for clause in clauses]
    text = worded[0]
    for before, clause in zip(worded, worded[1:], strict=False):
        text += _link(before, True) + clause
    return text


def _link(before: str, last: bool) -> str:
    """What goes between two clauses; a relative clause at the end of the first is closed by a comma."""
    if not last:
        return ", "
    return ", und " if "^," in before else " und "


def _verb_last(clause: str) -> str:
    """One clause with its verb at the end, or in front of its relative clause."""
    if found := _MERGED.fullmatch(clause):
        clause = f"{found['then']} {_THEN.sub('', found['clause'])}"
    verb = _VERB.search(clause)
    if not verb:
        return clause
    clause = _subject_first(clause[: verb.start()], clause[verb.end() :].lstrip())
    if _PARTICLE.search(clause):
        return _PARTICLE.sub(rf"\g<1>{verb[1]}", clause)
    if "^" in clause:
        return clause.replace("^", f" {verb[1]}^")
    return f"{clause.rstrip()} {verb[1]}"


def _subject_first(front: str, rest: str) -> str:
    """`zuerst` + `Ana 12 Äpfel` to `Ana zuerst 12 Äpfel`: the subject leads where the verb does not."""
    subject = _SUBJECT.match(rest)
    if not subject or not (_ADVERBIAL.match(front) or subject[1] == "man"):
        return front + rest
    return f"{subject[1]} {front}{rest[subject.end() :]}"


_SUBORDINATE = re.compile(r"«(.*?)»")
_CLAUSE = re.compile(r"[^¦.?!]+")
_RELATIVE = re.compile(r"(\^,[^¦.?!]*)(¦+) und ")
_TIMES = re.compile(r"([a-zäöü]+)-mal\b", re.IGNORECASE)
_FOLD = re.compile(r"\b([a-zäöü])([a-zäöü]+)-Fache\b")
_SPEAKER_FIRST = re.compile(r"\b(ich|mir|mich) und ([A-ZÀ-Þ][\w'-]+)")
_SPEAKER_OF_THREE = re.compile(r"\bich, ([A-ZÀ-Þ][\w'-]+) und ([A-ZÀ-Þ][\w'-]+)")
_SQUARE = re.compile(r"(?<=Quadrat)\+(\w)")
_MANY = re.compile(r"\b([Ww]ie )viel (?=Kronen|Rupien)")
_OWNERS = {"mir": "mein", "ihm": "sein", "ihr": "ihr"}
# `in der Spardose von ihm` to `in seiner Spardose`: what is owned, and how it is said with `sein` in `{}`.
_OWNED = [
    (re.compile(rf"\b{phrase} von (mir|ihm|ihr)\b", re.IGNORECASE), mended)
    for phrase, mended in (
        (r"die (Arbeit|Fahrt|Geschwindigkeit|Rechnung)", r"{}e \1"),
        (r"der (Einkauf|Hund|Lohn)", r"{} \1"),
        (r"der (ganze|gesamte) (Weg|Lohn)", r"{} \1r \2"),
        (r"das (Alter|Buch|Wechselgeld|Ziel|Seil(?! von \w+ in ))", r"{} \1"),
        (r"des (Alters)", r"{}es \1"),
        (r"(in|auf) der (Kiste|Liste|Spardose)", r"\1 {}er \2"),
        (r"im (Regal)", r"in {}em \1"),
        (r"zur (Familie)", r"zu {}er \1"),
        (r"(Zahl|Summe|Durchschnitt) der (?!Alter )([\w-]+)", r"\1 {}er \2"),
        (r"sich die ([\w-]+)(?= von \w+ gerecht)", r"sich {}e \1"),
    )
]
_CONTRACTED = {"von dem": "vom", "zu dem": "zum", "zu der": "zur"}
_CONTRACTION = re.compile(r"\b(von dem|zu dem|zu der)\b")
_START = re.compile(r"(^|[.?!] )([a-zäöü])")


def finish(text: str) -> str:
    """Orders the clauses, takes the marks out, and mends `dreimal`, `seine Arbeit`, `Tom und ich`."""
    text = _SUBORDINATE.sub(lambda m: _last(m[1]), text)
    text = _RELATIVE.sub(r"\1,\2 und ", text)
    text = _CLAUSE.sub(lambda m: _lead(m[0]), text)
    text = _MARKS.sub("", text)
    text = re.sub(r" +", " ", text).replace(" ,", ",")
    for owned, mended in _OWNED:
        text = owned.sub(lambda m, own=mended: _possessive(m, own), text)
    text = _CONTRACTION.sub(lambda m: _CONTRACTED[m[1]], text)
    text = _TIMES.sub(r"\1mal", text)
    text = _FOLD.sub(lambda m: f"{m[1].upper()}{m[2]}fache", text)
    text = _SPEAKER_FIRST.sub(r"\2 und \1", text)
    text = _SPEAKER_OF_THREE.sub(r"\1, \2 und ich", text)
    text = _SQUARE.sub(lambda m: m[1].lower(), text)
    text = _MANY.sub(r"\1viele ", text)
    return _START.sub(lambda m: m[1] + m[2].upper(), text)


def _possessive(found: re.Match[str], mended: str) -> str:
    """`seine Arbeit` for `die Arbeit von ihm`, with a capital where that had one."""
    text = found.expand(mended.format(_OWNERS[found[found.lastindex]]))
    return text[0].upper() + text[1:] if found[0][0].isupper() else text


def _lead(segment: str) -> str:
    """One clause ordered, the blank before it kept."""
    blank = segment[: len(segment) - len(segment.lstrip())]
    return blank + _second(segment.lstrip())


def _agreement(third: str, first: str) -> dict[str, str]:
    return {"": third, "I": first}


# Verbs that stay in the present when the story is told by "ich" (in the past both forms are the same).
_VERBS = {
    "hat": "habe",
    "ist": "bin",
    "wird": "werde",
    "muss": "muss",
    "braucht": "brauche",
    "benötigt": "benötige",
    "besitzt": "besitze",
    "bekommt": "bekomme",
    "erhält": "erhalte",
    "zahlt": "zahle",
    "bezahlt": "bezahle",
    "verdient": "verdiene",
    "verfügt": "verfüge",
    "behält": "behalte",
    "liest": "lese",
    "schafft": "schaffe",
    "übt": "übe",
    "spart": "spare",
    "kommt": "komme",
    "nimmt": "nehme",
    "fährt": "fahre",
    "sich": "mir",
    "sich_acc": "mich",
}


def _role(masculine: str, feminine: str, oblique: str | None = None) -> list[Forms]:
    oblique = oblique or masculine
    return [
        {
            "gender": "m",
            "first": f"ein {masculine}",
            "firstacc": f"einen {oblique}",
            "firstdat": f"einem {oblique}",
            "later": f"der {masculine}",
            "lateracc": f"den {oblique}",
            "laterdat": f"dem {oblique}",
        },
        {
            "gender": "f",
            "first": f"eine {feminine}",
            "firstacc": f"eine {feminine}",
            "firstdat": f"einer {feminine}",
            "later": f"die {feminine}",
            "lateracc": f"die {feminine}",
            "laterdat": f"der {feminine}",
        },
    ]


LANGUAGE = Language(
    code="de",
    names={"f": FEMALE, "m": MALE},
    number_words=dict(
        enumerate("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(), start=2)
    ),
    fractions={2: "die Hälfte", 3: "ein Drittel", 4: "ein Viertel", 5: "ein Fünftel"},
    currencies=(
        ("{} Euro", "Euro"),
        ("{} Euro", "Euro"),
        ("{} €", "Euro"),
        ("{} €", "Euro"),
        ("{} Dollar", "Dollar"),
        ("{} Dollar", "Dollar"),
        ("{} $", "Dollar"),
        ("${}", "Dollar"),
        ("€{}", "Euro"),
        ("{} Franken", "Franken"),
        ("{} Pfund", "Pfund"),
        ("{} Kronen", "Kronen"),
        ("{} Rupien", "Rupien"),
        ("{} Lira", "Lira"),
    ),
    person=person,
    noun_columns=("sg", "obl", "pl", "dat", "class"),
    counted=counted,
    concords={third: _agreement(third.removesuffix("_acc"), first) for third, first in _VERBS.items()},
    roles=[
        *_role("Bauer", "Bäuerin", "Bauern"),
        *_role("Bäcker", "Bäckerin"),
        *_role("Lehrer", "Lehrerin"),
        *_role("Händler", "Händlerin"),
        *_role("Gärtner", "Gärtnerin"),
        *_role("Tischler", "Tischlerin"),
        *_role("Schneider", "Schneiderin"),
        *_role("Trainer", "Trainerin"),
        *_role("Koch", "Köchin"),
        *_role("Schüler", "Schülerin"),
        *_role("Nachbar", "Nachbarin", "Nachbarn"),
        *_role("Sammler", "Sammlerin"),
        *_role("Künstler", "Künstlerin"),
    ],
    first_person=True,
    openers=(
        "dann¬{}",
        "dann¬{}",
        "danach¬{}",
        "später¬{}",
        "anschließend¬{}",
        "kurz darauf¬{}",
    ),
    then_words=("†dann", "†danach", "†später"),
    joins=("¦¦ und ", "¦¦ und ", "¦¦, ", "¦¦; "),
    merges=("¦ und ",),
    event_merges=("¦ und ¤dann¤ ", "¦ und ¤danach¤ ", "¦ und ¤später¤ "),
    conditionals=(
        "wenn «{facts}», {question}",
        "wenn «{facts}», {question}",
        "angenommen, {facts}. {question}",
        "nehmen wir an, {facts}. {question}",
        "stell dir vor, {facts}. {question}",
        "{question}, wenn «{facts}»?",
        "wir wissen, dass «{facts}». {question}",
    ),
    finish=finish,
)
