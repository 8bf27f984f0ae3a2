"""Ethiopic letters: a letter is a consonant in one of seven vowel orders, found by its place in Unicode.

The orders are counted from 0: ä u i a e (bare consonant) o.
"""

from __future__ import annotations

AE, U, A, E, BARE, O = 0, 1, 3, 4, 5, 6
_FIRST = 0x1200
_ROW = 8
# Consonants whose -wa does not stand at the end of their own row.
_WA = {"ቀ": "ቋ", "ከ": "ኳ", "ገ": "ጓ", "ሀ": "ኋ", "ኀ": "ኋ", "የ": "ያ", "ወ": "ዋ"}
_GLIDES = "የወ"
_PALATAL = {"ተ": "ቸ", "ለ": "የ", "ነ": "ኘ", "ደ": "ጀ", "ሰ": "ሸ", "ጠ": "ጨ", "ዘ": "ዠ", "ጸ": "ጨ"}


def order(letter: str) -> int:
    """The vowel order of a letter, 0 to 7."""
    return (ord(letter) - _FIRST) % _ROW


def row(letter: str) -> str:
    """The letter's consonant with ä."""
    return chr(ord(letter) - order(letter))


def ending(word: str, vowel: int) -> str:
    """The word with its last letter in another order: `ፖም` with U is `ፖሙ`."""
    return word[:-1] + chr(ord(row(word[-1])) + vowel)


def ending_wa(word: str) -> str:
    """The word with -wa in place of its last vowel: `ሰጡ`, `ሰጧ`."""
    consonant = row(word[-1])
    return word[:-1] + _WA.get(consonant, chr(ord(consonant) + _ROW - 1))


def palatal(word: str) -> str:
    """The word with its last consonant softened, as before "I": `ሰጥቶ`, `ሰጥቸ`."""
    consonant = row(word[-1])
    return word[:-1] + _PALATAL.get(consonant, consonant)


def contracted(prefix: str, word: str) -> str:
    """A prefix before a verb; it swallows an `አ`: `ከ` and `አለው` give `ካለው`."""
    return ending(prefix, A) + word[1:] if word[0] == "አ" else prefix + word


def owned(word: str, owner: str) -> str:
    """With a possessive ending: of m (also "the"), of f, of I: `ፖሙ`, `ፖሟ`, `ፖሜ`; `በሬው`, `በሬዋ`, `በሬዬ`."""
    if order(word[-1]) != BARE:
        return word + {"m": "ው", "f": "ዋ", "I": "ዬ"}[owner]
    if owner == "f":
        return f"{word}ዋ" if row(word[-1]) in _GLIDES else ending_wa(word)
    return ending(word, U if owner == "m" else E)
