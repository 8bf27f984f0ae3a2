"""What must not be trained on: the built-in problems, and what the test sets ask."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from zlib import crc32

from .questions import NUMBER_NAMES

BUILT_IN = Path(__file__).parents[2] / "public" / "problems"
SHINGLE = 4  # words of a run that two near-duplicates share
HELD_OUT = 20  # one in so many problems is never trained on
NEAR = 0.5  # share of a text's runs that makes it a near-duplicate


def normalized(text: str) -> str:
    """The words of a text without numbers, in lower case: what makes two problems the same."""
    words = re.findall(r"[a-z]+", re.sub(r"<n\d+>| ?'", "", text.lower()))
    return " ".join(word for word in words if word not in NUMBER_NAMES)


def is_held_out(text: str) -> bool:
    """Whether a problem is in the part that is never trained on.

    The choice hangs on its letters alone, so that it is the same with other numbers, with slots, and
    in another set's spelling.
    """
    return crc32(normalized(text).replace(" ", "").encode()) % HELD_OUT == 0


def shingles(text: str) -> set[str]:
    """Runs of words of a text."""
    words = normalized(text).split()
    return {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


class Guard:
    """Texts that must not be trained on: the built-in problems and whatever is near them, and the
    test sets under `root` (compared with, never learned from)."""

    def __init__(self, root: Path | None) -> None:
        self.near = [shingles(text) for text in _questions_of(BUILT_IN.glob("*.jsonl"))]
        self.same = set(map(normalized, _test_questions(root))) if root else set()

    def blocks(self, text: str) -> bool:
        """Whether the text is one of them, or nearly."""
        if normalized(text) in self.same:
            return True
        own = shingles(text)
        return any(len(own & other) >= NEAR * min(len(own), len(other)) for other in self.near)


def _questions_of(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            item = json.loads(line)
            yield item.get("question") or item.get("m_query") or ""


def _test_questions(root: Path) -> Iterator[str]:
    yield from _questions_of(root.glob("msvamp/msvamp_en.jsonl"))
    yield from _questions_of(root.glob("gsm8k/test.jsonl"))
    for path in root.glob("mgsm/mgsm_en.tsv"):
        yield from (line.partition("\t")[0] for line in path.read_text("utf-8").splitlines())
    for path in root.glob("svamp/SVAMP.json"):
        for item in json.loads(path.read_text("utf-8")):
            yield f"{item['Body']} {item['Question']}"
