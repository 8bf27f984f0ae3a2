"""Open training sets as slotted problems: the mapping, its limits, mutation, what is never trained on."""

import sys
import unittest
from fractions import Fraction
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from open_problems import convert, is_held_out, mutate, spell
from open_problems.guard import Guard
from open_problems.problem import OpenProblem, build
from open_problems.program import Dropped
from open_problems.questions import large_words_as_numerals, read_numerals, small_words_as_numerals
from open_problems.sources import Source, masked, parse, read_chain, read_formula, solve, tidy
from slots import execute


def gsm8k(question: str, chain: str, answer: str) -> Source:
    return Source("gsm8k:0", question, read_chain(chain), answer)


def formula(question: str, text: str, answer: str) -> Source:
    return Source("asdiv:0", question, read_formula(text), answer)


BOXES = formula(
    "There are 6 boxes with 500 pins each. How many pins are in the 6 boxes?", "6*500=3000", "3000"
)


def steps(problem: OpenProblem) -> list[str]:
    """The expressions of a solution, without labels and results."""
    return [line.partition("<<")[2].rpartition("=")[0] for line in problem.solution.splitlines()[:-1]]


CLIPS = gsm8k(
    "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May."
    " How many clips did Natalia sell altogether in April and May?",
    "Natalia sold 48/2 = <<48/2=24>>24 clips in May.\n"
    "Natalia sold 48+24 = <<48+24=72>>72 clips altogether in April and May.\n",
    "72",
)


class Sources(unittest.TestCase):
    def test_a_chain_of_marks_becomes_a_problem_in_the_form_of_the_corpus(self):
        problem = build(CLIPS)
        self.assertTrue(problem.question.startswith("Natalia sold clips to <n0> of her friends"))
        self.assertEqual(problem.values, ["48"])
        self.assertEqual(
            problem.solution, "each: <<<n0>/2=<r0>>>\nin all: <<<n0>+<r0>=<r1>>>\n#### <r1>"
        )
        self.assertEqual(execute(problem.solution, problem.values), 72)
        self.assertEqual((problem.answer, problem.scenario, problem.id), ("72", "gsm8k", "gsm8k:0"))

    def test_a_true_equation_without_a_mark_counts_and_a_false_one_does_not(self):
        chain = "First 60 - 18 = <<60-18=42>>42.\nThen 42 - 6 = 36 are left.\nOr 42 - 5 = 36."
        self.assertEqual(
            [(c.tree, c.result) for c in read_chain(chain)],
            [(parse("60-18"), 42), (parse("42-6"), 36)],
        )

    def test_a_formula_may_have_units_and_parts(self):
        self.assertEqual(read_formula("3 (day)*24 (hour/day)=72")[0].tree, parse("3*24"))
        self.assertEqual([c.result for c in read_formula("3+5=8; 8-2=6")], [8, 6])
        for unreadable in ("LCM[6,4]=12", "78/5=15 r3", "1, 2, 3"):
            self.assertEqual(read_formula(unreadable), ())

    def test_an_equation_is_solved_for_its_unknown(self):
        for equation, wanted in [
            ("35+x=56", "56-35"),
            ("70-X=27", "70-27"),
            ("17+(7*x)=80", "(80-17)/7"),
            ("(x/2)+8=12", "(12-8)*2"),
            ("12=24/x", "24/12"),
        ]:
            self.assertEqual(solve(equation), parse(wanted), equation)
        for refused in ("x+x=4", "3+4=7", "x=1=2"):
            with self.assertRaises(ValueError):
                solve(refused)

    def test_the_masked_csv_names_its_slots(self):
        row = {
            "Question": "Each of 2 girls has number0 bags . If number1 of the bags hold $ number2 each ,"
            " how much is it ?",
            "Numbers": "5.0 3.0 5.0",
            "Equation": "* number1 number2",
            "Answer": "15.0",
        }
        problem = build(masked("svamp-train:0", row))
        self.assertEqual(
            problem.question,
            "Each of <n0> girls has <n1> bags. If <n2> of the bags hold $<n3> each, how much is it?",
        )
        self.assertEqual(steps(problem), ["<n2>*<n3>"])

    def test_spaces_of_a_tokenizer_and_endless_decimals_go(self):
        self.assertEqual(tidy("Ann ' s box ( 2 ) costs $ 3 , he did n't know ."),
                         "Ann's box (2) costs $3, he didn't know.")
        self.assertEqual(tidy("0.3333333333333333 of it, then 0.25"), "1/3 of it, then 0.25")


