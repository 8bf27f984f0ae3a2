"""Number slots in text: `<n0>`, `<n1>`, ... in order of mention (docs/bundle-format.md).

The page reads numerals in any script (src/bridge/numerals.ts); training texts need only digits.
"""

import re
from collections.abc import Callable
from fractions import Fraction

NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
QUESTION_SLOT = re.compile(r"<n(\d+)>")
ANY_SLOT = re.compile(r"<([nr])(\d+)>")
CALCULATION = re.compile(r"<<([^=<>]*(?:<[nr]\d+>[^=<>]*)*)=<r(\d+)>>>")
FINAL = re.compile(r"####\s*(\S+)")


def slot_text(text: str, slots: int) -> str | None:
    """Replaces every run of digits by the next slot; None when there are more than `slots`."""
    count = 0

    def replace(_: re.Match) -> str:
        nonlocal count
        count += 1
        return f"<n{count - 1}>"

    slotted = NUMERAL.sub(replace, text)
    return slotted if count <= slots else None


def renumber(question: str, *others: str) -> tuple[str, ...]:
    """Numbers the slots of `question` in order of mention and follows in `others`.

    After words have moved, the first slot mentioned must be `<n0>` again.
    """
    order: dict[str, str] = {}

    def rename(match: re.Match) -> str:
        return order.setdefault(match.group(), f"<n{len(order)}>")

    renamed = QUESTION_SLOT.sub(rename, question)
    return renamed, *(QUESTION_SLOT.sub(rename, other) for other in others)


def execute(solution: str, values: list[str]) -> Fraction | None:
    """The answer of a slotted solution: its calculations evaluated in order, then `####`.

    None when an expression is malformed, a slot has no value, or a divisor is zero.
    """
    numbers = {f"<n{i}>": Fraction(value.replace(",", "")) for i, value in enumerate(values)}
    try:
        for expression, result in CALCULATION.findall(solution):
            numbers[f"<r{result}>"] = evaluate(expression, numbers.__getitem__)
        final = FINAL.search(solution)
        if final is None:
            return None
        token = final.group(1)
        return numbers[token] if token.startswith("<") else Fraction(token)
    except (KeyError, ValueError, ZeroDivisionError):
        return None


TOKEN = re.compile(r"<[nr]\d+>|\d+(?:\.\d+)?|[-+*/()]")


def evaluate(expression: str, value_of: Callable[[str], Fraction]) -> Fraction:
    """Exact value of `+ - * / ( )` over slots and decimals. Raises ValueError on bad syntax."""
    compact = re.sub(r"\s", "", expression)
    tokens = TOKEN.findall(compact)
    if "".join(tokens) != compact:
        raise ValueError(f"unreadable expression {expression!r}")
    tokens.append("")
    position = 0

    def take() -> str:
        nonlocal position
        position += 1
        return tokens[position - 1]

    def factor() -> Fraction:
        token = take()
        if token == "(":
            value = terms()
            if take() != ")":
                raise ValueError(f"unclosed parenthesis in {expression!r}")
            return value
        if token == "-":
            return -factor()
        if token.startswith("<"):
            return value_of(token)
        return Fraction(token)

    def product() -> Fraction:
        value = factor()
        while tokens[position] in ("*", "/"):
            value = value * factor() if take() == "*" else value / factor()
        return value

    def terms() -> Fraction:
        value = product()
        while tokens[position] in ("+", "-"):
            value = value + product() if take() == "+" else value - product()
        return value

    value = terms()
    if tokens[position] != "":
        raise ValueError(f"unreadable expression {expression!r}")
    return value
