"""Exports small random models as optimum does: the graphs that the recordings of record.py are made from.

optimum-onnx traces the models of transformers with the TorchScript exporter of PyTorch at opset 18, and works around
what it cannot trace. The same workarounds are written down here, so that torch and transformers are enough. With the
sizes of another export of optimum's the result is its graph, node for node (see `compare` in record.py).

Needs torch 2.13, transformers 4.57, onnx.
"""

import functools
import types
import warnings

import onnx
import torch
from transformers import cache_utils, masking_utils
from transformers.cache_utils import DynamicCache

warnings.filterwarnings("ignore")
opset = 18


def mask_by_broadcasting(
    batch_size, cache_position, kv_length, kv_offset=0, mask_function=None, attention_mask=None, **_
):
    """The mask of transformers' sdpa_mask, from indices that broadcast: torch.vmap cannot be traced."""
    padding = masking_utils.prepare_padding_mask(attention_mask, kv_length, kv_offset, _slice=False)
    visible = mask_function or masking_utils.causal_mask_function
    if padding is not None:
        visible = masking_utils.and_masks(visible, masking_utils.padding_mask_function(padding))
    queries = cache_position[None, None, :, None]
    heads = torch.arange(1, dtype=torch.long)[None, :, None, None]
    batch = torch.arange(batch_size, dtype=torch.long)[:, None, None, None]
    keys = torch.arange(kv_length, dtype=torch.long)[None, None, None, :] + kv_offset
    mask = visible(batch, heads, queries, keys)
    return mask.expand(batch_size, -1, cache_position.shape[0], kv_length)


def append_to_layer(self, keys, values, _=None):
    """DynamicLayer.update without the empty tensor that it joins the first keys to."""
    first = self.keys is None
    self.keys = keys if first else torch.cat([self.keys, keys], dim=-2)
    self.values = values if first else torch.cat([self.values, values], dim=-2)
    self.is_initialized = True
    self.dtype, self.device = keys.dtype, keys.device
    return self.keys, self.values


def patch_transformers():
    masking_utils.ALL_MASK_ATTENTION_FUNCTIONS.register("sdpa", mask_by_broadcasting)
    masking_utils.find_packed_sequence_indices = torch.zeros_like
    cache_utils.DynamicLayer.update = append_to_layer
    attention = torch.nn.functional.scaled_dot_product_attention

    @functools.wraps(attention)
    def without_gqa(*args, enable_gqa=False, **kwargs):
        return attention(*args, **kwargs)

    torch.nn.functional.scaled_dot_product_attention = without_gqa


def unlike_each_other(model):
    """Draws every parameter: equal ones (norms that are all 1) would share one initializer, which trained ones never do."""
    generator = torch.Generator().manual_seed(0)
    for parameter in model.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator) * 0.05
    return model.eval()


def export_decoder(model, path):
    """One step of the cache: flat tensors in, logits and flat tensors out."""
    config = model.config
    batch, step, past = 2, 16, 16
    past_names, present_names, cache = [], [], []
    for layer in range(config.num_hidden_layers):
        for kind in ("key", "value"):
            past_names.append(f"past_key_values.{layer}.{kind}")
            present_names.append(f"present.{layer}.{kind}")
            cache.append(torch.randn(batch, config.num_key_value_heads, past, config.head_dim))
    ids = torch.ones(batch, step, dtype=torch.long)
    mask = torch.ones(batch, past + step, dtype=torch.long)
    positions = torch.arange(past, past + step).expand(batch, step)
    total = "past_sequence_length + sequence_length"
    tokens = {0: "batch_size", 1: "sequence_length"}
    axes = {
        **dict.fromkeys(["input_ids", "position_ids", "logits"], tokens),
        "attention_mask": {0: "batch_size", 1: total},
        **dict.fromkeys(past_names, {0: "batch_size", 2: "past_sequence_length"}),
        **dict.fromkeys(present_names, {0: "batch_size", 2: total}),
    }

    def forward(original, input_ids, attention_mask, position_ids, *past):
        result = original(
            input_ids=input_ids,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=DynamicCache.from_legacy_cache(tuple(zip(past[0::2], past[1::2]))),
            use_cache=True,
        )
        present = result.past_key_values.to_legacy_cache()
        return (result.logits, *(tensor for layer in present for tensor in layer))

    inputs = ["input_ids", "attention_mask", "position_ids", *past_names]
    export(model, forward, (ids, mask, positions, *cache), path, inputs, ["logits", *present_names], axes)
    tie_head(path)


def export_encoder(model, path, inputs, output="last_hidden_state"):
    values = tuple(torch.full((2, 16), 0 if name == "token_type_ids" else 1) for name in inputs)
    axes = dict.fromkeys([*inputs, output], {0: "batch_size", 1: "sequence_length"})

    def forward(original, *args):
        return original(**dict(zip(inputs, args)))[output]

    export(model, forward, values, path, inputs, [output], axes)


def export(model, forward, values, path, inputs, outputs, axes):
    """Traces the model itself and no wrapper, whose name would stand in the names of the nodes."""
    original = model.forward
    model.forward = types.MethodType(lambda _, *args: forward(original, *args), model)
    with torch.no_grad():
        torch.onnx.export(
            model,
            values,
            path,
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=axes,
            do_constant_folding=True,
            opset_version=opset,
            dynamo=False,
        )


def tie_head(path):
    """Makes a tied LM head the turned table, as optimum does after the export: the exporter stores it twice."""
    model = onnx.load(path)
    graph = model.graph
    head = next(node for node in graph.node if node.name == "/lm_head/MatMul")
    second = next(tensor for tensor in graph.initializer if tensor.name == head.input[1])
    graph.initializer.remove(second)
    table = "model.embed_tokens.weight"
    turned = onnx.helper.make_node("Transpose", [table], [f"{table}_transposed"])
    turned.name = f"Transpose_{len(graph.node) + 1}"
    head.input[1] = turned.output[0]
    graph.node.insert(len(graph.node) - 1, turned)
    onnx.save(model, path)
