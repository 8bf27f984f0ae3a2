"""Two and three people: comparisons, differences, sums, things that change hands."""

from __future__ import annotations

from .scenarios_chain import change
from .story import Draft, Ref, Reject, Scenario


def _second_amount(d: Draft, a: int, b: int, noun: str, have: Ref) -> Ref:
    """How many the second person (b) has, told by comparison with the first (a)."""
    kind = d.rng.choice(["more", "fewer", "times", "twice", "half_as_many"])
    if kind == "more":
        n = d.count(2, 30)
        d.say("more", A=b, B=a, N=noun, n=n)
        return d.step("second person", have, "+", n)
    if kind == "fewer":
        n = d.count(2, int(have.value) - 1)
        d.say("fewer", A=b, B=a, N=noun, n=n)
        return d.step("second person", have, "-", n)
    if kind == "times":
        n = d.count(3, 7, words=0.4)
        d.say("times", A=b, B=a, N=noun, n=n)
        return d.step("second person", have, "*", n)
    if kind == "twice":
        d.say("twice", A=b, B=a, N=noun)
        return d.step("second person", have, "*", 2)
    if have.value % 2:
        raise Reject
    d.say("half_as_many", A=b, B=a, N=noun)
    return d.step("second person", have, "/", 2)


def compare(d: Draft) -> None:
    """One has n; the other more, fewer, times as many; how many has the other, or both."""
    a, b, noun = d.person(), d.person(), d.noun("thing")
    have = d.count(6, 60)
    d.say("have", A=a, N=noun, n=have)
    other = _second_amount(d, a, b, noun, have)
    if d.chance(0.45):
        d.ask("q_has", A=b, N=noun)
    else:
        d.step("together", have, "+", other)
        d.ask("q_both", A=a, B=b, N=noun)


def compare_then_change(d: Draft) -> None:
    """A comparison, then the second person wins or loses some."""
    a, b, noun = d.person(), d.person(), d.noun("small")
    have = d.count(8, 50)
    d.say("have", A=a, N=noun, n=have)
    other = _second_amount(d, a, b, noun, have)
    change(d, b, noun, other)
    d.ask("q_now", A=b, N=noun)


def difference(d: Draft) -> None:
    """Two amounts, how many more; sometimes after one of them changes."""
    a, b, noun = d.person(), d.person(), d.noun("thing")
    low = d.count(4, 50)
    high = d.count(int(low.value) + 2, int(low.value) + 60)
    d.say("have", A=a, N=noun, n=high)
    d.say("have", A=b, N=noun, n=low)
    top = high
    if d.chance(0.35):
        n = d.count(2, 20)
        d.say("gain", A=a, N=noun, n=n)
        top = d.step("first person", high, "+", n)
    else:
        d.rng.shuffle(d.story.facts)
    d.step("difference", top, "-", low)
    d.ask("q_diff", A=a, B=b, N=noun)


def three_people(d: Draft) -> None:
    """Three amounts, the last two given directly or by comparison."""
    a, b, c, noun = d.person(), d.person(), d.person(), d.noun("thing")
    first = d.count(5, 40)
    d.say("have", A=a, N=noun, n=first)
    if d.chance(0.5):
        second: Ref = d.count(4, 40)
        d.say("have", A=b, N=noun, n=second)
    else:
        second = _second_amount(d, a, b, noun, first)
    if d.chance(0.5):
        third: Ref = d.count(4, 40)
        d.say("have", A=c, N=noun, n=third)
    else:
        n = d.count(2, 15)
        d.say("more", A=c, B=b, N=noun, n=n)
        third = d.step("third person", second, "+", n)
    d.step("together", first, "+", second, "+", third)
    d.ask("q_three", A=a, B=b, C=c, N=noun)


def exchange(d: Draft) -> None:
    """One gives the other some: how many has either now."""
    a, b, noun = d.person(), d.person(), d.noun("small")
    first, second = d.count(12, 80), d.count(4, 60)
    moved = d.count(2, int(first.value) - 4)
    d.say("have", A=a, N=noun, n=first)
    d.say("have", A=b, N=noun, n=second)
    d.say("give", A=a, B=b, N=noun, n=moved)
    if d.chance(0.5):
        d.step("left", first, "-", moved)
        d.ask("q_now", A=a, N=noun)
    else:
        d.step("in all", second, "+", moved)
        d.ask("q_now", A=b, N=noun)


def two_kinds(d: Draft) -> None:
    """Two kinds of things, all together; sometimes some of them go first."""
    group = d.rng.choice(["fruit", "vegetable", "toy", "school", "animal", "tool", "clothes", "flower"])
    a, noun, other = d.person(), d.noun(group), d.noun(group)
    n, m = d.count(5, 60), d.count(4, 60)
    d.say("have_two", A=a, N=noun, n=n, M=other, m=m)
    left: Ref = n
    if d.chance(0.35) and group not in ("clothes", "tool"):
        gone = d.count(2, int(n.value) - 2)
        d.say("sell", A=a, N=noun, n=gone)
        left = d.step("left", n, "-", gone)
    d.step("in all", left, "+", m)
    d.ask("q_two_kinds", A=a, N=noun, M=other)


SCENARIOS: dict[str, tuple[float, Scenario]] = {
    "compare": (3, compare),
    "compare_then_change": (1.5, compare_then_change),
    "difference": (2, difference),
    "three_people": (2, three_people),
    "exchange": (1.5, exchange),
    "two_kinds": (1.5, two_kinds),
}
