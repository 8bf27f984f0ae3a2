"""Thai: no spaces between words, spaces between clauses and around numerals, a classifier per noun.

A number follows its noun and stands before the classifier ("แอปเปิล 12 ผล", "แอปเปิลสามผล"). `{n:N}` is
all of that, `{n:N.cl}` the number with the classifier, `{N.cl}` the classifier alone, `{K.per}` the word that
a container counts its content by ("กล่องละ"). There is no tense and no mark at the end of a sentence.
"""

from __future__ import annotations

import re
from random import Random
from zlib import crc32

from ...language import Count, Forms, Language, Person
from .names import MEN, WOMEN

# Shares of the texts: a question without its mark, numerals without spaces, the school's fractions.
_UNMARKED, _TIGHT, _SCHOOL_FRACTION = 0.6, 0.06, 0.3


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: subject and object are the same, `poss` (ของทอม, ของเขา), `own` (always ของเขา), `pro` (always เขา)."""
    if who.speaker:
        word = "ผม" if who.gender == "m" else "ฉัน"
    elif pronoun or form in ("own", "pro"):
        word = "เขา" if who.gender == "m" else "เธอ"
    else:
        word = who.name if first or not who.forms else who.forms["later"]
    return f"ของ{word}" if form in ("poss", "own") else word


def number(count: Count) -> str:
    """A numeral stands between spaces, a number word does not."""
    return count.text if count.word else f" {count.text} "


def counted(count: Count, noun: Forms, form: str) -> str:
    """`แอปเปิล 12 ผล`; with a form only the number and that form (` 12 ผล`); a unit counts itself (` 5 วัน`)."""
    amount = number(count) + noun[form or "cl"]
    return amount if form or noun["word"] == noun["cl"] else noun["word"] + amount


_ALTERNATIVES = re.compile(r"\(([^()]*)\)")
_SPACED_NUMERAL = re.compile(r"(?<=[ก-๙]) (<q\d+>) (?=[ก-๙])")
_NTH_PART = re.compile(r"หนึ่งใน(?=สาม|สี่|ห้า)")


def finish(text: str) -> str:
    """Takes one of the equal words of `nouns.txt` for the whole text, drops most question marks.

    The text itself is the seed, so the same text always ends the same.
    """
    rng = Random(crc32(text.encode()))
    taken: dict[str, str] = {}

    def take(match: re.Match) -> str:
        return taken.setdefault(match[1], rng.choice(match[1].split("/")))

    text = _ALTERNATIVES.sub(take, text).replace("> %", ">%")
    if rng.random() < _UNMARKED:
        text = text.replace("?", "")
    if rng.random() < _TIGHT:
        text = _SPACED_NUMERAL.sub(r"\1", text)
    if rng.random() < _SCHOOL_FRACTION:
        text = _NTH_PART.sub("เศษหนึ่งส่วน", text)
    return text.strip()


_ROLES = (
    "เกษตรกร ชาวสวน ชาวนา คนทำขนม ครู คนสวน ช่างไม้ ช่างเย็บผ้า บรรณารักษ์ โค้ช พ่อครัว นักเรียน พ่อค้า แม่ค้า ช่างฝีมือ ชาวประมง "
    "นักสะสม"
).split()
_WOMENS_ROLES = {"แม่ค้า"}
_ELDERS = {
    "f": "ป้าแดง ป้าแจ่ม ป้าสมศรี ป้านิด ยายแม้น คุณยาย คุณป้า ครูสมศรี คุณครู น้าอ้อย",
    "m": "ลุงแดง ลุงสมหมาย ลุงบุญส่ง ลุงชัย ตาเจิม คุณลุง ครูวิชัย อาตี๋ น้าพล",
}

LANGUAGE = Language(
    code="th",
    names={"f": WOMEN, "m": MEN},
    number_words=dict(
        enumerate("สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ สิบเอ็ด สิบสอง".split(), start=2)
    ),
    fractions={2: "ครึ่งหนึ่ง", 3: "หนึ่งในสาม", 4: "หนึ่งในสี่", 5: "หนึ่งในห้า"},
    currencies=(
        *[(" {} บาท", "บาท")] * 6,
        (" ฿{} ", "บาท"),
        *[(" {} ดอลลาร์", "ดอลลาร์")] * 3,
        *[(" ${} ", "ดอลลาร์")] * 2,
        (" {} เหรียญ", "เหรียญ"),
        (" {} ยูโร", "ยูโร"),
        (" €{} ", "ยูโร"),
        (" {} ปอนด์", "ปอนด์"),
        (" {} หยวน", "หยวน"),
    ),
    person=person,
    noun_columns=("word", "cl", "per"),
    bare_form="word",
    counted=counted,
    number=number,
    roles=[
        *(
            {"first": f"{role}คนหนึ่ง", "later": f"{role}คนนี้", "gender": "f" if role in _WOMENS_ROLES else "m"}
            for role in _ROLES
        ),
        *(
            {"first": name, "later": name, "gender": gender}
            for gender, names in _ELDERS.items()
            for name in names.split()
        ),
    ],
    number_class=lambda age: 0 if age <= 12 else 1,  # {n?ขวบ|ปี}: a child's years and other years
    first_person=True,
    openers=("จากนั้น{}", "จากนั้น {}", "ต่อมา{}", "ต่อมา {}", "หลังจากนั้น {}", "แล้ว{}", "ภายหลัง{}"),
    joins=(" และ", " และ", " "),
    merges=(" และ", " และ", " "),
    event_merges=(" แล้ว", " แล้วก็", " จากนั้น", " จากนั้นก็", " ต่อมา"),
    conditionals=(
        "ถ้า{facts} {question}",
        "ถ้า{facts} แล้ว{question}",
        "หาก{facts} {question}",
        "สมมติว่า{facts} {question}",
        "กำหนดให้{facts} {question}",
        "{question} ถ้า{facts}?",
    ),
    stop="",
    finish=finish,
)
