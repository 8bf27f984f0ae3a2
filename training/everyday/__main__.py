"""Checks files of everyday problems: `python -m everyday FILE ...` lists every line that breaks a rule."""

import sys
from pathlib import Path

from open_problems.program import Dropped

from . import near_built_in, parse_line

MAX_LISTED = 60


def complaints(path: Path) -> list[str]:
    """`line: what is wrong` for every line of the file that cannot be used."""
    lang, seen, found = path.resolve().parent.name, {}, []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            if path.suffix == ".tsv":
                parse_line(line, lang, str(number))
            elif near_built_in(line, lang):
                raise Dropped("nearly one of the built-in problems")
            letters = "".join(char for char in line.partition("\t")[0] if char.isalpha())
            if letters in seen:
                raise Dropped(f"the words of line {seen[letters]} again")
            seen[letters] = number
        except (Dropped, ValueError, ZeroDivisionError) as error:
            found.append(f"{path.name}:{number}: {error}")
    return found


for name in sys.argv[1:]:
    path = Path(name)
    found = complaints(path)
    lines = len(path.read_text("utf-8").splitlines())
    print("\n".join(found[:MAX_LISTED]))
    print(f"{name}: {lines} lines, {len(found)} of them to mend")
