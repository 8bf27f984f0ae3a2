"""Stories strung together: a source, up to two events, an ending, in many combinations."""

from __future__ import annotations

from collections.abc import Callable

from .story import FRACTION, Draft, Ref, Reject, Scenario

def _source_have(d: Draft, a: int, noun: str) -> Ref:
    have = d.count(12, 90 if d.chance(0.8) else 600)
    d.say("have", A=a, N=noun, n=have)
    return have


def _source_groups(d: Draft, a: int, noun: str) -> Ref:
    boxes, inside = d.count(2, 12), d.count(4, 20)
    d.say("groups", A=a, K=d.noun("container"), N=noun, n=boxes, m=inside)
    return d.step("in all", boxes, "*", inside)


def _source_two_lots(d: Draft, a: int, noun: str) -> Ref:
    have, more = d.count(8, 60), d.count(3, 40)
    d.say("have", A=a, N=noun, n=have)
    d.say("gain", A=a, N=noun, n=more)
    return d.step("in all", have, "+", more)


def _source_times(d: Draft, a: int, noun: str) -> Ref:
    b, have = d.person(), d.count(4, 30)
    d.say("have", A=b, N=noun, n=have)
    kind = d.rng.choice(["times", "twice", "more"])
    if kind == "times":
        factor = d.count(3, 6, words=0.4)
        d.say("times", A=a, B=b, N=noun, n=factor)
        return d.step("first person", have, "*", factor)
    if kind == "twice":
        d.say("twice", A=a, B=b, N=noun)
        return d.step("first person", have, "*", 2)
    extra = d.count(3, 25)
    d.say("more", A=a, B=b, N=noun, n=extra)
    return d.step("first person", have, "+", extra)


def _source_dozens(d: Draft, a: int, noun: str) -> Ref:
    packs = d.count(2, 9)
    d.say("dozens", A=a, N=noun, n=packs)
    return d.step("in all", packs, "*", 12)


SOURCES: dict[str, Callable[[Draft, int, str], Ref]] = {
    "have": _source_have,
    "groups": _source_groups,
    "lots": _source_two_lots,
    "times": _source_times,
    "dozens": _source_dozens,
}


def change(d: Draft, a: int, noun: str, now: Ref) -> Ref:
    """The person gets, loses or sells some; the result."""
    kind = d.rng.choice(["gain", "lose", "lose", "sell"])
    if kind == "gain":
        n = d.count(2, 40)
        d.say("gain", A=a, N=noun, n=n)
        return d.step("in all", now, "+", n)
    n = d.count(2, min(int(now.value) - 2, 60))
    d.say(kind, A=a, N=noun, n=n)
    return d.step("left", now, "-", n)


def _event_exchange(d: Draft, a: int, noun: str, now: Ref) -> Ref:
    other = d.person()
    if d.chance(0.6):
        n = d.count(2, min(int(now.value) - 2, 40))
        d.say("give", A=a, B=other, N=noun, n=n)
        return d.step("left", now, "-", n)
    n = d.count(2, 40)
    d.say("receive", A=a, B=other, N=noun, n=n)
    return d.step("in all", now, "+", n)


def _event_fraction(d: Draft, a: int, noun: str, now: Ref) -> Ref:
    fitting = [f for f in (2, 2, 3, 4, 5) if now.value % f == 0 and now.value > f]
    if not fitting:
        raise Reject
    part = d.rng.choice(fitting)
    d.say("fraction_away", A=a, N=noun, f=d.fixed(part, FRACTION))
    away = d.step("given away", now, "/", part)
    return d.step("left", now, "-", away)


def _event_double(d: Draft, a: int, noun: str, now: Ref) -> Ref:
    d.say("double", A=a, N=noun)
    return d.step("doubled", now, "*", 2)


EVENTS: list[Callable[[Draft, int, str, Ref], Ref]] = [
    change,
    change,
    change,
    _event_exchange,
    _event_exchange,
    _event_fraction,
    _event_double,
]


