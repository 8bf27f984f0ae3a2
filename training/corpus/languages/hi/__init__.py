"""Hindi: postpositions fuse with pronouns, verbs agree with their subject or, beside `ने`, with their object.

A text is worded in marks that `finish` resolves:

- a mention of a person, with the postposition behind it (`{A} के पास`: सीता के पास, उसके पास, मेरे पास)
- `ने~` ... `खरीद~{N!p}`: an event, told as "सीता ने 4 सेब खरीदे" or as "सीता 4 सेब खरीदती है"; one way per text.
  `ने~f` and `ने~m` are for a subject that is no person of the story (`{A} की माँ ने~f`), `ने~F` and `ने~M` for
  one who is spoken of with respect, in the plural (`{A} के दादा ने~M`: दादा देते हैं)
- `मिल={N!p}`, `आ={A!s}`: the same for a verb that agrees with that word in both
- `{N!कितने}`, `{A!का}`: any masculine word or phrase, feminine where it must be; `{N!बचे.}` closes a clause (बचीं)
- `※` somebody else was spoken of, so that वह would be unclear in the next sentence
- `¦` a seam before another clause, `¤` the place of a subject that was left out

How the text is spelled (ज़्यादा or ज्यादा, पाँच or पांच, रुपये or रुपए) is drawn from the text itself.
"""

from __future__ import annotations

import re
from random import Random
from zlib import crc32

from ...language import Forms, Language, Person
from ...story import Reject
from .names import FEMALE, MALE
from .verbs import feminine, first_person, habitual, perfect, perfective

# A mention: direct form, oblique form, name for comparison, agreement, gender, whether a pronoun is possible.
_MENTION = "\ue000{}\ue001{}\ue001{}\ue001{}\ue001{}\ue001{}\ue002"
# What depends on the gender of the speaker: masculine, feminine.
_SPEAKERS = "\ue003{}\ue004{}\ue005"


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """A mark with everything `finish` needs; there is one form, the postposition follows it."""
    direct, oblique, name = who.name, who.name, who.name
    if who.forms:
        when = "first" if first else "later"
        direct, oblique, name = who.forms[when], who.forms[when + "_oblique"], who.forms["later"]
    return _MENTION.format(direct, oblique, name, who.agreement, who.gender, "pronoun" if pronoun else "")


# --- agreement


class _Concords(dict):
    """A table for each masculine word or phrase, made when it is first asked for."""

    def __missing__(self, masculine: str) -> dict[str, str]:
        plain = masculine.removesuffix(".")
        own = _SPEAKERS.format(first_person(plain), first_person(feminine(plain)))
        self[masculine] = {"m": plain, "f": feminine(masculine), "I": own}
        return self[masculine]


_ENDINGS = {
    "p": {"m": "े", "f": "ीं"},
    "s": {"m": "ा", "f": "ी", "I": _SPEAKERS.format("ा", "ी")},
    "half": {"m": "°े", "f": "°ी"},  # after {f}: आधे सेब, आधी किताबें
}

# --- people

_CASES = ("", "ने", "को", "से", "का", "की", "के", "में")
_PRONOUNS = {
    "वह": dict(zip(_CASES, "वह उसने उसे उससे उसका उसकी उसके उसमें".split(), strict=True)),
    "मैं": dict(zip(_CASES, "मैं मैंने मुझे मुझसे मेरा मेरी मेरे मुझमें".split(), strict=True)),
}
_ONE = "\ue000[^\ue002]*\ue002"
_POST = r"(?: (?P<{}>ने~?|को|से|का|की|के(?: पास)?|में)(?![ऀ-ॣ]))?"
_TOKEN = re.compile(
    f"(?P<group>{_ONE}(?:, {_ONE})* और {_ONE}){_POST.format('of_group')}"
    f"|(?P<one>{_ONE}){_POST.format('of_one')}"
    f"|¤{_POST.format('of_dropped')}"
    r"|ने~(?P<gender>[fmFM])"
    r"|(?P<stem>[ऀ-ॣ]+)(?P<agrees>[~=])(?P<ending>ा|े|ीं|ी)"
    r"|(?P<end>[।?])|(?P<seam>[¦※])"
)
_PAST = re.compile(r"(?<![ऀ-ॣ])(?:था|थे|थी|थीं)(?![ऀ-ॣ])")
_SPEAKER_FORMS = re.compile("\ue003(.*?)\ue004(.*?)\ue005")
_SPEAKER = re.compile("\ue001I\ue001([fm])")

