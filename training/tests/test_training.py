"""What the stages stand on: batches, slots, the bridge's input order, exact resumption.

Run with `python -m unittest discover tests` in training/.
"""

import json
import sys
import tempfile
import unittest
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

import vocabularies as vocab  # noqa: E402
from anchoring import anchor_loss, joined_pieces  # noqa: E402
from bridge import Bridge, bridge_batch, greedy  # noqa: E402
from config import Stage  # noqa: E402
from models import (  # noqa: E402
    Alignment,
    AlignmentConfig,
    BertConfig,
    BertForMaskedLM,
    LlamaConfig,
    LlamaForCausalLM,
    WordPieces,
    add_lora,
    merge_lora,
)
from models.words import beside_words  # noqa: E402
from ragged import Ragged, token_batches  # noqa: E402
from self_training import trusted  # noqa: E402
from slots import execute, renumber, slot_text  # noqa: E402
from stages import Run, deepen, load_mean  # noqa: E402
from trainer import by_turns, run_stage  # noqa: E402

CPU = torch.device("cpu")


def tiny_bridge() -> Bridge:
    torch.manual_seed(0)
    encoder = BertForMaskedLM(BertConfig(50, 16, 32, 1, 2, 64))
    llm = LlamaForCausalLM(LlamaConfig(40, 24, 32, 2, 2, 1))
    words = WordPieces([(f"{'' if i % 3 == 0 else '▁'}a{i}", i) for i in range(50)], {0, 1, 2})
    return Bridge(encoder, Alignment(AlignmentConfig("mlp", 32, 24, 20), 0.05, words), llm).eval()


class Slots(unittest.TestCase):
    def test_numerals_become_slots_in_order(self):
        self.assertEqual(slot_text("Tom has 12 apples and $1,250.50.", 16),
                         "Tom has <n0> apples and $<n1>.")
        self.assertIsNone(slot_text("1 2 3", 2))

    def test_moved_slots_are_numbered_again_and_the_solution_follows(self):
        self.assertEqual(renumber("<n1> then <n0>", "<<<n0>-<n1>=<r0>>>"),
                         ("<n0> then <n1>", "<<<n1>-<n0>=<r0>>>"))

    def test_a_solution_is_executed_exactly(self):
        solution = "each: <<(<n0>-2)/<n1>=<r0>>>\nin all: <<<r0>*0.5=<r1>>>\n#### <r1>"
        self.assertEqual(execute(solution, ["9", "3"]), Fraction(7, 6))
        self.assertIsNone(execute("<<<n0>/0=<r0>>>\n#### <r0>", ["9"]))
        self.assertIsNone(execute("<<<n7>+1=<r0>>>\n#### <r0>", ["9"]))


class Batches(unittest.TestCase):
    def test_every_row_comes_once_an_epoch_within_the_budget(self):
        lengths = np.random.default_rng(0).integers(1, 40, 500)
        seen = []
        for rows in token_batches(lengths, 200, seed=3):
            self.assertLessEqual(len(rows) * lengths[rows].max(), 200)
            seen.extend(rows)
            if len(seen) >= len(lengths):
                break
        self.assertEqual(sorted(seen), list(range(500)))


class InputOrder(unittest.TestCase):
    def test_rows_of_unequal_length_are_laid_out_as_documented(self):
        bridge = tiny_bridge()
        source = Ragged.of([[0, 9, 2], [0, 9, 8, 7, 2]])
        prompt, target = Ragged.of([[11, 12], [13]]), Ragged.of([[14, 15, 2], [16, 2]])
        batch = bridge_batch(source, prompt, target, np.array([0, 1]), CPU)
        embeds = bridge.inputs_embeds(batch)
        table = bridge.llm.model.embed_tokens.weight
        for row, (ids, tail) in enumerate([([0, 9, 2], [11, 12, 14, 15, 2]),
                                           ([0, 9, 8, 7, 2], [13, 16, 2])]):
            one = torch.tensor([ids])
            soft = bridge.alignment.soft_prompt(bridge.encoder.bert, one, torch.ones_like(one))[0]
            wanted = torch.cat([table[:1], soft, bridge.alignment.end_of_prompt[None], table[tail]])
            torch.testing.assert_close(embeds[row, : len(wanted)], wanted)
            answer = len(target.ids[target.offsets[row] : target.offsets[row + 1]])
            labels = batch.labels[row]
            self.assertEqual(labels[len(wanted) - answer : len(wanted)].tolist(), tail[-answer:])
            self.assertEqual((labels != -100).sum().item(), answer)


