"""French: elision and contraction, questions with inversion, clitic pronouns, the speaker as "je"."""

from __future__ import annotations

import re

from ...language import Language, Person
from .. import names as shared
from .names import FEMALE, MALE

_PRONOUNS = {
    "f": {"": "elle", "pro": "elle", "dis": "elle", "inv": ""},
    "m": {"": "il", "pro": "il", "dis": "lui", "inv": ""},
    "I": {
        **{"": "je", "pro": "je", "dis": "moi", "lui": "me", "inv": ""},
        **{"nom": "moi⁜", "de": "de moi", "à": "à moi"},
    },
}
# Possessives: of somebody, of the speaker.
_OWNERS = {"le": ("son", "mon"), "la": ("sa", "ma"), "les": ("ses", "mes")}


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """The forms of a person.

    Subject (elle); `inv`, the subject before an inverted verb (a name or nothing: the verb brings "-elle");
    `pro`, always the pronoun; `dis` (que lui); `nom`, `de`, `à`, always the name; `la corde` and the like
    (la corde de Ben, sa corde, ma corde); `lui`, the indirect object, a pronoun here or a name at the next
    `@` of the pattern.
    """
    pronouns = _PRONOUNS[who.agreement]
    article, _, thing = form.partition(" ")
    if who.speaker and thing:
        return f"{_OWNERS[article][1]} {thing}"
    if who.speaker or form == "pro" or (pronoun and form in ("", "inv", "dis")):
        return pronouns[form]
    name = f"{who.name}{_FIRST}" if first else who.forms["later"] if who.forms else who.name
    if form == "lui":
        return f"⟪lui|⟦à {name}⟧⟫" if pronoun else f"⟦à {name}⟧"
    if thing:
        owned = f"{form} de {name}"
        return f"⟪{_OWNERS[article][0]} {thing}|{owned}⟫" if pronoun else owned
    return f"{form} {name}" if form in ("de", "à") else name


# Before these "de", "que", "je", ... lose their vowel; "huit", "onze" and most names with H keep it.
_MUTE_H = "heure|homme|habit|histoire|hiver|herbe|huile|horloge|héloïse|hélène|hortense|henri|hubert"
_ELISION = re.compile(
    r"(?<![\w'-])((?:[djlmns]|qu|jusqu|lorsqu|puisqu)(?=e )|l(?=a )|(?:(?<=^)|(?<=[.?:] ))[JL](?=e )|"
    r"(?:(?<=^)|(?<=[.?:] ))L(?=a )). "
    rf"(?=(?!onze|oui)(?i:[aeiouàâäéèêëîïôöùûüœ]|y(?:[bdfglmnprstv]| )|{_MUTE_H}))",
)
_CONTRACTIONS = {
    **{"de le": "du", "de les": "des", "à le": "au", "à les": "aux"},
    **{"si il": "s'il", "Si il": "S'il"},
}
_CONTRACTION = re.compile(r"(?<![\w'-])(" + "|".join(_CONTRACTIONS) + r")(?![\w'-])")
# Where the speaker's verb follows without its subject: "et ai vendu".
_UNSAID = re.compile(r"\b(et|puis|ensuite|tard,) (?=(?:en |y |les? |l'|m[e'] ?)?(?:ai|suis|[a-zé]+ais)\b)")
_FIRST = "⁑"  # after the first mention of each person
_LAST = "⁜"  # after a "moi" that goes last among several people: "Ben et moi"
_UNGENDERED = re.compile(r"⟪([^|]*)\|([^⟫]*)⟫")
_MOVED = re.compile(r"⟦([^⟧]*)⟧([^@]*)@")
_AGREEMENT = re.compile(r"([\w-]+)‹([mfI]+)›")
# What several people do: a man among them, only women, the speaker among them.
_PLURALS = {
    "ont-ils": ("ont-ils", "ont-elles", "avons-nous"),
    "avaient-ils": ("avaient-ils", "avaient-elles", "avions-nous"),
    "possèdent-ils": ("possèdent-ils", "possèdent-elles", "possédons-nous"),
    "disposent-ils": ("disposent-ils", "disposent-elles", "disposons-nous"),
    "leurs": ("leurs", "leurs", "nos"),
    "ont": ("ont", "ont", "avons"),
    "eux": ("eux", "elles", "nous"),
}


def _plural(match: re.Match) -> str:
    word, classes = match.groups()
    return _PLURALS[word][2 if "I" in classes else 0 if "m" in classes else 1]


def finish(text: str) -> str:
    """Who is meant, what goes where, agreement with several people, "je", spaces, elision, contraction."""
    # "lui", "son" say no gender: only while nobody else has been named.
    text = _UNGENDERED.sub(r"\2" if text.count(_FIRST) > 1 else r"\1", text)
    text = _MOVED.sub(r"\2\1", text).replace("@", "")
    that = "que " if "‖" in text else ""
    text = text.replace("¦", that)
    text = text[1].upper() + text[2:] if text[0] == "‖" else text.replace("‖", "")
    text = _AGREEMENT.sub(_plural, text)
    text = re.sub(rf"\bmoi{_LAST}, ([\w-]+{_FIRST}?) et ([\w-]+)", r"\1, \2 et moi", text)
    text = re.sub(rf"(?<!\bà )(?<!\bde )\bmoi{_LAST} et ([A-ZÀ-Ý][\w-]*)", r"\1 et moi", text)
    text = text.replace(_LAST, "")
    text = re.sub(r"\s+", " ", _UNSAID.sub(rf"\1 {that}je ", text))
    text = re.sub(r" ?([?;])", r" \1", re.sub(r" (?=[,.])", "", text))
    text = text.replace("§par heure", "de l'heure").replace("§", "")
    text = _ELISION.sub(r"\1'", text).replace(_FIRST, "")
    text = _CONTRACTION.sub(lambda m: _CONTRACTIONS[m.group()], text)
    return re.sub(r"(?<=[.?] )[^\W\d_]", lambda m: m.group().upper(), text)


