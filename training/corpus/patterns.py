"""The pattern syntax of `clauses.txt`, compiled once to small node lists.

    {A} [gives|gave] (|some) {n:N} to {B}     @fruit {A} [picks|picked] {n:N}

`[present|past]` follows the story's tense, `(a|b|)` is a free choice and may nest, `{...}` is filled
from the fact: `{A}` `{A.form}` a person, `{N}` `{N.form}` a noun, `{n}` a number, `{n:N}` `{n:N.form}`
a number with its noun, `{p:money}` a sum, `{money}` the currency's name, `{f}` a fraction word,
`{X?a|b|c}` the alternative for X's class, `{X!table}` X's entry in a concord table, `{then}` a place for
"then". `@category,...` in front: only for nouns N of these categories (`nouns.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

from .clauses import CLAUSES

# Node operations; a node is a tuple whose first member is one of these.
TEXT, PERSON, NOUN, NUMBER, COUNTED, MONEY, CURRENCY = range(7)
FRACTION, SWITCH, CONCORD, CHOICE, TENSE, THEN = range(7, 13)

PEOPLE = "ABC"
CLASSIFIER = "cl"  # the noun form that only counts ("three pieces"): it does not name the noun
RESERVED_SHARE = 0.12


class PatternError(ValueError):
    """A pattern that cannot be read, with its text and what is wrong."""


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern. `nouns` are the noun roles it mentions, `subject` the person it begins with."""

    text: str
    nodes: tuple
    categories: frozenset[str]
    nouns: frozenset[str]
    subject: str | None
    people: frozenset[str]  # the people roles it names (a forced pronoun names nobody)
    elliptical: bool  # leaves out the noun N of its kind, so N must just have been named
    reserved: bool = False  # held out from training


def compile_pattern(kind: str, text: str) -> Pattern:
    """Reads one line of a clause table."""
    categories: frozenset[str] = frozenset()
    body = text
    if body.startswith("@"):
        head, _, body = body.partition(" ")
        categories = frozenset(head[1:].split(","))
    nodes, end = _sequence(body, 0, "", kind)
    if end != len(body):
        raise PatternError(f"{kind}: unbalanced bracket at {end} in: {text}")
    mentioned = frozenset(_nouns(nodes))
    people = frozenset(_people(nodes))
    first = nodes[0]
    subject = first[1] if first[0] == PERSON and first[2] == "" else None
    elliptical = "N" in CLAUSES[kind].roles and "N" not in mentioned
    return Pattern(text, nodes, categories, mentioned, subject, people, elliptical)


def reserve(kind: str, patterns: list[Pattern]) -> list[Pattern]:
    """Marks the fixed share of a kind's patterns that training never sees (by rank of their hash).

    At least one of them fits every noun and context, so that every story has a held-out wording.
    """
    if len(patterns) < 3:
        return patterns
    ranked = sorted(patterns, key=lambda p: crc32(f"{kind} {p.text}".encode()))
    free = [p for p in ranked if not p.categories and not p.elliptical]
    chosen = {p.text for p in free[:1]}
    for pattern in ranked:
        if len(chosen) < max(1, round(RESERVED_SHARE * len(patterns))):
            chosen.add(pattern.text)
    return [replace(p, reserved=True) if p.text in chosen else p for p in patterns]


def _sequence(text: str, at: int, stops: str, kind: str) -> tuple[tuple, int]:
    """Nodes from `at` up to a character of `stops` (left unread) or the end."""
    nodes: list[tuple] = []
    literal = ""
    while at < len(text) and text[at] not in stops:
        char = text[at]
        if char in "[({":
            if literal:
                nodes.append((TEXT, literal))
                literal = ""
            if char == "{":
                end = text.find("}", at)
                if end < 0:
                    raise PatternError(f"{kind}: open brace in: {text}")
                nodes.append(_placeholder(text[at + 1 : end], kind, text))
                at = end + 1
            else:
                node, at = _alternatives(text, at, kind)
                nodes.append(node)
        elif char in "])}":
            raise PatternError(f"{kind}: stray {char} in: {text}")
        else:
            literal += char
            at += 1
    if literal:
        nodes.append((TEXT, literal))
    return tuple(nodes), at


def _alternatives(text: str, at: int, kind: str) -> tuple[tuple, int]:
    operation, close = (TENSE, "]") if text[at] == "[" else (CHOICE, ")")
    branches = []
    while True:
        nodes, at = _sequence(text, at + 1, "|" + close, kind)
        branches.append(nodes)
        if at >= len(text):
            raise PatternError(f"{kind}: missing {close} in: {text}")
        if text[at] == close:
            break
    if operation == TENSE and len(branches) != 2:
        raise PatternError(f"{kind}: [present|past] needs two sides in: {text}")
    return (operation, tuple(branches)), at + 1


def _placeholder(body: str, kind: str, text: str) -> tuple:
    roles = CLAUSES[kind].roles

    def known(role: str) -> str:
        if role not in roles:
            raise PatternError(f"{kind} has no role {role!r}: {text}")
        return role

    if body == "then":
        return (THEN,)
    if body == "money":
        return (CURRENCY,)
    if "?" in body:
        role, _, rest = body.partition("?")
        return (SWITCH, known(role), tuple(rest.split("|")))
    if "!" in body:
        role, _, table = body.partition("!")
        return (CONCORD, known(role), table)
    role, _, target = body.partition(":")
    if target == "money":
        return (MONEY, known(role))
    if target:
        noun, _, form = target.partition(".")
        return (COUNTED, known(role), known(noun), form)
    role, _, form = body.partition(".")
    known(role)
    if role == "f":
        return (FRACTION, role)
    if role.islower():
        return (NUMBER, role)
    return (PERSON if role in PEOPLE else NOUN, role, form)


def _people(nodes: tuple):
    for node in nodes:
        if node[0] == PERSON and node[2] != "pro":
            yield node[1]
        elif node[0] in (CHOICE, TENSE):
            for branch in node[1]:
                yield from _people(branch)


def _nouns(nodes: tuple):
    for node in nodes:
        if node[0] == NOUN and node[2] != CLASSIFIER:
            yield node[1]
        elif node[0] == COUNTED and node[3] != CLASSIFIER:
            yield node[2]
        elif node[0] in (CHOICE, TENSE):
            for branch in node[1]:
                yield from _nouns(branch)
