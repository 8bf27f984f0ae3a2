"""Turkish suffixes: vowel harmony, buffer letters, softened stems, and the apostrophe of names and numerals.

A suffix is written with archiphonemes: A is a or e, I is ı, i, u or ü, D is d or t; a letter in
parentheses in front appears only where two vowels or two consonants would meet.
"""

from __future__ import annotations

from collections.abc import Iterable

VOWELS = "aeıioöuüâîû"
_FRONT = "eiöüî"
_ROUNDED = "oöuüû"
_VOICELESS = "fstkçşhp"
_SOFT = {"p": "b", "ç": "c", "k": "ğ"}

# Stems that do not go by the rule: before a vowel, never softened, with front vowels in spite of an a.
_STEMS = {"armut": "armud", "dört": "dörd", "renk": "reng", "kâğıt": "kâğıd", "cep": "ceb", "oğul": "oğl"}
_HARD = {"sandviç", "lolipop", "teleskop"}
_FRONT_WORDS = {"saat"}

# The names of suffixes in patterns (as after "a"), and what they are.
SUFFIXES = {
    "lar": "lAr",
    "s": "(s)I",  # his, her, its, their
    "m": "(I)m",  # my
    "mız": "(I)mIz",  # our
    "ı": "(y)I",
    "a": "(y)A",
    "da": "DA",
    "dan": "DAn",
    "nın": "(n)In",
    "la": "(y)lA",
    "ki": "ki",
    "lı": "lI",
    "lık": "lIk",
    "ar": "(ş)Ar",  # five each
    "ıncı": "(I)ncI",
    "dık": "DIk",
    "dır": "DIr",
    "ydı": "(y)DI",
    "ydım": "(y)DIm",
    "yım": "(y)Im",
    "ysa": "(y)sA",
    "ysam": "(y)sAm",
}
_AFTER_S = {"ı": "nI", "a": "nA", "da": "nDA", "dan": "nDAn"}  # elmasını, not elmasıyı
_POSSESSIVES = ("s", "m", "mız")


def inflect(word: str, names: Iterable[str], spoken: str = "") -> str:
    """A word with suffixes. `word+` is a compound (`diş fırça+`: diş fırçası).

    `spoken`: how a name, numeral or symbol is read; its suffixes then follow an apostrophe.
    """
    chain = list(names)
    if word.endswith("+"):
        word = word[:-1]
        at = 1 if chain[:1] == ["lar"] else 0
        if chain[at : at + 1] == [] or chain[at] not in _POSSESSIVES:
            chain.insert(at, "s")
    base, shown, before = spoken or word, "", ""
    for name in chain:
        spec = SUFFIXES[name]
        if before in ("s", "ki"):
            spec = _AFTER_S.get(name, spec)
        elif before == "lar" and name == "s":
            spec = "I"
        suffix = fitted(base, spec)
        if suffix[0] in VOWELS and not spoken:
            base = softened(base)
        base += suffix
        shown += suffix
        before = name
    if not spoken:
        return base
    return f"{word}'{shown}" if shown else word


def fitted(base: str, spec: str) -> str:
    """The suffix as it follows `base`."""
    if spec[0] == "(":
        buffer, spec = spec[1], spec[3:]
        if (buffer in "IA") != (base[-1] in VOWELS):
            spec = buffer + spec
    vowel = next((char for char in reversed(base) if char in VOWELS), "e")
    front = vowel in _FRONT or base.rpartition(" ")[2] in _FRONT_WORDS
    rounded = vowel in _ROUNDED
    out = ""
    for char in spec:
        if char == "A":
            char = "e" if front else "a"
            rounded = False
        elif char == "I":
            char = ("ü" if front else "u") if rounded else ("i" if front else "ı")
        elif char == "D":
            char = "t" if (base + out)[-1] in _VOICELESS else "d"
        out += char
    return out


def softened(word: str) -> str:
    """The stem before a vowel: kitab-, çiçeğ-, ağac-; words of one syllable stay as they are."""
    last = word.rpartition(" ")[2]
    if last in _STEMS:
        return word[: -len(last)] + _STEMS[last]
    if last in _HARD or word[-1] not in _SOFT or sum(char in VOWELS for char in last) < 2:
        return word
    return word[:-1] + ("g" if word.endswith("nk") else _SOFT[word[-1]])


_UNITS = "sıfır bir iki üç dört beş altı yedi sekiz dokuz".split()
_TENS = "on yirmi otuz kırk elli altmış yetmiş seksen doksan".split()


def spoken_number(value: int) -> str:
    """The last word of a number as it is read, which its suffixes go by."""
    if value % 10 or not value:
        return _UNITS[value % 10]
    if value % 100:
        return _TENS[value // 10 % 10 - 1]
    return "yüz" if value % 1000 else "bin"
