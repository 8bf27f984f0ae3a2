"""Writes a finished run in the folder shape of docs/bundle-format.md, with float weights.

`npm run bundle -- EXPORT_DIR OUT_DIR` makes the bundle that the page loads from it.
"""

import gzip
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

import vocabularies as vocab
from config import END, LANGUAGE_NAMES, MAX_ENCODER_TOKENS, OWN_NAMES, SOLVE, TRANSLATE, Config
from corpus import lexicon
from models import Alignment, BertForMaskedLM, LlamaForCausalLM, lora_state
from models.lora import TARGETS
from stages import Run

MAX_NEW_TOKENS = 160
DOWNLOADED = torch.float16  # alignments and adapter, which the page reads as they are


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


def write_tensors(
    path: Path, tensors: dict[str, Tensor], metadata: dict[str, str], dtype: torch.dtype = torch.float32
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: t.detach().to(dtype).cpu().contiguous() for name, t in tensors.items()},
              path, metadata)


def write_alignment(run: Run, out: Path, name: str, alignment: Alignment, stage: str) -> None:
    config = alignment.config
    budget = getattr(run.config, stage)
    write_tensors(out / "alignment" / f"{name}.safetensors", alignment.export_tensors(), {
        "format": "lingualift-alignment-1", "kind": config.kind, "inputs": "states+words",
        "encoder_dim": str(config.encoder_dim), "llm_dim": str(config.llm_dim),
        "hidden_dim": str(config.hidden_dim), "input_norm": "rms", "norm_eps": str(config.norm_eps),
        "encoder_id": "lingualift-encoder", "llm_id": "lingualift-llm", "stage": stage,
        "recipe": json.dumps({"steps": budget.steps, "batch_tokens": budget.batch_tokens,
                              "learning_rate": budget.learning_rate, "seed": run.seed(stage)}),
    }, DOWNLOADED)


def write_first_senses(lang: str, path: Path) -> None:
    """The lexicon with one English word for each foreign one, which is what a gloss needs, packed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    foreign = lexicon.load_lexicon(lang).foreign.items()
    text = "".join(f"{word}\t{senses[0]}\n" for word, senses in foreign)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def write_tokenizer(run: Run, folder: Path, part: str, max_length: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = json.loads((run.folder / f"{part}-tokenizer.json").read_text("utf-8"))
    compact = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(compact, "utf-8")
    write_json(folder / "tokenizer_config.json", vocab.tokenizer_config(max_length))


def write_adapter(out: Path, adapted: LlamaForCausalLM, config: Config) -> None:
    """LoRA factors in the two files of PEFT."""
    write_json(out / "adapter_config.json", {
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "lingualift-llm",
        "r": config.lora_rank, "lora_alpha": config.lora_alpha, "lora_dropout": 0.0,
        "bias": "none", "target_modules": list(TARGETS), "inference_mode": True,
    })
    write_tensors(out / "adapter_model.safetensors", lora_state(adapted), {"format": "pt"}, DOWNLOADED)


def export(
    run: Run, encoder: BertForMaskedLM, llm: LlamaForCausalLM, adapted: LlamaForCausalLM | None,
    langbridge: Alignment, stage1: Alignment,
) -> Path:
    """Writes `<run>/export` and returns it.

    `adapted` is the LLM with stage 2's LoRA branches; None: `lingualift` goes without.
    """
    out, config = run.folder / "export", run.config
    write_tokenizer(run, out / "encoder", "encoder", encoder.config.max_position_embeddings)
    write_json(out / "encoder/config.json", encoder.config.to_hugging_face(vocab.PAD))
    write_tensors(out / "encoder/model.safetensors", encoder.bert.state_dict(), {"format": "pt"})

    write_tokenizer(run, out / "llm", "llm", llm.config.max_position_embeddings)
    write_json(out / "llm/config.json", llm.config.to_hugging_face(vocab.BOS, vocab.EOS, vocab.PAD))
    write_json(out / "llm/generation_config.json", {
        "bos_token_id": vocab.BOS, "eos_token_id": vocab.EOS, "pad_token_id": vocab.PAD,
        "do_sample": False, "max_new_tokens": MAX_NEW_TOKENS,
    })
    write_tensors(out / "llm/model.safetensors", llm.state_dict(), {"format": "pt"})

    write_alignment(run, out, "langbridge", langbridge, "langbridge")
    write_alignment(run, out, "lingualift", stage1, "stage1")
    if adapted is not None:
        write_adapter(out / "adapters/lingualift", adapted, config)

    lexicons = {}
    for lang in config.languages:
        if lang != "en":
            # Not ".gz", which some servers unpack on the way.
            lexicons[lang] = f"lexicons/{lang}.txt.gzip"
            write_first_senses(lang, out / lexicons[lang])
    adapters = {} if adapted is None else {
        "lingualift": {"config": "adapters/lingualift/adapter_config.json",
                       "weights": "adapters/lingualift/adapter_model.safetensors"},
    }
    write_json(out / "bundle.json", manifest(run, lexicons, adapters, encoder, llm))
    return out


def manifest(
    run: Run, lexicons: dict[str, str], adapters: dict[str, dict[str, str]],
    encoder: BertForMaskedLM, llm: LlamaForCausalLM,
) -> dict:
    """`bundle.json` without `files` and `revision`, which `npm run bundle` adds."""
    config = run.config
    return {
        "formatVersion": 1,
        "id": "embedded",
        "name": "Lingualift tiny",
        "description": "A multilingual encoder, an English LLM of a few million parameters and the "
                       "alignments between them, trained from scratch by the scripts in training/.",
        "licence": "MIT",
        "languages": [
            {"code": lang, "name": OWN_NAMES[lang], "english": LANGUAGE_NAMES[lang],
             "resource": "high" if lang in config.high_resource else "low"}
            for lang in config.languages
        ],
        "numerals": "slots",
        "slots": {"question": config.question_slots, "result": config.result_slots},
        "calculator": True,
        "encoder": {
            "id": "lingualift-encoder", "model": "encoder/onnx/model_q8.onnx",
            "config": "encoder/config.json", "tokenizer": "encoder/tokenizer.json",
            "tokenizerConfig": "encoder/tokenizer_config.json",
            "hiddenSize": encoder.config.hidden_size,
        },
        "llm": {
            "id": "lingualift-llm", "model": "llm/onnx/model_q8.onnx", "externalData": [],
            "config": "llm/config.json", "generationConfig": "llm/generation_config.json",
            "tokenizer": "llm/tokenizer.json", "tokenizerConfig": "llm/tokenizer_config.json",
            "hiddenSize": llm.config.hidden_size,
        },
        "alignments": {
            "langbridge": {"file": "alignment/langbridge.safetensors", "adapter": None},
            "lingualift": {"file": "alignment/lingualift.safetensors",
                           "adapter": next(iter(adapters), None)},
        },
        "adapters": adapters,
        "lexicons": lexicons,
        "prompts": {"solve": SOLVE, "translate": TRANSLATE,
                    "direct": "{question}" + END + "{instruction}"},
        "limits": {"maxEncoderTokens": MAX_ENCODER_TOKENS, "maxNewTokens": MAX_NEW_TOKENS},
    }
