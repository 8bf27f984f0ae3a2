"""Checks a language: is it complete, does every pattern work with every noun, does every problem add up.

`report(code)` returns what is wrong, a sentence each, and prints figures. Used by `python -m corpus --check`.
"""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from random import Random

from . import MAX_SLOTS, SPLITS, Problem, evaluate, generate
from .clauses import CLAUSES
from .language import Language, load
from .lexicon import coverage, lexicons, load_lexicon
from .nouns import ALL_NOUNS, GROUPS_OF, MEMBERS
from .realise import Realisation, tidy
from .story import FRACTION, NUMERAL, Fact, Quantity, Story

SAMPLES = 2000
MIN_PATTERNS = {"en": 10}
MIN_PATTERNS_ELSEWHERE = 4

# The categories that scenarios put into these roles; nouns of other roles may be any thing.
_ROLE_NOUNS = {
    "K": MEMBERS["container"],
    "P": MEMBERS["people"],
    "T": MEMBERS["unit_time"],
    "U": MEMBERS["unit_length"] + MEMBERS["unit_size"],
}


def report(code: str) -> list[str]:
    """Everything wrong with a language; prints counts and uncovered words on the way."""
    language = load(code)
    problems = [*_completeness(language), *_every_noun(language), *_samples(code)]
    _print_coverage(code)
    return problems


def _completeness(language: Language):
    least = MIN_PATTERNS.get(language.code, MIN_PATTERNS_ELSEWHERE)
    for kind in CLAUSES:
        found = len(language.patterns.get(kind, []))
        if found < least:
            yield f"clause {kind}: {found} patterns, at least {least} are needed"
    for kind, patterns in language.patterns.items():
        doubled = [text for text, n in Counter(p.text for p in patterns).items() if n > 1]
        for text in doubled:
            yield f"clause {kind}: twice the same pattern: {text}"
        for pattern in patterns:
            if re.search(r"\d", pattern.text):
                yield f"clause {kind}: a digit in: {pattern.text}"
            for name in pattern.categories - MEMBERS.keys():
                yield f"clause {kind}: unknown category {name}: {pattern.text}"
        if len(patterns) >= 3 and not any(
            not p.reserved and not p.elliptical and not p.categories for p in patterns
        ):
            yield f"clause {kind}: no pattern for training that fits every noun and context"
    for noun in ALL_NOUNS:
        if noun not in language.nouns:
            yield f"noun {noun} has no forms"
    for value in range(2, 13):
        if value not in language.number_words:
            yield f"number word {value} is missing"
    for gender in "fm":
        if len(set(language.names[gender])) < 40:
            yield f"fewer than 40 different names {gender}"
    print(f"{sum(map(len, language.patterns.values()))} patterns in {len(language.patterns)} clauses")


def wordings(language: Language, kind: str, noun: str, rng: Random):
    """Every usable pattern of a kind worded once: (pattern, text). Roles are filled with samples."""
    clause = CLAUSES[kind]
    story = Story("check", genders=["f", "m", "f"])
    roles: dict[str, object] = {}
    for number, role in enumerate(clause.roles):
        if role in "ABC":
            roles[role] = "ABC".index(role)
        elif role.isupper():
            roles[role] = noun if role == "N" else rng.choice(_ROLE_NOUNS.get(role, MEMBERS["fruit"]))
        else:
            name = f"q{number}"
            word = rng.random() < 0.2
            style = FRACTION if role == "f" else "word" if word and role not in "ps" else NUMERAL
            story.quantities[name] = Quantity(rng.randint(2, 5 if role == "f" else 12), style)
            roles[role] = name
    fact = Fact(kind, roles)
    for pattern in language.patterns.get(kind, []):
        if pattern.categories and not pattern.categories & GROUPS_OF[noun]:
            continue
        realisation = Realisation(story, language, rng, "train")
        realisation.story.facts = [fact]
        text = realisation.closed(realisation.clause(fact, pattern))
        yield pattern, language.finish(tidy(text))


def _every_noun(language: Language):
    """Words every kind with nouns of every agreement class, so that no placeholder is left unfilled."""
    rng = Random(1)
    by_class: dict[str, str] = {}
    for noun, forms in language.nouns.items():
        by_class.setdefault(forms.get("class", ""), noun)
    nouns = [*by_class.values(), *(ids[0] for ids in MEMBERS.values())]
    for kind in CLAUSES:
        for noun in nouns:
            try:
                for pattern, text in wordings(language, kind, noun, rng):
                    if re.search(r"[{}\[\]|]", text):
                        yield f"clause {kind}: unfilled in: {pattern.text} -> {text}"
            except (KeyError, IndexError, ValueError) as error:
                yield f"clause {kind} with {noun}: {error!r}"
                break


def verify(problem: Problem) -> str | None:
    """What is wrong with a problem, or None: its steps must give its answer, values must be sensible."""
    if len(problem.values) > MAX_SLOTS or problem.question.count("<n") != len(problem.values):
        return "slots and values do not match"
    for index in range(len(problem.values)):
        if f"<n{index}>" not in problem.question:
            return f"slot {index} is missing"
    lines = problem.plain_solution().splitlines()
    for line in lines[:-1]:
        calculation = re.search(r"<<(.+)=(.+)>>$", line)
        if not calculation or evaluate(calculation[1]) != calculation[2]:
            return f"bad step: {line}"
        if Fraction(calculation[2]) < 0:
            return f"negative: {line}"
    if lines[-1] != f"#### {problem.answer}":
        return f"the steps give {lines[-1]}, the answer is {problem.answer}"
    if re.search(r"\d", re.sub(r"<n\d+>", "", problem.question)):
        return "a numeral that is not a slot"
    return None


def _samples(code: str):
    for split in SPLITS:
        for seed in range(SAMPLES // 2 if split != "train" else SAMPLES):
            problem = generate(code, seed, split)
            wrong = verify(problem)
            if wrong:
                yield f"{split} {seed} ({problem.scenario}): {wrong}: {problem.plain_question()}"


def _print_coverage(code: str) -> None:
    texts = [generate(code, seed).question for seed in range(SAMPLES)]
    targets = [c for c in lexicons() if c == code or code == "en"]
    for target in targets:
        lexicon = load_lexicon(target)
        known = lexicon.english if code == "en" else lexicon.foreign
        share, missing = coverage(texts, known)
        print(f"lexicon {target}: {share:.1%} of the words of {code} covered; most frequent others:")
        print("  " + " ".join(f"{word}({count})" for word, count in missing.most_common(60)))
    words = Counter(w for text in texts for w in re.findall(r"[^\W\d_]+", text.lower()))
    print(f"{len(words)} different words in {SAMPLES} problems")
