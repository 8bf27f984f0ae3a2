"""Vietnamese: a classifier per noun, no inflection; how people are called is settled once per text.

`{n:N}` is "12 quả táo", `{n:N.cl}` "12 quả", `{N.one}` "quả táo" (after "bao nhiêu", "mỗi"), `{N}` "táo"
(after "số"). Marks that `finish` settles alike in the whole text: `«north/south»` words, `‹bạn/người›` for
children / grown-ups, `〈a/b〉` free choices; the text itself is the seed, so the same text always reads the same.
"""

from __future__ import annotations

import re
from random import Random
from zlib import crc32

from ...language import Count, Forms, Language, Person
from .names import LOCAL, MEN, WOMEN

# A mention: name, gender (f, m, or I for the speaker), flags.
_MENTION = "\ue000{}\ue001{}\ue001{}\ue002"
_MENTIONED = re.compile("\ue000(.*?)\ue001(.*?)\ue001(.*?)\ue002")

# Shares of the texts.
_SOUTHERN = 0.35
_NO_PRONOUNS = 0.5  # people are named again and again, as schoolbooks do
_TITLED = 0.3  # "bạn Lan", "chị Lan"
_TIGHT = 0.3  # "60km"


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """There are no forms: "của {A}" and the like stand in the patterns."""
    name = who.name if first or not who.forms else who.forms["later"]
    flags = "pronoun " * pronoun + "role" * bool(who.forms)
    return _MENTION.format(name, who.agreement, flags)


def counted(count: Count, noun: Forms, form: str) -> str:
    """`12 quả táo`; with the form `cl` only `12 quả`."""
    return f"{count.text} {noun[form or 'one']}"


# --- people

_GROWN_UP = re.compile(r"lái|lương|xe máy|ô tô (?!đồ)|làm việc|làm công|ông chủ|khách hàng|đồng nghiệp|con trai")
_TITLES = {"f": ("chị", "cô", "chị"), "m": ("anh", "chú", "anh")}
_PRONOUNS = {"f": ("cô ấy", "cô ấy", "chị ấy", "cô"), "m": ("anh ấy", "anh ấy", "anh ấy", "anh")}
_CHILDREN = {"f": ("cô ấy", "cô bé", "cô ấy"), "m": ("anh ấy", "cậu ấy", "cậu bé", "cậu ấy")}
_SPEAKER = ("tôi", "tôi", "tôi", "mình", "em")
_ROLE_TITLES = "bác cô chú ông bà anh chị".split()


class _People:
    """How the people of one text are called."""

    def __init__(self, text: str, rng: Random) -> None:
        mentions = _MENTIONED.findall(text)
        self.rng = rng
        roles = any("role" in flags for _, _, flags in mentions)
        local = all(name in LOCAL for name, gender, _ in mentions if gender != "I")
        self.grown_up = roles or bool(_GROWN_UP.search(text))
        titled = local and not roles and "tuổi" not in text and rng.random() < _TITLED
        if titled and (self.grown_up or rng.random() < 0.35):
            self.grown_up = True
            self.titles = {gender: rng.choice(words) for gender, words in _TITLES.items()}
        else:
            self.titles = dict.fromkeys("fm", "bạn" if titled else "")
        words = _PRONOUNS if self.grown_up else _CHILDREN
        self.pronouns = {gender: rng.choice(options) for gender, options in words.items()}
        alone = len({name for name, _, _ in mentions}) == 1
        classmate = self.titles["f"] == "bạn"
        if alone and not self.grown_up and (classmate or rng.random() < 0.35):
            self.pronouns = dict.fromkeys("fm", "bạn ấy")
        self.pronouns["I"] = rng.choice(_SPEAKER)
        self.named_again = classmate and not alone or rng.random() < _NO_PRONOUNS

    def word(self, match: re.Match) -> str:
        """What stands for one mention."""
        name, gender, flags = match.groups()
        if gender == "I":
            return self.pronouns["I"]
        head = name.removeprefix("một ").split()[0] if "role" in flags else self.titles[gender]
        if "pronoun" in flags and not self.named_again:
            return f"{head} ấy" if head in _ROLE_TITLES else self.pronouns[gender]
        return name if "role" in flags or not head else f"{head} {name}"


# --- the whole text

_SETTLED = re.compile(r"«([^»]*)»|‹([^›]*)›|〈([^〉]*)〉")
# "then" twice in a clause; the asking word after "thì", which asks already.
_THEN = "sau đó|rồi|tiếp theo|về sau|một lúc sau|ít lâu sau|kế đó"
_TWICE = re.compile(rf"(?i)((?:{_THEN}),? [^,.;?]{{0,30}}?) ?\b(?:sau đó)\b")
# A clause that lost its subject: "rồi đã mua", ", đã mua".
_JOINED = re.compile(r"\b(rồi|sau đó) đã ")
_ASKED = re.compile(r"\b(thì|[Hh]ỏi) hỏi\b")
_SQUARE = re.compile(r"\bm (?=vuông)")
_BOUGHT_DRAWERS = re.compile(r"(?:đặt |)mua (?=(?:\S+|mười \S+) ngăn)")
_UNIT = re.compile(r"(<q\d+>) (?=(?:km|cm|m)\b)")
_START = re.compile(r"(^|[.?!] )(\w)")


