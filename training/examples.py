"""From problems and texts to token sequences, on all CPU cores.

Three kinds of data, each some `Ragged` columns with parallel rows:
- LLM: `prompt` (what is read, BOS first) and `target` (what is to be written, EOS last)
- encoder: single sentences, and pairs of sentences in two languages
- bridge: `source` (encoder ids), `prompt` (the instruction) and `target`

Everything is a function of the seed.
"""

import os
import random
import re
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from tokenizers import Tokenizer

import corpus
import everyday
import open_problems
import texts
import vocabularies as vocab
from config import END, LANGUAGE_NAMES, MAX_ENCODER_TOKENS, SOLVE, TRANSLATE, Config
from corpus.lexicon import Lexicon, code_switch, gloss, load_lexicon
from open_problems.translated import translated_problems
from ragged import Ragged
from slots import renumber, slot_text

CHUNK = 1000
HALF = MAX_ENCODER_TOKENS // 2  # of a pair that shares the encoder's positions
REASONING_SEEDS = 5_000_000
PRACTICE_SEEDS = 6_000_000
GLOSS_SEEDS = 7_000_000
LANGUAGE_SEEDS = 100_000_000
NUMBER_AND_NOUN = re.compile(r"(?<![$€£¥₹])(<n\d+>|how many) ([^\W\d_]+)")
ARTICLES = re.compile(r"\b(?:a|an|the)\s+", re.IGNORECASE)


# --- noise -----------------------------------------------------------------------------------


def shuffle_words(text: str, rng: random.Random, reach: float = 3.0) -> str:
    """Moves each word by up to `reach` places: what foreign word order looks like to the LLM."""
    words = text.split()
    order = sorted(range(len(words)), key=lambda i: i + rng.uniform(0, reach))
    return " ".join(words[i] for i in order)


def noisy(text: str, rng: random.Random, rate: float = 0.2) -> str:
    """Foreign word order in some texts, articles dropped in some: each in this share of them."""
    if rng.random() < rate:
        text = NUMBER_AND_NOUN.sub(r"\2 \1", text)
    if rng.random() < rate:
        text = ". ".join(shuffle_words(part, rng) for part in text.split(". "))
    if rng.random() < rate:
        text = ARTICLES.sub("", text)
    return text


def drop_words(text: str, rng: random.Random, rate: float) -> str:
    """Leaves out this share of the words that are neither names, slots nor at a sign."""
    return " ".join(word for word in text.split()
                    if not (word.isalpha() and word.islower()) or rng.random() >= rate)


# --- workers ---------------------------------------------------------------------------------


class Tools:
    """What a worker process needs: tokenizers (with and without BPE dropout), lexicons, texts."""

    def __init__(self, config: Config, run: Path, data: Path | None):
        self.config = config
        self.llm = Tokenizer.from_file(str(run / "llm-tokenizer.json"))
        self.encoder = Tokenizer.from_file(str(run / "encoder-tokenizer.json"))
        self.llm_dropout = Tokenizer.from_file(str(run / "llm-tokenizer.json"))
        self.llm_dropout.model.dropout = 0.1
        self.encoder_dropout = Tokenizer.from_file(str(run / "encoder-tokenizer.json"))
        self.encoder_dropout.model.dropout = 0.1
        self.lexicons: dict[str, Lexicon] = {
            lang: load_lexicon(lang, config.lexicon_share) for lang in config.languages if lang != "en"
        }
        for lang in config.high_resource:
            everyday.problems(lang)  # kept from here on, for the workers too
        self.english: list[str] = []
        self.open_problems: list[list[open_problems.OpenProblem]] = []
        self.translated: dict[str, list[open_problems.OpenProblem]] = {}
        if data is not None and config.open_share + config.bridge_open_share > 0:
            self.open_problems = open_problems.training_problems(data)
            self.translated = {
                lang: translated_problems(data, lang) for lang in config.high_resource if lang != "en"
            }
        if data is not None:
            self.english = slotted(texts.monolingual(data, "en"), config)
        self.words = sorted({word for text in self.english for word in text.split()}) or ["word"]

    def llm_ids(self, text: str) -> list[int]:
        return self.llm.encode(text, add_special_tokens=False).ids

    def solve_prompt(self) -> list[int]:
        return self.llm_ids(SOLVE)

    def translate_prompt(self, lang: str) -> list[int]:
        return self.llm_ids(TRANSLATE.format(language=LANGUAGE_NAMES[lang]))

    def target(self, text: str) -> list[int]:
        return [*self.llm_ids(text), vocab.EOS]