def _end_count(d: Draft, a: int, noun: str, now: Ref) -> None:
    left = d.story.steps[-1].label == "left"
    d.ask("q_left" if left and d.chance(0.7) else "q_now", A=a, N=noun)


def _end_share(d: Draft, a: int, noun: str, now: Ref) -> None:
    friends, group = d.divisor(now.value, 2, 12), d.noun("people")
    d.say("share", A=a, P=group, N=noun, n=friends)
    d.step("each", now, "/", friends)
    d.ask("q_each", P=group, N=noun)


def _end_pack(d: Draft, a: int, noun: str, now: Ref) -> None:
    size, box = d.divisor(now.value, 3, 20), d.noun("container")
    if size.value == now.value:
        raise Reject
    d.say("pack", A=a, K=box, N=noun, n=size)
    d.step("needed", now, "/", size)
    d.ask("q_boxes", K=box, N=noun)


def _end_share_into(d: Draft, a: int, noun: str, now: Ref) -> None:
    boxes, box = d.divisor(now.value, 2, 12), d.noun("container")
    d.say("share_into", A=a, K=box, N=noun, n=boxes)
    d.step("in each", now, "/", boxes)
    d.ask("q_each_box", K=box, N=noun)


def _end_revenue(d: Draft, a: int, noun: str, now: Ref) -> None:
    price = d.money(2, 12)
    d.say("sell_rest", A=a, N=noun, p=price)
    d.step("money", now, "*", price)
    d.ask("q_revenue", A=a, N=noun)


ENDS: dict[str, Callable[[Draft, int, str, Ref], None]] = {
    "count": _end_count,
    "share": _end_share,
    "pack": _end_pack,
    "share_into": _end_share_into,
    "revenue": _end_revenue,
}


def chain(d: Draft) -> None:
    """A source, up to two events, an ending; at most four operations."""
    source = d.rng.choices(list(SOURCES), [6, 3, 1, 3, 1])[0]
    end = d.rng.choices(list(ENDS), [8, 3, 2, 2, 2])[0]
    # Only goods that come in dozens, and only things that may be packed or sold.
    group = "packable" if end in ("pack", "share_into") or source in ("groups", "dozens") else "small"
    a, noun = d.person(), d.noun("egg" if source == "dozens" and d.chance(0.4) else group)
    now = SOURCES[source](d, a, noun)
    box_used = source == "groups"
    events = d.rng.choices([0, 1, 2], [3, 5, 2])[0]
    if end == "count":
        events = max(events, 1)
    for _ in range(events):
        now = d.rng.choice(EVENTS)(d, a, noun, now)
    if box_used and end in ("pack", "share_into"):
        raise Reject  # two kinds of containers in one story read badly
    if len(d.story.steps) > 3 and end != "count":
        raise Reject
    ENDS[end](d, a, noun, now)


def keep_or_lose(d: Draft) -> None:
    """The classic: has some, some go, how many are left."""
    a, noun = d.person(), d.noun("thing")
    have = d.count(8, 100)
    lost = d.count(2, int(have.value) - 2)
    d.say("have", A=a, N=noun, n=have)
    d.say(d.rng.choice(["lose", "sell"]), A=a, N=noun, n=lost)
    d.step("left", have, "-", lost)
    d.ask("q_left", A=a, N=noun)


def add_up(d: Draft) -> None:
    """Has some, gets more."""
    a, noun = d.person(), d.noun("thing")
    have, more = d.count(5, 80), d.count(2, 60)
    d.say("have", A=a, N=noun, n=have)
    d.say("gain", A=a, N=noun, n=more)
    d.step("in all", have, "+", more)
    d.ask("q_now", A=a, N=noun)


SCENARIOS: dict[str, tuple[float, Scenario]] = {
    "chain": (10, chain),
    "keep_or_lose": (2, keep_or_lose),
    "add_up": (1.5, add_up),
}
