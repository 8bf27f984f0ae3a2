"""Writes the golden files of tests/fixtures/onnx: tiny random models and what PyTorch computes with them.

    python training/goldens.py tests/fixtures/onnx

The models here are written for reading: no cache, no batching tricks, parameters straight from a
dictionary with Hugging Face's names. They check the ONNX graphs that src/onnx builds, so they share
nothing with the networks in training/models.
Shapes: S positions, D hidden_size, H heads, K key/value heads, V vocabulary.
"""

import json
import math
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor

Weights = dict[str, Tensor]

LLAMA = {
    "model_type": "llama", "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "vocab_size": 64,
    "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "hidden_act": "silu",
    "rope_theta": 10000.0, "tie_word_embeddings": True,
}
# Each differs from LLAMA in what its family adds, and in one of the ways to scale positions.
DECODERS = {
    "llama": (LLAMA, torch.float32),
    # Sizes that are no multiples of the quantization block.
    "qwen2": (LLAMA | {"model_type": "qwen2", "hidden_size": 48, "intermediate_size": 80,
                       "num_attention_heads": 3, "num_key_value_heads": 1,
                       "rope_scaling": {"type": "linear", "factor": 2.0}}, torch.float16),
    "qwen3": (LLAMA | {"model_type": "qwen3", "tie_word_embeddings": False,
                       "rope_theta": None, "rope_parameters": {
                           "rope_type": "llama3", "rope_theta": 500.0, "factor": 8.0,
                           "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                           "original_max_position_embeddings": 32}}, torch.bfloat16),
}
BERT = {
    "model_type": "bert", "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 2,
    "num_attention_heads": 4, "vocab_size": 64, "type_vocab_size": 2,
    "max_position_embeddings": 32, "layer_norm_eps": 1e-12, "hidden_act": "gelu",
}
ALIGNMENTS = {
    "alignment-linear": {"kind": "linear", "input_norm": "none"},
    "alignment-mlp": {"kind": "mlp", "input_norm": "rms", "hidden_dim": "40"},
    "alignment-latent": {"kind": "latent", "input_norm": "rms", "hidden_dim": "16", "heads": "2",
                         "latents": "5"},
}
SEED = 1


def linear(weights: Weights, name: str, x: Tensor) -> Tensor:
    return F.linear(x, weights[f"{name}.weight"], weights.get(f"{name}.bias"))


def rms_norm(weights: Weights, name: str, x: Tensor, eps: float) -> Tensor:
    return weights[f"{name}.weight"] * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps)


def layer_norm(weights: Weights, name: str, x: Tensor, eps: float) -> Tensor:
    return F.layer_norm(x, x.shape[-1:], weights[f"{name}.weight"], weights[f"{name}.bias"], eps)


def inverse_frequencies(config: dict) -> Tensor:
    """transformers' modeling_rope_utils: default, linear and llama3."""
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    theta = rope.get("rope_theta") or config["rope_theta"]
    head = config["head_dim"]
    frequencies = theta ** -(torch.arange(0, head, 2, dtype=torch.float64) / head)
    kind = rope.get("rope_type") or rope.get("type") or "default"
    if kind == "linear":
        return frequencies / rope["factor"]
    if kind == "llama3":
        old = rope["original_max_position_embeddings"]
        low, high = rope["low_freq_factor"], rope["high_freq_factor"]
        wavelengths = 2 * math.pi / frequencies
        smooth = ((old / wavelengths - low) / (high - low)).clamp(0, 1)
        return (1 - smooth) * frequencies / rope["factor"] + smooth * frequencies
    return frequencies


def rotate(x: Tensor, config: dict) -> Tensor:
    """RoPE on [heads, S, head_dim], halves rotated against each other."""
    angles = torch.outer(torch.arange(x.shape[1], dtype=torch.float64), inverse_frequencies(config))
    cos, sin = (f(torch.cat([angles, angles], -1)).float() for f in (torch.cos, torch.sin))
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat([-second, first], -1) * sin


def decoder_logits(weights: Weights, config: dict, x: Tensor) -> Tensor:
    """[S, D] embeddings -> [S, V] logits."""
    eps, head = config["rms_norm_eps"], config["head_dim"]
    table = weights["model.embed_tokens.weight"]
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}"
        y = rms_norm(weights, f"{at}.input_layernorm", x, eps)

        def heads(part: str) -> Tensor:
            h = linear(weights, f"{at}.self_attn.{part}_proj", y).view(len(x), -1, head)
            if f"{at}.self_attn.{part}_norm.weight" in weights:
                h = rms_norm(weights, f"{at}.self_attn.{part}_norm", h, eps)
            return h.transpose(0, 1)

        q, k, v = rotate(heads("q"), config), rotate(heads("k"), config), heads("v")
        groups = q.shape[0] // k.shape[0]
        k, v = k.repeat_interleave(groups, 0), v.repeat_interleave(groups, 0)
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + linear(weights, f"{at}.self_attn.o_proj", attended.transpose(0, 1).flatten(1))
        y = rms_norm(weights, f"{at}.post_attention_layernorm", x, eps)
        gated = F.silu(linear(weights, f"{at}.mlp.gate_proj", y))
        x = x + linear(weights, f"{at}.mlp.down_proj", gated * linear(weights, f"{at}.mlp.up_proj", y))
    return F.linear(rms_norm(weights, "model.norm", x, eps), weights.get("lm_head.weight", table))


def bert_states(weights: Weights, config: dict, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
    """[B, S] ids, mask and token types -> [B, S, D] last hidden states."""
    eps, count = config["layer_norm_eps"], config["num_attention_heads"]
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.token_type_embeddings.weight"][types]
    x = x + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = layer_norm(weights, "embeddings.LayerNorm", x, eps)
    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        q, k, v = (
            linear(weights, f"{at}.attention.self.{part}", x)
            .unflatten(-1, (count, -1)).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.bool()[:, None, None, :])
        y = linear(weights, f"{at}.attention.output.dense", y.transpose(1, 2).flatten(2))
        x = layer_norm(weights, f"{at}.attention.output.LayerNorm", x + y, eps)
        y = F.gelu(linear(weights, f"{at}.intermediate.dense", x))
        x = layer_norm(weights, f"{at}.output.LayerNorm",
                       x + linear(weights, f"{at}.output.dense", y), eps)
    return x


def aligned(weights: Weights, metadata: dict[str, str], x: Tensor) -> Tensor:
    """[S, d_enc] encoder states -> [S + 1, d_llm] soft prompt, `latent`: [K + 1, d_llm] (docs/bundle-format.md)."""
    eps = float(metadata["norm_eps"])
    if metadata["input_norm"] == "rms":
        x = F.rms_norm(x, x.shape[-1:], eps=eps)
    if metadata["kind"] == "linear":
        y = linear(weights, "linear", x)
    else:
        if metadata["kind"] == "latent":
            x = F.rms_norm(resampled(weights, metadata, x, eps), (int(metadata["hidden_dim"]),), eps=eps)
        y = linear(weights, "fc2", F.gelu(linear(weights, "fc1", x)))
    return torch.cat([y, weights["end_of_prompt"][None]])


def resampled(weights: Weights, metadata: dict[str, str], x: Tensor, eps: float) -> Tensor:
    """[S, d_enc] -> [K, h]: latents that have looked at all states and at the latents before them."""
    latents = weights["latents"]
    count, width = latents.shape
    z = F.rms_norm(torch.cat([linear(weights, "states", x), latents]), (width,), eps=eps)
    heads = int(metadata["heads"])

    def split(name: str, rows: Tensor) -> Tensor:
        return linear(weights, name, rows).view(len(rows), heads, -1).transpose(0, 1)

    visible = torch.ones(count, len(z)).tril(len(x)).bool()
    o = F.scaled_dot_product_attention(split("q", z[len(x):]), split("k", z), split("v", z), visible)
    return latents + linear(weights, "o", o.transpose(0, 1).reshape(count, width))


def random_weights(shapes: dict[str, tuple[int, ...]], dtype: torch.dtype) -> Weights:
    """Norm gains around 1, everything else around 0, large enough that every part matters."""
    weights = {}
    for name, shape in shapes.items():
        is_gain = "norm" in name.lower() and name.endswith(".weight")
        scale = 0.3 if len(shape) == 1 or "embed" in name else 1.5 * shape[-1] ** -0.5
        weights[name] = (torch.randn(shape) * scale + (1.0 if is_gain else 0.0)).to(dtype)
    return weights


def decoder_shapes(config: dict) -> dict[str, tuple[int, ...]]:
    d, inner, head = config["hidden_size"], config["intermediate_size"], config["head_dim"]
    q, kv = config["num_attention_heads"] * head, config["num_key_value_heads"] * head
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (config["vocab_size"], d)}
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}"
        shapes |= {
            f"{at}.input_layernorm.weight": (d,),
            f"{at}.self_attn.q_proj.weight": (q, d),
            f"{at}.self_attn.k_proj.weight": (kv, d),
            f"{at}.self_attn.v_proj.weight": (kv, d),
            f"{at}.self_attn.o_proj.weight": (d, q),
            f"{at}.post_attention_layernorm.weight": (d,),
            f"{at}.mlp.gate_proj.weight": (inner, d),
            f"{at}.mlp.up_proj.weight": (inner, d),
            f"{at}.mlp.down_proj.weight": (d, inner),
        }
        if config["model_type"] == "qwen2":
            shapes |= {f"{at}.self_attn.q_proj.bias": (q,), f"{at}.self_attn.k_proj.bias": (kv,),
                       f"{at}.self_attn.v_proj.bias": (kv,)}
        if config["model_type"] == "qwen3":
            shapes |= {f"{at}.self_attn.q_norm.weight": (head,),
                       f"{at}.self_attn.k_norm.weight": (head,)}
    shapes["model.norm.weight"] = (d,)
    if not config["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (config["vocab_size"], d)
    return shapes


def bert_shapes(config: dict) -> dict[str, tuple[int, ...]]:
    d, inner = config["hidden_size"], config["intermediate_size"]
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (config["vocab_size"], d),
        "embeddings.position_embeddings.weight": (config["max_position_embeddings"], d),
        "embeddings.token_type_embeddings.weight": (config["type_vocab_size"], d),
    }
    norms = ["embeddings.LayerNorm"]
    dense: dict[str, tuple[int, int]] = {}
    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        dense |= {f"{at}.attention.self.{part}": (d, d) for part in ("query", "key", "value")}
        dense |= {f"{at}.attention.output.dense": (d, d),
                  f"{at}.intermediate.dense": (inner, d), f"{at}.output.dense": (d, inner)}
        norms += [f"{at}.attention.output.LayerNorm", f"{at}.output.LayerNorm"]
    for name, (rows, columns) in dense.items():
        shapes |= {f"{name}.weight": (rows, columns), f"{name}.bias": (rows,)}
    for name in norms:
        shapes |= {f"{name}.weight": (d,), f"{name}.bias": (d,)}
    return shapes


