"""A run that goes on from the shipped bundle: its weights, read back, still solve a problem on both ways in."""

import sys
import tempfile
import unittest
from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

import from_bundle  # noqa: E402
import stages  # noqa: E402
from bridge import Bridge, greedy  # noqa: E402
from config import PRESETS  # noqa: E402
from encoder_stages import new_alignment, new_encoder  # noqa: E402
from evaluate import Prompts  # noqa: E402
from models import Alignment, AlignmentConfig, WordPieces  # noqa: E402
from slots import execute  # noqa: E402

SHIPPED = Path(__file__).parents[2] / "public/bundles/embedded"
QUESTION, VALUES = "Tom has <n0> apples. He buys <n1> more. How many apples does he have now?", ["5", "3"]


class FromBundle(unittest.TestCase):
    def test_the_weights_solve_a_problem(self):
        with tempfile.TemporaryDirectory() as out:
            with patch.object(sys, "argv", ["from_bundle.py", str(SHIPPED), out]):
                from_bundle.main()
            run = stages.Run(PRESETS["embedded"], Path(out), None, torch.device("cpu"))
            llm = stages.llm_so_far(run)
            both = torch.nn.ModuleList([new_encoder(run), new_alignment(run, llm, new_encoder(run))])
            both.load_state_dict(torch.load(Path(out) / "reading.pt", weights_only=True))
            prompts = Prompts(run)
            ways = [prompts.direct(llm, QUESTION), prompts.bridged(Bridge(*both, llm).eval(), QUESTION)]
            for ids, _ in greedy(llm, ways):
                text = prompts.llm_tokenizer.decode(ids, skip_special_tokens=False)
                self.assertEqual(execute(text, VALUES), Fraction(8), text)


class Widened(unittest.TestCase):
    def test_an_alignment_that_read_states_alone_says_what_it_said(self):
        words = WordPieces([("▁a", 0)], set())
        wide = Alignment(AlignmentConfig("mlp", 8, 6, 10), 0.05, words)
        narrow = Alignment(AlignmentConfig("mlp", 4, 6, 7), 0.05, words)
        from_bundle.load_widened(wide, narrow.state_dict())
        states, words = (torch.nn.functional.rms_norm(torch.randn(5, 4), (4,)) for _ in range(2))
        torch.testing.assert_close(wide(torch.cat([states, words], -1)), narrow(states), atol=1e-5, rtol=1e-4)


if __name__ == "__main__":
    unittest.main()
