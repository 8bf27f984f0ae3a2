"""Records the graphs of exported models, from which twins are made, and what twins are checked against.

    python tests/twins/record.py FOLDER_FOR_THE_EXPORTS

writes tests/twins/graphs/FAMILY.jsonl, a family's graph without its weights: one line a node, one layer of several,
and every size as the name of the size. Which numbers are sizes comes from two exports of different sizes that are compared
number by number. The first layer is kept apart: it computes shapes that later ones read.

And it writes tests/twins/digests/optimum.json: for a third export, of four layers and other sizes again, what is in its
graph and in the graphs that ONNX Runtime's tools make of it (fp16, 4 bits, dynamic 8 bits).

Needs torch 2.13, transformers 4.57, onnx, onnxruntime 1.30.
"""

import json
import os
import re
import sys

import onnx
import transformers
from digest import anonymous, digest
from exporter import export_decoder, export_encoder, opset, patch_transformers, unlike_each_other
from onnx import helper, numpy_helper
from quantizers import variants

here = os.path.dirname(os.path.abspath(__file__))
bert_inputs = ["input_ids", "attention_mask", "token_type_ids"]

# Sizes that can be told apart: no two equal, none a number that graphs are full of.
decoder_sizes = [
    dict(vocab=331, hidden=80, inner=176, heads=10, keyValueHeads=2, headSize=12, layers=3, positions=97),
    dict(vocab=443, hidden=112, inner=208, heads=21, keyValueHeads=3, headSize=20, layers=3, positions=131),
    dict(vocab=512, hidden=64, inner=96, heads=4, keyValueHeads=2, headSize=16, layers=4, positions=64),
]
encoder_sizes = [
    dict(vocab=331, hidden=84, inner=176, heads=7, headSize=12, layers=3, positions=97),
    dict(vocab=443, hidden=220, inner=208, heads=11, headSize=20, layers=3, positions=131),
    dict(vocab=512, hidden=64, inner=96, heads=4, headSize=16, layers=4, positions=64),
]


def decoder(model_class, config_class, **more):
    def make(s):
        config = config_class(
            vocab_size=s["vocab"], hidden_size=s["hidden"], intermediate_size=s["inner"],
            num_hidden_layers=s["layers"], num_attention_heads=s["heads"], num_key_value_heads=s["keyValueHeads"],
            head_dim=s["headSize"], max_position_embeddings=s["positions"], tie_word_embeddings=True,
            attn_implementation="sdpa", **more,
        )  # fmt: skip
        return model_class(config)

    return dict(make=make, sizes=decoder_sizes, word="layers", export=export_decoder)


def encoder(model_class, config_class, inputs, **more):
    def make(s):
        config = config_class(
            vocab_size=s["vocab"], hidden_size=s["hidden"], intermediate_size=s["inner"],
            num_hidden_layers=s["layers"], num_attention_heads=s["heads"], max_position_embeddings=s["positions"],
            attn_implementation="sdpa", **more,
        )  # fmt: skip
        return model_class(config)

    export = lambda model, path: export_encoder(model, path, inputs)
    return dict(make=make, sizes=encoder_sizes, word="layer", export=export)


def t5_encoder(s):
    config = transformers.MT5Config(
        vocab_size=s["vocab"], d_model=s["hidden"], d_ff=s["inner"], d_kv=s["headSize"], num_layers=s["layers"],
        num_heads=s["heads"], feed_forward_proj="gated-gelu",
    )  # fmt: skip
    return transformers.MT5EncoderModel(config)


families = {
    "bert": encoder(transformers.BertModel, transformers.BertConfig, bert_inputs, type_vocab_size=2),
    "xlm-roberta": encoder(
        transformers.XLMRobertaModel, transformers.XLMRobertaConfig, bert_inputs[:2],
        type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2, layer_norm_eps=1e-5,
    ),  # fmt: skip
    "mt5": dict(
        make=t5_encoder,
        sizes=[{**sizes, "heads": heads} for sizes, heads in zip(encoder_sizes, (5, 9, 3))],
        word="block",
        export=lambda model, path: export_encoder(model, path, bert_inputs[:2]),
    ),
    "llama": decoder(transformers.LlamaForCausalLM, transformers.LlamaConfig, rms_norm_eps=1e-5),
    "qwen2": decoder(transformers.Qwen2ForCausalLM, transformers.Qwen2Config, rms_norm_eps=1e-6),
    "qwen3": decoder(transformers.Qwen3ForCausalLM, transformers.Qwen3Config, rms_norm_eps=1e-6),
}