def alignment_shapes(metadata: dict[str, str]) -> dict[str, tuple[int, ...]]:
    encoder, llm = int(metadata["encoder_dim"]), int(metadata["llm_dim"])
    hidden = int(metadata.get("hidden_dim", 0))
    layers = {"linear": {"linear": (llm, encoder)},
              "mlp": {"fc1": (hidden, encoder), "fc2": (llm, hidden)},
              "latent": {"states": (hidden, encoder), "fc1": (hidden, hidden), "fc2": (llm, hidden)},
              }[metadata["kind"]]
    shapes: dict[str, tuple[int, ...]] = {"end_of_prompt": (llm,)}
    for name, shape in layers.items():
        shapes |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
    if metadata["kind"] == "latent":
        shapes |= {f"{name}.weight": (hidden, hidden) for name in "qkvo"}
        shapes["latents"] = (int(metadata["latents"]), hidden)
    return shapes


def as_float(weights: Weights) -> Weights:
    return {name: tensor.float() for name, tensor in weights.items()}


def write(folder: Path, weights: Weights, golden: Weights, config: dict | None = None,
          metadata: dict[str, str] | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "model.safetensors", metadata or {"format": "pt"})
    save_file({name: tensor.contiguous() for name, tensor in golden.items()},
              folder / "golden.safetensors")
    if config:
        kept = {name: value for name, value in config.items() if value is not None}
        (folder / "config.json").write_text(json.dumps(kept, indent=2) + "\n")


