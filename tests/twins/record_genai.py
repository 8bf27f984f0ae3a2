"""Writes tests/twins/digests/genai.json: what is in graphs that onnxruntime-genai's model builder made.

    python tests/twins/record_genai.py FOLDER_OF_EXPORTS

The builder is not needed here, only models that it exported, each in a folder beside its genai_config.json.
"""

import json
import os
import sys

import onnx
from digest import digest

here = os.path.dirname(os.path.abspath(__file__))

# Folder of the export, and the form of twin that has to be the same.
exports = {
    "gen-genai-story-fp32-cpu": dict(family="llama", format="fp32", tied=True),
    "gen-genai-story-int4-webgpu": dict(family="llama", format="q4f16", tied=True),
    "gen-genai-qwen2-fp32-cpu": dict(family="qwen2", format="fp32", tied=True),
    "gen-genai-qwen2-int4-webgpu": dict(family="qwen2", format="q4", tied=True),
    "gen-genai-qwen3-fp32-cpu": dict(family="qwen3", format="fp32", tied=False),
    "gen-genai-story-int4-cpu-untied": dict(family="llama", format="q4", tied=False),
}


def sizes(model, decoder):
    """The sizes that genai_config.json leaves out are those of tensors."""
    shapes = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
    inner = next(dims for name, dims in shapes.items() if "gate_proj" in name)
    is_float = "model.layers.0.mlp.gate_proj.MatMul.weight" in shapes
    return dict(
        vocab=model.graph.output[0].type.tensor_type.shape.dim[2].dim_value,
        hidden=decoder["hidden_size"],
        inner=inner[1 if is_float else 0],
        heads=decoder["num_attention_heads"],
        keyValueHeads=decoder["num_key_value_heads"],
        headSize=decoder["head_size"],
        layers=decoder["num_hidden_layers"],
        positions=shapes["cos_cache"][0],
    )


def main(folder):
    digests = {}
    for name, form in exports.items():
        model = onnx.load(f"{folder}/{name}/model.onnx", load_external_data=False)
        with open(f"{folder}/{name}/genai_config.json") as file:
            decoder = json.load(file)["model"]["decoder"]
        digests[name] = {**form, "sizes": sizes(model, decoder), "digest": digest(model)}
    with open(f"{here}/digests/genai.json", "w") as out:
        json.dump(digests, out, indent=2)
        out.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