_SUBJECT_ENDINGS = {"m": "ा", "f": "ी", "M": "े", "F": "ीं"}
_SOMEBODY = "somebody who is no person of the story"


class _Text:
    """Resolves the marks of one text from left to right."""

    def __init__(self, text: str, rng: Random) -> None:
        self.rng = rng
        speaker = _SPEAKER.search(text)
        self.events = "perfective"
        if not speaker and not _PAST.search(text):
            self.events = rng.choices(("perfective", "perfect", "habitual"), (45, 15, 40))[0]
        self.him = dict(_PRONOUNS["वह"])
        if rng.random() < 0.12:
            self.him[""] = "वो"
        if rng.random() < 0.2:
            self.him["को"] = "उसको"
        self.named: set[str] = set()
        self.sentences: list[set[str]] = [set()]  # who is named in each
        self.fresh = True  # at the start of a clause
        self.subject: list[str] = []  # the last clause's: parts of its mention
        self.case = ""  # ... and its postposition
        self.gender = "m"  # of the subject before ने~

    def resolve(self, match: re.Match) -> str:
        """One mark as words."""
        found = match.groupdict()
        if found["stem"]:
            return self._verb(found["stem"], found["agrees"], found["ending"])
        if found["gender"]:
            self.gender = found["gender"]
            self.sentences[-1].add(_SOMEBODY)
            return self._case("ने~")
        if found["end"]:
            self.sentences.append(set())
            self.fresh = True
            return found["end"]
        if found["seam"] == "※":
            self.sentences[-1].add(_SOMEBODY)
            return ""
        if found["seam"]:
            self.fresh = True
            return ""
        if found["group"]:
            return self._group(re.findall(_ONE, found["group"]), found["of_group"] or "")
        if found["one"]:
            return self._one(_parts(found["one"]), found["of_one"] or "")
        return self._dropped(found["of_dropped"] or "")

    def _verb(self, stem: str, agrees: str, ending: str) -> str:
        if self.events == "habitual":
            if agrees == "~":
                ending = _SUBJECT_ENDINGS[self.gender]
            return habitual(stem, ending)
        return (perfect if self.events == "perfect" else perfective)(stem, ending)

    def _case(self, postposition: str) -> str:
        """`ने~` is `ने` or, in the habitual, nothing."""
        return postposition if postposition != "ने~" else "" if self.events == "habitual" else "ने"

    def _one(self, parts: list[str], postposition: str) -> str:
        case = self._case(postposition)
        if postposition == "ने~":
            self.gender = parts[4]
        if self.fresh:
            self.subject, self.case, self.fresh = parts, case, False
        pronoun = parts[3] == "I" or bool(parts[5]) and self._clear(parts[2])
        self._note(parts)
        return self._word(parts, case, pronoun)

    def _clear(self, name: str) -> bool:
        """Whether वह can only be this person: nobody else was named, or nobody else just now."""
        if _SOMEBODY in set().union(*self.sentences[-2:-1]):
            return False
        if self.named <= {name}:
            return True
        recent = set().union(*self.sentences[-2:]) - {_SOMEBODY}
        return recent == {name} and self.rng.random() < 0.6

    def _note(self, parts: list[str]) -> None:
        if parts[3] != "I":
            self.named.add(parts[2])
            self.sentences[-1].add(parts[2])

    def _word(self, parts: list[str], case: str, pronoun: bool) -> str:
        if not pronoun:
            return f"{parts[1]} {case}" if case else parts[0]
        forms = _PRONOUNS["मैं"] if parts[3] == "I" else self.him
        fused, _, rest = case.partition(" ")
        return f"{forms[fused]} {rest}".rstrip()

    def _group(self, mentions: list[str], postposition: str) -> str:
        """Several people with one postposition; the speaker comes last: `राम और मेरे पास`."""
        people = sorted(map(_parts, mentions), key=lambda parts: parts[3] == "I")
        case = self._case(postposition)
        self.fresh = False
        for parts in people:
            self._note(parts)
        words = [parts[1] for parts in people[:-1]]
        last = self._word(people[-1], case, people[-1][3] == "I")
        return f"{', '.join(words)} और {last}"

    def _dropped(self, postposition: str) -> str:
        """The subject of the clause before, unsaid where it stands in the same case."""
        if not self.subject:
            raise Reject
        case = self._case(postposition)
        self.fresh = False
        if postposition == "ने~":
            self.gender = self.subject[4]
        before, self.case = self.case, case
        if case == before and case in ("", "ने", "के पास", "को"):
            return ""
        only = self.subject[3] == "I" or self.named <= {self.subject[2]}
        return self._word(self.subject, case, only or self.sentences[-1] == {self.subject[2]})


