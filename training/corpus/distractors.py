"""Facts that do not matter: a number about somebody, another thing, another person's things."""

from __future__ import annotations

from .story import Draft, Fact

SHARE = 0.13
# Questions about what one person holds; another person's amount is a distractor there.
_ABOUT_ONE = {"q_left", "q_now", "q_make", "q_each", "q_each_box"}
# Questions that name what they ask for, so that another kind of thing cannot be meant.
_NAMED = _ABOUT_ONE | {"q_has", "q_both", "q_diff", "q_earn", "q_money_now", "q_money_left", "q_cost"}


def distract(d: Draft) -> None:
    """With probability `SHARE` puts one irrelevant fact somewhere after the first fact."""
    story = d.story
    if not story.genders or not d.chance(SHARE):
        return
    asked = story.question.kind
    kinds = ["aside"]
    if asked in _NAMED:
        kinds.append("thing")
    if asked in _ABOUT_ONE and len(story.genders) == 1:
        kinds.append("bystander")
    kind = d.rng.choice(kinds)
    main = story.question.roles.get("A", 0)
    at = d.rng.randint(1, len(story.facts))
    if kind == "aside":
        if story.plain_names:
            return  # another number of years would be one too many
        d.say("aside", A=main, n=d.count(6, 12))
    elif kind == "thing":
        d.say("have", A=main, N=d.noun("school"), n=d.count(3, 30))
    else:
        d.say("have", A=d.person(), N=story.question.roles["N"], n=d.count(3, 60))
        at = 1
    fact: Fact = story.facts.pop()
    story.facts.insert(at, fact)
