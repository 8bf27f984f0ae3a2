"""Beside each encoder state the spelling of its word: the mean of the token embeddings of the word it is in.

The encoder makes little of a word that it has hardly seen; the pieces that it is written with tell it
apart. The rule, piece by piece, is that of docs/bundle-format.md, "Alignments" (`states+words`).
"""

import re
import unicodedata
from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from corpus.lexicon import UNSPACED

BYTE = re.compile(r"<0x[0-9A-F]{2}>")
NORM_EPS = 1e-6


class WordPieces(nn.Module):
    """Which tokens begin a word, told from the pieces of a BPE vocabulary with `▁` for spaces."""

    def __init__(self, pieces: Iterable[tuple[str, int]], added: set[int]):
        """`pieces`: each with its id; `added`: ids of control tokens and slots."""
        super().__init__()
        table = dict(sorted((number, piece) for piece, number in pieces))
        goes_on = [number not in added and goes_on_with_a_word(piece) for number, piece in table.items()]
        complete = [number in added or is_complete(piece) for number, piece in table.items()]
        self.register_buffer("goes_on", torch.tensor(goes_on), persistent=False)
        self.register_buffer("complete", torch.tensor(complete), persistent=False)

    def starts(self, ids: Tensor) -> Tensor:
        """[B, S] ids -> [B, S]: whether each token begins a word or is none."""
        before = self.complete[ids].roll(1, -1)
        before[..., 0] = self.complete[ids[..., 0]]
        return ~self.goes_on[ids] | before


def goes_on_with_a_word(piece: str) -> bool:
    """Letters, marks and bytes do; in a script without spaces a word would be the whole clause, so each piece is one."""
    return bool(BYTE.fullmatch(piece) or is_mark_or_letter(piece[0]) and not UNSPACED.match(piece))


def is_complete(piece: str) -> bool:
    """Whether nothing goes on with a piece: signs and numbers, and scripts without spaces."""
    return bool(UNSPACED.search(piece)) or not any(map(is_mark_or_letter, piece))


def is_mark_or_letter(char: str) -> bool:
    """Unicode's categories L and M, as `\\p{L}` and `\\p{M}` in the page."""
    return unicodedata.category(char)[0] in "LM"


def beside_words(states: Tensor, embeddings: Tensor, starts: Tensor) -> Tensor:
    """[B, S, D] twice -> [B, S, 2 D]: the states, then the words, each half at a root mean square of 1."""
    rows, length, width = states.shape
    starts = starts.clone()
    starts[:, 0] = True  # no word goes on from one row to the next
    word = starts.flatten().cumsum(0) - 1
    flat = embeddings.float().reshape(-1, width)
    sums = flat.new_zeros(int(word[-1]) + 1, width).index_add(0, word, flat)
    counts = torch.bincount(word)[:, None]
    words = (sums / counts)[word].view(rows, length, width)
    return torch.cat([F.rms_norm(half.float(), (width,), eps=NORM_EPS) for half in (states, words)], dim=-1)
