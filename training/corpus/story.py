"""A story before it is words: facts, a question and the calculation, for every language the same.

`Draft` is what a scenario writes on: it draws people, nouns and quantities and notes facts and steps.
Quantities are `q0, q1, ...`, results `r0, r1, ...`; a step's expression is over these and constants.
A quantity that is a number *word* ("three", "a third") is a constant in the solution, never a slot.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from random import Random
from typing import NamedTuple

from .nouns import nouns_of

Number = int | Fraction

NUMERAL, WORD, FRACTION = "numeral", "word", "fraction"


class Reject(Exception):
    """The numbers drawn do not make a sensible story; draw again."""


class Ref(NamedTuple):
    """A named quantity or result and its value."""

    name: str
    value: Number


class Quantity(NamedTuple):
    """A number of the text: its value and whether it is a numeral, a word or a fraction word (1/value)."""

    value: Number
    style: str


class Step(NamedTuple):
    """One line of the solution: `label: expression = result`."""

    label: str
    expression: str
    value: Number


@dataclass
class Fact:
    """A clause kind with its roles: people by number, nouns by id, quantities by name."""

    kind: str
    roles: dict[str, object]


NOUN_ROLES = "NMKP"


@dataclass
class Story:
    """Everything a language needs to word the problem, and the one answer."""

    scenario: str
    quantities: dict[str, Quantity] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    question: Fact = field(default_factory=lambda: Fact("", {}))
    steps: list[Step] = field(default_factory=list)
    genders: list[str] = field(default_factory=list)
    plain_names: bool = False  # people need names ("a farmer is 7 years old" would not do)

    def nouns(self) -> set[object]:
        """The ids of the things that the story names."""
        return {value for fact in self.facts for role, value in fact.roles.items() if role in NOUN_ROLES}

    @property
    def answer(self) -> Number:
        """The value of the last step."""
        return self.steps[-1].value


_OPERAND = re.compile(r"[qr]\d+|\d+")


@lru_cache(maxsize=4096)
def _compiled(shape: str):
    return eval(f"lambda x: {shape}", {"__builtins__": {}})  # noqa: S307 - shapes come from scenarios


def calculate(expression: str, values: dict[str, Number]) -> Number:
    """The exact value of an expression such as `q0*q1/100`; an int where it is whole."""
    operands: list[Fraction] = []

    def place(match: re.Match) -> str:
        token = match.group()
        operands.append(Fraction(values[token] if token in values else int(token)))
        return f"x[{len(operands) - 1}]"

    result = _compiled(_OPERAND.sub(place, expression))(operands)
    return result.numerator if result.denominator == 1 else result


def numeral(value: Number, money: bool = False) -> str:
    """A value as people write it: `12`, `3.50` (money), `2.5`; Reject when it has no short decimal."""
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    hundredths = value * 100
    if hundredths.denominator != 1:
        raise Reject
    text = f"{int(hundredths) // 100}.{int(hundredths) % 100:02d}"
    return text if money else text.rstrip("0")


class Draft:
    """A story in the making. Methods draw from `rng`; `story` is the result."""

    def __init__(self, rng: Random, scenario: str, held_out_nouns: bool = False) -> None:
        self.rng = rng
        self._held_out_nouns = held_out_nouns
        self.story = Story(scenario)
        self._values: dict[str, Number] = {}
        self._nouns: set[str] = set()

    # drawing

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.rng.random() < probability

    def person(self) -> int:
        """A new person, by number."""
        self.story.genders.append(self.rng.choice("fm"))
        return len(self.story.genders) - 1

    def noun(self, group: str) -> str:
        """A noun of the category or group that the story does not use yet."""
        free = [noun for noun in nouns_of(group, self._held_out_nouns) if noun not in self._nouns]
        if not free:
            raise Reject
        noun = self.rng.choice(free)
        self._nouns.add(noun)
        return noun

    def fixed(self, value: Number, style: str = NUMERAL) -> Ref:
        """A quantity of this value."""
        name = f"q{len(self.story.quantities)}"
        self.story.quantities[name] = Quantity(value, style)
        self._values[name] = value
        return Ref(name, value)

    def count(self, low: int, high: int, words: float = 0.1) -> Ref:
        """A whole number in `low..high`; small ones are number words with probability `words`."""
        if high < low:
            raise Reject
        value = self.rng.randint(low, high)
        worded = value <= 12 and self.rng.random() < words
        return self.fixed(value, WORD if worded else NUMERAL)

    def divisor(self, value: Number, low: int, high: int) -> Ref:
        """A whole number in `low..high` that divides `value`."""
        fitting = [d for d in range(low, high + 1) if value % d == 0]
        if not fitting:
            raise Reject
        d = self.rng.choice(fitting)
        return self.fixed(d, WORD if d <= 12 and self.chance(0.1) else NUMERAL)

    def revalue(self, ref: Ref, value: Number) -> None:
        """Sets a quantity that had to be mentioned before its value could be known."""
        self.story.quantities[ref.name] = Quantity(value, NUMERAL)
        self._values[ref.name] = value

    def money(self, low: int, high: int, cents: float = 0.25) -> Ref:
        """A price in `low..high`, with probability `cents` not a whole number."""
        value: Number = self.rng.randint(low, high)
        if self.rng.random() < cents:
            value = Fraction(value * 20 + self.rng.randint(1, 19), 20)
        return self.fixed(value)

    # writing

    def say(self, kind: str, **roles: object) -> Fact:
        """Adds a fact; quantities are given as `Ref`."""
        fact = Fact(kind, _named(roles))
        self.story.facts.append(fact)
        return fact

    def ask(self, kind: str, **roles: object) -> None:
        """Sets the question."""
        self.story.question = Fact(kind, _named(roles))

    def step(self, label: str, *parts: Ref | int | str) -> Ref:
        """Adds a line of the solution; parts are operands and operators in order."""
        expression = "".join(
            p if isinstance(p, str) else p.name if isinstance(p, Ref) else str(p) for p in parts
        )
        value = calculate(expression, self._values)
        if value < 0:
            raise Reject
        name = f"r{len(self.story.steps)}"
        self.story.steps.append(Step(label, expression, value))
        self._values[name] = value
        return Ref(name, value)

    def whole(self, ref: Ref, low: int = 1) -> Ref:
        """The same result when it is a whole number of at least `low`, else Reject."""
        if not isinstance(ref.value, int) or ref.value < low:
            raise Reject
        return ref


def _named(roles: dict[str, object]) -> dict[str, object]:
    return {role: value.name if isinstance(value, Ref) else value for role, value in roles.items()}


Scenario = Callable[[Draft], None]