def main(out: Path) -> None:
    torch.manual_seed(SEED)
    for name, (config, dtype) in DECODERS.items():
        weights = random_weights(decoder_shapes(config), dtype)
        ids = torch.randint(config["vocab_size"], (12,))
        floats = as_float(weights)
        logits = decoder_logits(floats, config, floats["model.embed_tokens.weight"][ids])
        write(out / name, weights, {"input_ids": ids[None], "logits": logits[None]}, config)

    weights = random_weights(bert_shapes(BERT), torch.float32)
    ids = torch.randint(BERT["vocab_size"], (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    types = (torch.arange(9) > 4).long().expand(2, 9).contiguous()
    states = bert_states(weights, BERT, ids, mask, types)
    write(out / "bert", weights, {"input_ids": ids, "attention_mask": mask, "token_type_ids": types,
                                  "last_hidden_state": states}, BERT)

    for name, fields in ALIGNMENTS.items():
        metadata = {"format": "lingualift-alignment-1", "encoder_dim": "24", "llm_dim": "32",
                    "norm_eps": "1e-06", **fields}
        weights = random_weights(alignment_shapes(metadata), torch.float32)
        states = torch.randn(7, 24) * 3
        golden = {"hidden_states": states[None], "soft_prompt": aligned(weights, metadata, states)[None]}
        write(out / name, weights, golden, metadata=metadata)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
