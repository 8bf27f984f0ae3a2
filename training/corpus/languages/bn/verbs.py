"""Bengali verbs: their forms by person (he, he in respect, I) and the tense a text asks for.

`inflect("কেনা", "", "X", mode)` gives কিনলেন in a text told in the past. Codes of a verb in a pattern:
none (an event of the story), `s` (how the story came about), `h` (habit), `t` (a lasting state),
`c` (going on), `r` (already done), `f` (future), `n` (always present).
"""

from __future__ import annotations

from dataclasses import dataclass

# Verbs of a stem and an ending: verbal noun, low stem (কেনে), high stem (কিনি, কিনল), participle (কিনে).
_CONSONANT = """
করা কর কর করে | কেনা কেন কিন কিনে | বেচা বেচ বেচ বেচে | আনা আন আন এনে | রাখা রাখ রাখ রেখে | তোলা তোল তুল তুলে
ফেলা ফেল ফেল ফেলে | পড়া পড় পড় পড়ে | কাটা কাট কাট কেটে | ভরা ভর ভর ভরে | থাকা থাক থাক থেকে | লাগা লাগ লাগ লেগে
চলা চল চল চলে | থামা থাম থাম থেমে | ওঠা ওঠ উঠ উঠে | নামা নাম নাম নেমে | ভাঙা ভাঙ ভাঙ ভেঙে | ছেঁড়া ছেঁড় ছিঁড় ছিঁড়ে
ধরা ধর ধর ধরে | গোনা গোন গুন গুনে | জেতা জেত জিত জিতে | বোনা বোন বুন বুনে | মরা মর মর মরে | পচা পচ পচ পচে
হাঁটা হাঁট হাঁট হেঁটে | ভাবা ভাব ভাব ভেবে | বসা বস বস বসে | পারা পার পার পেরে | দেখা দেখ দেখ দেখে | বাড়া বাড় বাড় বেড়ে | কমা কম কম কমে
ছাড়া ছাড় ছাড় ছেড়ে | খেলা খেল খেল খেলে | খোলা খোল খুল খুলে | পোষা পোষ পুষ পুষে | ধরানো ধরা ধরা ধরিয়ে | মেলা মেল মিল মিলে
ঢোকা ঢোক ঢুক ঢুকে | ছোটা ছোট ছুট ছুটে | শেখা শেখ শিখ শিখে | চড়া চড় চড় চড়ে | জমা জম জম জমে
"""
# Verbs in -নো: verbal noun, stem (হারায়, হারাল), participle (হারিয়ে).
_CAUSATIVE = """
বানানো বানা বানিয়ে | হারানো হারা হারিয়ে | পাঠানো পাঠা পাঠিয়ে | সাজানো সাজা সাজিয়ে | চালানো চালা চালিয়ে | জমানো জমা জমিয়ে
কামানো কামা কামিয়ে | কাটানো কাটা কাটিয়ে | দৌড়ানো দৌড়া দৌড়ে | ঢোকানো ঢোকা ঢুকিয়ে | কুড়ানো কুড়া কুড়িয়ে
বাড়ানো বাড়া বাড়িয়ে | লাগানো লাগা লাগিয়ে | পেরোনো পেরো পেরিয়ে | গোছানো গোছা গুছিয়ে | কমানো কমা কমিয়ে
দাঁড়ানো দাঁড়া দাঁড়িয়ে | মেটানো মেটা মিটিয়ে | এগোনো এগো এগিয়ে | ফুরানো ফুরা ফুরিয়ে
"""
# Verbs that go their own way: he, I, he did, he will, to, having.
_IRREGULAR = """
খাওয়া খায় খাই খেল খাবে খেতে খেয়ে | পাওয়া পায় পাই পেল পাবে পেতে পেয়ে | যাওয়া যায় যাই গেল যাবে যেতে গিয়ে
চাওয়া চায় চাই চাইল চাইবে চাইতে চেয়ে | দেওয়া দেয় দিই দিল দেবে দিতে দিয়ে | নেওয়া নেয় নিই নিল নেবে নিতে নিয়ে
হওয়া হয় হই হলো হবে হতে হয়ে | আসা আসে আসি এলো আসবে আসতে এসে | গাওয়া গায় গাই গাইল গাইবে গাইতে গেয়ে
"""


