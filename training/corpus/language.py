"""What a language gives the generator: tables and a few small functions for its grammar.

A language is a folder `languages/<code>/` with `clauses.txt` (patterns), `nouns.txt` (forms) and an
`__init__.py` that defines `LANGUAGE = Language(...)`. `README.md` says how to write one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from .clauses import CLAUSES
from .nouns import ALL_NOUNS
from .patterns import Pattern, PatternError, compile_pattern, reserve

FOLDER = Path(__file__).parent / "languages"

Forms = dict[str, str]


@dataclass(frozen=True)
class Person:
    """Somebody in a text: a name, or a role ("a farmer") with its own forms, or the speaker."""

    name: str
    gender: str  # f or m
    forms: Forms | None = None  # of a role: at least `first` and `later`
    speaker: bool = False

    @property
    def agreement(self) -> str:
        """The class for `{A?..}` and `{A!..}`: f, m, or I."""
        return "I" if self.speaker else self.gender


@dataclass(frozen=True)
class Count:
    """A number beside its noun: `text` is its slot or its number word."""

    text: str
    value: int
    word: bool


def default_counted(count: Count, noun: Forms, form: str) -> str:
    """`12 apples`; the singular for one."""
    return f"{count.text} {noun[form or ('sg' if count.value == 1 else 'pl')]}"


def default_number(count: Count) -> str:
    """A number that stands alone."""
    return count.text


def default_money(count: Count, frame: str) -> str:
    """A sum of money in the frame of its currency (`${}`); the value of a sum may be a fraction."""
    return frame.format(count.text)


def unchanged(text: str) -> str:
    """The default for the hook that works on the whole text."""
    return text


@dataclass
class Language:
    """Tables and hooks. `person(who, form, pronoun, first)` is the only hook every language needs."""

    code: str
    names: dict[str, Sequence[str]]  # f and m
    number_words: dict[int, str]  # 2..12 as they stand before a noun
    fractions: dict[int, str]  # 2..5: "half", "a third", ... as `{f}`
    currencies: Sequence[tuple[str, str]]  # ("${}", "dollars"): a sum, the name for "how many ..."
    person: Callable[[Person, str, bool, bool], str]
    noun_columns: Sequence[str] = ("sg", "pl", "class")
    bare_form: str = "pl"  # the form of {N} without a form
    counted: Callable[[Count, Forms, str], str] = default_counted
    number: Callable[[Count], str] = default_number
    money: Callable[[Count, str], str] = default_money
    noun_classes: Sequence[str] = ("m", "f", "n")  # the order of the sides of {N?..|..}
    person_classes: Sequence[str] = ("m", "f", "I")  # the order of the sides of {A?..|..}
    number_class: Callable[[int], int] = lambda value: 0 if value == 1 else 1  # {n?one|many}
    concords: dict[str, dict[str, str]] = field(default_factory=dict)  # table -> class -> text
    roles: Sequence[Forms] = ()  # {"first": "a farmer", "later": "the farmer", "gender": "f"}
    first_person: bool = False  # patterns also work with the speaker as A (in the past tense)
    openers: Sequence[str] = ()  # "then {}": before an event
    then_words: Sequence[str] = ()  # for {then} inside patterns
    joins: Sequence[str] = (" and ",)  # between two clauses of one sentence
    merges: Sequence[str] = (" and ",)  # ... when the second leaves out its subject
    event_merges: Sequence[str] = ()  # ... and is an event; besides `merges`
    conditionals: Sequence[str] = ()  # "if {facts}, {question}", "{question} if {facts}?"
    stop: str = "."
    question_marks: str = "?"
    gap: str = " "  # between sentences
    finish: Callable[[str], str] = unchanged  # contractions, elision, a/an: on the whole text
    capital: Callable[[str], str] = str.upper  # of a sentence's first letter
    lower: Callable[[str], str] = str.lower  # of a text that is typed carelessly
    nouns: dict[str, Forms] = field(default_factory=dict)
    patterns: dict[str, list[Pattern]] = field(default_factory=dict)

    def train_patterns(self, kind: str) -> list[Pattern]:
        """The patterns that may be trained on."""
        return [p for p in self.patterns[kind] if not p.reserved]


def read_nouns(path: Path, columns: Sequence[str]) -> dict[str, Forms]:
    """`id | form | form ...` a line, in the order of `columns`."""
    nouns = {}
    for number, line in _lines(path):
        noun, *forms = (cell.strip() for cell in line.split("|"))
        if len(forms) != len(columns) or noun not in ALL_NOUNS:
            raise PatternError(f"{path.name} line {number}: unknown id or not {len(columns)} forms: {line}")
        nouns[noun] = dict(zip(columns, forms, strict=True))
    return nouns


def read_patterns(path: Path) -> dict[str, list[Pattern]]:
    """Sections `== kind`, then one pattern a line; `#` starts a comment line."""
    patterns: dict[str, list[Pattern]] = {}
    kind = ""
    for number, line in _lines(path):
        if line.startswith("=="):
            kind = line[2:].strip()
            if kind not in CLAUSES:
                raise PatternError(f"{path.name} line {number}: unknown clause kind {kind!r}")
            patterns.setdefault(kind, [])
            continue
        try:
            patterns[kind].append(compile_pattern(kind, line))
        except (KeyError, PatternError) as error:
            raise PatternError(f"{path.name} line {number}: {error}") from error
    return {kind: reserve(kind, group) for kind, group in patterns.items()}


def _lines(path: Path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.strip()


def language_codes() -> list[str]:
    """The codes of the languages that have a complete folder."""
    return sorted(p.parent.name for p in FOLDER.glob("*/clauses.txt"))


@lru_cache(maxsize=None)
def load(code: str) -> Language:
    """The language with its tables read and compiled."""
    if code not in language_codes():
        raise ValueError(f"no language {code!r}; there are {', '.join(language_codes())}")
    language: Language = import_module(f"{__package__}.languages.{code}").LANGUAGE
    folder = FOLDER / code
    language.nouns = read_nouns(folder / "nouns.txt", language.noun_columns)
    language.patterns = read_patterns(folder / "clauses.txt")
    return language
