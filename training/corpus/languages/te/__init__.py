"""Telugu: cases and verbs agree word by word (`grammar.py`, `verbs.py`); what is understood stays unsaid.

Clauses mark a case by `_` and its ending (`{A.n}_కు`, `{K.sg}_లో`, `{N}_ ధర`) and name a verb by its masculine
form (`{A!కొన్నాడు}`). A text is settled in `finish`: its spelling, the names of its things, its joined clauses.
"""

from __future__ import annotations

import re
from random import Random
from zlib import crc32

from ...language import Count, Forms, Language, Person
from .grammar import Style, count_people, decline_all, settle, spell
from .names import MEN, WOMEN
from .verbs import Verbs, joining

# A mention: the word, then `d` where a subject may stay unsaid, `p` a pronoun.
_MENTION = "\ue000{}\ue001{}\ue002"
_HE = "అతను"
_PRONOUNS = {"f": "ఆమె", "m": _HE, "h": "ఆయన", "I": "నేను"}


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: the subject, which may stay unsaid; `n` (always said; cases follow as `_కు`), `own` (తన), `pro`."""
    if form == "own":
        return "నా" if who.speaker else "తన"
    if pronoun or form == "pro":
        flags = "pd" if not form and not first else "p"
        return _MENTION.format(_PRONOUNS[who.agreement], flags)
    return _MENTION.format(who.name if first or not who.forms else who.forms["later"], "")


def counted(count: Count, noun: Forms, form: str) -> str:
    """`12 పుస్తకాలు`, `12 మంది పిల్లలు`; the singular for one."""
    people = "మంది " if noun["class"] == "h" else ""
    return f"{count.text} {people}{noun[form or ('sg' if count.value == 1 else 'pl')]}"


# --- the whole text

_MENTIONED = re.compile("\ue000(.*?)\ue001(.*?)\ue002")
_UNSAID = re.compile("\ue000[^\ue002]*\ue001pd\ue002 ")
_JOINED = re.compile(r"([\u0c00-\u0c7f]*)¦(,|&|if)")
_THERE_ARE = ("ఉన్నాయి", "ఉండేవి", "ఉంది", "ఉన్నారు")
# Inside a condition what is there goes on: "there being 6 in each row, if there are 8 rows".
_THERE_BEING = re.compile(rf"(?:{'|'.join(_THERE_ARE)}),(?= [^.?]*¦if)")
_ME_FIRST = re.compile("(?<![\u0c00-\u0c7f])నా మరియు ([\u0c00-\u0c7f]+)")
_FAMILY = "అమ్మ|నాన్న|తమ్ముడ|అన్న|అక్క|చెల్లి|తరగతి|బడి|ఇంట"
_MY_FAMILY = re.compile(rf"(?<![\u0c00-\u0c7f])నా(?= (?:{_FAMILY}))")
_THEN = "ఆ తర్వాత|తర్వాత|తరువాత|ఆపై|అనంతరం|కొద్దిసేపటి తర్వాత"
_THEN_TWICE = re.compile(rf"((?:^|[.,] )(?:{_THEN}),? (?:[^\s.,?]+ ){{0,3}}?)(?:{_THEN}) ")
_ALREADY = "కొనుగోలు జాబితా|ఇప్పటి|నిన్న|వారాంతంలో|మొదటి రోజు|మొదటి వారంలో"
# "Then" before "already", before what is only wanted, and in a question that comes first.
_MISPLACED = re.compile(
    rf"(^|[.,] )(?:{_THEN}),? (?=(?:[^\s.,?]+ ){{0,2}}(?:{_ALREADY})|(?:[^\s.,?]+ ){{0,5}}కొనాలనుకు)|^ఆ తర్వాత "
)
# What is only going to be bought leaves money in the future.
_TO_BUY = ("కొనాలనుకు", "కొనుగోలు జాబితా")
_WILL_BE_LEFT = (("మిగిలిందో", "మిగులుతుందో"), ("మిగిలింది", "మిగులుతుంది"), ("మిగిలాయి", "మిగులుతాయి"))


def _people(text: str, style: Style, rng: Random) -> str:
    """Says who is meant; a subject that only one person can be may stay unsaid."""
    names = {
        name.split(" ")[-1]
        for name, flags in _MENTIONED.findall(text)
        if "p" not in flags or name == _PRONOUNS["I"]
    }
    if len(names) <= 1:
        text = _UNSAID.sub(lambda m: "" if rng.random() < style.drops else m[0], text)
    he = _HE if style.he == "తను" and len(names) > 1 else style.he
    return _MENTIONED.sub(lambda m: he if m[1] == _HE else m[1], text)


def _join(match: re.Match, rng: Random) -> str:
    """A clause that goes on: "having bought,"; one that is a condition: "if he buys"."""
    verb, mark = match.groups()
    forms = joining(verb)
    if mark == "if":
        if forms:
            return rng.choice((forms.if_, forms.if_, forms.as_said + "ట్లయితే", forms.as_said + "ట్లైతే"))
        if verb.endswith("ాలి"):
            return verb.removesuffix("ి") + "్సి ఉంటే"
        return f"{verb} అయితే"
    if mark == "&":
        sentence = match.string[match.end() :].partition(".")[0]
        if "¦if" not in sentence:
            return verb + rng.choice((" మరియు", ","))
        return ("ఉండి" if verb in _THERE_ARE else verb) + ","
    # Only somebody who did something goes on to the next: not what things do, nor "has".
    goes_on = forms and forms.having != "ఉండి" and not verb.endswith("ాయి")
    return (forms.having if goes_on else verb) + ","


def finish(text: str) -> str:
    """Draws a style for the text and resolves every mark in it."""
    rng = Random(crc32(text.encode()))
    style = Style.drawn(rng)
    text = settle(_people(text, style, rng), style)
    text = _JOINED.sub(lambda m: _join(m, rng), _THERE_BEING.sub("ఉండి,", text))
    text = decline_all(count_people(text), style)
    text = _MY_FAMILY.sub("మా", _ME_FIRST.sub(r"\1 మరియు నా", text))
    text = _MISPLACED.sub(lambda m: m[1] or "", _THEN_TWICE.sub(r"\1", text))
    if any(mark in text for mark in _TO_BUY):
        for left, will_be_left in _WILL_BE_LEFT:
            text = text.replace(left, will_be_left)
    if "మార్కులు" in text:  # of a test; games have points
        text = text.replace("పాయింట్లు", "మార్కులు")
    return re.sub(" +", " ", spell(text, style)).strip()


def _roles(words: str, gender: str) -> list[Forms]:
    return [
        {"first": f"ఒక {word}", "later": f"ఆ {word}", "gender": gender}
        for word in words.replace("_", " ").split("|")
    ]


LANGUAGE = Language(
    code="te",
    names={"f": WOMEN, "m": MEN},
    number_words=dict(
        enumerate(
            "రెండు మూడు నాలుగు ఐదు ఆరు ఏడు ఎనిమిది తొమ్మిది పది పదకొండు పన్నెండు".split(), start=2
        )
    ),
    fractions={
        2: "సగం/సగం/సగం/సగభాగం",
        3: "మూడో~వంతు/మూడవ~వంతు/మూడింట~ఒక~వంతు",
        4: "నాలుగో~వంతు/నాలుగవ~వంతు/పావు~వంతు",
        5: "ఐదో~వంతు/ఐదవ~వంతు/ఐదింట~ఒక~వంతు",
    },
    currencies=(
        ("{} రూపాయలు", "రూపాయలు"),
        ("{} రూపాయలు", "రూపాయలు"),
        ("₹{}", "రూపాయలు"),
        ("రూ. {}", "రూపాయలు"),
        ("రూ.{}", "రూపాయలు"),
        ("${}", "డాలర్‌లు/డాలర్లు"),
        ("${}", "డాలర్‌లు/డాలర్లు"),
        ("{} డాలర్‌లు/డాలర్లు", "డాలర్‌లు/డాలర్లు"),
        ("€{}", "యూరోలు"),
        ("{} యూరోలు", "యూరోలు"),
        ("{} పౌండ్లు", "పౌండ్లు"),
    ),
    person=person,
    noun_columns=("sg", "pl", "class"),
    counted=counted,
    noun_classes=("n", "h"),
    person_classes=("m", "f", "I", "h"),
    concords=Verbs(
        {
            "వారిద్దరి": {"": "వారిద్దరి/వాళ్లిద్దరి/వారిద్దరి", "I": "మా~ఇద్దరి"},
            "ఆ ముగ్గురి": {"": "ఆ~ముగ్గురి", "I": "మా~ముగ్గురి"},
            "పెద్ద": {"m": "పెద్దవాడు", "f": "పెద్దది", "": "పెద్ద"},
            "చిన్న": {"m": "చిన్నవాడు", "f": "చిన్నది", "": "చిన్న"},
        }
    ),
    roles=[
        *_roles("రైతు|వడ్రంగి|తోటమాలి|దర్జీ|పండ్ల_వ్యాపారి|దుకాణదారుడు|విద్యార్థి|అబ్బాయి|బాలుడు|వ్యాపారి|కూలీ", "m"),
        *_roles("అమ్మాయి|బాలిక|విద్యార్థిని|మహిళ|పూల_వ్యాపారి|గృహిణి", "f"),
        *_roles("టీచర్|మాస్టారు|పెద్దాయన", "h"),
    ],
    first_person=True,
    openers=(
        "తర్వాత {}",
        "ఆ తర్వాత {}",
        "ఆ తర్వాత, {}",
        "తరువాత {}",
        "ఆపై {}",
        "అనంతరం {}",
        "కొద్దిసేపటి తర్వాత {}",
    ),
    then_words=("తర్వాత", "ఆపై", "ఆ తర్వాత"),
    joins=("¦& ", ", ", ", ", " మరియు ", ", ", ", అలాగే "),
    merges=("¦, ", "¦, ", " మరియు "),
    event_merges=("¦, తర్వాత ", "¦, ఆ తర్వాత ", ", ఆపై "),
    conditionals=(
        "{facts}¦if, {question}",
        "{facts}¦if, {question}",
        "ఒకవేళ {facts}¦if, {question}",
        "{facts} అనుకుంటే, {question}",
        "{facts} అని అనుకుందాం. {question}",
    ),
    finish=finish,
)
