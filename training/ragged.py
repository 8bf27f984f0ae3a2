"""Token sequences of unequal length in two flat arrays, and batches of them by padded size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass
class Ragged:
    """Row i is `ids[offsets[i]:offsets[i + 1]]`."""

    ids: np.ndarray  # uint16
    offsets: np.ndarray  # int64, rows + 1

    @staticmethod
    def of(rows: Sequence[Sequence[int]]) -> "Ragged":
        lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
        ids = np.fromiter((token for row in rows for token in row), np.uint16, int(lengths.sum()))
        return Ragged(ids, np.concatenate([[0], np.cumsum(lengths)]))

    @staticmethod
    def joined(parts: Sequence["Ragged"]) -> "Ragged":
        lengths = np.concatenate([part.lengths for part in parts])
        return Ragged(
            np.concatenate([part.ids for part in parts]), np.concatenate([[0], np.cumsum(lengths)])
        )

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def padded(self, rows: np.ndarray, value: int) -> np.ndarray:
        """The rows as an int64 matrix [len(rows), longest], filled up with `value` on the right."""
        starts, lengths = self.offsets[rows], self.offsets[rows + 1] - self.offsets[rows]
        columns = np.arange(lengths.max(initial=0))
        inside = columns < lengths[:, None]
        source = np.where(inside, starts[:, None] + columns, 0)
        return np.where(inside, self.ids[source].astype(np.int64), value)


def token_batches(lengths: np.ndarray, batch_tokens: int, seed: int) -> Iterator[np.ndarray]:
    """Endless batches of row numbers whose padded size stays within `batch_tokens`.

    Rows of like length share a batch (sorted within windows of the shuffled epoch), so little is
    padding. The order depends on `seed` alone: a resumed run skips the batches it has seen.
    """
    rng = np.random.default_rng(seed)
    window = 64 * max(1, batch_tokens // max(1, int(lengths.mean())))
    while True:
        order = rng.permutation(len(lengths))
        batches = []
        for start in range(0, len(order), window):
            rows = order[start : start + window]
            rows = rows[np.argsort(lengths[rows], kind="stable")]
            begin = 0
            for end in range(1, len(rows) + 1):
                full = end == len(rows) or (end + 1 - begin) * lengths[rows[end]] > batch_tokens
                if full:
                    batches.append(rows[begin:end])
                    begin = end
        for index in rng.permutation(len(batches)):
            yield batches[index]
