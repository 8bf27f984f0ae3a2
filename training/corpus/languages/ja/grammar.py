"""Japanese predicates: from the dictionary form to polite, plain and connective forms.

A predicate is written in its dictionary form (`買う`, `持っている`, `多い`, `だ`); verbs in -ない count as verbs.
"""

from __future__ import annotations

from dataclasses import dataclass

# Dictionary ending -> the stem before ます, the past, the connective (te) form.
_GODAN = {
    "う": ("い", "った", "って"),
    "く": ("き", "いた", "いて"),
    "ぐ": ("ぎ", "いだ", "いで"),
    "す": ("し", "した", "して"),
    "つ": ("ち", "った", "って"),
    "ぬ": ("に", "んだ", "んで"),
    "ぶ": ("び", "んだ", "んで"),
    "む": ("み", "んだ", "んで"),
    "る": ("り", "った", "って"),
}
# Before る: kana of the i and e rows, and the kanji that stand for such a syllable (見る, 出る).
_ONE_STEM = set("いきしちにひみりぎじびぴえけせてねへめれげぜでべぺ見着出得寝")
_COPULA = (("だ", "だった", "で"), ("である", "であった", "であり"))


@dataclass(frozen=True)
class Predicate:
    """`polite` and `plain` are (present, past); `te` and `stem` connect it to what follows."""

    polite: tuple[str, str]
    plain: tuple[str, str]
    te: str
    stem: str


def conjugate(word: str, formal: bool = False) -> Predicate:
    """The forms of a predicate in dictionary form; `formal` makes the plain copula である."""
    if word.endswith("だ"):
        noun = word[:-1]
        present, past, stem = (noun + form for form in _COPULA[formal])
        return Predicate((noun + "です", noun + "でした"), (present, past), noun + "で", stem)
    if word.endswith("ない") and not word.endswith("少ない"):
        return _negative(word)
    if word.endswith("い"):
        root = word[:-1]
        past = root + "かった"
        return Predicate((word + "です", past + "です"), (word, past), root + "くて", root + "く")
    stem, past, te = _verb(word)
    connective = stem[:-1] + "おり" if word == "いる" or word.endswith(("ている", "でいる")) else stem
    # 得、 and 持ってき、 are too short to pause behind.
    if word != "する" and (len(stem) == 1 or word.endswith("くる")):
        connective = te
    if word == "する":  # 三ドルし、: して would mean doing
        te = connective
    return Predicate((stem + "ます", stem + "ました"), (word, past), te, connective)


def _negative(word: str) -> Predicate:
    """持っていない, 使えない, ならない, ない: the polite form is the verb's."""
    root = word[:-2]
    verb = root[:-1] + "り" if root.endswith("ら") else root or "あり"
    stem = root[:-1] + "おらず" if root.endswith(("てい", "でい")) else root + "ず" if root else "なく"
    return Predicate(
        (verb + "ません", verb + "ませんでした"),
        (word, root + "なかった"),
        root + "なくて",
        stem,
    )


def _verb(word: str) -> tuple[str, str, str]:
    """The stem before ます, the past and the te form."""
    for irregular, stem in (("する", "し"), ("くる", "き"), ("来る", "来")):
        if word.endswith(irregular):
            stem = word[: -len(irregular)] + stem
            return stem, stem + "た", stem + "て"
    root, ending = word[:-1], word[-1]
    if ending == "る" and root[-1] in _ONE_STEM:
        return root, root + "た", root + "て"
    if word.endswith(("行く", "いく")):
        return root + "き", root + "った", root + "って"
    return tuple(root + form for form in _GODAN[ending])  # type: ignore[return-value]
