"""Turkish verbs: the forms that a word problem uses, of the third person and of "I"."""

from __future__ import annotations

from .suffixes import VOWELS, fitted, softened

# Stems of one syllable with the aorist in -ir, and those whose last sound changes before a vowel.
_AORIST_IR = set("al bil bul dur gel gör kal ol öl san var ver vur kon".split())
_VOICED = {"git": "gid", "et": "ed", "kaybet": "kaybed"}
_BEFORE_Y = {"ye": "yi", "de": "di"}


def _add(stem: str, *specs: str) -> str:
    for spec in specs:
        stem += fitted(stem, spec)
    return stem


def _vocalic(stem: str, spec: str) -> str:
    """A suffix that begins with a vowel or with y: gidip, yiyip."""
    if stem in _BEFORE_Y:
        stem = _BEFORE_Y[stem]
    return _add(_VOICED.get(stem, stem), spec)


def past(stem: str, first: bool) -> str:
    """aldı, aldım."""
    return _add(stem, "DI") + "m" * first


def continuous(stem: str, first: bool) -> str:
    """alıyor, alıyorum."""
    if stem in _BEFORE_Y:
        form = _BEFORE_Y[stem]
    elif stem[-1] in VOWELS:
        form = _add(stem[:-1], "I")
    else:
        form = _add(_VOICED.get(stem, stem), "I")
    return form + "yor" + "um" * first


def past_continuous(stem: str, first: bool) -> str:
    """alıyordu, alıyordum."""
    return continuous(stem, False) + "du" + "m" * first


def aorist(stem: str, first: bool) -> str:
    """alır, alırım."""
    if stem[-1] in VOWELS:
        form = stem + "r"
    elif stem in _VOICED:
        form = _add(_VOICED[stem], "Ar")
    else:
        one_syllable = sum(char in VOWELS for char in stem) == 1
        form = _add(stem, "Ar" if one_syllable and stem not in _AORIST_IR else "Ir")
    return _add(form, "Im") if first else form


def future(stem: str, first: bool) -> str:
    """alacak, alacağım."""
    form = _vocalic(stem, "(y)AcAk")
    return _add(softened(form), "Im") if first else form


def perfect(stem: str, first: bool) -> str:
    """almıştır; of "I" the plain past."""
    return past(stem, True) if first else _add(stem, "mIş", "DIr")


def conditional(form: str, first: bool) -> str:
    """alır to alırsa, aldı to aldıysa."""
    return _add(form, "(y)sA") + "m" * first


def according(stem: str, first: bool) -> str:
    """aldığına, aldığıma (before "göre")."""
    form = softened(_add(stem, "DIk"))
    return _add(form, "Im", "A") if first else _add(form, "I", "nA")


def joining(stem: str) -> str:
    """alıp."""
    return _vocalic(stem, "(y)Ip")


def after(stem: str) -> str:
    """aldıktan (before "sonra")."""
    return _add(stem, "DIk", "DAn")


def order(stem: str, politeness: int) -> str:
    """bul, bulun, bulunuz."""
    return (stem, _vocalic(stem, "(y)In"), _vocalic(stem, "(y)InIz"))[politeness]