@dataclass(frozen=True)
class Verb:
    """The forms from which all others follow."""

    present: str  # he: কেনে
    present_i: str
    past: str  # he: কিনল
    future: str  # he: কিনবে
    infinitive: str  # কিনতে
    participle: str  # কিনে


def _rows(table: str) -> list[list[str]]:
    return [row.split() for line in table.strip().splitlines() for row in line.split("|")]


def _verbs() -> dict[str, Verb]:
    verbs = {}
    for noun, low, high, participle in _rows(_CONSONANT):
        verbs[noun] = Verb(low + "ে", high + "ি", high + "ল", high + "বে", high + "তে", participle)
    for noun, stem, participle in _rows(_CAUSATIVE):
        verbs[noun] = Verb(stem + "য়", stem + "ই", stem + "ল", stem + "বে", stem + "তে", participle)
    for noun, *forms in _rows(_IRREGULAR):
        verbs[noun] = Verb(*forms)
    return verbs


VERBS = _verbs()

# A person: x he, X he in respect, I.
_PRESENT_CONTINUOUS = {"x": "ছে", "X": "ছেন", "I": "ছি"}
_PAST_CONTINUOUS = {"x": "ছিল", "X": "ছিলেন", "I": "ছিলাম"}


@dataclass(frozen=True)
class Tenses:
    """How a text tells: events in the `past`, `perfect` or `present`; states and habits now or then."""

    events: str
    past_states: bool
    past_habits: bool
    pluperfect: bool  # how the story came about in the pluperfect
    spelled_out: bool  # করলো, করতো for করল, করত


def participle(verb: str) -> str:
    """Having done: কিনে."""
    return VERBS[verb].participle


def inflect(verb: str, code: str, who: str, tenses: Tenses, mode: str) -> str:
    """A verb for a person (x, X, I); `mode` is plain, if (inside a condition) or then (the question after it)."""
    return _form(VERBS[verb], _tense(code, tenses, mode), who, tenses)


def _tense(code: str, tenses: Tenses, mode: str) -> str:
    if code == "n":
        return "present"
    if mode == "if":
        return "done" if code == "r" else "present"
    if code == "f" or mode == "then" and code == "":
        return "future"
    if code == "h":
        return "habit" if tenses.past_habits else "present"
    if code == "t":
        return "pluperfect" if tenses.past_states else "present"
    if code == "c":
        return "past continuous" if tenses.past_states else "continuous"
    if code == "r":
        return "perfect"
    if code == "s" and tenses.pluperfect and tenses.events != "present":
        return "pluperfect"
    return tenses.events


def _form(verb: Verb, tense: str, who: str, tenses: Tenses) -> str:
    if tense == "present":
        return _present(verb, who)
    if tense == "past":
        stem = verb.past.removesuffix("ো")
        if who != "x":
            return stem + {"X": "েন", "I": "াম"}[who]
        return stem + "ো" if tenses.spelled_out or verb.past.endswith("ো") else stem
    if tense == "future":
        return {"x": verb.future, "X": verb.future + "ন", "I": verb.future.removesuffix("ে")}[who]
    if tense == "habit":
        stem = verb.infinitive.removesuffix("ে")
        return stem + {"x": "ো" if tenses.spelled_out else "", "X": "েন", "I": "াম"}[who]
    if tense == "perfect":
        return verb.participle + _PRESENT_CONTINUOUS[who]
    if tense == "pluperfect":
        return verb.participle + _PAST_CONTINUOUS[who]
    if tense == "done":
        return f"{verb.participle} {_present(VERBS['থাকা'], who)}"
    endings = _PRESENT_CONTINUOUS if tense == "continuous" else _PAST_CONTINUOUS
    return _going_on(verb) + endings[who]


def _present(verb: Verb, who: str) -> str:
    if who == "I":
        return verb.present_i
    if who == "x":
        return verb.present
    return verb.present.removesuffix("য়") + "ন" if verb.present.endswith("য়") else verb.present + "ন"


def _going_on(verb: Verb) -> str:
    """The stem of পড়ছে, যাচ্ছে."""
    if verb.present.endswith("য়"):
        return verb.present.removesuffix("য়") + "চ্"
    return verb.past.removesuffix("ল")
