"""Published calculations as the steps that the corpus writes.

A step has two operands, but `a*p/100` is one (a percentage), and so is `a+b+c`. Which slot or constant
an operand is remains open (mapping.py).
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from . import questions
from .program import Dropped, short
from .questions import Numeral
from .sources import OPERATORS, Calculation, Operation, Slot, Tree

LITERALS = frozenset([*range(1, 13), 24, 52, 60, 100])  # what the corpus and the recipe write as such
ONE, HUNDRED = Fraction(1), Fraction(100)


class Leaf(NamedTuple):
    """A published number, not yet mapped.

    `slot` where the source names it; `share`: it belongs to a share such as 1/2 or 0.25, whose
    numbers are no numerals of the question.
    """

    value: Fraction
    sentence: str
    group: int  # leaves of one published calculation
    slot: int | None = None
    share: bool = False


class Result(NamedTuple):
    """The result of an earlier step."""

    index: int


Operand = Leaf | Result
Draft = list[Operand | str]


class Lowering:
    """Trees to steps of unmapped operands, with the values that the published numbers give."""

    def __init__(
        self, text: str, numerals: tuple[Numeral, ...], calculations: Sequence[Calculation]
    ) -> None:
        self.numerals = numerals
        self.slots = {numeral.value for numeral in numerals}
        self.hundredths = {
            numeral.value for numeral in numerals if questions.is_hundredths(text, numeral)
        }
        self.fractions = {n.value for n in numerals if "/" in n.text}
        # Fractions that the calculations write out; elsewhere `18/2` does not stand for a "1/2".
        self.explicit = {f for calculation in calculations for f in shares(calculation.tree)}
        self.steps: list[Draft] = []
        self.values: list[Fraction] = []
        self.published: list[int] = []  # the steps whose results the source mentions
        self._sentence, self._group = "", -1

    def add(self, calculation: Calculation) -> None:
        """Appends the steps of one calculation; Dropped when its published result is another."""
        self._sentence = calculation.sentence
        self._group += 1
        try:
            operand = self._lower(calculation.tree)
        except ZeroDivisionError:
            raise Dropped("step does not add up") from None
        if calculation.result not in (None, self._value(operand)):
            raise Dropped("step does not add up")
        if isinstance(operand, Result):
            self.published.append(operand.index)

    def _value(self, operand: Operand) -> Fraction:
        return operand.value if isinstance(operand, Leaf) else self.values[operand.index]

    def _leaf(self, value: Fraction, share: bool = False) -> Leaf:
        return Leaf(value, self._sentence, self._group, share=share)

    def _known(self, value: Fraction) -> bool:
        return value in self.slots or any(self.values[index] == value for index in self.published)

    def _emit(self, *parts: Operand | str) -> Result:
        total = self._value(parts[0])
        for sign, operand in zip(parts[1::2], parts[2::2], strict=True):
            total = OPERATORS[sign](total, self._value(operand))
        self.steps.append(list(parts))
        self.values.append(total)
        return Result(len(self.steps) - 1)

    def _lower(self, tree: Tree) -> Operand:
        if isinstance(tree, Slot):
            value = self.numerals[tree.index].value
            return Leaf(value, self._sentence, self._group, tree.index)
        if isinstance(tree, Fraction):
            # 0.2 beside "20%" is a step of its own, unless it stands in a product.
            if tree.denominator > 1 and not self._known(tree) and tree * 100 in self.hundredths:
                return self._emit(self._leaf(tree * 100), "/", self._leaf(HUNDRED, share=True))
            return self._leaf(tree)
        return self._sum(tree) if tree.sign in "+-" else self._product(tree)

    def _sum(self, tree: Operation) -> Operand:
        terms = [(sign, self._lower(term)) for sign, term in spine(tree, "+-")]
        total = terms[0][1]
        if len(terms) == 3 and terms[1][0] == terms[2][0] == "+":
            return self._emit(total, "+", terms[1][1], "+", terms[2][1])
        for sign, term in terms[1:]:
            total = self._emit(total, sign, term)
        return total

    def _product(self, tree: Operation) -> Operand:
        terms = self._join_shares(spine(tree, "*/"))
        factors = [part for sign, term in terms for part in self._factor(sign, term)]
        factors = [
            (sign, f)
            for sign, f in factors
            if self._value(f) != ONE or self._known(ONE) and not (isinstance(f, Leaf) and f.share)
        ]
        # `40*3/4` and `3/4*40` alike: shares come last.
        factors.sort(key=lambda factor: self._is_fraction(*factor))
        above = [f for sign, f in factors if sign == "*"] or [self._leaf(ONE)]
        below = [f for sign, f in factors if sign == "/"]
        percent = [f for f in above if isinstance(f, Leaf) and f.value in self.hundredths]
        by_hundred = [f for f in below if isinstance(f, Leaf) and f.value == HUNDRED]
        if len(below) == 1 and by_hundred and len(above) > 1:
            share = percent[-1] if percent else above[-1]
            above.remove(share)
            return self._emit(self._fold([("*", f) for f in above]), "*", share, "/", below[0])
        if factors[0][0] == "/" or not all(map(short, self._partial(factors))):
            factors = [("*", f) for f in above] + [("/", f) for f in below]
        return self._fold(factors)

    def _is_fraction(self, sign: str, operand: Operand) -> bool:
        return sign == "*" and isinstance(operand, Leaf) and operand.value in self.fractions

    def _join_shares(self, terms: list[tuple[str, Tree]]) -> list[tuple[str, Tree]]:
        """`x, *3, /4` as `x, *(3/4)` where 3/4 is a share and not two numerals of the question."""
        for i, (top, bottom) in enumerate(pairs(terms)):
            share = top / bottom if top and bottom else ONE
            if len(terms) > 2 and share < 1 and (
                {share, 1 - share} & self.fractions or not {top, bottom} & self.slots
            ):
                return self._join_shares([*terms[:i], ("*", share), *terms[i + 2 :]])
        return terms

    def _partial(self, factors: list[tuple[str, Operand]]) -> list[Fraction]:
        values = [self._value(factors[0][1])]
        for sign, factor in factors[1:]:
            values.append(OPERATORS[sign](values[-1], self._value(factor)))
        return values

    def _fold(self, factors: list[tuple[str, Operand]]) -> Operand:
        total = factors[0][1]
        for sign, factor in factors[1:]:
            total = self._emit(total, sign, factor)
        return total

    def _factor(self, sign: str, tree: Tree) -> list[tuple[str, Operand]]:
        """A factor; `a*(b/c)` is `a*b/c`, and a decimal that is a share is written as one."""
        if sign == "*" and isinstance(tree, Operation) and tree.sign in "*/":
            return [part for inner, term in spine(tree, "*/") for part in self._factor(inner, term)]
        if not isinstance(tree, Fraction):
            return [(sign, self._lower(tree))]
        if sign == "/" and tree and 1 / tree in self.fractions - self.explicit and not self._known(tree):
            return [("*", self._leaf(1 / tree))]  # `x/3` beside "1/3"
        if tree.denominator == 1 or self._known(tree):
            return [(sign, self._leaf(tree))]
        if 1 - tree in self.fractions:
            return [(sign, self._emit(self._leaf(ONE), "-", self._leaf(1 - tree)))]
        inverse = "/" if sign == "*" else "*"
        hundred = self._leaf(HUNDRED, share=True)
        per_hundred = tree * 100
        if per_hundred in self.hundredths or per_hundred == 1:
            return [(sign, self._leaf(per_hundred)), (inverse, hundred)]
        for other, change in (("-", 100 - per_hundred), ("+", per_hundred - 100)):
            if change in self.hundredths:  # 0.8 beside "20% off", 1.2 beside "20% more"
                rest = self._emit(hundred, other, self._leaf(change))
                return [(sign, rest), (inverse, hundred)]
        # 0.75 beside "three quarters", 0.05 beside "nickels"
        for top, bottom in ((Fraction(tree.numerator), Fraction(tree.denominator)), (per_hundred, HUNDRED)):
            if top < bottom and top in LITERALS and bottom in LITERALS:
                return [(sign, self._leaf(top, share=True)), (inverse, self._leaf(bottom, share=True))]
        return [(sign, self._lower(tree))]


def shares(tree: Tree) -> list[Fraction]:
    """The fractions and decimals that a tree writes out: 1/2, 0.5."""
    if isinstance(tree, Fraction):
        return [tree] if tree.denominator > 1 else []
    if not isinstance(tree, Operation):
        return []
    found = [top / bottom for top, bottom in pairs(spine(tree, "*/")) if 0 < top < bottom]
    return found + shares(tree.left) + shares(tree.right)


def pairs(terms: list[tuple[str, Tree]]) -> list[tuple[Fraction, Fraction]]:
    """(p, q) for every `*p` with `/q` after it, both numbers; (0, 0) for other neighbours."""
    return [
        (a, b)
        if (sign, divided) == ("*", "/") and isinstance(a, Fraction) and isinstance(b, Fraction)
        else (Fraction(0), Fraction(0))
        for (sign, a), (divided, b) in zip(terms, terms[1:], strict=False)
    ]


def spine(tree: Tree, signs: str) -> list[tuple[str, Tree]]:
    """The terms (or factors) of a left-leaning tree with the sign before each; the first has + or *."""
    if isinstance(tree, Operation) and tree.sign in signs:
        return [*spine(tree.left, signs), (tree.sign, tree.right)]
    return [(signs[0], tree)]
