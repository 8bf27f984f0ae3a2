"""Words a story in a language: picks patterns, joins clauses, says who is who, numbers the slots.

Clauses are worded one by one in the order of the text. Pronouns appear only where one person of that
gender has been named; a pattern that leaves out the noun only where that noun was the last one named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from zlib import crc32

from . import patterns as p
from .clauses import CLAUSES
from .language import Count, Language, Person
from .nouns import GROUPS_OF
from .patterns import Pattern
from .story import NUMERAL, Fact, Reject, Story

PRONOUN = 0.75  # share of the mentions that may be pronouns and are
JOINED = 0.35  # share of the facts that continue the sentence before
OPENED = 0.3  # share of the events that begin with "then", "after that", ...
QUESTION_FIRST = 0.06
CONDITIONAL = 0.14
ROLE_SUBJECT = 0.1
SPEAKER = 0.07
RANDOM_NAME = 0.06
NO_MARK = 0.03  # share of the questions without a mark at the end, as people type
LOWER_CASE = 0.02
MAX_CONDITIONAL_FACTS = 3
ASIDE = "aside"  # the kind that stands in a sentence of its own

_MARK = re.compile(r"<(q\d+)>")
_SPACES = re.compile(r" +(?=[.,;?!])|(?<= ) +")
_LETTERS = ("bcdfghjklmnprstvwyz", "aeiou")


class Realisation:
    """One wording of one story. `text()` may raise Reject when a held-out wording does not come out."""

    def __init__(self, story: Story, language: Language, rng: Random, split: str) -> None:
        self.story, self.language, self.rng = story, language, rng
        self.split = split
        self.people = self._cast()
        self.past = rng.random() < 0.6 or any(who.speaker for who in self.people)
        self.currency = rng.choice(language.currencies)
        self.named: list[int] = []  # people mentioned so far, in order
        self.last_person: int | None = None
        self.last_noun: object = None
        self.last_owner: object = None
        self.used: list[Pattern] = []  # every pattern chosen, for checks
        clauses = [*story.facts, story.question]
        # Which clauses take a reserved pattern: at least one in the held-out phrasings, else none.
        self.held: set[int] = set()
        if split == "heldout_phrasings":
            self.held = {id(fact) for fact in clauses if rng.random() < 0.35}
            self.held.add(id(rng.choice(clauses)))

    # --- people

    def _cast(self) -> list[Person]:
        story, language, rng = self.story, self.language, self.rng
        people: list[Person] = []
        for gender in story.genders:
            if not people and language.first_person and rng.random() < SPEAKER:
                people.append(Person("", gender, speaker=True))
            elif not people and language.roles and not story.plain_names and rng.random() < ROLE_SUBJECT:
                forms = rng.choice(language.roles)
                people.append(Person(forms["first"], forms.get("gender", gender), forms))
            else:
                people.append(Person(self._name(gender, people), gender))
        return people

    def _name(self, gender: str, people: list[Person]) -> str:
        taken = {who.name for who in people}
        noun = next((f.roles["N"] for f in self.story.facts if "N" in f.roles), "")
        held = self.split != "train"
        names = self.language.names[gender]
        for _ in range(200):
            name = self.rng.choice(names) if self.rng.random() > RANDOM_NAME else self._made_up(names)
            # A tenth of the pairs of a name and a noun is kept from training.
            if name not in taken and (crc32(f"{name} {noun}".encode()) % 10 == 0) == held:
                return name
        raise Reject

    def _made_up(self, names: Sequence[str]) -> str:
        """A name nobody has, in scripts where letters can be strung together."""
        if not names[0].isascii():
            return self.rng.choice(names)
        consonants, vowels = _LETTERS
        choice = self.rng.choice
        syllables = "".join(choice(consonants) + choice(vowels) for _ in range(self.rng.randint(1, 3)))
        return (syllables + choice(("", choice(consonants)))).capitalize()

    # --- one clause

    def _choose(self, fact: Fact, follows: bool) -> Pattern:
        """A pattern for the fact; `follows`: some text stands before, so "them" can be understood."""
        want = id(fact) in self.held
        group = self.language.patterns[fact.kind]
        noun = fact.roles.get("N")
        groups = GROUPS_OF.get(noun, frozenset())
        # With several people about, a question about one of them has to say who is meant.
        vague = (
            fact is self.story.question
            and len(self.people) > 1
            and "A" in fact.roles
            and "B" not in fact.roles
        )
        for _ in range(60):
            pattern = group[int(self.rng.random() * len(group))]
            if pattern.reserved != want or (pattern.categories and not pattern.categories & groups):
                continue
            if vague and "A" not in pattern.people:
                continue
            if pattern.elliptical and not (follows and self._understood(fact)):
                continue
            self.used.append(pattern)
            return pattern
        raise Reject

    def _understood(self, fact: Fact) -> bool:
        """Whether "them" would be this fact's noun: the last one named, and of the same people."""
        people = [fact.roles[role] for role in p.PEOPLE if role in fact.roles]
        return self.last_noun == fact.roles["N"] and (
            self.last_owner is None or not people or self.last_owner in people
        )

    def clause(self, fact: Fact, pattern: Pattern, drop_subject: bool = False) -> str:
        """The fact in this pattern, without its subject when it continues the same person's clause."""
        out: list[str] = []
        nodes = pattern.nodes[1:] if drop_subject else pattern.nodes
        self._here: set[int] = set()
        self._render(nodes, fact.roles, out)
        if pattern.nouns:
            # With two nouns "them" would be ambiguous.
            main = [role for role in pattern.nouns if role in "NMKP"]
            if main:
                self.last_noun = fact.roles["N"] if main == ["N"] else None
                self.last_owner = fact.roles.get("A")
        text = "".join(out)
        return text.lstrip() if drop_subject else text

    def _render(self, nodes: tuple, roles: dict, out: list[str]) -> None:
        language = self.language
        for node in nodes:
            op = node[0]
            if op == p.TEXT:
                out.append(node[1])
            elif op == p.PERSON:
                out.append(self._mention(roles[node[1]], node[2]))
            elif op == p.NOUN:
                out.append(language.nouns[roles[node[1]]][node[2] or language.bare_form])
            elif op == p.COUNTED:
                count = self._count(roles[node[1]])
                out.append(language.counted(count, language.nouns[roles[node[2]]], node[3]))
            elif op == p.CHOICE:
                branches = node[1]
                self._render(branches[int(self.rng.random() * len(branches))], roles, out)
            elif op == p.TENSE:
                self._render(node[1][self.past], roles, out)
            elif op == p.NUMBER:
                out.append(language.number(self._count(roles[node[1]])))
            elif op == p.MONEY:
                name = roles[node[1]]
                count = Count(f"<{name}>", self.story.quantities[name].value, False)
                out.append(language.money(count, self.currency[0]))
            elif op == p.CURRENCY:
                out.append(self.currency[1])
            elif op == p.FRACTION:
                out.append(language.fractions[self.story.quantities[roles[node[1]]].value])
            elif op == p.CONCORD:
                table = language.concords[node[2]]
                kind = self._class(node[1], roles)
                out.append(table[kind] if kind in table else table[""])
            elif op == p.SWITCH:
                out.append(node[2][self._class_number(node[1], roles)])
            elif op == p.THEN:
                words = language.then_words
                out.append(self.rng.choice(words) if words and self.rng.random() < OPENED else "")

    def _count(self, name: str) -> Count:
        quantity = self.story.quantities[name]
        if quantity.style == NUMERAL:
            return Count(f"<{name}>", int(quantity.value), False)
        return Count(self.language.number_words[quantity.value], quantity.value, True)

    def _class(self, role: str, roles: dict) -> str:
        value = roles[role]
        if role in p.PEOPLE:
            return self.people[value].agreement
        return self.language.nouns[value]["class"]

    def _class_number(self, role: str, roles: dict) -> int:
        if role.islower():
            return self.language.number_class(int(self.story.quantities[roles[role]].value))
        order = self.language.person_classes if role in p.PEOPLE else self.language.noun_classes
        return order.index(self._class(role, roles))

    def _mention(self, number: int, form: str) -> str:
        who = self.people[number]
        first = number not in self.named
        alone = not any(
            self.people[other].gender == who.gender and not self.people[other].speaker
            for other in self.named
            if other != number
        )
        pronoun = who.speaker or number in self._here and alone
        if not first and not pronoun:
            pronoun = alone and self.last_person == number and self.rng.random() < PRONOUN
        if first:
            self.named.append(number)
        self._here.add(number)
        self.last_person = number
        return self.language.person(who, form, pronoun, first)

    # --- the whole text

    def text(self) -> str:
        """The question with quantities as `<q0>`, now and then typed carelessly."""
        text = self._whole()
        careless = self.rng.random()
        if careless < NO_MARK:
            return text.rstrip(self.language.question_marks + self.language.stop + " ")
        return self.language.lower(text) if careless < NO_MARK + LOWER_CASE else text

    def _whole(self) -> str:
        """Every sentence capitalised and closed, in one of three orders."""
        story, language, rng = self.story, self.language, self.rng
        draw = rng.random()
        short = len(story.facts) <= MAX_CONDITIONAL_FACTS
        plain = all(fact.kind != ASIDE for fact in story.facts)
        if language.conditionals and draw < CONDITIONAL and short and plain:
            return language.finish(self._conditional())
        if draw > 1 - QUESTION_FIRST:
            question = self.closed(self.clause(story.question, self._choose(story.question, False)))
            sentences = [question, *self._sentences()]
        else:
            sentences = self._sentences()
            sentences.append(
                self.closed(self.clause(story.question, self._choose(story.question, True)))
            )
        return language.finish(tidy(language.gap.join(sentences)))

    def _sentences(self) -> list[str]:
        language, rng = self.language, self.rng
        sentences: list[str] = []
        current, length, previous = "", 0, None
        for fact in self.story.facts:
            pattern = self._choose(fact, bool(self.named) or bool(current))
            event = CLAUSES[fact.kind].event
            alone = fact.kind == ASIDE or previous is not None and previous[1].kind == ASIDE
            if current and length < 3 and not alone and rng.random() < JOINED:
                current += self._continuation(fact, pattern, previous, language.joins)
                length += 1
            else:
                if current:
                    sentences.append(self.closed(current))
                clause = self.clause(fact, pattern)
                if event and previous is not None and language.openers and rng.random() < OPENED:
                    clause = rng.choice(language.openers).format(clause)
                current, length = clause, 1
            previous = (pattern, fact)
        if current:
            sentences.append(self.closed(current))
        return sentences

    def _continuation(
        self, fact: Fact, pattern: Pattern, previous: tuple[Pattern, Fact], joins: Sequence[str]
    ) -> str:
        """The clause joined to the one before; without its subject when both have the same."""
        before, before_fact = previous
        same = (
            pattern.subject is not None
            and before.subject is not None
            and fact.roles[pattern.subject] == before_fact.roles[before.subject]
        )
        if same and self.rng.random() < 0.8:
            merges = list(self.language.merges)
            if CLAUSES[fact.kind].event:
                merges += self.language.event_merges
            return self.rng.choice(merges) + self.clause(fact, pattern, drop_subject=True)
        return self.rng.choice(joins) + self.clause(fact, pattern)

    def _conditional(self) -> str:
        language, story = self.language, self.story
        frame = self.rng.choice(language.conditionals)
        question_first = frame.index("{question}") < frame.index("{facts}")
        question = self._interrogative(not question_first) if question_first else ""
        facts, previous = "", None
        for fact in story.facts:
            pattern = self._choose(fact, previous is not None or question_first)
            if previous:
                facts += self._continuation(fact, pattern, previous, language.joins[:1])
            else:
                facts = self.clause(fact, pattern)
            previous = (pattern, fact)
        if not question_first:
            question = self._interrogative(True)
            return tidy(self.closed(frame.format(facts=facts, question=question)))
        question = question.rstrip(language.question_marks + " ")
        return tidy(self.closed(frame.format(facts=facts, question=question)))

    def _interrogative(self, follows: bool) -> str:
        """The question in a wording that asks (not "find ...")."""
        for _ in range(20):
            pattern = self._choose(self.story.question, follows)
            if pattern.text[-1] in self.language.question_marks:
                return self.clause(self.story.question, pattern)
            self.used.pop()
        raise Reject

    def closed(self, sentence: str) -> str:
        """A sentence with its capital and its mark."""
        sentence = sentence.strip()
        if sentence[-1] not in self.language.question_marks + self.language.stop:
            sentence += self.language.stop
        return self.language.capital(sentence[0]) + sentence[1:]


def tidy(text: str) -> str:
    """One space between words, none before a mark (what an empty alternative leaves behind)."""
    return _SPACES.sub("", text)


def number_slots(text: str, story: Story) -> tuple[str, list[str], dict[str, str]]:
    """`<q..>` marks to `<n0>`, `<n1>`, ... in order of mention.

    Returns the text, the quantity behind each slot, and for each quantity its slot of first mention.
    """
    order: list[str] = []
    slots: dict[str, str] = {}

    def replace(match: re.Match) -> str:
        name = match.group(1)
        slot = f"<n{len(order)}>"
        order.append(name)
        slots.setdefault(name, slot)
        return slot

    return _MARK.sub(replace, text), order, slots
