"""The encoder's stage before it meets the LLM: anchors, masked words, translation pairs, ranking.

Sources: masked language modelling with translation pairs (TLM) arXiv 1901.07291; translation ranking
arXiv 2007.01852; anchors: anchoring.py.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

import examples
import texts
import vocabularies as vocab
from anchoring import anchor_loss, anchored_example
from models import Alignment, AlignmentConfig, BertConfig, BertForMaskedLM, LlamaForCausalLM, WordPieces
from ragged import Ragged, token_batches
from stages import Run, embedding_rms, open_texts, vocabulary_size
from trainer import Lessons, by_turns, run_stage

MASK_SHARE = 0.2
RANKING_TEMPERATURE = 0.05


def new_encoder(run: Run) -> BertForMaskedLM:
    config = BertConfig(vocab_size=vocabulary_size(run, "encoder"), **run.config.encoder_sizes)
    return BertForMaskedLM(config).to(run.device)


def new_alignment(run: Run, llm: LlamaForCausalLM, encoder: BertForMaskedLM) -> Alignment:
    """An alignment that reads states and the spelling of words."""
    config = AlignmentConfig(run.config.alignment_kind, 2 * encoder.config.hidden_size,
                             llm.config.hidden_size, run.config.alignment_hidden)
    return Alignment(config, embedding_rms(llm), word_pieces(run)).to(run.device)


def word_pieces(run: Run) -> WordPieces:
    tokenizer = Tokenizer.from_file(str(run.folder / "encoder-tokenizer.json"))
    return WordPieces(tokenizer.get_vocab().items(), set(tokenizer.get_added_tokens_decoder()))


def masked(ids: Tensor, vocabulary: int, specials: int) -> tuple[Tensor, Tensor]:
    """BERT's corruption: of the chosen positions 80 % masked, 10 % random, 10 % left."""
    chosen = (torch.rand(ids.shape, device=ids.device) < MASK_SHARE) & (ids >= specials)
    labels = torch.where(chosen, ids, -100)
    dice = torch.rand(ids.shape, device=ids.device)
    ids = torch.where(chosen & (dice < 0.8), vocab.MASK, ids)
    other = torch.randint(specials, vocabulary, ids.shape, device=ids.device)
    return torch.where(chosen & (dice > 0.9), other, ids), labels


def mean_pooled(encoder: BertForMaskedLM, ids: Tensor) -> Tensor:
    mask = ids != vocab.PAD
    states = encoder.bert(ids, mask)
    return F.normalize((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)


def encoder_examples(
    run: Run, name: str, lang: str, make: Callable, count: int,
    lines: Callable[[], dict] = dict,
) -> list[Ragged]:
    """`lines` gives the open texts that `make` draws from; they are read only when rows are built."""
    seed = run.seed(name) + run.config.languages.index(lang)
    return run.examples(f"{name}-{lang}", lambda: examples.build(
        partial(make, lang=lang, **lines()), count, seed, run.context))


def joined(parts: list[list[Ragged]]) -> list[Ragged]:
    """Columns one after the other; a part without rows has no columns."""
    return [Ragged.joined(column) for column in zip(*filter(None, parts), strict=True)]


def sentences(run: Run) -> list[Ragged]:
    """Text of every language, one column; low-resource languages come twice as often."""
    config = run.config
    return joined([
        encoder_examples(
            run, "sentences", lang, examples.encoder_sentence,
            config.encoder_sentences_per_language * (2 if lang in config.low_resource else 1),
            lambda lang=lang: {"lines": open_texts(run, lang)})
        for lang in config.languages
    ])


def pairs(run: Run) -> list[Ragged]:
    """English and a high-resource language, two columns."""
    config = run.config

    def lines(lang: str) -> list[tuple[str, str]]:
        return [
            (a, b)
            for english, foreign in (texts.parallel(run.data, lang) if run.data else [])
            for a in examples.slotted([english], config)
            for b in examples.slotted([foreign], config)
        ]

    return joined([
        encoder_examples(run, "pairs", lang, examples.encoder_pair,
                         config.encoder_pairs_per_language,
                         lambda lang=lang: {"pairs": lines(lang)})
        for lang in config.high_resource if lang != "en"
    ])


def anchors(run: Run) -> list[Ragged]:
    """Code-switched text, and what its words are for the LLM."""
    return run.examples("anchors", lambda: examples.build(
        anchored_example, run.config.anchor_examples, run.seed("anchors"), run.context))


ENCODER_TURNS = ("anchors", "sentences", "anchors", "pairs", "anchors", "ranking")


def train_encoder(run: Run, llm: LlamaForCausalLM) -> tuple[BertForMaskedLM, Alignment]:
    """Anchors from lexicons; masked words on sentences and translation pairs, ranking on the pairs.

    Steps take turns over the kinds of batches. The alignment is the one that the anchors were learned with.
    """
    torch.manual_seed(run.seed("encoder"))
    encoder = new_encoder(run)
    alignment = new_alignment(run, llm, encoder)
    both = nn.ModuleList([encoder, alignment])
    stage, seed = run.config.encoder, run.seed("encoder")

    def lessons() -> Lessons:
        columns = {"anchors": anchors(run), "sentences": sentences(run), "pairs": pairs(run)}
        columns["ranking"] = columns["pairs"]
        losses = {kind: partial(masked_loss, run, encoder, column) for kind, column in columns.items()}
        losses["anchors"] = anchor_loss(encoder, alignment, llm, columns["anchors"])
        losses["ranking"] = partial(ranking_loss, run, encoder, columns["ranking"])
        streams = {
            kind: token_batches(
                column[0].lengths if kind == "anchors" else sum(c.lengths for c in column),
                stage.batch_tokens, seed + number)
            for number, (kind, column) in enumerate(columns.items())
        }

        return by_turns(ENCODER_TURNS, {kind: (streams[kind], losses[kind]) for kind in columns})

    run_stage("encoder", stage, both, list(both.parameters()), lessons, run.folder, run.device)
    return encoder, alignment


def masked_loss(
    run: Run, encoder: BertForMaskedLM, columns: list[Ragged], rows: np.ndarray
) -> Tensor:
    ids = torch.from_numpy(joined_rows(columns, rows)).to(run.device)
    corrupted, labels = masked(ids, encoder.config.vocab_size, vocab.MASK + 1)
    return encoder.masked_loss(encoder.bert(corrupted, ids != vocab.PAD), labels)


def ranking_loss(
    run: Run, encoder: BertForMaskedLM, columns: list[Ragged], rows: np.ndarray
) -> Tensor:
    """Which of the batch's sentences is the translation, both ways."""
    a, b = (mean_pooled(encoder, torch.from_numpy(c.padded(rows, vocab.PAD)).to(run.device))
            for c in columns)
    scores = (a @ b.T).float() / RANKING_TEMPERATURE
    same = torch.arange(len(rows), device=run.device)
    return (F.cross_entropy(scores, same) + F.cross_entropy(scores.T, same)) / 2


def joined_rows(columns: list[Ragged], rows: np.ndarray) -> np.ndarray:
    """Ids [B, S] of `<s> a </s>`, or of `<s> a </s> b </s>` for translation language modelling."""
    if len(columns) == 1:
        return columns[0].padded(rows, vocab.PAD)
    first, second = columns
    pairs = [[*first.ids[first.offsets[r] : first.offsets[r + 1]],
              *second.ids[second.offsets[r] + 1 : second.offsets[r + 1]]] for r in rows]
    return Ragged.of(pairs).padded(np.arange(len(rows)), vocab.PAD)
