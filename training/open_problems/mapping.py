"""Which slot, earlier result or constant every number of a calculation is.

Several readings are common: two slots of one value, a slot and a result. Readings are ranked by what
makes a sensible solution (results are used, mentioned numbers are used once, the words of the step's
sentence stand beside the slot, the operands stand together). When another reading is nearly as good,
the problem is kept only if both always give the same answer, whatever the slots hold.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import prod

from . import questions
from .lowering import LITERALS, Draft, Leaf, Lowering, Operand, Result
from .program import Dropped, Program, merge_percent, prune, same_function
from .questions import Mention
from .sources import Calculation

MAX_READINGS = 4096

# What a reading costs; only the proportions matter. Found by reading what was kept and what was not.
NEARLY = 0.75  # costs this close to the best count as good
UNUSED_RESULT = 3.0
UNUSED_MENTION = 2.0  # a number of the text that nothing uses, though the calculation has its value
UNUSED_CARDINAL = 0.5  # the same for words such as "two"
USED_AGAIN = 1.0
RESULT_USED_AGAIN = 0.5
BARE_CONSTANT = 1.5  # a constant where the text has a number of its value
SENTENCE_APART = 1.0
OTHER_UNIT = 1.0
WRONG_KIND = 2.0
TIMES_A_SHARE = 1.0
WORD_IN_COMMON, MOST_IN_COMMON = -0.75, 2

Candidate = Mention | str  # a number of the text, else a result or constant as written
Reading = tuple[Candidate, ...]


def solve(text: str, calculations: Sequence[Calculation], answer: Fraction) -> Program:
    """The program over the slots of `text` that the published calculations stand for.

    Raises Dropped when there is none, or more than one.
    """
    numerals = questions.read_numerals(text)
    lowering = Lowering(text, numerals, calculations)
    for calculation in calculations:
        lowering.add(calculation)
    if not lowering.steps:
        raise Dropped("no calculation")
    final = max((i for i, value in enumerate(lowering.values) if value == answer), default=None)
    if final is None:
        raise Dropped("answer is another")
    drafts = lowering.steps[: final + 1]
    program = _Mapper(text, lowering, drafts).best()
    if len(prune(program)) < len(program):
        raise Dropped("a step that leads nowhere")
    return merge_percent(program)


class _Mapper:
    """All readings of the steps, and the best of them. A reading names a mention for every leaf."""

    def __init__(self, text: str, lowering: Lowering, drafts: list[Draft]) -> None:
        self.drafts, self.values, self.published = drafts, lowering.values, lowering.published
        self.mentions = questions.mentions(text)
        self.constants = questions.constants(text) & LITERALS
        self.slots = sum(mention.token[0] == "<" for mention in self.mentions)
        self.leaves = [
            (index, part)
            for index, draft in enumerate(drafts)
            for part in draft
            if isinstance(part, Leaf)
        ]
        self.choices = [self._candidates(index, leaf) for index, leaf in self.leaves]
        self.uses = Counter(leaf.value for _, leaf in self.leaves)

    def _candidates(self, step: int, leaf: Leaf) -> list[Candidate]:
        if leaf.slot is not None:
            return [self.mentions[leaf.slot]]
        found: list[Candidate] = []
        if not leaf.share:
            found += [f"<r{i}>" for i in self.published if i < step and self.values[i] == leaf.value]
        found += [
            mention
            for mention in self.mentions
            if mention.value == leaf.value
            and (mention.value in LITERALS if mention.token[0] != "<" else not leaf.share)
        ]
        if leaf.value in self.constants:
            found.append(str(leaf.value))
        if not found:
            raise Dropped("a number of unknown origin")
        return found

    def best(self) -> Program:
        """The best reading's program. Raises Dropped when a reading that means another is as good."""
        if prod(map(len, self.choices)) > MAX_READINGS:
            raise Dropped("ambiguous numbers")
        costs = [(self._cost(reading), reading) for reading in product(*self.choices)]
        costs.sort(key=lambda pair: pair[0])
        good = [reading for cost, reading in costs if cost <= costs[0][0] + NEARLY]
        programs = list(dict.fromkeys(map(self._program, good)))
        if not same_function(programs, self._same_quantities()):
            raise Dropped("ambiguous numbers")
        return programs[0]

    def _same_quantities(self) -> list[int]:
        """For every slot, the first slot that surely is the same quantity mentioned before.

        That is one of the same value and unit, where the calculation uses the value less often than
        the text mentions it.
        """
        same: list[int] = []
        slots = self.mentions[: self.slots]
        for index, mention in enumerate(slots):
            earlier = [
                i
                for i, other in enumerate(slots[:index])
                if (other.value, other.unit, other.kind) == (mention.value, mention.unit, mention.kind)
            ]
            spare = sum(other.value == mention.value for other in slots) > self.uses[mention.value]
            same.append(earlier[0] if earlier and spare else index)
        return same

    def _program(self, reading: Reading) -> Program:
        tokens = iter(reading)

        def token(part: Operand | str) -> str:
            if isinstance(part, Leaf):
                choice = next(tokens)
                return choice if isinstance(choice, str) else choice.token
            return f"<r{part.index}>" if isinstance(part, Result) else part

        return tuple(tuple(map(token, draft)) for draft in self.drafts)

    def _cost(self, reading: Reading) -> float:
        """How unlikely a reading is."""
        uses = Counter(reading)
        uses.update(f"<r{p.index}>" for draft in self.drafts for p in draft if isinstance(p, Result))
        unused = sum(not uses[f"<r{i}>"] for i in self.published if i < len(self.drafts) - 1)
        cost = UNUSED_RESULT * unused
        for mention in self.mentions:
            if mention.value in self.uses and not uses[mention]:
                cost += UNUSED_CARDINAL if mention.kind == "cardinal" else UNUSED_MENTION
        cost += sum(
            (count - 1) * (USED_AGAIN if isinstance(choice, Mention) else RESULT_USED_AGAIN)
            for choice, count in uses.items()
        )
        groups: dict[int, set[Mention]] = {}
        shared: dict[Mention, int] = {}
        for (_, leaf), choice, choices in zip(self.leaves, reading, self.choices, strict=True):
            if isinstance(choice, Mention):
                groups.setdefault(leaf.group, set()).add(choice)
                if len(choices) > 1:
                    shared[choice] = max(shared.get(choice, 0), self._in_common(leaf, choice, choices))
            elif choice[0] != "<" and len(choices) > 1:
                cost += BARE_CONSTANT
        cost += WORD_IN_COMMON * sum(min(MOST_IN_COMMON, words) for words in shared.values())
        cost += SENTENCE_APART * sum(len({m.sentence for m in g}) - 1 for g in groups.values())
        return cost + sum(map(_mismatch, self._spelled(reading)))

    def _in_common(self, leaf: Leaf, choice: Mention, choices: list[Candidate]) -> int:
        """How many words around the number, and not around its rivals, the step's sentence has."""
        rivals = [other.near for other in choices if isinstance(other, Mention)]
        common = frozenset.intersection(*rivals) if len(rivals) > 1 else frozenset()
        return len((choice.near - common).intersection(questions.stems(leaf.sentence)))

    def _spelled(self, reading: Reading) -> list[list[Candidate | Result]]:
        choices = iter(reading)
        return [[next(choices) if isinstance(p, Leaf) else p for p in draft] for draft in self.drafts]


def _mismatch(step: list[Candidate | Result | str]) -> float:
    """What speaks against a step: money times money, times a third, apples plus pears, plus percent."""
    numbers = [part for part in step if isinstance(part, Mention)]
    kinds = {mention.kind for mention in numbers}
    if step[1] == "*":
        squared = len(numbers) > 1 and kinds == {"money"}
        return WRONG_KIND * squared + TIMES_A_SHARE * ("share" in kinds)
    if step[1] == "/":
        return 0.0
    if "percent" in kinds:
        return WRONG_KIND * (step[0] != "100" and kinds != {"percent"})
    units = len({mention.unit for mention in numbers})
    return OTHER_UNIT * max(0, units - 1) + WRONG_KIND * ("money" in kinds and len(kinds) > 1)
