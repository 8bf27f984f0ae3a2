"""Equal groups: boxes, rows, shares, what is left over, what a container holds."""

from __future__ import annotations

from .story import Draft, Ref, Scenario


def equal_groups(d: Draft) -> None:
    """n boxes with m in each."""
    a, noun, box = d.person(), d.noun("packable"), d.noun("container")
    n, m = d.count(3, 25), d.count(3, 40)
    d.say("groups", A=a, K=box, N=noun, n=n, m=m)
    d.step("in all", n, "*", m)
    d.ask("q_has", A=a, N=noun)


def people_each(d: Draft) -> None:
    """n children with m each; sometimes the total is packed away."""
    group, noun = d.noun("people"), d.noun("small")
    n, m = d.count(3, 40), d.count(2, 15)
    d.say("people_each", P=group, N=noun, n=n, m=m)
    d.step("in all", n, "*", m)
    d.ask("q_in_all", N=noun)


def rows(d: Draft) -> None:
    """Rows of things; sometimes some of them are bad."""
    noun = d.noun("rowed")
    n, m = d.count(3, 30), d.count(4, 40)
    d.say("rows", N=noun, n=n, m=m)
    d.step("in all", n, "*", m)
    d.ask("q_in_all", N=noun)


def boxes_with_bad_ones(d: Draft) -> None:
    """Boxes of fragile things, some of them bad: how many are good."""
    a, noun, box = d.person(), d.noun("fragile"), d.noun("container")
    n, m = d.count(3, 15), d.count(4, 24)
    d.say("groups", A=a, K=box, N=noun, n=n, m=m)
    total = d.step("in all", n, "*", m)
    bad = d.count(2, int(total.value) // 2)
    d.say("part_bad", N=noun, n=bad)
    d.step("good", total, "-", bad)
    d.ask("q_good", N=noun)


def two_colours(d: Draft) -> None:
    """Some are red, the rest blue."""
    a, noun = d.person(), d.noun("coloured")
    have = d.count(10, 90)
    red = d.count(3, int(have.value) - 3)
    d.say("have", A=a, N=noun, n=have)
    total: Ref = have
    if d.chance(0.3):
        more = d.count(3, 20)
        d.say("gain", A=a, N=noun, n=more)
        total = d.step("in all", have, "+", more)
    d.say("part_red", N=noun, n=red)
    d.step("blue", total, "-", red)
    d.ask("q_blue", N=noun)


def share_equally(d: Draft) -> None:
    """Shares among friends or into containers, without remainder."""
    a, noun = d.person(), d.noun("small")
    n, each = d.rng.randint(2, 12), d.rng.randint(2, 25)
    have = d.fixed(n * each)
    d.say("have", A=a, N=noun, n=have)
    if d.chance(0.6):
        group, parts = d.noun("people"), d.fixed(n)
        d.say("share", A=a, P=group, N=noun, n=parts)
        d.ask("q_each", P=group, N=noun)
    else:
        box, parts = d.noun("container"), d.fixed(n)
        d.say("share_into", A=a, K=box, N=noun, n=parts)
        d.ask("q_each_box", K=box, N=noun)
    d.step("each", have, "/", parts)


def leftover(d: Draft) -> None:
    """Boxes of a size filled a known number of times: what stays over."""
    a, noun, box = d.person(), d.noun("packable"), d.noun("container")
    boxes, size = d.count(2, 12), d.count(4, 20)
    full = int(boxes.value) * int(size.value)
    have = d.count(full + 1, full + int(size.value) - 1)
    d.say("have", A=a, N=noun, n=have)
    d.say("groups_filled", A=a, K=box, N=noun, n=boxes, m=size)
    used = d.step("packed", boxes, "*", size)
    d.step("left over", have, "-", used)
    d.ask("q_leftover", N=noun)


def boxes_needed(d: Draft) -> None:
    """Each box holds so many; how many boxes."""
    a, noun, box = d.person(), d.noun("packable"), d.noun("container")
    n, size = d.rng.randint(3, 30), d.count(3, 24)
    have = d.fixed(n * int(size.value))
    facts = [("have", {"A": a, "N": noun, "n": have}), ("holds", {"K": box, "N": noun, "n": size})]
    for kind, roles in facts:
        d.say(kind, **roles)
    d.step("needed", have, "/", size)
    d.ask("q_boxes", K=box, N=noun)


def container_changes(d: Draft) -> None:
    """Things in a basket; someone puts more in."""
    a, noun, box = d.person(), d.noun("packable"), d.noun("container")
    there, more = d.count(6, 70), d.count(3, 40)
    d.say("there_are", N=noun, K=box, n=there)
    d.say("put_in", A=a, K=box, N=noun, n=more)
    total = d.step("in all", there, "+", more)
    if d.chance(0.4):
        out = d.count(2, int(total.value) - 2)
        d.say("take_out", A=a, K=box, N=noun, n=out)
        d.step("left", total, "-", out)
    d.ask("q_there", N=noun, K=box)


SCENARIOS: dict[str, tuple[float, Scenario]] = {
    "equal_groups": (1.5, equal_groups),
    "people_each": (1.5, people_each),
    "rows": (1, rows),
    "boxes_with_bad_ones": (1, boxes_with_bad_ones),
    "two_colours": (1, two_colours),
    "share_equally": (2, share_equally),
    "leftover": (1, leftover),
    "boxes_needed": (1, boxes_needed),
    "container_changes": (1.2, container_changes),
}
