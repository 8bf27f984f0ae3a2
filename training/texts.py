"""Open training texts beside the generated problems: what each is and how it is read.

`root` is a folder laid out as docs/model-card.md says (data, sources, licences). Only training
parts are read here; nothing of MGSM, MSVAMP, Tatoeba or another test set.
"""

import gzip
import json
from pathlib import Path
from xml.etree import ElementTree

from open_problems import is_held_out

NTREX_CODES = {
    "en": "src.eng", "es": "ref.spa", "fr": "ref.fra", "de": "ref.deu", "pt": "ref.por-BR",
    "ru": "ref.rus", "zh": "ref.zho-CN", "ja": "ref.jpn", "ko": "ref.kor", "th": "ref.tha",
    "vi": "ref.vie", "id": "ref.ind", "hi": "ref.hin", "bn": "ref.ben", "te": "ref.tel",
    "ar": "ref.arb", "tr": "ref.tur", "sw": "ref.swa", "yo": "ref.yor", "am": "ref.amh",
}
MULTIMWP_NAMES = {"zh": "Chinese", "hi": "Hindi"}


def read_lines(path: Path) -> list[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file]


def ntrex(root: Path, lang: str) -> list[str]:
    """News sentences, line-parallel over languages (NTREX-128, CC BY-SA 4.0)."""
    return read_lines(root / "ntrex128" / f"newstest2019-{NTREX_CODES[lang]}.txt.gz")


def translated_gsm8k(root: Path, lang: str) -> tuple[list[str], list[str]]:
    """GSM8K training questions in `lang` and the English lines beside them (MIT), without held-out ones."""
    folder = root / "mgsm8kinstruct_questions"
    if not (folder / f"{lang}-en.train.{lang}.gz").exists():
        return [], []
    lines = zip(
        read_lines(folder / f"{lang}-en.train.{lang}.gz"),
        read_lines(folder / f"{lang}-en.train.en.gz"),
        strict=True,
    )
    kept = [pair for pair in lines if not is_held_out(pair[1])]
    return [foreign for foreign, _ in kept], [english for _, english in kept]


def english_problems(root: Path) -> list[str]:
    """Questions of GSM8K train, ASDiv, MAWPS, without those that are held out."""
    questions = [
        json.loads(line)["question"] for line in read_lines(root / "gsm8k" / "train.jsonl")
    ]
    for problem in ElementTree.parse(root / "asdiv" / "ASDiv.xml").iter("Problem"):
        body, question = problem.findtext("Body") or "", problem.findtext("Question") or ""
        questions.append(f"{body} {question}".strip())
    for name in ("AddSub", "MultiArith", "SingleEq"):
        problems = json.loads((root / "mawps_family" / f"{name}.json").read_text("utf-8"))
        questions += [problem["sQuestion"] for problem in problems]
    return [" ".join(question.split()) for question in questions if not is_held_out(question)]


def multimwp(root: Path, lang: str) -> list[str]:
    """Short word problems (MultiMWP, MIT). Line-parallel with English, used as text of one language."""
    name = MULTIMWP_NAMES.get(lang)
    return [
        line
        for kind in ("Simple", "Algebraic")
        for line in (read_lines(root / "multimwp" / f"{kind}-{name}.txt.gz") if name else [])
    ]


def monolingual(root: Path, lang: str) -> list[str]:
    """Every open text in one language, for tokenizers and masked-language modelling."""
    texts = ntrex(root, lang) + translated_gsm8k(root, lang)[0] + multimwp(root, lang)
    return texts + english_problems(root) if lang == "en" else texts


def parallel(root: Path, lang: str) -> list[tuple[str, str]]:
    """(English, `lang`) pairs. For high-resource languages only."""
    translated, english = translated_gsm8k(root, lang)
    pairs = list(zip(ntrex(root, "en"), ntrex(root, lang), strict=True))
    return [pair for pair in pairs + list(zip(english, translated, strict=True)) if all(pair)]
