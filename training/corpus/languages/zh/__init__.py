"""Chinese (simplified): every count needs its noun's classifier; no inflection, no spaces.

The classifier is the noun's class, so `{n}{N!cl}` is "12个" of a noun just named. `〈a/b〉` in `nouns.txt`
is settled once per text, so that a noun (and the classifier that goes with it) keeps its name throughout.
"""

from __future__ import annotations

import re
from pathlib import Path
from zlib import crc32

from ...language import Count, Forms, Language, Person, read_nouns
from .names import MEN, WOMEN

_COLUMNS = ("noun", "class")
_PRONOUNS = {"f": "她", "m": "他", "I": "我"}
_CHOICE = re.compile(r"〈([^〉]*)〉")
# "then" at the head of a clause, and once more inside it, or before "already", "yesterday".
_THEN = "后来|然后|接着|之后|随后|过了一会儿|在这之后"
_TWICE = re.compile(rf"((?:{_THEN})，?[^，。；？]{{0,12}}?)(?:后来|接着|随后|然后)")
_PAST = "已|到目前|到现在|目前|昨天|前几天|第一天|第一周|上周|周末|星期一"
_MISPLACED = re.compile(rf"(^|[，。；？])(?:{_THEN})，?([^，。；？]{{0,10}}?(?:{_PAST}))")


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject, `obj` (the same where it is no subject), `poss` (小明的, 他的), `fam` (小明的, 他:
    before 妈妈), `pro` (always 他)."""
    if pronoun or form == "pro":
        words = _PRONOUNS[who.agreement]
        return words + "的" if form == "poss" else words
    words = who.name if first or not who.forms else who.forms["later"]
    return words + "的" if form in ("poss", "fam") else words


def counted(count: Count, noun: Forms, form: str) -> str:
    """`12个苹果`, `两条鱼`; units have no classifier or may go without: `5小时`."""
    return f"{count.text}{noun['class']}{noun[form or 'noun']}"


def finish(text: str) -> str:
    """Says "then" once a clause and where it fits; settles the choices of nouns alike in the whole text."""
    text = _MISPLACED.sub(r"\1\2", _TWICE.sub(r"\1", text))
    draw = crc32(text.encode())

    def settle(match: re.Match) -> str:
        options = match[1].split("/")
        return options[draw % len(options)]

    return _CHOICE.sub(settle, text)


_CLASSIFIERS = {
    noun["class"] for noun in read_nouns(Path(__file__).with_name("nouns.txt"), _COLUMNS).values()
}

_ROLES = (
    "一位农民 一位老师 一位面包师 一位店主 一位园丁 一位木匠 一位裁缝 一位图书管理员 一位教练 一位厨师 "
    "一名学生 一位商人 一位工匠 一位邻居 一位收藏家 一位摊主 一个女孩 一个男孩 一位妈妈 一位爷爷"
).split()
_GENDERS = {"女孩": "f", "男孩": "m", "妈妈": "f", "爷爷": "m"}


def _role(first: str) -> Forms:
    """`一位农民`, later `这位农民`; a girl stays "she"."""
    gender = {"gender": _GENDERS[first[2:]]} if first[2:] in _GENDERS else {}
    return {"first": first, "later": f"这{first[1:]}", **gender}


LANGUAGE = Language(
    code="zh",
    names={"f": WOMEN, "m": MEN},
    number_words=dict(enumerate("两 三 四 五 六 七 八 九 十 十一 十二".split(), start=2)),
    fractions={2: "一半", 3: "三分之一", 4: "四分之一", 5: "五分之一"},
    currencies=(
        *[("{}元", "元")] * 6,
        *[("{}块钱", "块钱")] * 2,
        ("{}块", "块"),
        ("¥{}", "元"),
        ("{}美元", "美元"),
        ("{}美元", "美元"),
        ("${}", "美元"),
        ("{}欧元", "欧元"),
        ("€{}", "欧元"),
        ("{}英镑", "英镑"),
        ("{}港元", "港元"),
    ),
    person=person,
    noun_columns=_COLUMNS,
    bare_form="noun",
    counted=counted,
    concords={
        "cl": {name: name for name in _CLASSIFIERS},
        # What is baked is 烤; dumplings and steamed buns (their classifier is a key of its own) are made.
        "bake": {"": "烤", "〈个/个〉": "做"},
        # Bags and boxes are bought, a drawer is just there.
        "buys": {"": "买了", "抽屉": "有"},
        "gets": {"": "得到了", "抽屉": "整理了"},
        "orders": {"": "订了", "抽屉": "一共有"},
        "they": {"m": "他们", "f": "两人", "I": "我们"},
        "two": {"": "两人", "I": "我们两人"},
        "three": {"m": "他们三人", "f": "三人", "I": "我们三人"},
    },
    roles=[_role(first) for first in _ROLES],
    first_person=True,
    openers=(
        "后来{}",
        "后来，{}",
        "然后{}",
        "然后，{}",
        "接着，{}",
        "之后{}",
        "在这之后，{}",
        "随后{}",
        "过了一会儿，{}",
    ),
    then_words=("后来", "接着", "随后", "然后"),
    joins=("，", "，", "，", "；"),
    merges=("，",),
    event_merges=("，然后", "，接着", "，后来", "，之后", "，随后"),
    conditionals=(
        "如果{facts}，{question}",
        "如果{facts}，那么{question}",
        "已知{facts}，{question}",
        "已知{facts}。{question}",
        "假设{facts}，那么{question}",
        "假如{facts}，{question}",
        "要是{facts}，{question}",
        "{facts}，{question}",
    ),
    stop="。",
    question_marks="？?",
    gap="",
    finish=finish,
)
