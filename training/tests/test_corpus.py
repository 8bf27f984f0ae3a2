"""The corpus generator: same seed same problem, held-out splits apart, every solution true."""

import sys
import unittest
from functools import partial
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpus import HELD_OUT_SCENARIOS, SCENARIOS, SPLITS, draw_story, generate, generate_parallel, language_codes
from corpus.check import verify, wordings
from corpus.clauses import CLAUSES
from corpus.language import load
from corpus.lexicon import code_switch, coverage, gloss, glossed_tokens, parse_lexicon
from corpus.nouns import ALL_NOUNS, HELD_OUT_NOUNS
from corpus.patterns import PatternError, compile_pattern
from corpus.realise import Realisation
from corpus.story import Reject

SEEDS = range(300)


def patterns_used(split: str, seeds: range) -> set[tuple[str, bool]]:
    """(pattern, reserved) of English wordings of these stories."""
    used = set()
    for seed in seeds:
        rng = Random(seed)
        realisation = Realisation(draw_story(rng, split), load("en"), rng, split)
        try:
            realisation.text()
        except Reject:
            continue
        used |= {(pattern.text, pattern.reserved) for pattern in realisation.used}
    return used


class Generation(unittest.TestCase):
    def test_the_same_seed_gives_the_same_problem(self):
        for seed in range(50):
            for split in SPLITS:
                self.assertEqual(generate("en", seed, split), generate("en", seed, split))

    def test_splits_give_different_problems(self):
        questions = [{generate("en", s, split).plain_question() for s in SEEDS} for split in SPLITS]
        self.assertFalse(questions[0] & questions[1] | questions[0] & questions[2])

    def test_every_solution_leads_to_its_answer(self):
        for lang in language_codes():
            for split in SPLITS:
                for seed in SEEDS:
                    problem = generate(lang, seed, split)
                    self.assertIsNone(verify(problem), problem)

    def test_a_wrong_answer_is_noticed(self):
        problem = generate("en", 1)
        problem.answer = "-1"
        self.assertIsNotNone(verify(problem))

    def test_every_scenario_occurs(self):
        seen = {generate("en", seed).scenario for seed in range(3000)}
        self.assertEqual(seen, set(SCENARIOS) - HELD_OUT_SCENARIOS)
        self.assertGreaterEqual(len(SCENARIOS), 25)

    def test_parallel_problems_have_the_same_answer_and_operations(self):
        for seed in range(100):
            problems = list(generate_parallel(language_codes(), seed).values())
            self.assertEqual({p.answer for p in problems}, {problems[0].answer})
            self.assertEqual({p.solution.count("<<") for p in problems}, {problems[0].solution.count("<<")})
            self.assertEqual(problems[0], generate(problems[0].lang, seed))

    def test_an_unknown_split_or_language_is_refused(self):
        with self.assertRaisesRegex(ValueError, "test"):
            generate("en", 0, "test")
        with self.assertRaisesRegex(ValueError, "xx"):
            generate("xx", 0)


class HeldOut(unittest.TestCase):
    def test_training_never_uses_a_reserved_pattern(self):
        self.assertFalse([text for text, reserved in patterns_used("train", range(1000)) if reserved])

    def test_every_held_out_phrasing_has_a_reserved_pattern(self):
        for seed in range(200):
            used = patterns_used("heldout_phrasings", range(seed, seed + 1))
            self.assertTrue(not used or any(reserved for _, reserved in used), used)

    def test_training_never_names_a_reserved_noun_and_its_split_always_does(self):
        for split, wanted in (("train", False), ("heldout_nouns", True)):
            for seed in range(300):
                named = draw_story(Random(f"{split} {seed}"), split).nouns()
                self.assertEqual(bool(HELD_OUT_NOUNS & named), wanted)

    def test_a_reserved_scenario_has_no_clause_that_training_lacks(self):
        kinds = {False: set(), True: set()}
        for split, held in (("train", False), ("heldout_scenarios", True)):
            for seed in range(1500):
                story = draw_story(Random(f"{split} {seed}"), split)
                self.assertEqual(story.scenario in HELD_OUT_SCENARIOS, held)
                kinds[held] |= {fact.kind for fact in [*story.facts, story.question]}
        self.assertLessEqual(kinds[True], kinds[False])

    def test_an_eighth_of_the_patterns_is_reserved(self):
        for lang in language_codes():
            for kind, patterns in load(lang).patterns.items():
                if len(patterns) >= 3:
                    share = sum(p.reserved for p in patterns) / len(patterns)
                    self.assertTrue(0 < share <= 0.34, f"{lang} {kind}: {share}")


