"""The training sentences that the page offers for fine-tuning: `python page_corpus.py > ../public/training/problems.jsonl`.

Half generated, half written by hand, English, disjoint from every held-out set. A line is
`{"question", "values", "solution"}` with slots for numbers (docs/bundle-format.md).
"""

import json
import random

import corpus
import everyday

COUNT = 1500  # of each kind
SEEDS = 20_000_000  # beyond those of any stage


def main() -> None:
    rng = random.Random(SEEDS)
    problems = [corpus.generate("en", SEEDS + index) for index in range(COUNT)]
    problems += [everyday.renamed(problem, rng) for problem in rng.sample(everyday.problems("en"), COUNT)]
    rng.shuffle(problems)
    for problem in problems:
        line = {"question": problem.question, "values": problem.values, "solution": problem.solution}
        print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