def finish(text: str) -> str:
    """Settles who is called what, the words of the north or the south, and the free choices."""
    rng = Random(crc32(text.encode()))
    people = _People(text, rng)
    southern = rng.random() < _SOUTHERN
    taken: dict[str, str] = {}

    def settle(match: re.Match) -> str:
        region, age, free = match.groups()
        if free:
            return taken.setdefault(free, rng.choice(free.split("/")))
        return (region or age).split("/")[southern if region else people.grown_up]

    text = _SETTLED.sub(settle, _MENTIONED.sub(people.word, text))
    text = _JOINED.sub(r"\1 ", text).replace(", đã ", " và đã ").replace("thứ bốn", "thứ tư")
    text = text.replace("chúng tôi", f"chúng {people.pronouns['I']}")
    text = _BOUGHT_DRAWERS.sub("có ", _SQUARE.sub("mét ", _ASKED.sub(r"\1", _TWICE.sub(r"\1", text))))
    if rng.random() < _TIGHT:
        text = _UNIT.sub(r"\1", text)
    return _START.sub(lambda match: match[1] + match[2].upper(), re.sub(" {2,}", " ", text))


# --- tables

_ROLES = {
    "f": "một cô giáo|một cô bán hàng|một cô thợ may|một bác nông dân|một cô thủ thư|bà Hoa|bà Lan|bà Tư|cô Thủy|cô Hạnh|cô Hiền"
    "|bác Tâm|chị Nga|một người phụ nữ|một người mẹ",
    "m": "một bác nông dân|một thầy giáo|một người thợ làm bánh|một người làm vườn|một bác thợ mộc|một chủ cửa hàng"
    "|một huấn luyện viên|một đầu bếp|một thương nhân|một người thợ thủ công|một nhà sưu tập|ông Bình|ông Tâm|chú Hùng|chú Sơn"
    "|bác Minh|anh Tuấn|một người đàn ông",
}


def _role(first: str, gender: str) -> Forms:
    """`một bác nông dân`, later `bác nông dân`; `bà Hoa` stays."""
    return {"first": first, "later": first.removeprefix("một "), "gender": gender}


LANGUAGE = Language(
    code="vi",
    names={"f": WOMEN, "m": MEN},
    number_words=dict(
        enumerate("hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mười một|mười hai".split("|"), start=2)
    ),
    fractions={2: "một nửa", 3: "một phần ba", 4: "một phần tư", 5: "một phần năm"},
    currencies=(
        *[("{} «nghìn/ngàn» đồng", "«nghìn/ngàn» đồng")] * 5,
        *[("{} đồng", "đồng")] * 4,
        *[("{} 〈đô la/đô la/đô-la〉", "〈đô la/đô la/đô-la〉")] * 4,
        *[("${}", "〈đô la/đô la/đô-la〉")] * 2,
        ("{} USD", "USD"),
        ("{} euro", "euro"),
        ("€{}", "euro"),
        ("{} bảng Anh", "bảng Anh"),
        ("{}k", "nghìn"),
    ),
    person=person,
    noun_columns=("one", "cl", "noun"),
    bare_form="noun",
    counted=counted,
    concords={
        "they": {"": "họ", "I": "chúng tôi"},
        "two": {"": "hai ‹bạn/người›", "I": "hai chúng tôi"},
        "three": {"": "ba ‹bạn/người›", "I": "ba chúng tôi"},
    },
    roles=[_role(first, gender) for gender, roles in _ROLES.items() for first in roles.split("|")],
    first_person=True,
    openers=(
        "sau đó {}",
        "sau đó {}",
        "sau đó, {}",
        "rồi {}",
        "tiếp theo, {}",
        "về sau, {}",
        "một lúc sau, {}",
        "ít lâu sau, {}",
        "kế đó, {}",
    ),
    then_words=("sau đó",),
    joins=(" và ", ", ", "; ", " và "),
    merges=(" và ", ", ", " và "),
    event_merges=(" rồi ", ", sau đó ", " và sau đó ", ", rồi "),
    conditionals=(
        "nếu {facts} thì {question}",
        "nếu {facts} thì {question}",
        "nếu {facts}, {question}",
        "giả sử {facts}, {question}",
        "biết rằng {facts}, {question}",
        "cho biết {facts}. {question}",
        "{question} nếu {facts}?",
        "{question}, biết rằng {facts}?",
    ),
    finish=finish,
)