class Languages(unittest.TestCase):
    def test_every_language_words_every_clause_and_noun(self):
        for lang in language_codes():
            self.assertEqual(set(load(lang).patterns), set(CLAUSES), lang)
            self.assertEqual(set(load(lang).nouns), set(ALL_NOUNS), lang)

    def test_english_has_ten_wordings_of_every_clause(self):
        for kind in CLAUSES:
            self.assertGreaterEqual(len(load("en").patterns[kind]), 10, kind)

    def test_no_wording_has_an_unfilled_place(self):
        for lang in language_codes():
            for kind in CLAUSES:
                for _, text in wordings(load(lang), kind, "apple", Random(0)):
                    self.assertNotRegex(text, r"[{}\[\]|]")

    def test_a_bad_pattern_is_named(self):
        for bad in ("{Z} has", "{A} [has {n:N}", "{A} [a|b|c] {n:N}", "{A has"):
            with self.assertRaises(PatternError):
                compile_pattern("have", bad)


class Lexicons(unittest.TestCase):
    LEXICON = parse_lexicon(["manzanas apples", "tiene has", "cuántas how"])

    def test_code_switching_keeps_slots_names_and_capitals(self):
        text = "Apples: Tom's box has <n0> apples, how?"
        switched = code_switch(text, self.LEXICON, 1.0, Random(0))
        self.assertEqual(switched, "Manzanas: Tom's box tiene <n0> manzanas, cuántas?")
        self.assertEqual(code_switch(text, self.LEXICON, 0.0, Random(0)), text)

    def test_a_phrase_is_switched_as_one(self):
        lexicon = parse_lexicon(["cuántas how", "cuántas\thow many", "muchas many", "kaç how-much"])
        switch = partial(code_switch, lexicon=lexicon, ratio=1.0, rng=Random(0))
        self.assertEqual(switch("How many? How, many?"), "Cuántas? Cuántas, muchas?")
        self.assertEqual(switch("how much"), "kaç")

    def test_a_gloss_takes_the_first_sense_and_leaves_slots_and_names(self):
        lexicon = parse_lexicon(["ana has", "ana owns", "mayai eggs"])
        self.assertEqual(gloss("Amina ana mayai <n0>.", lexicon), "Amina has eggs <n0>.")

    def test_what_is_glossed_word_by_word_joins_to_the_text(self):
        lexicon = parse_lexicon(["苹果 apples", "有 has", "há there-is"])
        for text in ("小李有<n0>个苹果。", "¿Há <n0> gatos? Não, <n1>."):
            words = [word for words in glossed_tokens(text, lexicon) for word, _ in words]
            self.assertEqual("".join(words), text)
        self.assertEqual(glossed_tokens("有苹果。", lexicon),
                         [[("有", "has"), ("苹果", "apples")], [("。", ". ")]])

    def test_a_script_without_spaces_is_glossed_by_its_longest_words(self):
        lexicon = parse_lexicon(["苹果 apples", "苹 duckweed", "有 has", "个 pieces"])
        self.assertEqual(gloss("小李有<n0>个苹果。", lexicon), "小李 has <n0> pieces apples.")

    def test_a_word_is_set_apart_from_the_number_that_it_is_written_onto(self):
        lexicon = parse_lexicon(["በ for", "ብር birr", "ገዛ bought"])
        self.assertEqual(gloss("በ<n0> ብር ገዛ፡፡", lexicon), "for <n0> birr bought.")

    def test_signs_that_people_leave_out_make_no_difference(self):
        lexicon = parse_lexicon(["دولارا dollars", "kaç how-many", "indirim discount"])
        self.assertEqual(gloss("دولارًا", lexicon), "dollars")
        self.assertEqual(gloss("İndirim kaç?", lexicon), "discount how many?")

    def test_coverage_counts_words_but_not_names(self):
        share, missing = coverage(["Tom has <n0> apples", "Tom has pears"], self.LEXICON.english)
        self.assertAlmostEqual(share, 3 / 4)
        self.assertEqual(missing, {"pears": 1})

    def test_a_bad_lexicon_line_is_named(self):
        with self.assertRaisesRegex(ValueError, "line 2"):
            parse_lexicon(["a b", "alone"])


if __name__ == "__main__":
    unittest.main()