def derived(s):
    """Numbers that follow from the sizes and stand in graphs, by the name that twins know them by."""
    all_sizes = {key: value for key, value in s.items() if key != "layers"}
    all_sizes["queryWidth"] = s["heads"] * s["headSize"]
    if "keyValueHeads" in s:
        all_sizes["keyValueWidth"] = s["keyValueHeads"] * s["headSize"]
        all_sizes["groups"] = s["heads"] // s["keyValueHeads"]
    all_sizes["halfHead"] = s["headSize"] // 2
    all_sizes["headScale"] = s["headSize"] ** -0.5
    all_sizes["headScaleRoot"] = s["headSize"] ** -0.25
    all_sizes["headRoot"] = s["headSize"] ** 0.5
    return all_sizes


class Sizes:
    """Names the numbers that differ between two exports."""

    def __init__(self, first, second):
        self.pairs = [(name, value, derived(second)[name]) for name, value in derived(first).items()]

    def number(self, a, b):
        if a == b:
            return int(a) if isinstance(a, bool) else a
        for name, first, second in self.pairs:
            if abs(a - first) < 1e-6 * abs(first) and abs(b - second) < 1e-6 * abs(second):
                return name
        raise ValueError(f"{a} and {b} are no size")

    def numbers(self, a, b):
        return [self.number(x, y) for x, y in zip(a, b, strict=True)]

    def tensor(self, a, b):
        x, y = numpy_helper.to_array(a), numpy_helper.to_array(b)
        dims = self.numbers(x.shape, y.shape)
        flat = x.flatten().tolist()
        if x.size > 8 and flat == list(range(x.size)):
            values = "range"
        elif x.size > 8 and not x.any():
            values = "zeros"
        elif dims == [1, "halfHead", 1]:
            values = "rotary"
        else:
            values = ["-inf" if v == float("-inf") else v for v in self.numbers(flat, y.flatten().tolist())]
        return [a.data_type, dims, values]

    def attribute(self, a, b):
        kinds = {onnx.AttributeProto.INT: "i", onnx.AttributeProto.FLOAT: "f", onnx.AttributeProto.INTS: "is"}
        if a.type == onnx.AttributeProto.TENSOR:
            return ["t", self.tensor(a.t, b.t)]
        value, other = helper.get_attribute_value(a), helper.get_attribute_value(b)
        is_list = a.type == onnx.AttributeProto.INTS
        return [kinds[a.type], self.numbers(value, other) if is_list else self.number(value, other)]

    def value(self, a, b):
        def dims(value):
            return [d.dim_value or d.dim_param for d in value.type.tensor_type.shape.dim]

        pairs = zip(dims(a), dims(b), strict=True)
        shape = [x if isinstance(x, str) else {"size": self.number(x, y)} for x, y in pairs]
        return [a.name, a.type.tensor_type.elem_type, shape]


def layer_of(name, word):
    found = re.search(rf"(?:{word}|past_key_values|present)\.(\d+)[./]", name)
    return int(found.group(1)) if found else None


recorded_layers = 3


def sections(graph, word):
    """The layer of every node (None before them, 3 after): by its name, or where it has none by who reads it."""
    readers = {name: node for node in reversed(graph.node) for name in node.input}
    layers = []
    for node in graph.node:
        layer = layer_of(node.name, word)
        if layer is None and anonymous.match(node.name) and node.output[0] in readers:
            layer = layer_of(readers[node.output[0]].name, word)
        layers.append(layer)
    inside = [i for i, layer in enumerate(layers) if layer is not None]
    first, last = inside[0], inside[-1]
    assert layers[first : last + 1] == sorted(layers[first : last + 1]), "layers are not in one piece"
    return layers[:last + 1] + [recorded_layers] * (len(layers) - last - 1)


