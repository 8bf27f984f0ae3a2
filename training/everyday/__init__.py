"""Everyday problems written by hand for training, where the generated corpus is too narrow.

    everyday/<lang>/<topic>.tsv   question<TAB>calculation, for languages with solutions
    everyday/<lang>/<topic>.txt   questions alone, for languages that get monolingual text only

A calculation is `24-3=21; 21*2=42`: the last result is the answer. Numerals and results of one problem
all differ, so what a number of an expression stands for is never in doubt: a numeral of the question,
an earlier result, or else a constant that the words imply. `{Ana}` is a name; training exchanges it.

    python -m everyday FILE ...   checks files and lists the lines that break a rule
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from random import Random
from zlib import crc32

from corpus.languages.names import FEMALE, MALE
from corpus.story import numeral
from open_problems import OpenProblem, mutate, spell, translated
from open_problems.problem import solution_text
from open_problems.program import Dropped, Program, short
from open_problems.questions import Numeral, read_numerals, slotted, value_of
from open_problems.sources import Operation, Tree, evaluate, parse
from slots import NUMERAL, slot_text

from .guard import near_built_in
from .nouns import other_nouns
from .rewordings import reworded, with_filler

__all__ = ["draw", "held_out", "monolingual", "parse_line", "problems", "questions", "rows"]

FOLDER = Path(__file__).parent
HELD_OUT = 20  # one in so many is never trained on
MAX_NUMERALS, MAX_CHARACTERS = 10, 400
NAME = re.compile(r"\{([^{}]*)\}")
# What is changed in the text of English problems, one after the other, and in how many of them.
ENGLISH_CHANGES = ((0.4, other_nouns), (0.6, reworded), (0.1, with_filler))
THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def rows(lang: str, suffix: str) -> Iterator[tuple[str, str]]:
    """`file:line` and text of every line of the language."""
    for path in sorted((FOLDER / lang).glob(f"*.{suffix}")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield f"{path.name}:{number}", line


def is_held_out(text: str) -> bool:
    """Whether a problem is never trained on; its letters alone decide."""
    letters = "".join(char for char in text.lower() if char.isalpha())
    return crc32(letters.encode()) % HELD_OUT == 0


@lru_cache
def _all_problems(lang: str) -> list[OpenProblem]:
    found = {}
    for place, line in rows(lang, "tsv"):
        try:
            problem = parse_line(line, lang, place)
        except (Dropped, ValueError):
            continue  # `python -m everyday` lists them
        found.setdefault(re.sub(r"<n\d+>", "", problem.question), problem)
    return list(found.values())


@lru_cache
def problems(lang: str) -> list[OpenProblem]:
    """The problems to train on."""
    return [p for p in _all_problems(lang) if not is_held_out(p.question)]


def held_out(lang: str) -> list[OpenProblem]:
    """The problems that training never sees, names without their braces."""
    return [renamed(p, None) for p in _all_problems(lang) if is_held_out(p.question)]


@lru_cache
def questions(lang: str, slots: int) -> list[tuple[str, list[str]]]:
    """Questions without solutions, over slots, with their numerals: monolingual text."""
    found = []
    for _, line in rows(lang, "txt"):
        text = line.strip()
        slotted_text = slot_text(text, slots)
        if text and slotted_text and not is_held_out(text) and not near_built_in(text, lang):
            found.append((slotted_text, [plain(numeral) for numeral in NUMERAL.findall(text)]))
    return found


def plain(numeral: str) -> str:
    """A numeral with a decimal point and nothing else: `9.000.000` is 9000000, `2,5` is 2.5."""
    if THOUSANDS.fullmatch(numeral):
        return re.sub(r"[.,]", "", numeral)
    return numeral.replace(",", ".")


@lru_cache
def monolingual(lang: str, slots: int) -> list[str]:
    """All texts of the language over slots, with or without a solution beside them."""
    return [question for question, _ in questions(lang, slots)] + [
        NAME.sub(r"\1", problem.question) for problem in problems(lang)
    ]


def draw(lang: str, rng: Random) -> OpenProblem:
    """One of the problems with other names; in English some with other nouns and phrases, some with a small number
    as a word, a few with a sentence that has nothing to do with them."""
    problem = rng.choice(problems(lang))
    if lang == "en":
        if rng.random() < 0.25:
            problem = spell(mutate(problem, rng) or problem, rng)
        for share, change in ENGLISH_CHANGES:
            if rng.random() < share:
                problem = replace(problem, question=change(problem.question, rng))
    return renamed(problem, rng)


def renamed(problem: OpenProblem, rng: Random | None) -> OpenProblem:
    """Its names in braces exchanged for others of the same gender; without `rng` bare."""
    taken: dict[str, str] = {}

    def other(match: re.Match) -> str:
        name = match.group(1)
        if rng is None:
            return name
        if name not in taken:
            pool = FEMALE if name in FEMALE else MALE if name in MALE else [name]
            taken[name] = rng.choice([n for n in pool if n not in taken.values()] or [name])
        return taken[name]

    return replace(problem, question=NAME.sub(other, problem.question))


# --- reading a line ----------------------------------------------------------------------------


def parse_line(line: str, lang: str, place: str) -> OpenProblem:
    """The problem of one line. Raises Dropped or ValueError with what is wrong."""
    text, tab, calculation = line.partition("\t")
    text = text.strip()
    if not tab:
        raise Dropped("no tab between question and calculation")
    bare = NAME.sub(r"\1", text)
    if len(bare) > MAX_CHARACTERS:
        raise Dropped(f"{len(bare)} characters, at most {MAX_CHARACTERS}")
    numerals = read_numerals(text) if lang == "en" else foreign_numerals(text)
    if len(numerals) > MAX_NUMERALS:
        raise Dropped(f"{len(numerals)} numerals, at most {MAX_NUMERALS}")
    if near_built_in(bare, lang):
        raise Dropped("nearly one of the built-in problems")
    known = {}
    for index, found in enumerate(numerals):
        if found.value in known:
            raise Dropped(f"the numeral {found.text} is there twice")
        known[found.value] = f"<n{index}>"
    program, answer = _program(calculation, known)
    if not any("<n" in token for step in program for token in step):
        raise Dropped("no numeral of the question is used")
    return OpenProblem(lang=lang, scenario="everyday", question=slotted(text, numerals),
                       values=[n.text for n in numerals], solution=solution_text(program, bare),
                       answer=numeral(answer), id=f"{lang}/{place}")


def foreign_numerals(text: str) -> tuple[Numeral, ...]:
    """Numerals of other languages: `1.250` and `1,250` are 1250, `2,5` and `2.5` two and a half."""
    return tuple(Numeral(m.group(), translated.value_of(m.group()), *m.span())
                 for m in NUMERAL.finditer(text))


def _program(calculation: str, known: dict[Fraction, str]) -> tuple[Program, Fraction]:
    """Steps over slots and the last result; `known` has the slots of all values so far."""
    steps: list[tuple[str, ...]] = []
    value = Fraction(0)

    def emit(step: tuple[str, ...]) -> str:
        if step not in steps:
            steps.append(step)
        return f"<r{steps.index(step)}>"

    def operand(tree: Tree) -> str:
        if isinstance(tree, Operation):
            return emit(flat(tree))
        if tree not in known and tree.denominator != 1:
            raise Dropped(f"{float(tree):g} is neither in the question nor an earlier result")
        return known.get(tree) or str(tree)

    def flat(tree: Operation) -> tuple[str, ...]:
        """`a*p/100` and `a+b+c` are one step, any other pair of operations two."""
        left = tree.left
        if isinstance(left, Operation) and (
            (left.sign, tree.sign) == ("+", "+") and not isinstance(left.left, Operation)
            or (left.sign, tree.sign, tree.right) == ("*", "/", Fraction(100))
        ):
            return (operand(left.left), left.sign, operand(left.right), tree.sign, operand(tree.right))
        return (operand(left), tree.sign, operand(tree.right))

    for part in filter(None, map(str.strip, calculation.split(";"))):
        expression, equals, result = part.partition("=")
        tree = parse(expression)
        if not equals or not isinstance(tree, Operation):
            raise Dropped(f"{part!r} is no calculation")
        value = evaluate(tree)
        if value != value_of(result.strip()):
            raise Dropped(f"{part!r} does not add up")
        if value < 0 or not short(value):
            raise Dropped(f"{part!r}: negative, or more than two decimals")
        token = emit(flat(tree))
        if value in known:
            raise Dropped(f"the result of {part!r} is also another number of the problem")
        known[value] = token
    if not steps:
        raise Dropped("no calculation")
    if known[value] != f"<r{len(steps) - 1}>":
        raise Dropped("the last calculation repeats an earlier one")
    return tuple(steps), value
