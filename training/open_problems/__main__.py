"""Command line of the open problems; run in `training/`: `python -m open_problems --data DATA`."""

import argparse
import json
from pathlib import Path

from . import held_out_open, read_all


def main() -> None:
    """Prints the table of counts, or the held-out problems as JSON lines."""
    parser = argparse.ArgumentParser(prog="python -m open_problems", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--jsonl", action="store_true", help="write the held-out part")
    args = parser.parse_args()
    if args.jsonl:
        for problem in held_out_open(args.data):
            row = {"id": problem.id, "lang": "en", "question": problem.plain_question(),
                   "answer": problem.answer}
            print(json.dumps(row, ensure_ascii=False))
        return
    counts, kept = read_all(args.data)
    for name, reasons in counts.items():
        usable = reasons["kept"] + reasons["there before"]
        print(f"{name}: {usable} of {reasons.total()} usable ({usable / reasons.total():.0%})")
        for reason, count in reasons.most_common():
            print(f"    {count:5}  {reason}")
    print(f"{len(kept)} problems, {len(held_out_open(args.data))} of them held out")


if __name__ == "__main__":
    main()
