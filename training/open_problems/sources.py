"""Readers of the open English training sets: each problem as its text and its published calculation.

Read here: GSM8K train, ASDiv, AddSub, MultiArith, SingleEq, and the *train* CSV beside SVAMP (MAWPS and
ASDiv-A). Never SVAMP.json or the dev CSV (MSVAMP's English side), and no test set.
A calculation is a `Tree`: a number, a `Slot` where the set itself says which number of the text is
meant, or an operation on two trees.
"""

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from operator import add, mul, sub, truediv
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

OPERATORS = {"+": add, "-": sub, "*": mul, "/": truediv}
_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+|[-+*/()]|[A-Za-z]")
_MARK = re.compile(r"<<([^<>]*)>>")
_EQUATION = re.compile(r"(\$?[\d.,]+(?: *[-+*/x] *\$?[\d.,]*\d)+) *= *\$?(\d[\d,]*(?:\.\d+)?)")
_UNIT = re.compile(r"\([^()\d]*\)")
_MASK = re.compile(r"number(\d+)")
_LONG_DECIMAL = re.compile(r"\d*\.\d{6,}")


class Slot(NamedTuple):
    """The number of the question that a source names itself: its place among the numerals."""

    index: int


class Operation(NamedTuple):
    """`left sign right`."""

    sign: str
    left: "Tree"
    right: "Tree"


class Unknown(NamedTuple):
    """The x of an equation."""

    name: str


Tree = Fraction | Slot | Unknown | Operation


class Calculation(NamedTuple):
    """One published calculation, its result where one is given, and the sentence that it stands in."""

    tree: Tree
    result: Fraction | None
    sentence: str


@dataclass(frozen=True)
class Source:
    """A problem as published. `calculations` is empty where there is none that can be read."""

    id: str
    question: str
    calculations: tuple[Calculation, ...]
    answer: str


# --- expressions -----------------------------------------------------------------------------


def number(text: str) -> Fraction:
    """A published number; long decimals are the fraction that they stand for. Raises ValueError."""
    value = Fraction(text.replace(",", ""))
    return value.limit_denominator(100) if _LONG_DECIMAL.fullmatch(text) else value


def parse(expression: str, unknown: bool = False) -> Tree:
    """The tree of an infix expression, in which a letter may stand for an `unknown`.

    Raises ValueError for anything else, a leading minus too.
    """
    compact = re.sub(r"\s", "", expression)
    tokens = _TOKEN.findall(compact)
    if not tokens or "".join(tokens) != compact:
        raise ValueError(f"unreadable expression {expression!r}")
    tokens.reverse()

    def factor() -> Tree:
        token = tokens.pop() if tokens else ""
        if token == "(":
            tree = level("+-", lambda: level("*/", factor))
            if not tokens or tokens.pop() != ")":
                raise ValueError(f"unclosed parenthesis in {expression!r}")
            return tree
        return Unknown(token.lower()) if unknown and token.isalpha() else number(token)

    def level(signs: str, operand: Callable[[], Tree]) -> Tree:
        tree = operand()
        while tokens and tokens[-1] in signs:
            tree = Operation(tokens.pop(), tree, operand())
        return tree

    tree = level("+-", lambda: level("*/", factor))
    if tokens:
        raise ValueError(f"unreadable expression {expression!r}")
    return tree


def parse_prefix(expression: str, places: list[int]) -> Tree:
    """The tree of `- + number0 number1 2.0`; `places[k]` is the place of `number<k>` in the text."""
    tokens = expression.split()[::-1]

    def term() -> Tree:
        token = tokens.pop()
        if token in OPERATORS:
            return Operation(token, term(), term())
        mask = _MASK.fullmatch(token)
        return Slot(places[int(mask.group(1))]) if mask else number(token)

    tree = term()
    if tokens:
        raise ValueError(f"unreadable expression {expression!r}")
    return tree


def evaluate(tree: Tree) -> Fraction:
    """The value of a tree of numbers. Raises ZeroDivisionError."""
    if isinstance(tree, Operation):
        return OPERATORS[tree.sign](evaluate(tree.left), evaluate(tree.right))
    return tree


def unknowns(tree: Tree) -> int:
    """How often an unknown occurs."""
    if isinstance(tree, Operation):
        return unknowns(tree.left) + unknowns(tree.right)
    return isinstance(tree, Unknown)


def solve(equation: str) -> Tree:
    """The tree that computes the x of an equation in which it occurs once. Raises ValueError."""
    sides = [parse(side, unknown=True) for side in equation.split("=")]
    if len(sides) != 2 or sum(map(unknowns, sides)) != 1:
        raise ValueError(f"not one unknown in {equation!r}")
    tree, value = sides if unknowns(sides[0]) else reversed(sides)
    while isinstance(tree, Operation):
        sign, left, right = tree
        if unknowns(left):
            value = Operation({"+": "-", "-": "+", "*": "/", "/": "*"}[sign], value, right)
            tree = left
        else:
            value = (
                Operation(sign, left, value)  # a - x = v, a / x = v
                if sign in "-/"
                else Operation("-" if sign == "+" else "/", value, left)
            )
            tree = right
    return value


# --- sets ------------------------------------------------------------------------------------


