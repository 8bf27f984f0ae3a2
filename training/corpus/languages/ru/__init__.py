"""Russian: six cases, three genders, and nouns that follow their number (1 яблоко, 2 яблока, 5 яблок).

Marks that patterns and tables leave for `finish`:

- `‖` a join: a comma, but none inside `«...»` (clauses after "если", "что"), or ", а" where two people differ
- `¦` the end of a relative clause: a comma when something follows
- `¤` the number word before it counts something feminine (два, две), `°` it stands in the genitive (двух)
- `•` the number before it counts people in the accusative (на двух человек)
- `≺` a pronoun that goes in front of the word before it ("возраст ≺мой", "заплатит ≺она")
- `^` a new sentence inside a frame
"""

from __future__ import annotations

import re
from functools import lru_cache

from ...language import Count, Forms, Language, Person
from .names import FEMALE, MALE

_CASES = ("", "g", "d", "a", "i", "p")

_PRONOUNS = {
    "f": ("она", "её", "ей", "её", "ей", "ней"),
    "m": ("он", "его", "ему", "его", "им", "нём"),
    "I": ("я", "меня", "мне", "меня", "мной", "мне"),
}
# After a preposition.
_GOVERNED = {
    "f": ("она", "неё", "ней", "неё", "ней", "ней"),
    "m": ("он", "него", "нему", "него", "ним", "нём"),
    "I": _PRONOUNS["I"],
}
# A vowel that goes or changes when an ending comes; names that never change.
_STEMS = {"Павел": "Павл", "Лев": "Льв", "Пётр": "Петр"}
_UNCHANGED = frozenset("Сьюзан Дженнифер Мишель Джейн Хелен Кэти Мэй".split())


@lru_cache(maxsize=None)
def decline(name: str, gender: str) -> tuple[str, ...]:
    """Nominative, genitive, dative, accusative, instrumental and prepositional of a person's name."""
    stem, last = name[:-1], name[-1]
    if name in _UNCHANGED or last in "иоуеэы":
        return (name,) * len(_CASES)
    if name.endswith("ия"):
        return (name, f"{stem}и", f"{stem}и", f"{stem}ю", f"{stem}ей", f"{stem}и")
    if last == "я":
        o = "ё" if name == "Илья" else "е"
        return (name, f"{stem}и", f"{stem}е", f"{stem}ю", f"{stem}{o}й", f"{stem}е")
    if last == "а":
        soft = stem[-1] in "жшщчц"
        genitive = f"{stem}и" if stem[-1] in "кгхжшщч" else f"{stem}ы"
        return (name, genitive, f"{stem}е", f"{stem}у", f"{stem}{'ей' if soft else 'ой'}", f"{stem}е")
    if gender == "f":
        if last != "ь":
            return (name,) * len(_CASES)
        return (name, f"{stem}и", f"{stem}и", name, f"{name}ю", f"{stem}и")
    if last in "йь":
        prepositional = f"{stem}и" if name.endswith("ий") else f"{stem}е"
        return (name, f"{stem}я", f"{stem}ю", f"{stem}я", f"{stem}ем", prepositional)
    stem = _STEMS.get(name, name)
    ending = "ем" if last in "жшщч" else "ом"
    return (name, f"{stem}а", f"{stem}у", f"{stem}а", f"{stem}{ending}", f"{stem}е")


def person(who: Person, form: str, pronoun: bool, first: bool) -> str:
    """Forms: a case (none, g d a i p); `n` before it after a preposition (него), `n` alone a subject that
    the next clause does not share; `=` never a pronoun but я; `pro` before a case always a pronoun; `of мой`
    the genitive of a name, or the speaker's "мой"; `v` (before a case) behind its verb, but as a pronoun in
    front of it."""
    if form.startswith("of "):
        return f"≺{form.removeprefix('of ')}" if who.speaker else decline(who.name, who.gender)[1]
    if form.startswith("v"):
        case = _CASES.index(form.removeprefix("v"))
        pronoun = who.speaker or pronoun
        return f"≺{_PRONOUNS[who.agreement][case]}" if pronoun else decline(who.name, who.gender)[case]
    forced = form.startswith("pro")
    form = form.removeprefix("pro")
    named = form.startswith("=")
    form = form.removeprefix("=")
    case = _CASES.index(form.removeprefix("n"))
    if who.speaker or forced or (pronoun and not named):
        return (_GOVERNED if form.startswith("n") else _PRONOUNS)[who.agreement][case]
    return decline(who.name, who.gender)[case]