def _parts(mention: str) -> list[str]:
    return mention.strip("\ue000\ue002").split("\ue001")


# --- spelling

_FOREIGN_DOT = re.compile("(?<=[कखगजफ])़")
_NASAL = re.compile(r"(?<!नह)(ी|ई)ं (?=(?:हैं|थीं|गईं|हुई|हुईं)(?![ऀ-ॣ]))")
_WEEK = re.compile("हफ़्त(?:ा|े|ों)")
_HALF = re.compile("(आधा|एक तिहाई|एक चौथाई|पाँचवाँ)°([ेी])")
_OPENER = r"(?:फिर|इसके बाद|उसके बाद|बाद में|कुछ देर बाद)"
# "Then" in front of a clause makes the one inside it too much.
_THEN_TWICE = re.compile(rf"({_OPENER},? (?:[^\s।?,]+ ){{0,3}}?){_OPENER} ")
# ... and so it is in front of what is already done or only wanted.
_THEN_ALREADY = re.compile(
    rf"(?<![ऀ-ॣ]){_OPENER},? (?=[^।?,;]*(?:चुक[ाी] |चाहत[ाी] |खरीदन[ेी] (?:हैं|थे|थीं)"
    r"|अब तक|पहले ही|(?:कर|पढ़) लिए (?:हैं|थे)))"
)
_SYMBOLS = (("किलोमीटर", "किमी"), ("सेंटीमीटर", "सेमी"))
# What is only going to be bought leaves money in the future.
_TO_BUY = re.compile("खरीदना चाहत|खरीदन[ेी] (?:हैं|थे|थीं)")
_WILL_BE_LEFT = (
    (re.compile("बचे(?: हैं)?(?=[?।]|$)"), "बचेंगे"),
    (re.compile("बची है(?=[?।]|$)"), "बचेगी"),
    (re.compile("रह गए(?=[?।]|$)"), "रह जाएँगे"),
)
# "Those two" are "we two" where the speaker is one of them.
_WITH_ME = re.compile("उन (?=दोनों|तीनों)")
_TWO_TIMES = re.compile("दो गुन(?=[ािीे])")


def _half(match: re.Match) -> str:
    word, ending = match.groups()
    return {"आधा": "आध" + ending, "पाँचवाँ": "एक बटा पाँच"}.get(word, word)


