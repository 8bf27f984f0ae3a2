"""A published problem in the form of the corpus: question and solution over number slots."""

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus import Problem
from corpus.story import numeral
from slots import CALCULATION, TOKEN

from . import questions
from .mapping import solve
from .program import Dropped, Program, run, short
from .sources import Source, number

MAX_SLOTS = MAX_RESULTS = 16
MAX_CHARACTERS = 600


@dataclass
class OpenProblem(Problem):
    """A problem of an open set. `scenario` is the name of the set, `id` the item in it."""

    id: str = ""


def build(source: Source, words: bool = True) -> OpenProblem:
    """The problem of a source; with `words` false, number words from two on are numerals too.

    Raises Dropped with the reason why it cannot be used.
    """
    if not source.calculations:
        raise Dropped("no calculation that can be read")
    text = questions.large_words_as_numerals(source.question)
    if not words:
        text = questions.small_words_as_numerals(text)
    numerals = questions.read_numerals(text)
    if len(text) > MAX_CHARACTERS or len(numerals) > MAX_SLOTS:
        raise Dropped("too long")
    try:
        published = number(source.answer)
    except (ValueError, ZeroDivisionError):
        raise Dropped("the answer is no number") from None
    program = solve(text, source.calculations, published)
    if len(program) > MAX_RESULTS:
        raise Dropped("too long")
    results = run(program, [n.value for n in numerals])
    if results[-1] != published:
        raise Dropped("answer is another")
    if not all(map(short, results)):
        raise Dropped("no short decimal")
    return OpenProblem(
        lang="en",
        scenario=source.id.partition(":")[0],
        question=questions.slotted(text, numerals),
        values=[n.text for n in numerals],
        solution=solution_text(program, text),
        answer=numeral(published),
        id=source.id,
    )


_COMPARES = re.compile(
    r"\b(?:more|fewer|less|older|younger|taller|longer|shorter|heavier|farther)\b.*\bthan\b"
    r"|\bdifference\b"
)
_PAYS = re.compile(r"\b(?:cost|pay|spend|spent|price|worth)\b")


def solution_text(program: Program, text: str) -> str:
    """The solution as the corpus writes it. Labels are the corpus' general ones, by operation."""
    asked = re.split(r"(?<=[.?!;]) ", text.lower().strip())[-1]
    lines = []
    for index, step in enumerate(program):
        last = index == len(program) - 1
        sign = step[1]
        if step[-2:] == ("/", "100") and len(step) == 5:
            label = "discount" if re.search(r"\bdiscount|% off|\bon sale", text.lower()) else "part"
        elif sign == "-":
            label = "difference" if last and _COMPARES.search(asked) else "left"
        elif sign == "/":
            label = "each"
        else:
            label = "cost" if last and _PAYS.search(asked) else "in all"
        lines.append(f"{label}: <<{''.join(step)}=<r{index}>>>")
    return "\n".join([*lines, f"#### <r{len(program) - 1}>"])


@lru_cache(maxsize=50_000)
def program_of(solution: str) -> Program:
    """The steps of a solution that `solution_text` wrote."""
    return tuple(tuple(TOKEN.findall(expression)) for expression, _ in CALCULATION.findall(solution))