# Number words 2..12 in the oblique cases; the accusative is the nominative (animals: the genitive).
_WORDS = {
    "g": "двух трёх четырёх пяти шести семи восьми девяти десяти одиннадцати двенадцати".split(),
    "d": "двум трём четырём пяти шести семи восьми девяти десяти одиннадцати двенадцати".split(),
    "i": "двумя тремя четырьмя пятью шестью семью восемью девятью десятью одиннадцатью двенадцатью".split(),
}
_WORDS["p"] = _WORDS["g"]
_NUMBER_WORDS = dict(
    enumerate("два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать".split(), start=2)
)
_GENITIVE = dict(zip(_NUMBER_WORDS.values(), _WORDS["g"], strict=True))


def number_class(value: int) -> int:
    """0 after 1, 21, 31; 1 after 2-4, 22-24; 2 after the others."""
    if value % 10 == 1 and value % 100 != 11:
        return 0
    return 1 if value % 10 in (2, 3, 4) and value % 100 not in (12, 13, 14) else 2


def counted(count: Count, noun: Forms, form: str) -> str:
    """`5 яблок`. Forms: a case; `num` the number alone (две); `по` (по 21 яблоку, по 5 яблок); `v` a speed
    (60 км/ч); `+лежал ещё` the verb in front, in the past and agreeing (лежала ещё 21 груша)."""
    one = number_class(count.value) == 0
    if form == "v":
        return f"{count.text} км/ч" if noun["sg"] == "километр" else f"{counted(count, noun, '')} в час"
    if form.startswith("+"):
        verb, _, rest = form[1:].partition(" ")
        words = [_agreeing(verb, noun["class"] if one else "n"), rest, counted(count, noun, "")]
        return " ".join(word for word in words if word)
    few = number_class(count.value) == 1
    case = {"num": "", "по": "d" if one else "a"}.get(form, form)
    living = case == "a" and noun["animate"] == "+" and 2 <= count.value <= 4
    number = _number(count, "g" if living else case, noun["class"])
    if form == "num":
        return number
    if case in ("", "a"):
        text = noun[case or "sg"] if one else noun["few"] if few and not living else noun["gpl"]
    else:
        text = noun[case if one else f"{case}pl"]
    return f"{number} {text}"


def _number(count: Count, case: str, gender: str) -> str:
    if not count.word:
        return count.text
    if case in _WORDS:
        return _WORDS[case][count.value - 2]
    return "две" if count.value == 2 and gender == "f" else count.text


def _agreeing(verb: str, gender: str) -> str:
    """`лежал`, `остался`, `нужен` as they agree with the gender."""
    stem, tail = (verb.removesuffix("ся"), "ся") if verb.endswith("ся") else (verb, "")
    if gender == "m":
        return verb
    if stem.endswith("шёл"):
        stem = stem.removesuffix("ёл") + "л"
    if stem.endswith("ен"):
        stem = stem.removesuffix("ен") + "н"
    elif not stem.endswith("л"):
        stem += "л"
    return stem + {"f": "а", "n": "о", "p": "и"}[gender] + ("сь" if tail else "")


def money(count: Count, frame: str) -> str:
    """`21 рубль`, `3 рубля`, `5 рублей`, `3.50 рубля`: the frame lists the endings after its stem."""
    stem, *endings = frame.split("|")
    text = stem.format(count.text)
    if not endings:
        return text
    whole = count.value == int(count.value)
    return text + endings[number_class(int(count.value)) if whole else 1]


