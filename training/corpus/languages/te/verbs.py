"""Telugu finite verbs: agreement with the subject, and the forms that join a clause to the next.

A row of `_ROWS` is a verb as "having done", "he did", "he does". Clauses name a verb by its masculine form
(`{A!కొన్నాడు}`); `agree` gives the others, by rule.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ROWS = """
కొని కొన్నాడు కొంటాడు | తిని తిన్నాడు తింటాడు | ఉండి ఉన్నాడు ఉంటాడు | కుని కున్నాడు కుంటాడు
ఇచ్చి ఇచ్చాడు ఇస్తాడు | తెచ్చి తెచ్చాడు తెస్తాడు | వచ్చి వచ్చాడు వస్తాడు | చేసి చేశాడు చేస్తాడు
వేసి వేశాడు వేస్తాడు | తీసి తీశాడు తీస్తాడు | కోసి కోశాడు కోస్తాడు | పారేసి పారేశాడు పారేస్తాడు
పడేసి పడేశాడు పడేస్తాడు | వాడేసి వాడేశాడు వాడేస్తాడు | తినేసి తినేశాడు తినేస్తాడు
ఇచ్చేసి ఇచ్చేశాడు ఇచ్చేస్తాడు | అమ్మేసి అమ్మేశాడు అమ్మేస్తాడు | పగలగొట్టి పగలగొట్టాడు పగలగొడతాడు
పెట్టి పెట్టాడు పెడతాడు | కట్టి కట్టాడు కడతాడు | కుట్టి కుట్టాడు కుడతాడు | వాడి వాడాడు వాడతాడు
పంచిపెట్టి పంచిపెట్టాడు పంచిపెడతాడు | మొదలుపెట్టి మొదలుపెట్టాడు మొదలుపెడతాడు
ఆడి ఆడాడు ఆడతాడు | అమ్మి అమ్మాడు అమ్ముతాడు | పంచి పంచాడు పంచుతాడు | నింపి నింపాడు నింపుతాడు
సర్ది సర్దాడు సర్దుతాడు | పంపి పంపాడు పంపుతాడు | కలిపి కలిపాడు కలుపుతాడు | గడిపి గడిపాడు గడుపుతాడు
నడిపి నడిపాడు నడుపుతాడు | నడిచి నడిచాడు నడుస్తాడు | గెలిచి గెలిచాడు గెలుస్తాడు
చదివి చదివాడు చదువుతాడు | పొంది పొందాడు పొందుతాడు | వండి వండాడు వండుతాడు | ఏరి ఏరాడు ఏరుతాడు
దాచి దాచాడు దాస్తాడు | చేర్చి చేర్చాడు చేరుస్తాడు | అమర్చి అమర్చాడు అమరుస్తాడు
కాల్చి కాల్చాడు కాలుస్తాడు | కొల్చి కొల్చాడు కొలుస్తాడు | తగ్గించి తగ్గించాడు తగ్గిస్తాడు
వెళ్ళి వెళ్ళాడు వెళ్తాడు | పోయి పోయాడు పోతాడు | కోల్పోయి కోల్పోయాడు కోల్పోతాడు
మర్చిపోయి మర్చిపోయాడు మర్చిపోతాడు | ఆగి ఆగాడు ఆగుతాడు | దిగి దిగాడు దిగుతాడు | ఎక్కి ఎక్కాడు ఎక్కుతాడు
పట్టి పట్టాడు పడతాడు | అయి అయ్యాడు అవుతాడు | మిగిలి మిగిలాడు మిగులుతాడు | నాటి నాటాడు నాటుతాడు
ఉపయోగించి ఉపయోగించాడు ఉపయోగిస్తాడు | సంపాదించి సంపాదించాడు సంపాదిస్తాడు
చెల్లించి చెల్లించాడు చెల్లిస్తాడు | సేకరించి సేకరించాడు సేకరిస్తాడు | విభజించి విభజించాడు విభజిస్తాడు
ప్రయాణించి ప్రయాణించాడు ప్రయాణిస్తాడు | కత్తిరించి కత్తిరించాడు కత్తిరిస్తాడు | సాధించి సాధించాడు సాధిస్తాడు
వినియోగించి వినియోగించాడు వినియోగిస్తాడు | ప్రారంభించి ప్రారంభించాడు ప్రారంభిస్తాడు
విక్రయించి విక్రయించాడు విక్రయిస్తాడు | స్వీకరించి స్వీకరించాడు స్వీకరిస్తాడు | వెచ్చించి వెచ్చించాడు వెచ్చిస్తాడు
అందించి అందించాడు అందిస్తాడు | పండించి పండించాడు పండిస్తాడు | కేటాయించి కేటాయించాడు కేటాయిస్తాడు
పూర్తిచేసి పూర్తిచేశాడు పూర్తిచేస్తాడు | ముగించి ముగించాడు ముగిస్తాడు | తొలగించి తొలగించాడు తొలగిస్తాడు
రెట్టించి రెట్టించాడు రెట్టిస్తాడు | బహూకరించి బహూకరించాడు బహూకరిస్తాడు
సమర్పించి సమర్పించాడు సమర్పిస్తాడు | పరిగెత్తి పరిగెత్తాడు పరిగెడతాడు | చూసి చూశాడు చూస్తాడు
ఉంచి ఉంచాడు ఉంచుతాడు | లేచి లేచాడు లేస్తాడు | బయలుదేరి బయలుదేరాడు బయలుదేరుతాడు
కొట్టి కొట్టాడు కొడతాడు | పనిచేసి పనిచేశాడు పనిచేస్తాడు | చదివేసి చదివేశాడు చదివేస్తాడు | పుట్టి పుట్టాడు పుడతాడు
లెక్కించి లెక్కించాడు లెక్కిస్తాడు | లెక్కపెట్టి లెక్కపెట్టాడు లెక్కపెడతాడు | అడిగి అడిగాడు అడుగుతాడు
"""


def agree(masculine: str) -> dict[str, str]:
    """The verb with a man, a woman or thing (f), the speaker (I), somebody respected (h)."""
    if masculine.endswith("ో"):  # "how many he bought", reported
        plain = masculine.removesuffix("ో") + "ు"
        return {who: text.split("/")[0][:-1] + "ో" for who, text in agree(plain).items()}
    if masculine.endswith("గలడు"):
        stem = masculine.removesuffix("డు")
        return {"m": masculine, "f": stem + "దు", "I": stem + "ను", "h": stem + "రు"}
    stem = masculine.removesuffix("ాడు")
    return {"m": masculine, "f": _feminine(stem), "I": stem + "ాను", "h": stem + "ారు"}


# The end of a stem and what stands for it in the feminine; the first that fits. Two forms: either will do.
_FEMININE = (
    ("ఉన్న", "ఉంది"),
    ("తున్న", "తోంది"),
    ("టున్న", "టోంది"),
    ("కున్న", "కుంది"),
    ("కొన్న", "కొంది/కొన్నది"),
    ("న్న", "ంది"),
    ("డత", "డుతుంది"),
    ("ట", "టుంది"),
    ("త", "తుంది"),
    ("శ", "సింది"),
    ("", "ింది"),
)
# Verbs of the past whose stem ends like a present.
_PAST_STEMS = ("ట్ట", "త్త", "నాట")


def _feminine(stem: str) -> str:
    if stem.endswith(_PAST_STEMS):
        return stem + "ింది"
    ending, feminine = next(pair for pair in _FEMININE if stem.endswith(pair[0]))
    return stem.removesuffix(ending) + feminine


class Verbs(dict):
    """Concord tables: the verb under its masculine form, on demand."""

    def __missing__(self, masculine: str) -> dict[str, str]:
        return agree(masculine)


class Joining(NamedTuple):
    """Forms of a verb in front of another clause."""

    having: str  # కొని
    if_: str  # కొంటే
    as_said: str  # కొన్న, of కొన్నట్లయితే


def _joining(having: str, past: str, present: str) -> Joining:
    stem = past.removesuffix("ాడు")
    as_said = stem if stem.endswith("న్న") else having + "న"
    return Joining(having, _conditional(having, present), as_said)


def _conditional(having: str, present: str) -> str:
    if present.endswith("ుస్తాడు"):
        return present.removesuffix("ుస్తాడు") + "ిస్తే"
    if present.endswith(("స్తాడు", "టాడు", "ళ్తాడు", "పోతాడు")):
        return present.removesuffix("ాడు") + "ే"
    if present.endswith("డతాడు"):
        return present.removesuffix("తాడు") + "ితే"
    return having + "తే"


def _finite_forms() -> dict[str, Joining]:
    forms: dict[str, Joining] = {}
    for row in _ROWS.replace("\n", "|").split("|"):
        if not row.strip():
            continue
        having, past, present = row.split()
        joining = _joining(having, past, present)
        for masculine in (past, present):
            for text in agree(masculine).values():
                forms |= dict.fromkeys(text.split("/"), joining)
            forms[masculine.removesuffix("డు") + "యి"] = joining  # things, in the plural
    # కుని only ends other verbs (తీసుకుని); ఉండేవి is a past of things.
    forms["ఉండేవి"] = forms["ఉండేది"] = forms["ఉన్నాయి"]
    return forms


_FINITE = _finite_forms()
_PROGRESSIVE = re.compile(r"(.+[తట])(?:ున్నా[డనర]ు|ోంది)$")
_REFLEXIVE = tuple(form for form, verb in _FINITE.items() if verb.having == "కుని")


def joining(verb: str) -> Joining | None:
    """How a finite verb joins its clause to another; None of what is no finite verb of the tables."""
    if verb in _FINITE:
        return _FINITE[verb]
    if match := _PROGRESSIVE.match(verb):
        stem = match[1] + "ు"
        return Joining(verb, stem + "ంటే", stem + "న్న")
    ending = next((form for form in _REFLEXIVE if verb.endswith(form)), "")
    if not ending:
        return None
    stem = verb.removesuffix(ending)
    return Joining(*(stem + form for form in _FINITE[ending]))
