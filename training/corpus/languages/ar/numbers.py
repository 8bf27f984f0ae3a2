"""Arabic numbers: number words, a noun's form after them, sums of money.

3-10 take the plural, 11-99 the singular accusative, 100 the singular; a number word of 3-10 has the
other gender than its noun, and "two" is an ending.
"""

from __future__ import annotations

import re

from ...language import Count, Forms

GENDER_MARKS = {"m": "\ue003", "f": "\ue004"}  # after a counted noun, for a number word about it

_WORDS = {  # beside a masculine noun, beside a feminine one
    3: ("ثلاثة", "ثلاث"),
    4: ("أربعة", "أربع"),
    5: ("خمسة", "خمس"),
    6: ("ستة", "ست"),
    7: ("سبعة", "سبع"),
    8: ("ثمانية", "ثماني"),
    9: ("تسعة", "تسع"),
    10: ("عشرة", "عشر"),
    11: ("أحد عشر", "إحدى عشرة"),
}
_CASED_WORDS = {  # (value, nominative)
    (2, False): ("اثنين", "اثنتين"),
    (2, True): ("اثنان", "اثنتان"),
    (12, False): ("اثني عشر", "اثنتي عشرة"),
    (12, True): ("اثنا عشر", "اثنتا عشرة"),
}
_DUAL_ENDING = {False: "ين", True: "ان"}  # by nominative

# After a masculine singular, its accusative, a feminine or a plural; the stems of the dual (m, f).
_ADJECTIVES = {
    "more": ("آخر", "آخر", "أخرى", "آخر", "أخري"),
    "extra": ("إضافي", "إضافيا", "إضافية", "إضافي", "إضافيت"),
    "new": ("جديد", "جديدا", "جديدة", "جديد", "جديدت"),
    "red": ("أحمر", "أحمر", "حمراء", "أحمر", "حمراو"),
}


def number_class(value: int) -> int:
    """Which form a noun takes: 0 the plural (3-10), 1 the accusative (11-99), 2 the singular (100, 2)."""
    rest = value % 100
    return 0 if 3 <= rest <= 10 else 1 if rest > 10 else 2


def number_word(value: int, feminine: bool, nominative: bool) -> str:
    """The word beside a noun of this gender: `خمس تفاحات`, `خمسة كتب`."""
    return (_CASED_WORDS.get((value, nominative)) or _WORDS[value])[feminine]


def counted(count: Count, noun: Forms, form: str) -> str:
    """`5 تفاحات`, `12 تفاحة`. Forms, joined by `_`: `nom`, `of` ("5 من التفاحات"),
    `def` ("التفاحات الـ5"), an adjective (`more`)."""
    wanted = set(form.split("_"))
    feminine, nominative = noun["class"] == "f", "nom" in wanted
    mark = GENDER_MARKS[noun["class"]]
    text = number_word(count.value, feminine, nominative) if count.word else count.text
    if "of" in wanted:
        return f"{text} من {noun['defpl']}{mark}"
    if "def" in wanted:
        return f"{noun['defpl']} الـ{text}{mark}"
    shape = number_class(count.value)
    if count.word and count.value == 2:
        words, adjective = noun["dun" if nominative else "du"], 3 + feminine
        ending = _DUAL_ENDING[nominative]
    else:
        words, ending = f"{text} {noun[('pl', 'acc', 'sg')[shape]]}", ""
        adjective = 2 if feminine or shape == 0 else 1 if shape == 1 else 0
    for name in wanted & _ADJECTIVES.keys():
        words += f" {_ADJECTIVES[name][adjective]}{ending}"
    return words + mark


def number(count: Count) -> str:
    """A numeral, or the mark of a number word that `finish` inflects."""
    return f"«{count.value}»" if count.word else count.text


_CURRENCIES = {  # how many ...: after 3-10, after 100 and fractions
    "دولارا": ("دولارات", "دولار"),
    "ريالا": ("ريالات", "ريال"),
    "جنيها": ("جنيهات", "جنيه"),
    "درهما": ("دراهم", "درهم"),
    "دينارا": ("دنانير", "دينار"),
    "ليرة": ("ليرات", "ليرة"),
    "شيكلا": ("شواكل", "شيكل"),
    "يورو": ("يورو", "يورو"),
}


def money(count: Count, frame: str) -> str:
    """`5 دولارات`, `12 دولارا`, `3.50 دولار`; a sign stays as it is."""
    before, _, name = frame.partition("{} ")
    if name not in _CURRENCIES:
        return frame.format(count.text)
    plural, singular = _CURRENCIES[name]
    shape = number_class(int(count.value)) if int(count.value) == count.value else 2
    return f"{before}{count.text} {(plural, name, singular)[shape]}"


# Nouns that patterns put after `{n}`: plural, accusative, singular, the stem of the dual.
_UNITS = """
f صفحات صفحة صفحة صفحت
f سنوات سنة سنة سنت
m أعوام عاما عام عام
f ساعات ساعة ساعة ساعت
f دقائق دقيقة دقيقة دقيقت
m أيام يوما يوم يوم
m أسابيع أسبوعا أسبوع أسبوع
f نقاط نقطة نقطة نقطت
m أشخاص شخصا شخص شخص
m ركاب راكبا راكب راكب
m صفوف صفا صف صف
m أعمدة عمودا عمود عمود
f قطع قطعة قطعة قطعت
f دزينات دزينة دزينة دزينت
m أضعاف ضعفا ضعف ضعف
f مرات مرة مرة مرت
f قطط قطة قطة قطت
m زملاء زميلا زميل زميل
"""
_UNIT_OF = {
    form: (gender == "f", stem)
    for gender, *forms, stem in map(str.split, _UNITS.strip().splitlines())
    for form in forms
}
# What ends in the alif of the indefinite accusative.
ACCUSATIVES = {
    form
    for form in (*_UNIT_OF, *_CURRENCIES, *(forms[1] for forms in _ADJECTIVES.values()), "مربعا", "راكبا")
    if form.endswith("ا")
}
_NUMBER_WORD = re.compile(r"(°?)«(\d+)»(?: (\w+))?( متساوية)?")
_UNIT = re.compile(rf"\b(?:{'|'.join(_UNIT_OF)})\b")
_GENDER_MARK = re.compile("[\ue003\ue004]")


def number_words(text: str) -> str:
    """`«3» صفحات` to `ثلاث صفحات`, `«2» صفحة` to `صفحتين`; alone it goes by the noun it is about."""

    def spell(match: re.Match) -> str:
        nominative, value = bool(match[1]), int(match[2])
        after = "".join((f" {match[3]}" if match[3] else "", match[4] or ""))
        if match[3] not in _UNIT_OF:
            return number_word(value, _about_feminine(text, match.start(), match.end(2)), nominative) + after
        feminine, stem = _UNIT_OF[match[3]]
        if value != 2:
            return number_word(value, feminine, nominative) + after
        ending = _DUAL_ENDING[nominative]
        if match[4]:
            return f"{stem}{ending} متساويت{ending}"
        return stem + (ending[0] if stem == "ضعف" else ending)  # "ضعفي عمر ..."

    return _NUMBER_WORD.sub(spell, text)


def _about_feminine(text: str, start: int, end: int) -> bool:
    """Whether the next unit of the sentence, else the last counted noun, is feminine."""
    unit = _UNIT.search(re.split(r"[.؟]", text[end:], maxsplit=1)[0])
    if unit:
        return _UNIT_OF[unit[0]][0]
    before = _GENDER_MARK.findall(text[:start])
    return bool(before) and before[-1] == GENDER_MARKS["f"]