class Mapping(unittest.TestCase):
    def test_results_slots_and_words_are_told_apart(self):
        problem = build(
            gsm8k(
                "A box has 4 pens. Tim buys 3 boxes and 12 pencils. He gives a third of all to Ann."
                " How many does he give away?",
                "There are 4*3=<<4*3=12>>12 pens.\nIn all 12+12=<<12+12=24>>24.\nHe gives 24/3=<<24/3=8>>8.",
                "8",
            )
        )
        self.assertEqual(steps(problem)[:2], ["<n0>*<n1>", "<r0>+<n2>"])
        self.assertEqual(steps(problem)[2], "<r1>/3")

    def test_equal_numbers_are_told_apart_by_their_neighbourhood(self):
        problem = build(
            gsm8k(
                "Cakes cost $5. Tickets cost $7. A class buys 7 cakes and 5 tickets. What is the bill?",
                "The cakes cost 7*5=$<<7*5=35>>35.\nThe tickets cost 5*7=$<<5*7=35>>35.\n<<35+35=70>>70",
                "70",
            )
        )
        self.assertEqual(steps(problem), ["<n2>*<n0>", "<n3>*<n1>", "<r0>+<r1>"])

    def test_an_ambiguous_number_drops_the_problem(self):
        with self.assertRaisesRegex(Dropped, "ambiguous"):
            build(formula("He has 6 figs and 4 plums, but 4 of them are bad. What is left?", "6-4=2", "2"))

    def test_equal_numbers_do_not_matter_where_the_function_is_the_same(self):
        problem = build(formula("Ann has 2 pens, Bob has 2 pens and Tim 9. How many pens?", "2+2+9=13", "13"))
        self.assertEqual(steps(problem), ["<n0>+<n1>+<n2>"])

    def test_a_number_mentioned_twice_is_its_first_mention(self):
        problem = build(BOXES)
        self.assertEqual(steps(problem), ["<n0>*<n1>"])

    def test_number_words_are_constants_unless_large(self):
        source = formula("Seven red and two green figs lie in forty-five bowls. How many figs?", "7+2=9", "9")
        self.assertEqual(steps(build(source)), ["7+2"])
        self.assertEqual(build(source).values, ["45"])
        self.assertEqual(steps(build(source, words=False)), ["<n0>+<n1>"])
        self.assertEqual(build(source, words=False).values, ["7", "2", "45"])

    def test_constants_come_from_units_and_not_from_nowhere(self):
        week = gsm8k("Al runs 3 miles a day. How far a week?", "He runs 3*7=<<3*7=21>>21.", "21")
        self.assertEqual(steps(build(week)), ["<n0>*7"])
        nowhere = gsm8k("Al runs 3 miles a lap. How far?", "He runs 3*7=<<3*7=21>>21.", "21")
        with self.assertRaisesRegex(Dropped, "unknown origin"):
            build(nowhere)

    def test_an_ordinal_is_no_constant(self):
        with self.assertRaisesRegex(Dropped, "unknown origin"):
            build(gsm8k("He reads 10 pages on the fifth morning. How many?", "<<10*5=50>>50", "50"))


