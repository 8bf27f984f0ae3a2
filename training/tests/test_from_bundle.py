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


if __name__ == "__main__":
    unittest.main()
