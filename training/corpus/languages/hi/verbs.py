"""Hindi verbs and agreement: masculine forms to feminine ones, stems to their perfective and habitual forms.

Words are written in their masculine form; vowel signs are told apart from vowel letters (`बचे`, `गए`).
"""

from __future__ import annotations

# Feminine forms that do not follow from the ending.
_FEMININE = {"दिए": "दी", "लिए": "ली", "किए": "की", "दिया": "दी", "लिया": "ली", "किया": "की", "थे": "थीं"}
_FEMININE_ENDINGS = (("या", "ई"), ("आ", "ई"), ("ए", "ई"), ("ा", "ी"), ("े", "ी"))
_FIRST_PERSON = {"है": "हूँ", "होगा": "होऊँगा", "होगी": "होऊँगी"}
_FUTURE = (("एगा", "ऊँगा"), ("एगी", "ऊँगी"), ("ेगा", "ूँगा"), ("ेगी", "ूँगी"))

# Stems before the perfective endings: कर + े is किए.
_PERFECTIVE_STEMS = {"कर": "कि", "दे": "दि", "ले": "लि", "पी": "पि", "सी": "सि", "जा": "ग", "हो": "हु"}
_LONG_I = ("कर", "दे", "ले", "पी", "सी")  # की, दी, ली rather than किई
_AFTER_CONSONANT = {"ा": "ा", "े": "े", "ी": "ी", "ीं": "ीं"}
_AFTER_VOWEL = {"ा": "या", "े": "ए", "ी": "ई", "ीं": "ईं"}
_VOWELS = "ािीुूेैोौआईएओ"
_HABITUAL = {"ा": "ता है", "े": "ते हैं", "ी": "ती है", "ीं": "ती हैं"}
_AUXILIARY = {"ा": " है", "े": " हैं", "ी": " है", "ीं": " हैं"}


def feminine(masculine: str) -> str:
    """The feminine of a phrase, word by word; a dot at its end asks for the plural that closes a clause (बचीं)."""
    words = [_feminine_word(word) for word in masculine.removesuffix(".").split()]
    text = " ".join(words)
    return text + "ं" if masculine.endswith(".") else text


def _feminine_word(word: str) -> str:
    return _FEMININE.get(word) or _replaced(word, _FEMININE_ENDINGS)


def _replaced(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, other in endings:
        if word.endswith(ending):
            return word.removesuffix(ending) + other
    return word


def first_person(phrase: str) -> str:
    """`का है` to `का हूँ`, `पढ़ेगा` to `पढ़ूँगा`."""
    return " ".join(_FIRST_PERSON.get(word) or _replaced(word, _FUTURE) for word in phrase.split())


def perfective(stem: str, ending: str) -> str:
    """`खरीद` + `े` to `खरीदे`, `दे` + `ीं` to `दीं`; the ending is ा, े, ी or ीं."""
    if stem == "हो":
        return {"ा": "हुआ", "े": "हुए", "ी": "हुई", "ीं": "हुईं"}[ending]
    if stem in _LONG_I and ending in ("ी", "ीं"):
        return _PERFECTIVE_STEMS[stem][:-1] + ending
    irregular = _PERFECTIVE_STEMS.get(stem)
    if irregular or stem[-1] in _VOWELS:
        return (irregular or stem) + _AFTER_VOWEL[ending]
    return stem + _AFTER_CONSONANT[ending]


def perfect(stem: str, ending: str) -> str:
    """`खरीदे हैं`, `खरीदी हैं`."""
    participle = perfective(stem, ending.removesuffix("ं"))
    return participle + _AUXILIARY[ending]


def habitual(stem: str, ending: str) -> str:
    """`खरीदता है`, `मिलते हैं`; the ending is that of the word the verb agrees with."""
    return stem + _HABITUAL[ending]
