"""Japanese: topics, counters, zero pronouns; a text is polite or plain, in one of three uses of tense.

Patterns mark what depends on the whole text, and `finish` settles it:

- `«買う»` an event, `«持っている:s»` a state, `:p` always present, `:t` always past; before か？ a question
- `⟦て⟧ ⟦い⟧ ⟦が⟧ ⟦普⟧` behind a predicate: its connective, its stem, "..., but/and", its plain form
- `‹求める›` an order: 求めなさい, 求めよ
- `〈a/b〉` a free choice that stays the same within a text
- people: `{A}` is the topic with は (so that a joined clause can lose it), `{A.n}` the bare name
"""

from __future__ import annotations

import re
from pathlib import Path
from zlib import crc32

from ...language import Count, Forms, Language, Person, read_nouns
from .grammar import conjugate
from .names import MEN, WOMEN

_SMALL = "\ue001"  # behind a number up to nine: 個 may be つ
_CENTS = "\ue002"  # behind a sum that is not whole: the currency cannot be yen
_CONDITION = "\ue003"  # behind the facts of "if"
_MAX_TSU = 9


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: the topic (with は), `n` (bare); a mark that `finish` turns into a name, a pronoun or nothing."""
    name = who.name if first or not who.forms else who.forms["later"]
    kind = "I" if who.speaker else "pronoun" if pronoun else "role" if who.forms else "name"
    return f"⟪{name},{who.gender},{kind}⟫" + ("" if form == "n" else "は")


# What whole containers are counted by; {n}{K!c} ("4箱") measures by the container itself.
_OBJECT = {"箱": "個", "袋": "個", "かご": "個", "びん": "個", "トレー": "枚", "パック": "個", "段": "個"}
_UNITS = set("時日週月分") | {"km", "mi", "m", "cm", "ft"}


def counted(count: Count, noun: Forms, form: str) -> str:
    """`12個のりんご`; a unit has no counter: `5時間`."""
    counter = noun["class"]
    if counter in _UNITS:
        return f"{count.text}{noun['noun']}"
    return f"{number(count)}{_OBJECT.get(counter, counter)}の{noun['noun']}"


def number(count: Count) -> str:
    """A number before a counter; small ones are marked."""
    return count.text + (_SMALL if count.value <= _MAX_TSU else "")


def money(count: Count, frame: str) -> str:
    """`500円`; sums that are not whole are marked."""
    return frame.format(count.text) + (_CENTS if count.value != int(count.value) else "")


_CHOICE = re.compile(r"〈([^〉]*)〉")
_MENTION = re.compile(r"⟪([^,⟫]*),([fm]),(\w+)⟫(は|が)?")
_PREDICATE = re.compile(r"«([^»:]+)(?::(\w))?»(か？|⟦.⟧)?")
_ORDER = re.compile(r"‹([^›]+)›")
_KATAKANA = re.compile(r"[ァ-ヺー]+")


class _Style:
    """The choices of one text, drawn from the text itself."""

    def __init__(self, text: str) -> None:
        self.draw = crc32(text.encode())
        self.polite = self.pick("polite", 100) < 62
        self.formal = not self.polite and self.pick("formal", 3) == 0
        tense = self.pick("tense", 20)
        self.past_states = tense < 7
        self.past_events = tense < 15
        self.mark = "？" if self.pick("mark", 10) < (6 if self.polite else 3) else "。"
        self.bare_question = not self.polite and self.mark == "？" and self.pick("bare", 2) == 0
        self.wondering = self.pick("wonder", 6) == 0
        self.zero = self.pick("zero", 10) < 6
        self.tsu = self.pick("tsu", 3) == 0
        self.order = self.pick("order", 5)
        self.speaker = {
            "f": ("私", "わたし")[self.pick("I", 2)],
            "m": ("私", "ぼく", "僕", "わたし")[self.pick("I", 4)],
        }

    def pick(self, what: str, options: int) -> int:
        """A number below `options`, the same for the same text and purpose."""
        return crc32(what.encode(), self.draw) % options

    def title(self, name: str, gender: str) -> str:
        """さん, くん, ちゃん or nothing after a given name; the same throughout a text."""
        if name.endswith("さん"):
            return ""
        if _KATAKANA.fullmatch(name):
            return "さん" if self.pick("foreign", 5) == 0 else ""
        draw = self.pick("title", 10)
        if draw < 4:
            return ""
        if draw < 7:
            return "さん"
        return "くん" if gender == "m" else "ちゃん" if draw < 9 else "さん"

    def predicate(self, match: re.Match) -> str:
        """One marked predicate in its form."""
        word, code, after = match.groups()
        forms = conjugate(word, self.formal)
        past = {"s": self.past_states, "p": False, "t": True}.get(code, self.past_events)
        if after is None:
            return (forms.polite if self.polite else forms.plain)[past]
        if after == "か？":
            return self._question(word, forms, past)
        if after == "⟦て⟧":
            return forms.te
        if after == "⟦い⟧":
            return forms.stem
        if after == "⟦が⟧":
            return (forms.polite if self.polite else forms.plain)[past] + "が"
        return conjugate(word, formal=True).plain[past]  # である場合

    def _question(self, word: str, forms, past: bool) -> str:
        """か with 。 or ？, now and then でしょうか; in plain style also 何個？ and だろうか."""
        plain = word[:-1] if word[-1] == "だ" and not past else forms.plain[past]
        if self.polite:
            return (plain + "でしょう" if self.wondering else forms.polite[past]) + "か" + self.mark
        if self.bare_question:
            return plain + "？"
        return plain + ("だろうか" if self.wondering else "か") + self.mark

    def command(self, match: re.Match) -> str:
        """求めなさい, 求めてください, 求めよう; 求めよ."""
        word = match[1]
        forms = conjugate(word)
        if self.polite:
            return (forms.stem + "なさい", forms.te + "ください", forms.stem + "ましょう")[self.order % 3]
        if self.order == 0:
            return forms.stem + "なさい"
        return word.removesuffix("する") + "せよ" if word.endswith("する") else forms.stem + "よ"


def _name_people(text: str, style: _Style) -> str:
    """Names with their titles; pronouns as 彼女, as the name again, or left out as a topic."""
    people = {match[1] for match in _MENTION.finditer(text)}
    question = max(text.rfind("。", 0, -1), text.rfind("⟧", 0, -1))
    condition = text.find(_CONDITION)  # before it the topics are plain subjects: 花子が…とき
    topic = ""

    def word(match: re.Match) -> str:
        nonlocal topic
        name, gender, kind, particle = match.groups()
        repeated = topic == (name or "I")
        if particle:
            topic = name or "I"
        particle = particle or ""
        droppable = particle == "は" and repeated and style.zero
        if particle == "は" and match.start() < condition:
            particle = "が"
        alone = len(people) == 1 or match.start() < question
        if kind == "I":
            return "" if droppable and alone else style.speaker[gender] + particle
        if kind == "pronoun" and droppable and alone:
            return ""
        if kind == "pronoun" and not style.zero:
            return ("彼女" if gender == "f" else "彼") + particle
        plain = kind == "role" or name.startswith(("ある", "その"))
        return name + ("" if plain else style.title(name, gender)) + particle

    return _MENTION.sub(word, text)


def finish(text: str) -> str:
    """Settles everything that a text decides as a whole."""
    style = _Style(text)
    if _CENTS in text:
        text = text.replace("〈円〉", "ドル").replace(_CENTS, "")
    text = _name_people(text, style)
    text = _CHOICE.sub(lambda m: (o := m[1].split("/"))[style.pick(m[1], len(o))], text)
    text = text.replace(_CONDITION, "")
    if style.tsu:
        text = re.sub("(?<!十)一個", "一つ", text.replace(_SMALL + "個", "つ"))
    text = text.replace(_SMALL, "")
    text = _ORDER.sub(style.command, _PREDICATE.sub(style.predicate, text))
    return text.replace("？。", "？").replace("、、", "、")


_COLUMNS = ("noun", "class")
_COUNTERS = {
    noun["class"] for noun in read_nouns(Path(__file__).with_name("nouns.txt"), _COLUMNS).values()
} - _UNITS


def _asking(counter: str) -> str:
    """何個 or いくつ, 何本; a choice of counters stays one, settled by the same draw as elsewhere."""
    if counter == "個":
        return "〈何個/何個/いくつ〉"
    return "何" + counter


_LIVING = [counter for counter in _COUNTERS if set(counter) & set("匹頭羽人")]

_ROLES = (
    "農家の人 パン屋さん 先生 店主 庭師 大工さん 仕立屋 図書館員 コーチ 八百屋さん 料理人 生徒 商人 職人 収集家 花屋さん "
    "会社員 大学生 女の子 男の子"
).split()
_GENDERS = {"女の子": "f", "男の子": "m"}


def _role(name: str) -> Forms:
    gender = {"gender": _GENDERS[name]} if name in _GENDERS else {}
    return {"first": f"ある{name}", "later": f"その{name}", **gender}


LANGUAGE = Language(
    code="ja",
    names={"f": WOMEN, "m": MEN},
    number_words=dict(enumerate("二 三 四 五 六 七 八 九 十 十一 十二".split(), start=2)),
    fractions={
        2: "〈半分/半分/二分の一〉",
        3: "三分の一",
        4: "四分の一",
        5: "五分の一",
    },
    currencies=(
        *[("{}〈円〉", "〈円〉")] * 5,
        *[("{}ドル", "ドル")] * 4,
        ("${}", "ドル"),
        ("{}ユーロ", "ユーロ"),
        ("{}ポンド", "ポンド"),
    ),
    person=person,
    noun_columns=_COLUMNS,
    bare_form="noun",
    counted=counted,
    number=number,
    money=money,
    concords={
        "c": {"": "", **{name: name for name in _COUNTERS}},
        "q": {"": "いくつ", **{name: _asking(name) for name in _COUNTERS}},
        "いる": {"": "ある", **dict.fromkeys(_LIVING, "いる")},
        "持つ": {"": "持っている", **dict.fromkeys(_LIVING, "飼っている")},
        # how many of two kinds of things
        "sum": {
            "": "いくつ",
            **dict.fromkeys(_LIVING, "何匹"),
            **dict.fromkeys((c for c in _COUNTERS if "輪" in c or "株" in c), "何本"),
        },
        # how many of a container itself; {K!c} is what it measures by
        "k": {"": "個", "箱": "箱", "袋": "袋", "びん": "本", "トレー": "枚", "パック": "パック", "段": "段"},
        # by the unit of time
        "per": {
            "": "一分間に",
            "時": "〈一時間に/一時間あたり/一時間につき〉",
            "日": "〈一日に/一日あたり/一日につき〉",
            "週": "〈一週間に/一週間あたり/一週間につき〉",
            "月": "〈一か月に/一か月あたり/ひと月に〉",
        },
        "one": {"": "一分間", "時": "一時間", "日": "一日", "週": "一週間", "月": "一か月"},
        "every": {"": "毎分", "時": "一時間ごとに", "日": "毎日", "週": "毎週", "月": "毎月"},
        "wage": {"": "給料", "時": "時給", "日": "日給", "週": "週給", "月": "月給"},
        "when": {"": "何分", "時": "何時間", "日": "何日", "週": "何週間", "月": "何か月"},
        "sq": {"m": "平方メートル", "ft": "平方フィート", "": "平方センチメートル"},
        # who is given something by others; the speaker's group
        "くれる": {"": "あげる", "I": "くれる"},
        "二人": {"": "二人", "I": "私たち二人"},
    },
    roles=[_role(name) for name in _ROLES],
    first_person=True,
    openers=("その後、{}", "その後{}", "次に、{}", "それから{}", "それから、{}", "その後、{}", "しばらくして、{}", "あとで{}"),
    then_words=("その後", "それから", "後で"),
    joins=("⟦て⟧、", "⟦い⟧、", "⟦て⟧、", "⟦い⟧、", "⟦が⟧、"),
    merges=("⟦て⟧、", "⟦い⟧、", "⟦が⟧、"),
    event_merges=("⟦い⟧、その後", "⟦て⟧、それから", "⟦い⟧、その後、", "⟦が⟧、その後", "⟦て⟧、次に"),
    conditionals=(
        "{facts}⟦普⟧と«する:p»。{question}",
        "{facts}⟦普⟧と«する:p»。このとき、{question}",
        "{facts}⟦普⟧" + _CONDITION + "とすると、{question}",
        "{facts}⟦普⟧" + _CONDITION + "場合、{question}",
        "{facts}⟦普⟧" + _CONDITION + "とき、{question}",
        "{facts}⟦が⟧、{question}",
        "{facts}。このとき、{question}",
        "{facts}。では、{question}",
    ),
    stop="。",
    question_marks="？",
    gap="",
    finish=finish,
)
