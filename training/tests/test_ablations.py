"""The folder of a variant: everything of the run, but what the variant trains again."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ablations import VARIANTS, folder_of  # noqa: E402
from config import PRESETS  # noqa: E402
from corpus.lexicon import load_lexicon  # noqa: E402


class Variants(unittest.TestCase):
    def test_a_variant_shares_what_it_does_not_train(self):
        with tempfile.TemporaryDirectory() as name:
            run = Path(name)
            for file in ("practice-1.pt", "langbridge.pt", "stage1.pt", "stage1.npz", "labelled-sw-2.npz",
                         "llm-tokenizer.json"):
                (run / file).touch()
            shared = {path.name for path in folder_of(run, "lexicon-3", VARIANTS["lexicon-3"]).iterdir()}
            self.assertEqual(shared, {"practice-1.pt", "langbridge.pt", "labelled-sw-2.npz",
                                      "llm-tokenizer.json"})

    def test_what_is_trained_again_are_stages_of_the_configuration(self):
        rounds = {f"stage2-{number}" for number in range(len(PRESETS["embedded"].stage2))}
        for variant in VARIANTS.values():
            self.assertLessEqual(set(variant.retrained), {"langbridge", "stage1", *rounds})

    def test_a_smaller_share_of_a_lexicon_is_a_part_of_a_larger_one(self):
        small, large = (set(load_lexicon("sw", share).foreign) for share in (0.03, 0.3))
        self.assertLess(small, large)
        # Of lines; a word with several senses has several.
        self.assertLess(len(small) / len(load_lexicon("sw").foreign), 0.09)


if __name__ == "__main__":
    unittest.main()