# Words that the speaker changes: third person, first person.
_SPEAKER = (
    "a ai, est suis, ait ais, ses mes, son mon, sa ma, se me, doit dois, lit lis, peut peux, vient viens, "
    "fait fais, aura aurai, reçoit reçois, prend prends"
)
# Verbs before their subject: "a-t-" becomes "a-t-il" or "a-t-elle"; the speaker says "ai-je" ...
_INVERTED = (
    "a-t- ai-je, avait- avais-je, aura-t- aurai-je, doit- dois-je, est- suis-je, peut- puis-je, "
    "pourra-t- pourrai-je, mettra-t- mettrai-je, arrivera-t- arriverai-je, lira-t- lirai-je, "
    "paiera-t- paierai-je, fera-t- ferai-je, gagnera-t- gagnerai-je, finira-t- finirai-je, "
    "fabriquera-t- fabriquerai-je"
)
# ... or, where that sounds odd, "est-ce que je gagne".
_ASKED = (
    "lit- lis, possède-t- possède, dispose-t- dispose, gagne-t- gagne, paie-t- paie, obtient- obtiens, "
    "fabrique-t- fabrique, touche-t- touche"
)
_ASKED_WITH_PRONOUN = (
    ("y consacre-t-", "est-ce que je y consacre"),
    ("y passe-t-", "est-ce que je y passe"),
    ("se retrouve-t-", "est-ce que je me retrouve"),
)


def _pairs(text: str) -> list[list[str]]:
    return [pair.split() for pair in text.split(", ")]


def _concords() -> dict[str, dict[str, str]]:
    inverted = [
        *_pairs(_INVERTED),
        *((verb, f"est-ce que je {first}") for verb, first in _pairs(_ASKED)),
        *_ASKED_WITH_PRONOUN,
    ]
    return {
        **{third: {"": third, "I": first} for third, first in _pairs(_SPEAKER)},
        **{f"{verb}il": {"m": f"{verb}il", "f": f"{verb}elle", "I": first} for verb, first in inverted},
        "toi": {"m": "lui", "f": "elle", "I": "moi"},
        "g": {"m": "m", "f": "f", "I": "I"},
    }


# (she, he)
_ROLES = (
    ("fermière", "fermier"), ("boulangère", "boulanger"), ("maîtresse", "maître"), ("marchande", "marchand"),
    ("jardinière", "jardinier"), ("couturière", "couturier"), ("bibliothécaire", "bibliothécaire"),
    ("commerçante", "commerçant"), ("cuisinière", "cuisinier"), ("étudiante", "étudiant"),
    ("épicière", "épicier"), ("voisine", "voisin"), ("artisane", "artisan"), ("élève", "élève"),
    ("institutrice", "instituteur"), ("vendeuse", "vendeur"),
)  # fmt: skip


def _roles() -> list[dict[str, str]]:
    return [
        {"first": f"{a} {noun}", "later": f"{the} {noun}", "gender": gender}
        for pair in _ROLES
        for noun, a, the, gender in zip(pair, ("une", "un"), ("la", "le"), "fm", strict=True)
    ]


LANGUAGE = Language(
    code="fr",
    # Twice the local names, so that they are the larger part.
    names={"f": FEMALE * 2 + shared.FEMALE, "m": MALE * 2 + shared.MALE},
    number_words=dict(
        enumerate("deux trois quatre cinq six sept huit neuf dix onze douze".split(), start=2)
    ),
    fractions={2: "la moitié", 3: "un tiers", 4: "un quart", 5: "un cinquième"},
    currencies=(
        ("{} €", "euros"),
        ("{} €", "euros"),
        ("{} euros", "euros"),
        ("{} euros", "euros"),
        ("€{}", "euros"),
        ("{} $", "dollars"),
        ("{} $", "dollars"),
        ("${}", "dollars"),
        ("{} dollars", "dollars"),
        ("{} francs", "francs"),
        ("{} dirhams", "dirhams"),
        ("{} dinars", "dinars"),
        ("{} gourdes", "gourdes"),
    ),
    person=person,
    noun_classes=("m", "f"),
    concords=_concords(),
    roles=_roles(),
    first_person=True,
    openers=(
        "puis {}", "ensuite, {}", "ensuite {}", "après cela, {}", "plus tard, {}", "par la suite, {}",
        "un peu plus tard, {}", "le lendemain, {}", "peu après, {}",
    ),
    then_words=("ensuite",),
    joins=(" et ¦", " et ", ", et ", " ; "),
    merges=(" et ",),
    event_merges=(", puis ", " puis ", " et ensuite ", " et, plus tard, "),
    conditionals=(
        "‖si {facts}, {question}",
        "‖si {facts}, alors {question}",
        "‖sachant que {facts}, {question}",
        "‖on sait que {facts}. {question}",
        "{question}‖, sachant que {facts} ?",
        "{question}‖ si {facts} ?",
    ),
    finish=finish,
)  # fmt: skip
