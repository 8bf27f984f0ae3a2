"""Trains the two tokenizers: BPE with byte fallback, lower case, digits one by one.

In: an iterator of texts. Out: a `tokenizers.Tokenizer` whose JSON transformers.js loads as it is
(docs/bundle-format.md, "Tokenizers"). Slots are added tokens, so a numeral is one position.
"""

import json
from collections.abc import Iterable

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

CONTROL = ["<s>", "<pad>", "</s>", "<unk>"]
BOS, PAD, EOS, UNK = range(4)
MASK = 4  # encoder only
END = 4  # LLM only
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def encoder_specials(question_slots: int) -> list[str]:
    return [*CONTROL, "<mask>", *(f"<n{i}>" for i in range(question_slots))]


def llm_specials(question_slots: int, result_slots: int) -> list[str]:
    return [
        *CONTROL, "<|end|>", "<<", ">>", "####",
        *(f"<n{i}>" for i in range(question_slots)),
        *(f"<r{i}>" for i in range(result_slots)),
    ]


def train_bpe(texts: Iterable[str], size: int, specials: list[str]) -> Tokenizer:
    """Trains BPE pieces and puts specials first, then the 256 bytes, then the pieces."""
    draft = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True))
    # "İ" keeps its dot as a sign of its own in lower case; Turkish text has "i".
    draft.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace("i\u0307", "i")])
    draft.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=True),
        pre_tokenizers.Split(Regex(r"\p{P}|\p{S}(?<!▁)"), behavior="isolated"),
        pre_tokenizers.Digits(individual_digits=True),
    ])
    trainer = trainers.BpeTrainer(
        vocab_size=size - len(specials) - len(BYTES), show_progress=False, min_frequency=2,
        limit_alphabet=3000,
    )
    slots = [token for token in specials if token not in CONTROL]
    draft.add_special_tokens([AddedToken(token, normalized=False) for token in slots])
    draft.train_from_iterator(texts, trainer)

    state = json.loads(draft.to_str())
    added = {token["content"] for token in state["added_tokens"]}
    learned = sorted(
        (piece for piece in state["model"]["vocab"] if piece not in added),
        key=state["model"]["vocab"].get,
    )
    pieces = [*specials, *BYTES, *learned]
    state["model"]["vocab"] = {piece: index for index, piece in enumerate(pieces)}
    state["added_tokens"] = [
        {"id": index, "content": token, "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": token in CONTROL or token == "<mask>"}
        for index, token in enumerate(specials)
    ]
    state["decoder"] = json.loads(_decoder_json())
    tokenizer = Tokenizer.from_str(json.dumps(state))
    return tokenizer


def _decoder_json() -> str:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
        decoders.Strip(content=" ", left=1),
    ])
    return json.dumps(json.loads(tokenizer.to_str())["decoder"])


def train_encoder_tokenizer(texts: Iterable[str], size: int, question_slots: int) -> Tokenizer:
    tokenizer = train_bpe(texts, size, encoder_specials(question_slots))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", BOS), ("</s>", EOS)]
    )
    return tokenizer


def train_llm_tokenizer(
    texts: Iterable[str], size: int, question_slots: int, result_slots: int
) -> Tokenizer:
    return train_bpe(texts, size, llm_specials(question_slots, result_slots))


def tokenizer_config(max_length: int) -> dict:
    """The `tokenizer_config.json` beside `tokenizer.json`."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>",
        "model_max_length": max_length, "clean_up_tokenization_spaces": False,
    }
