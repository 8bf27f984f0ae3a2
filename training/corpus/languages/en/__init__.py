"""English: the speaker may be "I", shopkeepers and farmers act too, `an` before vowels."""

from __future__ import annotations

import re

from ...language import Language, Person
from ..names import FEMALE, MALE

_PRONOUNS = {
    "f": {"": "she", "obj": "her", "poss": "her", "own": "her", "pro": "she"},
    "m": {"": "he", "obj": "him", "poss": "his", "own": "his", "pro": "he"},
    "I": {"": "I", "obj": "me", "poss": "my", "own": "my", "pro": "I"},
}


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject, `obj` (him), `poss` (Tom's, his), `own` (always his), `pro` (always he)."""
    if pronoun or form in ("own", "pro"):
        return _PRONOUNS[who.agreement][form]
    name = who.name if first or not who.forms else who.forms["later"]
    return f"{name}'s" if form == "poss" else name


_ARTICLE = re.compile(r"\b([Aa]) (?=[aeio]|hour)")


def finish(text: str) -> str:
    """`a apple` to `an apple`, `I and Tom` to `Tom and I`, a final `me and Tom` to `Tom and me`."""
    text = _ARTICLE.sub(r"\1n ", text)
    text = re.sub(r"\bI and ([A-ZÀ-Ý][\wà-ÿ]+)", r"\1 and I", text)
    return re.sub(r"\bme and ([A-ZÀ-Ý][\wà-ÿ]+)(?=[?.]| if )", r"\1 and me", text)


def _concord(third: str, first: str) -> dict[str, str]:
    return {"": third, "I": first}


_ROLES = (
    "farmer baker teacher shopkeeper gardener carpenter tailor librarian coach grocer chef student "
    "merchant craftsman neighbor collector"
).split()

LANGUAGE = Language(
    code="en",
    names={"f": FEMALE, "m": MALE},
    number_words=dict(
        enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
    ),
    fractions={2: "half", 3: "a third", 4: "a quarter", 5: "a fifth"},
    currencies=(
        ("${}", "dollars"),
        ("${}", "dollars"),
        ("{} dollars", "dollars"),
        ("€{}", "euros"),
        ("{} euros", "euros"),
        ("£{}", "pounds"),
        ("{} shillings", "shillings"),
        ("{} rupees", "rupees"),
    ),
    person=person,
    noun_columns=("sg", "pl"),
    concords={
        "has": _concord("has", "have"),
        "is": _concord("is", "am"),
        "was": _concord("was", "was"),
        "does": _concord("does", "do"),
        "needs": _concord("needs", "need"),
    },
    roles=[{"first": f"a {role}", "later": f"the {role}"} for role in _ROLES],
    first_person=True,
    openers=("then {}", "then {}", "after that, {}", "later, {}", "later on {}", "next, {}", "afterwards, {}"),
    then_words=("then", "later"),
    joins=(" and ", ", and ", "; ", " and "),
    merges=(" and ", " and ", ", and "),
    event_merges=(" and then ", ", then ", " and later "),
    conditionals=(
        "if {facts}, {question}",
        "if {facts}, then {question}",
        "{question} if {facts}?",
        "given that {facts}, {question}",
    ),
    finish=finish,
)
