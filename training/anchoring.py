"""Anchors: the encoder's first lesson, from nothing but lexicons and the LLM's embedding table.

A text has most of its words replaced through a lexicon; where a word ends, the aligned hidden state has to
be the LLM's embedding of the English word (the mean, for one of several tokens). That is the linear map
between word vectors of arXiv 1309.4168 with an encoder in its place. Numbers and signs anchor to
themselves. Masked words alone leave an encoder of this size at the unigram distribution for thousands of
steps when twenty languages share it; anchored, it reads words within two hundred, and the LLM's own loss
has something to begin with.
"""

import random
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

import vocabularies as vocab
from config import MAX_ENCODER_TOKENS
from corpus.lexicon import UNSPACED, glossed_tokens, is_word, switched_pieces
from examples import BRIDGE_SEEDS, Tools, bridge_problem, real_text, switched_language
from models import Alignment, BertForMaskedLM, LlamaForCausalLM
from ragged import Ragged

MAX_WORD_TOKENS = 4  # of the LLM; longer words anchor nothing
ENGLISH_SHARE, WORDS_SHARE, WORDS = 0.3, 0.3, 12
CODE_SWITCHED_SHARE = 0.3  # beside real texts


Row = tuple[list[int], list[int], list[int]]


def anchored_example(tools: Tools, rng: random.Random, index: int) -> Row:
    """Code-switched English, or a row of words: encoder ids, places of the anchors among them, and
    MAX_WORD_TOKENS LLM ids (PAD-filled) for each."""
    lexicon = tools.lexicons[switched_language(tools, rng)]
    if rng.random() < WORDS_SHARE:
        text = " ".join(rng.choice(lexicon.headwords) for _ in range(WORDS))
    else:
        text = bridge_problem(tools, rng, BRIDGE_SEEDS * 7 + index).question
    ratio = 0.0 if rng.random() < ENGLISH_SHARE else rng.uniform(0.6, 1.0)
    return anchored(tools, *joined_pieces(switched_pieces(text, lexicon, ratio, rng)))


def glossed_anchors(tools: Tools, rng: random.Random, index: int) -> Row:
    """A real text of any language with the first sense of its words, or code-switched English."""
    if rng.random() < CODE_SWITCHED_SHARE:
        return anchored_example(tools, rng, index)
    lang = switched_language(tools, rng)
    text, spans = "", []
    for words in glossed_tokens(real_text(tools, rng, lang, index), tools.lexicons[lang]):
        for word, english in words:
            start, text = len(text), text + word
            known = english.strip() if english is not None else "" if is_word(word) else word.strip()
            if known:
                spans.append((start, len(text), known))
    return anchored(tools, text, spans)


def anchored(tools: Tools, text: str, spans: list[tuple[int, int, str]]) -> Row:
    """Every token of a span (start, end, English) is anchored to the English."""
    encoding = tools.encoder.encode(text)
    english_at = {at: english for start, end, english in spans for at in range(start, end)}
    places, targets = [], []
    for place, (start, end) in enumerate(encoding.offsets[:MAX_ENCODER_TOKENS]):
        english = english_at.get(end - 1) if end > start else None
        ids = tools.llm_ids(english.lower() if is_word(english) else english) if english else []
        if 0 < len(ids) <= MAX_WORD_TOKENS:
            places.append(place)
            targets += [*ids, *[vocab.PAD] * (MAX_WORD_TOKENS - len(ids))]
    return encoding.ids[:MAX_ENCODER_TOKENS], places, targets


def joined_pieces(pieces: list[tuple[str, str]]) -> tuple[str, list[tuple[int, int, str]]]:
    """The text of pieces (foreign, English), and where each that is no space lies, with its English."""
    text, spans = "", []
    for index, (theirs, english) in enumerate(pieces):
        if theirs != " ":
            start, text = len(text), text + theirs
            spans.append((start, len(text), english))
        elif not (text and index + 1 < len(pieces)
                  and UNSPACED.match(text[-1]) and UNSPACED.match(pieces[index + 1][0])):
            text += theirs
    return text, spans


def anchor_loss(
    encoder: BertForMaskedLM, alignment: Alignment, llm: LlamaForCausalLM, columns: list[Ragged]
) -> Callable[[np.ndarray], Tensor]:
    """Squared distance from the anchors, in units of the embedding table's mean square, by rows."""
    source, places, targets = columns
    table = llm.model.embed_tokens.weight.detach()
    scale = table.square().mean()

    def loss(rows: np.ndarray) -> Tensor:
        ids = torch.from_numpy(source.padded(rows, vocab.PAD)).to(table.device)
        aligned = alignment.soft_prompt(encoder.bert, ids, ids != vocab.PAD).float()
        row = np.repeat(np.arange(len(rows)), places.lengths[rows])
        words = torch.from_numpy(flat(targets, rows)).to(table.device).view(-1, MAX_WORD_TOKENS)
        there = (words != vocab.PAD)[..., None]
        wanted = (table[words] * there).sum(1) / there.sum(1)
        return (aligned[row, flat(places, rows)] - wanted).square().mean() / scale

    return loss


def flat(column: Ragged, rows: np.ndarray) -> np.ndarray:
    """All numbers of the rows, one after the other."""
    return np.concatenate(
        [column.ids[column.offsets[row] : column.offsets[row + 1]] for row in rows]
    ).astype(np.int64)
