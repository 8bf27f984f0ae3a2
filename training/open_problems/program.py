"""A solution as steps over slots: executing it, comparing and simplifying solutions."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from .sources import OPERATORS

Step = tuple[str, ...]  # operands and signs in turn, evaluated from the left: ("<n0>", "*", "<n1>")
Program = tuple[Step, ...]


class Dropped(Exception):
    """The problem cannot be used; the message is the reason in the table of counts."""


def run(program: Program, slots: Sequence[Fraction]) -> list[Fraction]:
    """The results of all steps. Raises ZeroDivisionError."""
    known: list[Fraction] = []

    def value(token: str) -> Fraction:
        if token[0] != "<":
            return Fraction(int(token))
        index = int(token[2:-1])
        return slots[index] if token[1] == "n" else known[index]

    for step in program:
        total = value(step[0])
        for sign, token in zip(step[1::2], step[2::2], strict=True):
            total = OPERATORS[sign](total, value(token))
        known.append(total)
    return known


def short(value: Fraction) -> bool:
    """Whether two decimals suffice."""
    return 100 % value.denominator == 0


def same_function(programs: list[Program], same: Sequence[int]) -> bool:
    """Whether all programs give the same answer, whatever the slots hold.

    `same[i]` is the slot that slot i repeats, or i.
    """
    rng = Random(0)
    for _ in range(3 if len(programs) > 1 else 0):
        drawn = [Fraction(rng.randint(2, 10**6), rng.randint(2, 10**6)) for _ in same]
        values = [drawn[slot] for slot in same]
        if len({run(program, values)[-1] for program in programs}) > 1:
            return False
    return True


def prune(program: Program) -> Program:
    """The steps that the last one needs, numbered again."""
    needed = {len(program) - 1}
    for index in reversed(range(len(program))):
        if index in needed:
            needed |= {int(token[2:-1]) for token in program[index] if token[:2] == "<r"}
    order = {f"<r{old}>": f"<r{new}>" for new, old in enumerate(sorted(needed))}
    return tuple(
        tuple(order.get(token, token) for token in program[index]) for index in sorted(needed)
    )


def merge_percent(program: Program) -> Program:
    """`r0 = p/100; a*r0` as one step `a*p/100`, where r0 is used nowhere else."""
    for index, step in enumerate(program):
        token = f"<r{index}>"
        users = [i for i, other in enumerate(program) if token in other]
        if step[1:] != ("/", "100") or len(users) != 1:
            continue
        user = program[users[0]]
        if user.count(token) == 1 and len(user) == 3 and user[1] == "*":
            other = user[0] if user[2] == token else user[2]
            merged = list(program)
            merged[users[0]] = (other, "*", step[0], "/", "100")
            return merge_percent(prune(tuple(merged)))
    return program