_DEPENDENT = re.compile(r"«(.*?)»")
_TWO_PEOPLE = re.compile(r"\b(у ([А-ЯЁ][\w-]*)(?=[ ,])[^.;‖«»]*)‖ и (?=у (?!\2\b)[А-ЯЁ])", re.IGNORECASE)
_FEMININE = re.compile(r"(\w+)¤")
_OBLIQUE = re.compile(r"(\w+)°")
_ACCUSATIVE = re.compile(r"(два|три|четыре)• (человека|пассажира)")
_PEOPLE = {"человека": "человек", "пассажира": "пассажиров"}
_SENTENCE = re.compile(r"\^(\w)")
_BY_ONE = re.compile(r"\b(по \S+ (?:рубл|доллар|фунт|сом|юан))(ь|я|)(?=[ ,.;?!]|$)")
_WITH = re.compile(r"\b([Сс]) (?=[сзшж][бвгджзйклмнпрстфхцчшщ]|мной\b|льв)", re.IGNORECASE)
_ABOUT = re.compile(r"\b([Оо]) (?=[аэиоу])", re.IGNORECASE)
_TO_ME = re.compile(r"\b([Кк]) (?=мне\b|льв)", re.IGNORECASE)
_PRONOUN_BEHIND = re.compile(r"((?:[\w-]+ (?=\w+ть ≺(?:я|он|она|мне|ему|ей)\b))?[\w-]+) ≺(\w+)")
_LAST_PRONOUN = re.compile(
    r"\b(осталось|останется|остаётся|стало|было|будет|есть|получилось|получится|оказалось|оказывается) "
    r"(у (?:него|неё|меня))(?=[?.]|$)"
)
_SPEAKER = re.compile(r"\b(?:я|меня|мне|мной|мой|моя|мои|моего|моей|моих)\b", re.IGNORECASE)
_THEM = re.compile(
    r"\b(?:(?<=у )них(?= (?:вместе|обоих|двоих|троих|всего))|им(?= (?:вместе|обоим))|их(?= возрастов))"
)
_OWN_LIVING = re.compile(r"\b(все|свои|имеющиеся) (?=(?:свои |имеющиеся )?(?:кукол|\w+ых \w))", re.IGNORECASE)
_GENITIVE_PLURAL = {"все": "всех", "свои": "своих", "имеющиеся": "имеющихся"}
_US = {"них": "нас", "им": "нам", "их": "наших"}


def finish(text: str) -> str:
    """Puts the commas of the marks, and mends number words and prepositions."""
    text = _DEPENDENT.sub(lambda m: _listed(m[1]), text)
    text = _TWO_PEOPLE.sub(r"\1, а ", text)
    text = text.replace("¦‖", ",").replace("‖", ",")
    text = re.sub(r"¦(?=[,.;?!:]|$)", "", text).replace("¦", ",")
    text = _FEMININE.sub(lambda m: "две" if m[1] == "два" else m[1], text).replace("¤", "")
    text = _OBLIQUE.sub(lambda m: _GENITIVE.get(m[1], m[1]), text).replace("°", "")
    text = _ACCUSATIVE.sub(lambda m: f"{_GENITIVE[m[1]]} {_PEOPLE[m[2]]}", text).replace("•", "")
    text = _SENTENCE.sub(lambda m: m[1].upper(), text)
    text = _WITH.sub(r"\1о ", text)
    text = _ABOUT.sub(r"\1б ", text)
    text = _TO_ME.sub(r"\1о ", text)
    text = _PRONOUN_BEHIND.sub(_swapped, text)
    text = _LAST_PRONOUN.sub(r"\2 \1", text)  # "осталось у него?" reads worse than "у него осталось?"
    text = _OWN_LIVING.sub(_living, text)
    if _SPEAKER.search(text):
        text = _THEM.sub(lambda m: _US[m[0]], text)
    text = re.sub(r" +", " ", text)
    return re.sub(r" +(?=[,.;?!:])", "", text).replace("..", ".").replace(",,", ",")


def _listed(clauses: str) -> str:
    """Dependent clauses as a list: only the last "и" stays, and without a comma."""
    *first, last = clauses.split("‖ и ")
    return f"{', '.join(first)} и {last}".replace("‖", "") if first else last


def _living(match: re.Match) -> str:
    """`все кукол` to `всех кукол`."""
    word = _GENITIVE_PLURAL[match[1].lower()]
    return f"{word.capitalize() if match[1][0].isupper() else word} "


def _swapped(match: re.Match) -> str:
    before, pronoun = match.groups()
    return f"{pronoun.capitalize()} {before.lower()}" if before[0].isupper() else f"{pronoun} {before}"


