"""Bengali endings, and the spelling of numbers, classifiers and words that one text keeps throughout."""

from __future__ import annotations

import re
from random import Random

WORD = "\ue003"  # in front of a number word
_VOWEL_SIGNS = "ািীুূৃেৈোৌ"
_O_NAMES = frozenset("শান্ত শুভ সুব্রত অর্ক".split())  # names that end in a spoken o


def genitive(word: str) -> str:
    """রহিমের, সীমার, শান্তর, লুইয়ের."""
    if word[-1] in _VOWEL_SIGNS or word in _O_NAMES:
        return word + "র"
    if word[-1] in "ইউএ":
        return word + "য়ের"
    return word + "র" if word[-1] == "ও" else word.removesuffix("ৎ") + "ত" * word.endswith("ৎ") + "ের"


def locative(word: str) -> str:
    """টাকায়, রুপিতে, ডলারে."""
    if word[-1] == "া":
        return word + "য়"
    return word + ("তে" if word[-1] in _VOWEL_SIGNS + "ও" else "ে")


_TI = re.compile(r"((?:<q\d+>|(?<![ঀ-৿])(?:এক|দু|তিন|চার|পাঁচ|ছয়|সাত|আট|নয়|দশ|এগারো|বারো|অন্য|বাকি|কয়|ক|কত)))টি(?!ক)")
_SPACED = re.compile(r"(<q\d+>)(টি|টা)")
_IN = re.compile(r"(\S+)_এ")
_MANY = "কয়টি"
_ORDER = re.compile(r"(?<![ঀ-৿])করো(?=।|$)")
_FRACTION = {"এক-তৃতীয়াংশ": "তিন ভাগের এক ভাগ", "এক-চতুর্থাংশ": "চার ভাগের এক ভাগ", "এক-পঞ্চমাংশ": "পাঁচ ভাগের এক ভাগ"}
# Another spelling or word that takes the same endings, and how often a text has it.
_VARIANTS = (
    ("ঘণ্টা", "ঘন্টা", 0.4), ("কমলা", "কমলালেবু", 0.4), ("পেনসিল", "পেন্সিল", 0.5), ("নারকেল", "নারিকেল", 0.5),
    ("স্কেল", "রুলার", 0.4), ("কুমড়া", "মিষ্টি কুমড়া", 0.4), ("ঝুড়ি", "টুকরি", 0.12), ("সাইকেল", "বাইসাইকেল", 0.2),
    ("এরপর", "এর পরে", 0.2), ("পিজ্জা", "পিৎজা", 0.3), ("পেঁয়াজ", "পিঁয়াজ", 0.2), ("ফ্রিজ", "রেফ্রিজারেটর", 0.3),
    ("রাবার", "ইরেজার", 0.3), ("কাছ থেকে", "থেকে", 0.15), ("দড়ি", "রশি", 0.25),
)  # fmt: skip


def in_or_at(text: str) -> str:
    """Settles `_এ`: 5 টাকায়, 5 ডলারে, $5-এ."""
    return _IN.sub(lambda m: m[1] + "-এ" if m[1].endswith(">") else locative(m[1]), text)


def numbers(text: str, rng: Random) -> str:
    """Number words before classifiers (দুটি, তিনজন) and slots (12 টি, 5জন)."""
    if rng.random() < 0.4:
        text = re.sub(f"({WORD}[ঀ-৿]+) গুণ", r"\1গুণ", text)
    text = text.replace(f"{WORD}দুইটি", f"{WORD}দুটি" if rng.random() < 0.8 else f"{WORD}দুইটি")
    if rng.random() < 0.75:
        text = re.sub(f"({WORD}[ঀ-৿]+) জন", lambda m: m[1].replace("দুই", "দু") + "জন", text)
    elif rng.random() < 0.3:
        text = re.sub(r"(<q\d+>) জন", r"\1জন", text)
    return text.replace(WORD, "")


def spell(text: str, how_many: str, order: str, colloquial: bool, rng: Random) -> str:
    """Classifiers, orders and spellings as this text has them."""
    text = text.replace(_MANY, how_many)
    if colloquial:
        text = _TI.sub(r"\1টা", text).replace("_টি", "টা").replace(" দুটা", " দুটো")
    text = text.replace("_টি", "টি")
    if rng.random() < 0.25:
        text = _SPACED.sub(r"\1 \2", text)
    text = _ORDER.sub(order, text)
    if rng.random() < 0.35:
        text = text.replace("গুলো", "গুলি")
    if rng.random() < 0.35:
        for fraction, parts in _FRACTION.items():
            text = text.replace(fraction, parts)
    for usual, variant, share in _VARIANTS:
        if usual in text and rng.random() < share:
            text = re.sub(f"(?<![ঀ-৿]){usual}", variant, text)
    return text