class Decoding(unittest.TestCase):
    def test_prompts_of_unequal_length_continue_as_each_would_alone(self):
        llm = tiny_bridge().llm
        torch.nn.init.normal_(llm.model.embed_tokens.weight, std=1.0)
        prompts = [torch.randn(length, 24) for length in (3, 9, 1, 6)]
        together = greedy(llm, prompts, max_new_tokens=12)
        for prompt, (ids, probability) in zip(prompts, together, strict=True):
            text, wanted, expected = prompt, [], 0.0
            while len(wanted) < 12:
                best, token = llm(text[None])[0, -1].log_softmax(-1).max(-1)
                token, expected = int(token), expected + float(best)
                if token == vocab.EOS:
                    break
                wanted.append(token)
                text = torch.cat([text, llm.model.embed_tokens(torch.tensor([token]))])
            self.assertEqual(ids, wanted)
            self.assertAlmostEqual(probability, expected, places=3)
        self.assertGreater(len({tuple(ids) for ids, _ in together}), 1)


class SelfTraining(unittest.TestCase):
    VALUES = ["9", "4"]
    LEFT = "left: <<<n0>-<n1>=<r0>>>\n#### <r0>"
    SAME = "gone: <<0-<n1>=<r0>>>\nleft: <<<n0>+<r0>=<r1>>>\n#### <r1>"  # another text, the same answer
    OTHER = "in all: <<<n0>+<n1>=<r0>>>\n#### <r0>"

    def test_of_two_readers_with_the_same_answer_the_surer_one_gives_the_label(self):
        self.assertEqual(trusted((self.LEFT, -0.5), (self.SAME, -0.4), self.VALUES), self.SAME)
        self.assertEqual(trusted((self.LEFT, -0.3), (self.SAME, -0.4), self.VALUES), self.LEFT)

    def test_where_they_differ_only_a_sure_reader_of_glosses_counts(self):
        self.assertIsNone(trusted((self.LEFT, -0.01), (self.OTHER, -0.5), self.VALUES))
        self.assertEqual(trusted((self.LEFT, -0.01), (self.OTHER, -0.1), self.VALUES), self.OTHER)
        self.assertIsNone(trusted((self.LEFT, -0.01), ("no answer", 0.0), self.VALUES))
        self.assertIsNone(trusted(("no answer", 0.0), ("no answer", 0.0), self.VALUES))


class Anchors(unittest.TestCase):
    def test_a_piece_lies_where_its_letters_stand_and_unspaced_scripts_close_up(self):
        pieces = [("Maji", "Water"), (" ", " "), ("<n0>", "<n0>"), (".", ".")]
        self.assertEqual(joined_pieces(pieces),
                         ("Maji <n0>.", [(0, 4, "Water"), (5, 9, "<n0>"), (9, 10, ".")]))
        pieces = [("水", "water"), (" ", " "), ("家", "house"), (" ", " "), ("x", "x")]
        self.assertEqual(joined_pieces(pieces),
                         ("水家 x", [(0, 1, "water"), (1, 2, "house"), (3, 4, "x")]))

    def test_the_loss_is_zero_where_the_aligned_state_is_the_mean_embedding(self):
        bridge = tiny_bridge()
        columns = [Ragged.of([[5, 6, 7]]), Ragged.of([[2]]), Ragged.of([[8, 9, vocab.PAD, vocab.PAD]])]
        loss = anchor_loss(bridge.encoder, bridge.alignment, bridge.llm, columns)
        with torch.no_grad():
            ids = torch.tensor([[5, 6, 7]])
            aligned = bridge.alignment.soft_prompt(bridge.encoder.bert, ids, ids != vocab.PAD)[0, 2]
            self.assertGreater(loss(np.array([0])).item(), 0.01)
            table = bridge.llm.model.embed_tokens.weight
            table[8] = aligned + 1
            table[9] = aligned - 1
            self.assertLess(loss(np.array([0])).item(), 1e-9)


class Soups(unittest.TestCase):
    def test_a_mean_of_stages_is_kept_and_loaded(self):
        with tempfile.TemporaryDirectory() as folder:
            run = Run(None, Path(folder), None, torch.device("cpu"))
            for name, value in (("a", 1.0), ("b", 4.0)):
                torch.save({"weight": torch.full((1, 2), value)}, run.folder / f"{name}.pt")
            module = torch.nn.Linear(2, 1, bias=False)
            load_mean(run, "soup", ["a", "b"], module)
            self.assertEqual(module.weight.tolist(), [[2.5, 2.5]])
            (run.folder / "a.pt").unlink()
            again = torch.nn.Linear(2, 1, bias=False)
            load_mean(run, "soup", ["a", "b"], again)  # finished before: its parts are not read again
            self.assertEqual(again.weight.tolist(), [[2.5, 2.5]])