# What agrees with a person: endings of the past, short adjectives.
_PERSON_ENDINGS = {
    "а": ("", "а"),
    "ся": ("ся", "ась"),
    "ёл": ("ёл", "ла"),
    "ёс": ("ёс", "есла"),
    "ен": ("ен", "на"),
    "мог": ("мог", "могла"),
}
# The present and future where the speaker takes part.
_VERBS = {
    "заплатит": "заплачу",
    "потратит": "потрачу",
    "получит": "получу",
    "сможет": "смогу",
    "сделает": "сделаю",
    "заработает": "заработаю",
    "накопит": "накоплю",
    "прочитает": "прочитаю",
    "прочтёт": "прочту",
    "дочитает": "дочитаю",
    "проедет": "проеду",
    "доедет": "доеду",
    "проведёт": "проведу",
    "успеет": "успею",
    "изготовит": "изготовлю",
    "выручит": "выручу",
    "израсходует": "израсходую",
    "имеет": "имею",
    "будет": "буду",
    "может": "могу",
}
# What agrees with a noun: masculine, feminine, neuter, plural only.
_NOUN_ENDINGS = {
    "о": ("", "а", "о", "и"),
    "ый": ("ый", "ая", "ое", "ые"),
    "ую": ("ый", "ую", "ое", "ые"),
    "ом": ("ом", "ой", "ом", "ых"),
    "один": ("один", "одна", "одно", "одни"),
    "одну": ("один", "одну", "одно", "одни"),
    "одного": ("одного", "одной", "одного", "одних"),
    "стоит": ("стоит", "стоит", "стоит", "стоят"),
    "продаётся": ("продаётся", "продаётся", "продаётся", "продаются"),
    "ж": ("", "¤", "", ""),
}
_CONCORDS = {
    **{name: {"m": m, "f": f, "I": m} for name, (m, f) in _PERSON_ENDINGS.items()},
    **{third: {"": third, "I": first} for third, first in _VERBS.items()},
    **{name: dict(zip("mfnp", forms, strict=True)) for name, forms in _NOUN_ENDINGS.items()},
}


def _role(masculine: str, feminine: str = "") -> list[Forms]:
    forms = {"m": masculine, "f": feminine or masculine}
    return [{"first": word, "later": word, "gender": g} for g, word in forms.items() if g == "m" or feminine]


LANGUAGE = Language(
    code="ru",
    names={"f": FEMALE, "m": MALE},
    number_words=_NUMBER_WORDS,
    fractions={2: "половину", 3: "треть", 4: "четверть", 5: "пятую часть"},
    currencies=(
        ("{} рубл|ь|я|ей", "рублей"),
        ("{} рубл|ь|я|ей", "рублей"),
        ("{} рубл|ь|я|ей", "рублей"),
        ("{} руб.", "рублей"),
        ("{} ₽", "рублей"),
        ("{} р.", "рублей"),
        ("{} доллар||а|ов", "долларов"),
        ("{} доллар||а|ов", "долларов"),
        ("${}", "долларов"),
        ("{} $", "долларов"),
        ("{} евро", "евро"),
        ("€{}", "евро"),
        ("{} фунт||а|ов", "фунтов"),
        ("{} тенге", "тенге"),
        ("{} сом||а|ов", "сомов"),
        ("{} юан|ь|я|ей", "юаней"),
    ),
    person=person,
    noun_columns="sg g d a i p few pl gpl dpl apl ipl ppl class animate".split(),
    bare_form="gpl",
    noun_classes=("m", "f", "n", "p"),
    counted=counted,
    money=money,
    number_class=number_class,
    concords=_CONCORDS,
    roles=[
        *_role("фермер"),
        *_role("пекарь"),
        *_role("учитель", "учительница"),
        *_role("предприниматель"),
        *_role("садовник"),
        *_role("мастер", "мастерица"),
        *_role("столяр"),
        *_role("повар"),
        *_role("тренер"),
        *_role("школьник", "школьница"),
        *_role("студент", "студентка"),
        *_role("пенсионер", "пенсионерка"),
        *_role("коллекционер"),
        *_role("библиотекарь"),
        *_role("художник", "художница"),
        *_role("мальчик", "девочка"),
        *_role("инженер"),
        *_role("лавочник"),
    ],
    first_person=True,
    openers=(
        "затем {}",
        "потом {}",
        "после этого {}",
        "позже {}",
        "вскоре {}",
        "через некоторое время {}",
        "а потом {}",
    ),
    then_words=("потом", "затем", "позже"),
    joins=("‖ и ", "‖ и ", "; ", "‖ и "),
    merges=(" и ", " и "),
    event_merges=(", а затем ", ", а потом ", " и потом "),
    conditionals=(
        "если «{facts}», то {question}",
        "если «{facts}», {question}",
        "если «{facts}», то {question}",
        "{question}, если «{facts}»?",
        "известно, что «{facts}». ^{question}",
        "допустим, {facts}. ^{question}",
        "представьте, что «{facts}». ^{question}",
    ),
    finish=finish,
)