def finish(text: str) -> str:
    """Resolves every mark and draws how the text is spelled."""
    rng = Random(crc32(text.encode()))
    speaker = _SPEAKER.search(text)
    text = _SPEAKER_FORMS.sub(lambda m: m[2 if speaker and speaker[1] == "f" else 1], text)
    if speaker:
        text = _WITH_ME.sub("हम ", text)
    text = _TOKEN.sub(_Text(text, rng).resolve, text)
    text = _HALF.sub(_half, re.sub(" +", " ", text))
    text = re.sub(r" (?=[,;।?])", "", text)
    text = _THEN_ALREADY.sub("", _THEN_TWICE.sub(r"\1", text))
    if _TO_BUY.search(text):
        for left, will_be_left in _WILL_BE_LEFT:
            text = left.sub(will_be_left, text)
    text = _NASAL.sub(r"\1 ", text)
    text = _TWO_TIMES.sub("दोगुन", text)
    return _spelled(text.strip(), rng)


def _spelled(text: str, rng: Random) -> str:
    if rng.random() < 0.4:
        text = _WEEK.sub("सप्ताह", text)
    if rng.random() < 0.2:
        for word, symbol in _SYMBOLS:
            text = text.replace(word, symbol)
    if rng.random() < 0.4:
        text = text.replace("रुपये", "रुपए")
    if rng.random() < 0.5:
        text = _FOREIGN_DOT.sub("", text)
    if rng.random() < 0.45:
        text = text.replace("ँ", "ं")
    if rng.random() < 0.05:
        text = text.replace("।", ".")
    return text


def _role(gender: str, direct: str, oblique: str = "") -> Forms:
    oblique = oblique or direct
    return {
        "gender": gender,
        "first": f"एक {direct}",
        "first_oblique": f"एक {oblique}",
        "later": direct,
        "later_oblique": oblique,
    }


_MEN = (
    "किसान दुकानदार माली बढ़ई दर्ज़ी कुम्हार हलवाई मछुआरा/मछुआरे शिक्षक छात्र रसोइया/रसोइये व्यापारी "
    "चित्रकार लड़का/लड़के आदमी बेकर"
)
_WOMEN = "लड़की महिला शिक्षिका छात्रा औरत गृहिणी"

LANGUAGE = Language(
    code="hi",
    names={"f": FEMALE, "m": MALE},
    number_words=dict(
        enumerate("दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह".split(), start=2)
    ),
    fractions={2: "आधा", 3: "एक तिहाई", 4: "एक चौथाई", 5: "पाँचवाँ"},
    currencies=(
        ("{} रुपये", "रुपये"),
        ("{} रुपये", "रुपये"),
        ("{} रुपये", "रुपये"),
        ("₹{}", "रुपये"),
        ("₹{}", "रुपये"),
        ("₹ {}", "रुपये"),
        ("{} रु.", "रुपये"),
        ("${}", "डॉलर"),
        ("{} डॉलर", "डॉलर"),
        ("{} डॉलर", "डॉलर"),
        ("{} यूरो", "यूरो"),
        ("{} पाउंड", "पाउंड"),
    ),
    person=person,
    noun_columns=("sg", "so", "pl", "ob", "class"),
    noun_classes=("m", "f"),
    concords=_Concords(_ENDINGS),
    roles=[
        *(_role("m", *role.split("/")) for role in _MEN.split()),
        *(_role("f", role) for role in _WOMEN.split()),
    ],
    first_person=True,
    openers=(
        "फिर {}",
        "फिर {}",
        "इसके बाद {}",
        "इसके बाद, {}",
        "उसके बाद {}",
        "बाद में {}",
        "बाद में, {}",
        "कुछ देर बाद {}",
    ),
    then_words=("फिर", "बाद में", "इसके बाद"),
    joins=("¦ और ", "¦ और ", "¦, और ", "¦ तथा ", "¦; "),
    merges=(" और ¤ ", " और ¤ ", " तथा ¤ "),
    event_merges=(" और फिर ¤ ", " और उसके बाद ¤ ", ", फिर ¤ "),
    conditionals=(
        "अगर {facts}, तो {question}",
        "अगर {facts}, तो {question}",
        "यदि {facts}, तो {question}",
        "यदि {facts} तो {question}",
        "मान लीजिए कि {facts}। {question}",
        "{question}, अगर {facts}?",
    ),
    stop="।",
    finish=finish,
)