class Steps(unittest.TestCase):
    def test_compound_expressions_are_split(self):
        problem = build(formula("2 bags of 30 and 4 figs. He eats 9. What is left?", "2*30+4-9=55", "55"))
        self.assertEqual(steps(problem), ["<n0>*<n1>", "<r0>+<n2>", "<r1>-<n3>"])

    def test_a_sum_of_three_stays_and_one_of_four_is_split(self):
        self.assertEqual(steps(build(formula("Add 11, 12 and 13.", "11+12+13=36", "36"))), ["<n0>+<n1>+<n2>"])
        self.assertEqual(
            steps(build(formula("Add 11, 12, 13 and 14.", "11+12+13+14=50", "50"))),
            ["<n0>+<n1>", "<r0>+<n2>", "<r1>+<n3>"],
        )

    def test_percentages_have_one_form(self):
        question = "A coat for $80 is reduced by 25%. What is the discount?"
        for chain in ("<<80*25/100=20>>", "<<25/100*80=20>>", "<<80*.25=20>>", "<<80*25*.01=20>>",
                      "<<25/100=0.25>>\n<<80*0.25=20>>"):
            self.assertEqual(steps(build(gsm8k(question, chain, "20"))), ["<n0>*<n1>/100"], chain)

    def test_what_is_left_of_a_percentage_is_computed(self):
        problem = build(gsm8k("A coat for $80 is 25% off. What does it cost?", "<<80*.75=60>>60", "60"))
        self.assertEqual(steps(problem), ["100-<n1>", "<n0>*<r0>/100"])

    def test_fractions_are_one_slot_as_the_page_reads_them(self):
        question = "Of 40 figs {} are ripe. How many?"
        for share, chain in [("3/4", "<<3/4*40=30>>"), ("3/4", "<<40*0.75=30>>"), ("3/4", "<<40*3/4=30>>")]:
            self.assertEqual(steps(build(gsm8k(question.format(share), chain, "30"))), ["<n0>*<n1>"], chain)
        self.assertEqual(steps(build(gsm8k(question.format("1/4"), "<<40/4=10>>", "10"))), ["<n0>*<n1>"])
        self.assertEqual(steps(build(gsm8k(question.format("half"), "<<40*1/2=20>>", "20"))), ["<n0>/2"])

    def test_wrong_published_results_and_answers_drop_the_problem(self):
        question = "Ann has 7 figs and gets 2. How many?"
        with self.assertRaisesRegex(Dropped, "add up"):
            build(gsm8k(question, "<<7+2=10>>10", "10"))
        with self.assertRaisesRegex(Dropped, "answer"):
            build(gsm8k(question, "<<7+2=9>>9", "10"))

    def test_a_result_that_nothing_uses_drops_the_problem(self):
        chain = "<<5*90=450>>450 ml.\nThe rest is 600-450=150 ml.\n<<90/5=18>>"
        with self.assertRaisesRegex(Dropped, "nowhere"):
            build(gsm8k("5 ml for each of 90 figs, 600 ml in all, 18 plums. How much?", chain, "18"))


class Mutation(unittest.TestCase):
    def test_a_mutated_problem_keeps_its_calculation_and_stays_sensible(self):
        problem = build(
            gsm8k(
                "In 1999 a farm had 60 hens and sold 25% of them at $2.50 at 9:15. It was 1/2 full."
                " What did the hens bring?",
                "<<60*25/100=15>>15 hens\n<<15*2.5=37.5>>37.5",
                "37.5",
            )
        )
        seen = set()
        for seed in range(60):
            other = mutate(problem, Random(seed))
            self.assertEqual((other.question, other.solution), (problem.question, problem.solution))
            self.assertEqual(Fraction(other.answer), execute(other.solution, other.values))
            year, hens, percent, price, hour, minute, share = other.values
            self.assertEqual([year, hour, minute, share], ["1999", "9", "15", "1/2"])
            self.assertEqual(len(hens), 2)
            self.assertTrue(1 <= int(percent) < 100)
            self.assertRegex(price, r"^\d\.\d0$")
            self.assertEqual(int(hens) * int(percent) % 100, 0)
            self.assertNotEqual(other.answer, problem.answer if other.values == problem.values else None)
            seen.add(tuple(other.values))
        self.assertGreater(len(seen), 5)
        self.assertIn(f"sold {percent}% of them at ${price}", other.plain_question())

    def test_differences_stay_positive_and_shares_whole(self):
        problem = build(formula("Of 30 figs 12 rot, 3 boys share the rest. What has each?", "(30-12)/3=6", "6"))
        for seed in range(40):
            total, rotten, boys = map(int, mutate(problem, Random(seed)).values)
            self.assertGreater(total, rotten)
            self.assertEqual((total - rotten) % boys, 0)

    def test_repeated_numbers_stay_repeated(self):
        problem = build(BOXES)
        values = [mutate(problem, Random(seed)).values for seed in range(30)]
        self.assertTrue(all(first == again for first, _, again in values))
        self.assertTrue(any(first != "6" for first, _, _ in values))

    def test_numbers_that_are_also_words_stay(self):
        problem = build(formula("Three boys have 3 hats and 20 pins. How many things?", "3+20=23", "23"))
        self.assertTrue(all(mutate(problem, Random(seed)).values[0] == "3" for seed in range(30)))

    def test_there_is_no_mutation_without_numerals_to_change(self):
        problem = build(formula("Seven figs and two plums. How many?", "7+2=9", "9"))
        self.assertIsNone(mutate(problem, Random(0)))

    def test_a_small_count_may_become_a_word(self):
        problem = build(formula("Ann has 5 pens and buys 30 pens. How many pens has she?", "5+30=35", "35"))
        worded = spell(problem, Random(0))
        self.assertEqual(worded.question, "Ann has five pens and buys <n0> pens. How many pens has she?")
        self.assertEqual((steps(worded), worded.values), (["5+<n0>"], ["30"]))
        self.assertEqual(str(execute(worded.solution, worded.values)), worded.answer)