def gsm8k(root: Path) -> Iterator[Source]:
    """GSM8K train: a chain of `<<a*b=c>>` marks in sentences."""
    with open(root / "gsm8k" / "train.jsonl", encoding="utf-8") as file:
        for index, line in enumerate(file):
            item = json.loads(line)
            chain, _, answer = item["answer"].rpartition("####")
            yield Source(f"gsm8k:{index}", tidy(item["question"]), read_chain(chain), answer.strip())


def read_chain(chain: str) -> tuple[Calculation, ...]:
    """The calculator marks of a GSM8K answer, each with the words since the one before it.

    In lines without a mark a plain `42 - 6 = 36` that is right counts as one.
    """
    found = []
    for line in chain.splitlines():
        start = 0
        marks = list(_MARK.finditer(line))
        for mark in marks or _EQUATION.finditer(line):
            if marks:
                expression, _, result = mark.group(1).rpartition("=")
            else:
                expression, result = mark.group(1).replace("$", "").replace("x", "*"), mark.group(2)
            try:
                calculation = Calculation(parse(expression), number(result), line[start:])
                true = marks or evaluate(calculation.tree) == calculation.result
            except (ValueError, ZeroDivisionError):
                return ()
            if true and isinstance(calculation.tree, Operation):  # <<24=24>> only repeats a number
                found.append(calculation)
            start = mark.end()
    return tuple(found)


def asdiv(root: Path) -> Iterator[Source]:
    """ASDiv: one formula, or several with `;` between; units stand in parentheses."""
    for item in ElementTree.parse(root / "asdiv" / "ASDiv.xml").iter("Problem"):
        text = f"{item.findtext('Body') or ''} {item.findtext('Question') or ''}"
        formula = item.findtext("Formula") or ""
        answer = re.match(r"\s*([\d.,/]*)", item.findtext("Answer") or "").group(1)
        yield Source(f"asdiv:{item.get('ID')}", tidy(text), read_formula(formula), answer)


def read_formula(formula: str) -> tuple[Calculation, ...]:
    """`7+2=9`, `3 (day)*24 (hour/day)=72`, `3+5=8; 8-2=6`, or `x: the number; x+3=7`."""
    formula = _UNIT.sub("", formula)
    try:
        if ":" in formula:
            declared, equation = formula.split(";")
            return (Calculation(solve(equation), None, declared),)
        found = []
        for part in formula.split(";"):
            expression, result = part.split("=")
            found.append(Calculation(parse(expression), number(result.strip()), ""))
        return tuple(found)
    except (ValueError, ZeroDivisionError):
        return ()


def mawps(root: Path, name: str) -> Iterator[Source]:
    """AddSub, MultiArith or SingleEq: one equation with one unknown."""
    for item in json.loads((root / "mawps_family" / f"{name}.json").read_text("utf-8")):
        try:
            calculations = (Calculation(solve(item["lEquations"][0]), None, ""),)
        except ValueError:
            calculations = ()
        id = f"{name.lower()}:{item['iIndex']}"
        yield Source(id, tidy(item["sQuestion"]), calculations, str(item["lSolutions"][0]))


def svamp_train(root: Path) -> Iterator[Source]:
    """The training CSV of SVAMP's repository: numbers masked, so the mapping is given."""
    path = root / "svamp" / "mawps-asdiv-a_svamp.train.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for index, row in enumerate(csv.DictReader(file)):
            yield masked(f"svamp-train:{index}", row)


def masked(id: str, row: dict[str, str]) -> Source:
    """A row of the CSV: `number0` in the text, the values and a prefix equation beside it."""
    values = [plain(number(value)) for value in row["Numbers"].split()]
    mentioned = re.findall(r"number\d+|\d+", row["Question"])
    try:
        places = [mentioned.index(f"number{k}") for k in range(len(values))]
        calculations = (Calculation(parse_prefix(row["Equation"], places), None, ""),)
    except (ValueError, IndexError):
        calculations = ()
    text = _MASK.sub(lambda m: values[int(m.group(1))], row["Question"])
    return Source(id, tidy(text), calculations, row["Answer"])


SETS: dict[str, Callable[[Path], Iterator[Source]]] = {
    "gsm8k": gsm8k,
    "asdiv": asdiv,
    "addsub": lambda root: mawps(root, "AddSub"),
    "multiarith": lambda root: mawps(root, "MultiArith"),
    "singleeq": lambda root: mawps(root, "SingleEq"),
    "svamp-train": svamp_train,
}


# --- text ------------------------------------------------------------------------------------

_SPACING = [
    (re.compile(r"\s+"), " "),
    (re.compile(r" (?=[.,?!;:%)](?!\d)|n't\b)"), ""),
    (re.compile(r"([$(#]) "), r"\1"),
    (re.compile(r"(\w) ?' ?s\b"), r"\1's"),
    (re.compile(r"([a-z]) - (?=[a-z])"), r"\1-"),
]


def plain(value: Fraction) -> str:
    """A number as people write it: `9`, `0.5`, `1/3`."""
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):.4f}".rstrip("0")
    return decimal if Fraction(decimal) == value else f"{value.numerator}/{value.denominator}"


def tidy(text: str) -> str:
    """The text without the spaces that tokenizers left; 0.3333333333333333 is 1/3."""
    text = text.replace("’", "'")
    for pattern, replacement in _SPACING:
        text = pattern.sub(replacement, text)
    return _LONG_DECIMAL.sub(lambda m: plain(number(m.group())), text).strip()