class Recorder:
    def __init__(self, first, second, sizes, word):
        self.a, self.b, self.sizes, self.word = first.graph, second.graph, Sizes(*sizes), word
        self.layers = sections(self.a, word)
        self.local = {}
        self.output, self.result = self.a.output[0].name, None

    def name(self, name, layer):
        """`{L}` for the layer's number, `{P}` for that before, `~` for the end of what PyTorch calls an output."""
        if layer is None:
            return re.sub("_output_0$", "~", name)
        key = (layer, name)
        if anonymous.match(name) and key in self.local:
            name = self.local[key]
        for number, mark in ((layer, "{L}"), (layer - 1, "{P}")):
            pattern = rf"((?:{self.word}|past_key_values|present)\.){number}(?=[./])"
            name = re.sub(pattern, rf"\g<1>{mark}", name, count=1)
        return re.sub("_output_0$", "~", name)

    def number_anonymous(self):
        """Names that PyTorch gave to what has no module are counted within their layer."""
        readers = {}
        for node, layer in zip(self.a.node, self.layers):
            for name in (*node.input, *node.output, node.name):
                if anonymous.match(name):
                    readers.setdefault(name, set()).add(layer)
        counts = {}
        for name, layers in readers.items():
            if len(layers) > 1 or None in layers:
                continue
            (layer,) = layers
            counts[layer] = counts.get(layer, 0) + 1
            self.local[layer, name] = re.sub(r"\d+$", f"#{counts[layer]}", name)

    def line(self, a, b, layer):
        name = self.name(a.name, layer)
        outputs = [self.name(output, layer) for output in a.output]
        if layer in range(recorded_layers) and a.output[0] == self.output:
            # The last layer's result has the name of the output, any other's the usual one.
            self.result, outputs = name + "~", [name + "~"]
        attributes = {x.name: self.sizes.attribute(x, y) for x, y in zip(a.attribute, b.attribute, strict=True)}
        folder = name[: name.rfind("/") + 1]
        inputs = [self.name(n, layer) for n in a.input]
        line = [a.op_type, name, [re.sub(f"^{re.escape(folder)}", "./", n) if folder else n for n in inputs]]
        if attributes or outputs != [name + "~"]:
            line.append(attributes)
        if outputs != [name + "~"]:
            line.append(outputs)
        return line

    def record(self):
        self.number_anonymous()
        parts = {layer: [] for layer in (None, *range(recorded_layers + 1))}
        for a, b, layer in zip(self.a.node, self.b.node, self.layers, strict=True):
            assert a.op_type == b.op_type, (a.name, b.name)
            parts[layer].append(self.line(a, b, layer))
        weights = {layer: [] for layer in parts}
        for a, b in zip(self.a.initializer, self.b.initializer, strict=True):
            readers = [layer for node, layer in zip(self.a.node, self.layers) if a.name in node.input]
            layer = readers[0] if readers else None
            dims = self.sizes.numbers(a.dims, b.dims)
            weights[layer].append([self.name(a.name, layer), dims])
        head = {
            "opset": opset,
            "inputs": [self.sizes.value(a, b) for a, b in zip(self.a.input, self.b.input)],
            "result": self.result,
            "outputs": [self.sizes.value(a, b) for a, b in zip(self.a.output, self.b.output)],
        }  # fmt: skip
        # In the last layer the first, the one before and the layer itself have different numbers.
        alike = [[line[0] for line in parts[layer]] for layer in (1, 2)]
        assert alike[0] == alike[1], "layers are not alike"
        sections = {"head": None, "first": 0, "layer": 2, "tail": recorded_layers}
        return head, {name: (weights[layer], parts[layer]) for name, layer in sections.items()}


def write_recording(family, recorder):
    head, parts = recorder.record()
    with open(f"{here}/graphs/{family}.jsonl", "w") as out:
        dump = lambda value: print(json.dumps(value, separators=(",", ":")), file=out)
        dump(head)
        for section, (weights, nodes) in parts.items():
            dump({"section": section, "weights": weights})
            for node in nodes:
                dump(node)


def main(folder):
    patch_transformers()
    for name in ("graphs", "digests"):
        os.makedirs(f"{here}/{name}", exist_ok=True)
    digests = {}
    for family, f in families.items():
        paths = [f"{folder}/{family}-{i}.onnx" for i in range(3)]
        for path, sizes in zip(paths, f["sizes"]):
            if not os.path.exists(path):
                f["export"](unlike_each_other(f["make"](sizes)), path)
        models = [onnx.load(path) for path in paths]
        write_recording(family, Recorder(models[0], models[1], f["sizes"][:2], f["word"]))
        checked = f["sizes"][2]
        files = variants(paths[2], is_decoder="keyValueHeads" in checked)
        digests[family] = {"sizes": checked, "files": {name: digest(model) for name, model in files}}
    with open(f"{here}/digests/optimum.json", "w") as out:
        json.dump(digests, out, indent=2)
        out.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