class Words(unittest.TestCase):
    def test_words_begin_where_the_page_says_too(self):
        fixture = Path(__file__).parents[2] / "tests" / "fixtures" / "tokenizers" / "word-starts.json"
        table = json.loads(fixture.read_text("utf-8"))
        ids: dict[str, int] = {}
        for row in table["rows"].values():
            for piece, _ in row:
                ids.setdefault(piece, len(ids))
        words = WordPieces(ids.items(), {ids[piece] for piece in table["added"]})
        for name, row in table["rows"].items():
            with self.subTest(name):
                starts = words.starts(torch.tensor([[ids[piece] for piece, _ in row]]))[0].tolist()
                self.assertEqual([list(pair) for pair in zip([p for p, _ in row], starts)], row)

    def test_each_state_has_the_mean_of_its_word_beside_it(self):
        states, embeddings = torch.randn(2, 3, 8), torch.randn(2, 3, 8)
        both = beside_words(states, embeddings, torch.tensor([[True, False, True], [False, False, False]]))
        first = embeddings[0, :2].mean(0), embeddings[0, 2]
        wanted = [[first[0], first[0], first[1]], [embeddings[1].mean(0)] * 3]
        for row in range(2):
            for place in range(3):
                for half, value in ((both[row, place, :8], states[row, place]),
                                    (both[row, place, 8:], wanted[row][place])):
                    torch.testing.assert_close(half, value / value.square().mean().sqrt(), atol=1e-4, rtol=1e-4)


class Turns(unittest.TestCase):
    def test_batches_take_turns_and_each_has_the_loss_of_its_kind(self):
        batches, loss = by_turns(("a", "a", "b"), {"a": (iter("stuvw"), str.upper), "b": (iter("12"), int)})
        self.assertEqual([loss(next(batches)) for _ in range(5)], ["S", "T", 1, "U", "V"])


class Growth(unittest.TestCase):
    def test_a_deepened_model_computes_what_the_shallow_one_does(self):
        torch.manual_seed(0)
        shallow = LlamaForCausalLM(LlamaConfig(40, 24, 32, 2, 2, 1)).eval()
        deep = LlamaForCausalLM(LlamaConfig(40, 24, 32, 5, 2, 1)).eval()
        deepen(shallow, deep)
        x = torch.randn(2, 7, 24)
        torch.testing.assert_close(deep.hidden_states(x), shallow.hidden_states(x))


class Adapters(unittest.TestCase):
    def test_merging_lora_changes_nothing(self):
        llm = tiny_bridge().llm
        x = torch.randn(1, 5, 24)
        before = llm(x)
        for factor in add_lora(llm, rank=4, alpha=8):
            torch.nn.init.normal_(factor, std=0.1)
        branched = llm(x)
        self.assertGreater((branched - before).abs().max().item(), 1e-3)
        merge_lora(llm)
        torch.testing.assert_close(llm(x), branched, atol=1e-5, rtol=1e-5)


class Resumption(unittest.TestCase):
    def test_a_stage_stopped_midway_ends_as_if_it_had_not_stopped(self):
        def train(folder: Path, stop_at: int | None) -> dict:
            torch.manual_seed(1)
            module = torch.nn.Linear(3, 1)
            data = torch.randn(64, 3, generator=torch.Generator().manual_seed(2))
            calls = 0

            def loss(rows: np.ndarray) -> torch.Tensor:
                nonlocal calls
                calls += 1
                if stop_at is not None and calls > stop_at:
                    raise KeyboardInterrupt
                # Noise, as in pre-training: the random state has to be resumed too.
                return (module(data[rows]) + 0.1 * torch.randn(1)).square().mean()

            batches = token_batches(np.ones(64, np.int64), 8, seed=5)
            run_stage("s", Stage(20, 8, 0.01, warmup=3), module, list(module.parameters()),
                      lambda: (batches, loss), folder, CPU, checkpoint_seconds=0)
            return module.state_dict()

        with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as broken:
            wanted = train(Path(whole), None)
            with self.assertRaises(KeyboardInterrupt):
                train(Path(broken), 7)
            for name, value in train(Path(broken), None).items():
                torch.testing.assert_close(value, wanted[name], atol=0, rtol=0)


if __name__ == "__main__":
    unittest.main()
