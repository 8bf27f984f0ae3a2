"""Korean verb stems: what happens where a stem meets an ending (사: 삽니다, 사요; 만들: 만드는; 줍: 주워).

Syllables are taken apart and put together by their place in Unicode's table of Hangul.
"""

from __future__ import annotations

from dataclasses import dataclass

# --- syllables

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")


def _split(syllable: str) -> tuple[str, str, str]:
    code = ord(syllable) - 0xAC00
    return _INITIALS[code // 588], _VOWELS[code % 588 // 28], _FINALS[code % 28]


def _compose(initial: str, vowel: str, final: str = "") -> str:
    return chr(
        0xAC00
        + _INITIALS.index(initial) * 588
        + _VOWELS.index(vowel) * 28
        + _FINALS.index(final)
    )


def final_consonant(word: str) -> str:
    """The consonant that closes the last syllable, or nothing; of a Latin letter or a sign nothing."""
    return _split(word[-1])[2] if word and "가" <= word[-1] <= "힣" else ""


def close(word: str, final: str) -> str:
    """The word with this consonant at its end, in place of the one it has."""
    initial, vowel, _ = _split(word[-1])
    return word[:-1] + _compose(initial, vowel, final)


# --- stems

_CONTRACTED = {"ㅏ": "ㅏ", "ㅓ": "ㅓ", "ㅐ": "ㅐ", "ㅔ": "ㅔ", "ㅕ": "ㅕ", "ㅗ": "ㅘ", "ㅜ": "ㅝ", "ㅣ": "ㅕ", "ㅚ": "ㅙ"}
# Stems that change before a vowel: what stands before 으 endings, and the stem with 아 or 어.
_IRREGULAR = {
    "줍": ("주우", "주워"),
    "굽": ("구우", "구워"),
    "걷": ("걸으", "걸어"),
    "파랗": ("파라", "파래"),
    "빨갛": ("빨가", "빨개"),
}
_PLAIN_REU = ("치르",)  # 르 that loses its vowel only: 치러, not 칠러
_LONG = "주보두누되"  # written 주었다 as well as 줬다


def _irregular(stem: str) -> tuple[str, tuple[str, str]] | None:
    return next(((old, new) for old, new in _IRREGULAR.items() if stem.endswith(old)), None)


def with_a(stem: str, long: bool = False) -> str:
    """The stem with 아 or 어: 사, 먹어, 줘 (long: 주어), 만들어, 잘라, 써, 해."""
    if found := _irregular(stem):
        return stem.removesuffix(found[0]) + found[1][1]
    initial, vowel, final = _split(stem[-1])
    if stem[-1] == "하":
        return stem[:-1] + "해"
    if final:
        return stem + ("아" if vowel in "ㅏㅗㅑ" else "어")
    if stem[-1] == "르" and not stem.endswith(_PLAIN_REU):
        before = _split(stem[-2])[1]
        return close(stem[:-1], "ㄹ") + ("라" if before in "ㅏㅗ" else "러")
    if vowel == "ㅡ":
        open_vowel = len(stem) > 1 and _split(stem[-2])[1] in "ㅏㅗ"
        return stem[:-1] + _compose(initial, "ㅏ" if open_vowel else "ㅓ")
    if long and stem[-1] in _LONG:
        return stem + ("아" if vowel == "ㅗ" else "어")
    if vowel in _CONTRACTED:
        return stem[:-1] + _compose(initial, _CONTRACTED[vowel])
    return stem + "어"


def soft(stem: str) -> str:
    """What stands before 면, 며, ㄹ까: 사, 먹으, 만들, 주우."""
    if found := _irregular(stem):
        return stem.removesuffix(found[0]) + found[1][0]
    return stem if final_consonant(stem) in ("", "ㄹ") else stem + "으"


def _dropped(stem: str) -> str:
    """Without its ㄹ before ㄴ, ㅂ, ㅅ: 만드."""
    return close(stem, "") if final_consonant(stem) == "ㄹ" else stem


def _vowel_end(stem: str) -> bool:
    return final_consonant(stem) in ("", "ㄹ")


DESCRIPTIVE = ("필요하", "많", "적", "어리", "같", "파랗", "빨갛")
EXISTENCE = ("있", "없")


@dataclass(frozen=True)
class Stem:
    """A stem in its tense: `text` is what endings join; kind is verb, descriptive, existence or past."""

    text: str
    kind: str

    def formal(self) -> str:
        return close(_dropped(self.text), "ㅂ") if _vowel_end(self.text) else self.text + "습"

    def casual(self) -> str:
        return self.text + "어" if self.kind == "past" else with_a(self.text)

    def plain(self) -> str:
        if self.kind == "verb":
            return (close(self.text, "ㄴ") if _vowel_end(self.text) else self.text + "는") + "다"
        return self.text + "다"

    def before(self, ending: str) -> str:
        """With 은 or 는 in front of an ending such as 데, 가."""
        if self.kind == "descriptive":
            return close(soft(self.text), "ㄴ") + ending
        return _dropped(self.text) + "는" + ending

    def will(self, ending: str) -> str:
        """With ㄹ in front of an ending such as 까."""
        return close(soft(self.text), "ㄹ") + ending

    def asks(self) -> str:
        """With 나 or 은가, before 요."""
        if self.kind == "descriptive":
            return self.before("가")
        return _dropped(self.text) + "나"
