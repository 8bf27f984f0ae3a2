"""Command line of the corpus generator; run in `training/`: `python -m corpus --lang en --n 20`."""

from __future__ import annotations

import argparse
import json
import sys
from random import Random

from . import SPLITS, generate
from .check import report, wordings
from .clauses import CLAUSES
from .language import language_codes, load
from .nouns import MEMBERS

_SAMPLE_NOUNS = [m[1] for g, m in MEMBERS.items() if g in ("fruit", "toy", "household", "school")]


def main() -> int:
    """Prints samples, the inventory, every pattern, or a check; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m corpus", description=__doc__)
    parser.add_argument("--lang", default="en", help="language of the samples")
    parser.add_argument("--n", type=int, default=10, help="how many samples")
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--split", choices=SPLITS, default="train")
    parser.add_argument("--jsonl", action="store_true", help="as data for npm run evaluate")
    parser.add_argument("--check", metavar="LANG", help="check a language's tables")
    parser.add_argument("--inventory", action="store_true", help="list the clause kinds")
    parser.add_argument("--every-pattern", metavar="LANG", help="word every pattern once")
    args = parser.parse_args()

    unknown = {args.lang, args.check or args.lang, args.every_pattern or args.lang} - set(language_codes())
    if unknown:
        parser.error(f"no language {', '.join(unknown)}; there are {', '.join(language_codes())}")
    if args.inventory:
        for kind, clause in CLAUSES.items():
            flag = "event" if clause.event else "question" if clause.question else ""
            print(f"{kind:16} {' '.join(clause.roles):12} {flag:9} {clause.example}")
        return 0
    if args.every_pattern:
        return _print_patterns(args.every_pattern, args.seed)
    if args.check:
        wrong = report(args.check)
        print("\n".join(wrong[:60]))
        print(f"{args.check}: {len(wrong)} problems")
        return 1 if wrong else 0
    for seed in range(args.seed, args.seed + args.n):
        problem = generate(args.lang, seed, args.split)
        if args.jsonl:
            row = {"id": f"{args.lang}-{args.split}-{seed}", "lang": args.lang,
                   "question": problem.plain_question(), "answer": problem.answer}
            print(json.dumps(row, ensure_ascii=False))
            continue
        print(f"[{seed} {problem.scenario}] {problem.plain_question()}")
        print("    " + problem.plain_solution().replace("\n", "\n    "))
    return 0


def _print_patterns(code: str, seed: int) -> int:
    language, rng = load(code), Random(seed)
    for kind, clause in CLAUSES.items():
        print(f"== {kind}: {clause.example}")
        for pattern, text in wordings(language, kind, rng.choice(_SAMPLE_NOUNS), rng):
            print(f"  {'*' if pattern.reserved else ' '} {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