class Collection(unittest.TestCase):
    def test_every_text_comes_once_and_words_and_numerals_are_versions(self):
        nothing = Guard(None)
        words = formula("Seven red figs and 20 green figs. How many?", "7+20=27", "27")
        again = formula("3 red figs and 40 green figs. How many?", "3+40=43", "43")
        wrong = gsm8k("Ann has 7 figs and gets 2. How many?", "<<7+2=9>>9", "10")
        (first, versions), (second, none), (third, _) = convert([words, again, wrong], nothing, set())
        self.assertEqual([first, second, third], ["kept", "there before", "answer is another"])
        self.assertEqual([steps(version) for version in versions], [["7+<n0>"], ["<n0>+<n1>"]])
        self.assertEqual(none, [])

    def test_a_problem_that_holds_for_no_other_numbers_is_left_out(self):
        source = formula("1 fig and 1 plum. How many?", "1+1=2", "2")
        ((reason, versions),) = convert([source], Guard(None), set())
        self.assertEqual((reason, versions), ("no other numbers make sense", []))

    def test_problems_near_the_built_in_ones_are_blocked(self):
        guard = Guard(None)
        near = "A notebook costs 7 euros and a pen costs 9 euros. Mia buys 4 notebooks and 5 pens."
        self.assertTrue(guard.blocks(f"{near} How much does she pay?"))
        self.assertFalse(guard.blocks(CLIPS.question))

    def test_the_held_out_part_is_the_same_in_every_spelling(self):
        texts = (f"{a}{b}'s 3 cats eat forty-one figs." for a in "BCDFGH" for b in "aeiou")
        held = next(text for text in texts if is_held_out(text))
        self.assertTrue(is_held_out(held.replace("3", "<n0>").replace("forty-one", "<n1>")))
        self.assertTrue(is_held_out(held.replace("'s", " ' s").upper()))
        share = sum(is_held_out(" ".join(Random(i).choices("abcdefgh", k=9))) for i in range(4000)) / 4000
        self.assertAlmostEqual(share, 0.05, delta=0.015)


class Numerals(unittest.TestCase):
    def test_numerals_are_those_of_the_page(self):
        text = "1,200 and 3/4 of $.50, 2.5 and 4:30, 1.250"
        self.assertEqual([str(n.value) for n in read_numerals(text)],
                         ["1200", "3/4", "1/2", "5/2", "4", "30", "1250"])

    def test_number_words(self):
        self.assertEqual(large_words_as_numerals("Two hundred six, a hundred, twelve, sixty-page, 2 1/2"),
                         "206, 100, twelve, 60-page, 2.5")
        self.assertEqual(small_words_as_numerals("Two dozen, two-thirds, one of six, sixth"),
                         "Two dozen, two-thirds, one of 6, sixth")


if __name__ == "__main__":
    unittest.main()
