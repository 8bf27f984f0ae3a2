"""Amharic verbs by subject and object, built from the three forms of `roots.py` (`ገዛ`, `ይገዛል`, `ገዝቶ`).

`CONCORDS` are tables by person, named by their masculine form; `RELATED` says for a finite form how it
looks before a join; `PLURAL` how it looks with a plural subject.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from . import roots
from .letters import AE, A, BARE, E, O, U, contracted, ending, ending_wa, order, palatal, row

# Nothing happens in these: "wanted, then ..." is no sequence.
_STATES = frozenset("ፈለገ ቻለ አስፈለገ በለጠ አነሰ ተመኘ በቃ ሆነ ጎደለ".split())

SUBJECTS = ("m", "f", "I", "p")  # he, she, I, they
OBJECTS = ("m", "f", "I")
_KINDS = ("", "በ", "ለ")  # him; to his harm, on him; for him
_FIRST = {
    "ይ": {"m": "ይ", "f": "ት", "I": "እ", "p": "ይ"},
    "ያ": {"m": "ያ", "f": "ታ", "I": "አ", "p": "ያ"},
}
# The same after a conjunction that ends in a bare consonant: የም-, እንደም-, ስ-.
_JOINED = {"ይ": {"m": "ኢ", "f": "ት", "I": "", "p": "ኢ"}, "ያ": {"m": "ኢያ", "f": "ታ", "I": "አ", "p": "ኢያ"}}
_PRESENT_END = {"m": "ል", "f": "ለች", "I": "ለሁ", "p": "ሉ"}
_I = 2  # the order of -i


class Related(NamedTuple):
    """A finite form before a join: `ገዝቶ`, `የገዛ`, `ከገዛ`, `ቢገዛ` (the first and last nothing for states)."""

    converb: str
    relative: str
    condition: str
    hypothetical: str = ""


def _with_object(form: str, kind: str, who: str) -> str:
    """A form with an object: `ሰጠ` to `ሰጠው`, `ሰጣት`, `ሰጠኝ`; with a kind: `ጠፋበት`, `ጠፋባት`, `ጠፋብኝ`."""
    if kind:
        return form + {"m": f"{kind}ት", "f": f"{ending(kind, A)}ት", "I": f"{ending(kind, BARE)}ኝ"}[who]
    if who == "f":
        rounded = order(form[-1]) in (U, O)
        return (ending_wa(form) if rounded else ending(form, A)) + "ት"
    if who == "I":
        return f"{form}ኝ"
    return form + ("ት" if order(form[-1]) in (U, O) else "ው")


@dataclass(frozen=True)
class Verb:
    """A verb by its forms for "he". Objects are pairs (kind, who) or nothing."""

    past_form: str
    present_form: str
    converb_form: str

    @property
    def _weak(self) -> bool:
        """Whether the last consonant of the root is lost: `ሰጠሁ`, not `ሰጥኩ`."""
        return row(self.converb_form[-1]) == "ተ" != row(self.past_form[-1])

    def past(self, subject: str, target: tuple[str, str] | None = None) -> str:
        """`ገዛ`, `ገዛች`, `ገዛሁ`, `ገዙ`; `ሰጠችው`."""
        form = self.past_form
        if subject == "f":
            form += "ች"
        elif subject == "I":
            form = f"{form}ሁ" if self._weak else f"{ending(form, BARE)}ኩ"
        elif subject == "p":
            form = ending(form, U)
        return _with_object(form, *target) if target else form

    def _rest(self, subject: str, target: tuple[str, str] | None) -> str:
        """The imperfective without its first letter and its auxiliary: `ገዛ`, `ሰጥ`, `ሰጠው`."""
        body = self.present_form[1:-1]
        open_root = order(self.past_form[-1]) == A
        if target and not target[0]:
            if subject == "p":
                body = ending(body, U)
            elif not open_root:
                body = ending(body, AE)
            return _with_object(body, *target)
        if subject == "p":
            body = ending(body, U)
        elif not open_root:
            body = ending(body, BARE)
        return _with_object(body, *target) if target else body

    def present(self, subject: str, target: tuple[str, str] | None = None) -> str:
        """`ይገዛል`, `ትገዛለች`, `እገዛለሁ`, `ይገዛሉ`; `ይሰጠዋል`."""
        first = _FIRST[self.present_form[0]][subject]
        if target:
            end = "ል" if subject == "p" else _PRESENT_END[subject]
            return first + ending(self._rest(subject, target), A) + end
        return first + self.present_form[1:-1] + _PRESENT_END[subject]

    def joined(self, lead: str, subject: str, target: tuple[str, str] | None = None) -> str:
        """The imperfective after a conjunction: `የም` gives `የሚገዛ`, `የምትገዛ`, `የምገዛ`; `ስ` gives `ሲገዛ`."""
        first = _JOINED[self.present_form[0]][subject]
        if first.startswith("ኢ"):
            lead = ending(lead, _I)
        elif first == "አ":
            lead = ending(lead, A)
        return lead + first.lstrip("ኢአ") + self._rest(subject, target)

    def converb(self, subject: str, target: tuple[str, str] | None = None) -> str:
        """`ገዝቶ`, `ገዝታ`, `ገዝቼ`, `ገዝተው`."""
        form = self.converb_form
        if subject == "f":
            form = ending(form, A)
        elif subject == "I":
            form = ending(palatal(form), E)
        elif subject == "p":
            form = f"{ending(form, AE)}ው"
            if target and not target[0]:
                return form[:-1] + {"m": "ውት", "f": "ዋት", "I": "ውኝ"}[target[1]]
        return _with_object(form, *target) if target else form

    def perfect(self, subject: str) -> str:
        """`ገዝቷል`, `ገዝታለች`, `ገዝቻለሁ`, `ገዝተዋል`."""
        form = self.converb(subject)
        if subject == "m":
            return f"{ending_wa(form)}ል"
        if subject == "p":
            return f"{form[:-1]}ዋል"
        return ending(form, A) + _PRESENT_END[subject]


VERBS = {forms[0]: Verb(*forms) for forms in map(str.split, roots.VERBS.strip().splitlines())}

CONCORDS: dict[str, dict[str, str]] = {}
RELATED: dict[str, Related] = {}
PLURAL: dict[str, str] = {}
# A finite form, and the kind and person of an object: the form with it (`{B!+}`, `{B!+ለ}`).
OBJECT: dict[tuple[str, str, str], str] = {}


def _note(forms: dict[str, str]) -> None:
    """Files a table by person under its masculine form, and what it becomes in the plural."""
    CONCORDS.setdefault(forms["m"], {who: forms[who] for who in OBJECTS})
    if "p" in forms:
        PLURAL.setdefault(forms["m"], forms["p"])


def _file_subjects(verb: Verb) -> None:
    tables: list[dict[str, str]] = [
        {s: verb.past(s) for s in SUBJECTS},
        {s: verb.present(s) for s in SUBJECTS},
        {s: verb.perfect(s) for s in SUBJECTS},
        {s: verb.converb(s) for s in SUBJECTS},
        *({s: contracted(lead, verb.past(s)) for s in SUBJECTS} for lead in ("የ", "ከ", "እንደ", "እየ")),
        *({s: verb.joined(lead, s) for s in SUBJECTS} for lead in ("የም", "እንደም", "ስ", "ብ", "እንድ")),
    ]
    for table in tables:
        _note(table)
    for s in SUBJECTS:
        conditional = contracted("ከ", verb.past(s))
        converb = "" if verb.past_form in _STATES else verb.converb(s)
        supposed = converb and verb.joined("ብ", s)
        past = Related(converb, contracted("የ", verb.past(s)), conditional, supposed)
        RELATED.setdefault(verb.past(s), past)
        RELATED.setdefault(verb.perfect(s), past._replace(converb="", hypothetical=""))
        relative = verb.joined("የም", s)
        RELATED.setdefault(verb.present(s), Related(converb, relative, f"{relative} ከሆነ", supposed))


def _object_tables(verb: Verb, subject: str, kind: str) -> list[dict[str, str]]:
    """By the person of the object: past, present, perfect, and each after its conjunctions."""
    targets = {who: (kind, who) for who in OBJECTS}
    past = {who: verb.past(subject, target) for who, target in targets.items()}
    present = {who: verb.present(subject, target) for who, target in targets.items()}
    end = _PRESENT_END["m" if subject == "p" else subject]
    perfect = {who: ending(verb.converb(subject, t), A) + end for who, t in targets.items()}
    return [
        past,
        present,
        perfect,
        *({who: contracted(lead, form) for who, form in past.items()} for lead in ("የ", "ከ", "እንደ")),
        *({who: verb.joined(lead, subject, t) for who, t in targets.items()} for lead in ("የም", "እንደም", "እንድ", "ብ")),
    ]


def _file_objects(verb: Verb, kind: str) -> None:
    by_subject = {subject: _object_tables(verb, subject, kind) for subject in SUBJECTS}
    for subject, tables in by_subject.items():
        for table in tables:
            CONCORDS.setdefault(table["m"], table)
        past, present, perfect, relative, condition, _, will, *_, supposed = tables
        for who in OBJECTS:
            converb = verb.converb(subject, (kind, who))
            RELATED.setdefault(past[who], Related(converb, relative[who], condition[who], supposed[who]))
            RELATED.setdefault(present[who], Related(converb, will[who], f"{will[who]} ከሆነ", supposed[who]))
            RELATED.setdefault(perfect[who], Related("", relative[who], condition[who]))
            OBJECT.setdefault((verb.past(subject), kind, who), past[who])
            OBJECT.setdefault((verb.present(subject), kind, who), present[who])
    for one, many in zip(by_subject["m"], by_subject["p"], strict=True):
        for who in OBJECTS:
            PLURAL.setdefault(one[who], many[who])


# "Is", "has", "was", "had": only these forms; each with its plural subject.
_BE = (
    # finite, relative, condition; of he, she, I, they
    (("ነው", "ናት", "ነኝ", "ናቸው"), ("የሆነ", "የሆነች", "የሆንኩ", "የሆኑ"), ("ከሆነ", "ከሆነች", "ከሆንኩ", "ከሆኑ")),
    (("ነበር", "ነበረች", "ነበርኩ", "ነበሩ"), ("የነበረ", "የነበረች", "የነበርኩ", "የነበሩ"),
     ("ከነበረ", "ከነበረች", "ከነበርኩ", "ከነበሩ")),
    (("አለ", "አለች", "አለሁ", "አሉ"), ("ያለ", "ያለች", "ያለሁ", "ያሉ"), ("ካለ", "ካለች", "ካለሁ", "ካሉ")),
)  # fmt: skip


def _file_being() -> None:
    for finite, relative, condition in _BE:
        for table in (finite, relative, condition):
            _note(dict(zip(SUBJECTS, table, strict=True)))
        for form, that, if_ in zip(finite, relative, condition, strict=True):
            RELATED[form] = Related("", that, if_)
    PLURAL["እንዳለ"] = "እንዳሉ"
    for one, many in (("አለ", "አሉ"), ("ነበረ", "ነበሩ")):
        for kind in _KINDS:
            forms = {who: _with_object(one, kind, who) for who in OBJECTS}
            plural = {who: _with_object(many, kind, who) for who in OBJECTS}
            for table in (forms, plural):
                CONCORDS[table["m"]] = table
                for lead in ("የ", "ከ", "እንደ"):
                    leading = {who: contracted(lead, form) for who, form in table.items()}
                    CONCORDS[leading["m"]] = leading
                for form in table.values():
                    RELATED[form] = Related("", contracted("የ", form), contracted("ከ", form))
            for who in OBJECTS:
                for lead in ("", "የ", "ከ", "እንደ"):
                    pair = [contracted(lead, f) if lead else f for f in (forms[who], plural[who])]
                    PLURAL[pair[0]] = pair[1]
    PLURAL["ነበር"] = "ነበሩ"
    RELATED["አይደሉም"] = Related("", "ያልሆኑ", "ካልሆኑ")


_file_being()
for _verb in VERBS.values():
    _file_subjects(_verb)
for _verb in VERBS.values():
    for _kind in _KINDS:
        _file_objects(_verb, _kind)

# What two people have together: they, or we where one of them speaks.
for _they, _we in (
    ("አላቸው", "አለን"),
    ("ነበራቸው", "ነበረን"),
    ("ይኖራቸዋል", "ይኖረናል"),
    ("እንዳላቸው", "እንዳለን"),
    ("ያላቸው", "ያለን"),
):
    CONCORDS[_they] = {"m": _they, "f": _they, "I": _we}
for _have in ("አላቸው", "ነበራቸው", "አሏቸው", "ነበሯቸው"):
    RELATED[_have] = Related("", contracted("የ", _have), contracted("ከ", _have))
PLURAL |= {
    "አላቸው": "አሏቸው",
    "ነበራቸው": "ነበሯቸው",
    "ይኖራቸዋል": "ይኖሯቸዋል",
    "እንዳላቸው": "እንዳሏቸው",
    "ያላቸው": "ያሏቸው",
    "አለን": "አሉን",
    "ነበረን": "ነበሩን",
    "ይኖረናል": "ይኖሩናል",
    "እንዳለን": "እንዳሉን",
    "ያለን": "ያሉን",
}
