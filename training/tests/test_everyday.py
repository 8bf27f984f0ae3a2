"""Problems written by hand: how a line is read, what is refused, and that all that is committed is sound."""

import re
import sys
import unittest
from fractions import Fraction
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

import everyday  # noqa: E402
from everyday.guard import near_built_in  # noqa: E402
from everyday.nouns import KINDS, SINGULARS, other_nouns  # noqa: E402
from everyday.rewordings import fillers, groups, reworded, with_filler  # noqa: E402
from open_problems.program import Dropped  # noqa: E402
from slots import execute  # noqa: E402


LOW_RESOURCE = ("sw", "yo", "am", "ko", "th", "vi", "id", "hi", "bn", "te", "tr")


def read(line: str, lang: str = "en") -> everyday.OpenProblem:
    return everyday.parse_line(line, lang, "1")


class Lines(unittest.TestCase):
    def test_numbers_become_slots_results_and_constants(self):
        problem = read("A dozen eggs cost $4. {Tom} buys 5 dozen with 10% off. What does he pay?"
                       "\t4*5=20; 20*10/100=2; 20-2=18")
        self.assertEqual(problem.values, ["4", "5", "10"])
        self.assertIn("<<<n0>*<n1>=<r0>>>", problem.solution)
        self.assertIn("<<<r0>*<n2>/100=<r1>>>", problem.solution)
        self.assertEqual(execute(problem.solution, problem.values), Fraction(18))

    def test_nested_calculations_are_cut_into_steps(self):
        problem = read("3 cats and 5 dogs have 4 legs each. How many legs?\t(3+5)*4=32")
        self.assertEqual([line.partition("<<")[2] for line in problem.solution.splitlines()[:2]],
                         ["<n0>+<n1>=<r0>>>", "<r0>*<n2>=<r1>>>"])

    def test_other_languages_write_decimals_with_a_comma(self):
        self.assertEqual(read("3 Brote zu 2,50 Euro und 1.200 Brezeln?\t3*2.5=7.5", "de").values,
                         ["3", "2,50", "1.200"])

    def test_a_line_that_breaks_a_rule_is_refused_with_the_reason(self):
        for line, reason in [
            ("no calculation 3", "no tab"),
            ("a 5 and a 5\t5+5=10", "there twice"),
            ("a 5 and a 3\t5-3=3", "does not add up"),
            ("a 5 and a 10\t5+5=10", "also another number"),
            ("a 5 and a 7\t5-7=-2", "negative"),
            ("a 7 and a 3\t7/3=2.33", "does not add up"),
            ("a 5\t5*0.3=1.5", "neither in the question"),
            ("a 5\t2+2=4", "no numeral"),
        ]:
            with self.assertRaisesRegex((Dropped, ValueError), reason, msg=line):
                read(line)

    def test_names_in_braces_are_exchanged_one_for_one(self):
        problem = read("{Ana} has 5. {Tom} gives {Ana} 3. How many has {Ana}?\t5+3=8")
        changed = everyday.renamed(problem, Random(3)).question
        self.assertNotIn("{", changed)
        self.assertNotIn("Ana", changed)
        name = changed.split()[0]
        self.assertEqual(changed.count(name), 3)
        self.assertTrue(everyday.renamed(problem, None).question.startswith("Ana has"))


class Nouns(unittest.TestCase):
    TEXT = "Ann has <n0> goats and a dog. Each goat gets <n1> apples from a box. How many apples can she give?"

    def test_a_noun_is_exchanged_for_one_of_its_class_wherever_it_stands(self):
        for seed in range(20):
            text = other_nouns(self.TEXT, Random(seed))
            animal, thing = re.fullmatch(
                r"Ann has <n0> (\w+) and a dog\. Each \w+ gets <n1> (\w+) from a box\. How many \2 can she give\?",
                text).groups()
            self.assertIn(f"Each {SINGULARS[animal]} gets", text)
            self.assertEqual([KINDS[SINGULARS[noun]] for noun in (animal, thing)], ["animals", "things"])
            self.assertNotIn(animal, ("goats", "dogs"))

    def test_the_article_fits_and_what_has_no_plural_in_the_text_stays(self):
        texts = {other_nouns("<n0> hats; a hat is <n1> dollars. Book a table?", Random(seed)) for seed in range(80)}
        self.assertTrue(any(" an " in text for text in texts))
        for text in texts:
            self.assertRegex(text, r"; (a [^aeiou]|an [aeiou])\w+ is <n1> dollars\. Book a table\?$")


class Rewordings(unittest.TestCase):
    def test_phrases_are_exchanged_within_their_group_and_nothing_else_changes(self):
        self.assertIn("remain", groups()["are left"])
        texts = {reworded("<n0> of {Are Left}'s eggs are left.", Random(seed)) for seed in range(60)}
        rest = {text.removeprefix("<n0> of {Are Left}'s eggs ").removesuffix(".") for text in texts}
        self.assertEqual(rest, set(groups()["are left"]))

    def test_a_capital_stays_a_capital(self):
        texts = {reworded("Are left <n0>", Random(seed)) for seed in range(60)}
        self.assertGreater(len(texts), 1)
        for text in texts:
            self.assertRegex(text, "^[A-Z]")

    def test_a_filler_stands_before_a_sentence_and_never_after_the_question(self):
        texts = {with_filler("<n0> eggs. {Ann} eats <n1>. How many?", Random(seed)) for seed in range(300)}
        places = set()
        for text in texts:
            filler = next(sentence for sentence in fillers() if sentence in text)
            places.add(text.replace(filler, "*"))
        self.assertEqual(places, {"* <n0> eggs. {Ann} eats <n1>. How many?", "<n0> eggs. * {Ann} eats <n1>. How many?",
                                  "<n0> eggs. {Ann} eats <n1>. * How many?"})

    def test_no_number_is_in_what_is_exchanged_or_put_in(self):
        number = re.compile(r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|twice|half|double|dozen)\b")
        self.assertFalse([text for text in [*groups(), *fillers()] if number.search(text.lower())])


class Committed(unittest.TestCase):
    def test_every_line_can_be_used(self):
        languages = sorted(path.name for path in everyday.FOLDER.iterdir() if path.is_dir())
        count = 0
        for lang in languages:
            for place, line in everyday.rows(lang, "tsv"):
                with self.subTest(lang=lang, place=place):
                    everyday.parse_line(line, lang, place)
                    count += 1
        self.assertGreater(count, 10_000)

    def test_training_and_held_out_problems_are_apart_and_far_from_the_built_in_ones(self):
        trained = {everyday.renamed(p, None).question for p in everyday.problems("en")}
        held_out = {p.question for p in everyday.held_out("en")}
        self.assertGreater(len(held_out), 300)
        self.assertFalse(trained & held_out)
        self.assertFalse([text for text in trained if near_built_in(text, "en")])

    def test_numerals_of_questions_are_plain_whatever_separates_their_digits(self):
        self.assertEqual([everyday.plain(text) for text in ("9.000.000", "1,250", "2,5", "0.75", "12")],
                         ["9000000", "1250", "2.5", "0.75", "12"])
        for lang in LOW_RESOURCE:
            for _, values in everyday.questions(lang, 16):
                for value in values:
                    Fraction(value)

    def test_low_resource_languages_have_questions_and_no_solutions(self):
        for lang in LOW_RESOURCE:
            self.assertFalse(list((everyday.FOLDER / lang).glob("*.tsv")), lang)
            self.assertGreater(len(everyday.questions(lang, 16)), 250, lang)


if __name__ == "__main__":
    unittest.main()