def slotted(lines: Sequence[str], config: Config) -> list[str]:
    """Texts with slots for numerals, those with too many or too long left out."""
    found = (slot_text(line, config.question_slots) for line in lines if len(line) < 600)
    return [line for line in found if line]


Part = TypeVar("Part")
_tools: Tools


def rows_on_all_cores(
    work: Callable[[Part], list[tuple]], parts: Sequence[Part]
) -> list[Ragged]:
    """Columns of the rows that `work` makes of every part.

    Workers are forks: what this process has read they find in memory. A row is a tuple of token lists.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # tokenizers warns of forks otherwise
    with get_context("fork").Pool(os.cpu_count()) as pool:
        columns = pool.map(partial(_columns, work), parts, chunksize=1)
    return [Ragged.joined(column) for column in zip(*filter(None, columns), strict=True)]


def _columns(work: Callable[[Part], list[tuple]], part: Part) -> list[Ragged]:
    # Joined in the worker: arrays travel between processes faster than lists of lists.
    return [Ragged.of(column) for column in zip(*work(part), strict=True)]


def _run_chunk(
    make: Callable[[Tools, random.Random, int], tuple | None], chunk: tuple[int, int, int]
) -> list[tuple]:
    seed, start, end = chunk
    rows = [make(_tools, random.Random(seed * 1_000_003 + i), i) for i in range(start, end)]
    return [row for row in rows if row]


def build(
    make: Callable[[Tools, random.Random, int], tuple | None],
    count: int,
    seed: int,
    context: tuple[Config, Path, Path | None],
) -> list[Ragged]:
    """Calls `make(tools, rng, index)` for every index on all cores; columns of its rows.

    A row is a tuple of token lists, or None to leave the index out.
    """
    global _tools
    _tools = Tools(*context)
    chunks = [(seed, start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
    return rows_on_all_cores(partial(_run_chunk, make), chunks)


# --- LLM -------------------------------------------------------------------------------------


def llm_row(
    tools: Tools, rng: random.Random, question: str, instruction: list[int], target: str
) -> tuple[list[int], list[int]]:
    tokenizer = tools.llm_dropout if rng.random() < 0.15 else tools.llm
    read = tokenizer.encode(f"{question}{END}", add_special_tokens=False).ids
    return [vocab.BOS, *read, *instruction], tools.target(target)


def reasoning_example(tools: Tools, rng: random.Random, index: int) -> tuple[list[int], list[int]]:
    """An English problem to solve: generated, written by hand, or of the open sets."""
    config = tools.config
    problem = english_problem(
        tools, rng, REASONING_SEEDS + index, config.everyday_share, config.open_share)
    return solved(tools, rng, problem)


def practice_example(tools: Tools, rng: random.Random, index: int) -> tuple[list[int], list[int]]:
    """The same with more of those written by hand, other instances."""
    config = tools.config
    problem = english_problem(
        tools, rng, PRACTICE_SEEDS + index, config.practice_everyday_share, config.open_share)
    return solved(tools, rng, problem)


def english_problem(
    tools: Tools, rng: random.Random, seed: int, everyday_share: float, open_share: float
) -> corpus.Problem:
    """A generated problem, one written by hand, or one of the open sets."""
    dice = rng.random()
    if tools.open_problems and dice < open_share:
        return open_problems.draw(tools.open_problems, rng)
    if dice > 1 - everyday_share:
        return everyday.draw("en", rng)
    return corpus.generate("en", seed)


def bridge_problem(tools: Tools, rng: random.Random, seed: int) -> corpus.Problem:
    """An English problem for the bridge."""
    config = tools.config
    return english_problem(tools, rng, seed, config.bridge_everyday_share, config.bridge_open_share)


def high_resource_problem(tools: Tools, rng: random.Random, seed: int) -> corpus.Problem:
    """A problem in a high-resource language: generated, written by hand, or a published translation."""
    lang = rng.choice([lang for lang in tools.config.high_resource if lang != "en"])
    translated = tools.translated.get(lang)
    dice = rng.random()
    if translated and dice < tools.config.bridge_open_share:
        return rng.choice(translated)
    if dice > 1 - tools.config.bridge_everyday_share and everyday.problems(lang):
        return everyday.draw(lang, rng)
    return corpus.generate(lang, seed)


def solved(
    tools: Tools, rng: random.Random, problem: corpus.Problem
) -> tuple[list[int], list[int]]:
    # Half as noisy as what the bridge brings: an LLM this small has enough to do with clean text.
    question, solution = renumber(noisy(problem.question, rng, 0.1), problem.solution)
    return llm_row(tools, rng, question, tools.solve_prompt(), solution)


def llm_example(tools: Tools, rng: random.Random, index: int) -> tuple[list[int], list[int]]:
    """English only: solve a generated problem (nine in ten), or write a text again as clean English."""
    if rng.random() < 0.9:
        return solved(tools, rng, corpus.generate("en", index))
    clean = english_text(tools, rng, index)
    question, clean = renumber(noisy(clean, rng) if rng.random() < 0.5 else clean, clean)
    return llm_row(tools, rng, question, tools.translate_prompt(rng.choice(list(LANGUAGE_NAMES))), clean)


def glossed_example(
    tools: Tools, rng: random.Random, index: int
) -> tuple[list[int], list[int]]:
    """An English problem as a gloss from a low-resource language would read, to solve.

    Its words go through the lexicon and back by first senses, out of order and with some left out: the
    noise of unsupervised translation (arXiv 1711.00043) made of a lexicon.
    """
    problem = bridge_problem(tools, rng, GLOSS_SEEDS + index)
    lexicon = tools.lexicons[rng.choice(tools.config.low_resource)]
    text = noisy(problem.question, rng, 0.6)
    if rng.random() < 0.5:
        text = drop_words(text, rng, 0.08)
    text = gloss(code_switch(text, lexicon, rng.uniform(0.7, 1.0), rng), lexicon)
    question, solution = renumber(text, problem.solution)
    return llm_row(tools, rng, question, tools.solve_prompt(), solution)


def english_text(tools: Tools, rng: random.Random, index: int) -> str:
    """Something to repeat: a generated problem, an open text, or a row of unrelated words."""
    kind = rng.random()
    if tools.english and kind < 0.3:
        return rng.choice(tools.english)[:150]
    if kind < 0.45:
        return " ".join(rng.choice(tools.words) for _ in range(rng.randint(3, 20)))
    return corpus.generate("en", index).question


# --- encoder ---------------------------------------------------------------------------------


def encoder_sentence(
    tools: Tools, rng: random.Random, index: int, *, lang: str, lines: list[str]
) -> tuple[list[int]]:
    """One sentence of `lang`: a problem, or an open text now and then."""
    dice = rng.random()
    text = rng.choice(lines) if lines and dice < 0.15 else real_text(tools, rng, lang, index)
    tokenizer = tools.encoder_dropout if rng.random() < 0.3 else tools.encoder
    return (tokenizer.encode(text).ids[:MAX_ENCODER_TOKENS],)


def real_text(tools: Tools, rng: random.Random, lang: str, index: int) -> str:
    """A generated problem of `lang`, every fourth time one written by hand.

    A seed is a story, so every language has seeds of its own: nothing here is parallel, not even unseen.
    """
    written = everyday.monolingual(lang, tools.config.question_slots)
    if written and rng.random() < 0.25:
        return rng.choice(written)
    seed = index + LANGUAGE_SEEDS * (1 + tools.config.languages.index(lang))
    return corpus.generate(lang, seed).question


def encoder_pair(
    tools: Tools, rng: random.Random, index: int, *, lang: str, pairs: list[tuple[str, str]]
) -> tuple[list[int], list[int]]:
    """The same content in English and in `lang`."""
    if pairs and rng.random() < 0.15:
        english, foreign = rng.choice(pairs)
    else:
        story = corpus.generate_parallel(("en", lang), index)
        english, foreign = story["en"].question, story[lang].question
    return tools.encoder.encode(english).ids[:HALF], tools.encoder.encode(foreign).ids[:HALF]


# --- bridge ----------------------------------------------------------------------------------

# Seeds of the bridge's problems lie beyond those that pre-training has seen.
BRIDGE_SEEDS = 10_000_000


def source_ids(tools: Tools, text: str, rng: random.Random) -> list[int]:
    tokenizer = tools.encoder_dropout if rng.random() < 0.2 else tools.encoder
    return tokenizer.encode(text).ids[:MAX_ENCODER_TOKENS]


def solve_row(tools: Tools, rng: random.Random, question: str, solution: str) -> tuple:
    return source_ids(tools, question, rng), tools.solve_prompt(), tools.target(solution)


def tuning_example(tools: Tools, rng: random.Random, index: int) -> tuple:
    """For the encoder, through the LLM: English, real high-resource questions, code-switched ones."""
    return mixed_example(tools, rng, BRIDGE_SEEDS * 4 + index, english=0.25, real=0.4)


def self_training_example(tools: Tools, rng: random.Random, index: int) -> tuple:
    """The same mix as for tuning, other problems: what goes beside the self-trained rows."""
    return mixed_example(tools, rng, BRIDGE_SEEDS * 5 + index, english=0.25, real=0.4)


def broadening_example(tools: Tools, rng: random.Random, index: int) -> tuple:
    """The same mix with more code-switched problems, other ones again."""
    return mixed_example(tools, rng, BRIDGE_SEEDS * 8 + index, english=0.2, real=0.3)


def langbridge_example(tools: Tools, rng: random.Random, index: int) -> tuple:
    """English questions, English solutions: all that LangBridge sees."""
    problem = bridge_problem(tools, rng, BRIDGE_SEEDS + index)
    return solve_row(tools, rng, problem.question, problem.solution)


def switched_language(tools: Tools, rng: random.Random) -> str:
    """Low-resource languages come up twice as often as the others, which real text teaches too."""
    config = tools.config
    high = [lang for lang in config.high_resource if lang != "en"]
    return rng.choice(high + 2 * list(config.low_resource))


def stage1_example(tools: Tools, rng: random.Random, index: int) -> tuple:
    """LinguaLIFT stage 1: code-switched sentence -> its solution.

    The paper's target is the English sentence. An LLM this small can write none of that length (loss 3
    where solutions have 0.1), and a problem's solution carries its meaning too. A quarter is plain English
    (replay); otherwise words are replaced at a ratio from 0.3 to 1.
    """
    problem = bridge_problem(tools, rng, BRIDGE_SEEDS * 2 + index)
    if rng.random() < 0.25:
        return solve_row(tools, rng, problem.question, problem.solution)
    lang = switched_language(tools, rng)
    switched = code_switch(problem.question, tools.lexicons[lang], rng.uniform(0.3, 1.0), rng)
    return solve_row(tools, rng, *renumber(noisy(switched, rng), problem.solution))


def stage2_example(tools: Tools, rng: random.Random, index: int) -> tuple:
    """Reasoning data for the LLM's adapter."""
    return mixed_example(tools, rng, BRIDGE_SEEDS * 3 + index, english=0.35, real=0.3)


def mixed_example(
    tools: Tools, rng: random.Random, seed: int, english: float, real: float
) -> tuple:
    """A problem to solve: in English, in a high-resource language, else in code-switched English."""
    kind = rng.random()
    if kind < english + real:
        draw = bridge_problem if kind < english else high_resource_problem
        problem = draw(tools, rng, seed)
        return solve_row(tools, rng, problem.question, problem.solution)
    problem = bridge_problem(tools, rng, seed)
    lexicon = tools.lexicons[switched_language(tools, rng)]
    switched = noisy(code_switch(problem.question, lexicon, rng.uniform(0.5, 1.0), rng), rng)
    return solve_row(tools, rng, *renumber(switched, problem.solution))
