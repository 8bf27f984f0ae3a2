"""Starts a run from a finished bundle: `python from_bundle.py BUNDLE RUN_DIR`.

Weights of the bundle's ONNX files, in float again, become the checkpoints of the stages they came from, so
that `run.py` goes on with those after them. Quantizing costs nothing that a few steps do not mend; what a
bundle lacks (the encoder's head for masked words) stays untrained, which no later stage asks for.

Formats: MatMulNBits of ONNX Runtime, 8 bits symmetric: `B` [N, K / block, block] is 128 + weight / scale;
`embeddings.word_embeddings` is int8 with a scale a row. Names: docs/bundle-format.md.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import load_file
from torch import Tensor

import stages
from config import PRESETS
from encoder_stages import new_alignment, new_encoder
from models import Alignment, BertForMaskedLM, LlamaForCausalLM
from trainer import save

MIDDLE = 128  # of unsigned 8-bit weights


def float_weights(path: Path) -> dict[str, Tensor]:
    """Every weight of an ONNX file by the name that PyTorch gives it, float32."""
    found = {tensor.name: numpy_helper.to_array(tensor)
             for tensor in onnx.load(path).graph.initializer}
    weights = {}
    for name, values in found.items():
        if name.endswith(".MatMul.weight_Q8"):
            scales = found[name.replace("_Q8", "_scales")].reshape(*values.shape[:2], 1)
            values = (values.astype(np.float32) - MIDDLE) * scales
            name, values = name.removesuffix(".MatMul.weight_Q8") + ".weight", values.reshape(len(values), -1)
        elif name.endswith(".weight_Q8"):
            values = values.astype(np.float32) * found[name.replace("_Q8", "_scales")]
            name = name.removesuffix("_Q8")
        elif not name.endswith((".weight", ".bias")):
            continue
        weights[name.replace(".Add.bias", ".bias")] = torch.from_numpy(values.astype(np.float32))
    return weights


def load_llm(llm: LlamaForCausalLM, weights: dict[str, Tensor]) -> None:
    """The LLM of a bundle, whose queries, keys and values lie in one matrix."""
    heads, shared = llm.config.num_attention_heads, llm.config.num_key_value_heads
    state = llm.state_dict()
    for name in state:
        layer, _, part = name.partition(".self_attn.")
        if part in ("q_proj.weight", "k_proj.weight", "v_proj.weight"):
            parts = weights[f"{layer}.attn.qkv_proj.weight"].split(
                [count * llm.config.head_dim for count in (heads, shared, shared)])
            state[name] = parts["qkv".index(part[0])]
        else:
            state[name] = weights[name.replace("self_attn", "attn")]
    llm.load_state_dict(state)


def load_encoder(encoder: BertForMaskedLM, weights: dict[str, Tensor]) -> None:
    """The encoder of a bundle; the head for masked words stays as it is."""
    state = encoder.bert.state_dict()
    encoder.bert.load_state_dict({name: weights[name] for name in state})


def load_alignment(alignment: Alignment, path: Path) -> None:
    """An alignment of a bundle: the exported last layer holds the scale of the embeddings."""
    load_widened(alignment, {
        name: value.float() / (alignment.output_scale if name.startswith(("linear", "fc2")) else 1)
        for name, value in load_file(path).items()
    })


def load_widened(alignment: Alignment, state: dict[str, Tensor]) -> None:
    """The weights of an alignment that may read states alone and have fewer hidden units: what it says stays
    the same, since new columns are zero, and new units, which read all, are not read themselves."""
    wide = alignment.state_dict()
    for name, value in state.items():
        corner = tuple(map(slice, value.shape))
        if name in ("fc1.weight", "linear.weight"):
            wide[name][: len(value)] = 0
        elif name == "fc2.weight":
            wide[name][:] = 0
        wide[name][corner] = value
    alignment.load_state_dict(wide)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--preset", choices=sorted(PRESETS), default="embedded")
    arguments = parser.parse_args()
    bundle, out = arguments.bundle, arguments.out
    record = json.loads((bundle / "bundle.json").read_text("utf-8"))
    out.mkdir(parents=True, exist_ok=True)
    run = stages.Run(PRESETS[arguments.preset], out, None, torch.device("cpu"))

    for part in ("llm", "encoder"):
        shutil.copy(bundle / record[part]["tokenizer"], out / f"{part}-tokenizer.json")
    llm, encoder = stages.new_llm(run), new_encoder(run)
    load_llm(llm, float_weights(bundle / record["llm"]["model"]))
    load_encoder(encoder, float_weights(bundle / record["encoder"]["model"]))
    alignment = new_alignment(run, llm, encoder)
    load_alignment(alignment, bundle / record["alignments"]["lingualift"]["file"])

    both = torch.nn.ModuleList([encoder, alignment])
    for name in ("reasoning", "practice-0"):
        save(llm.state_dict(), out / f"{name}.pt")
    rounds = [f"self_training-{number}" for number in range(len(run.config.self_training))]
    for name in ("encoder", "tuning", "reading", *rounds):
        save(both.state_dict(), out / f"{name}.pt")


if __name__ == "__main__":
    main()
