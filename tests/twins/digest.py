"""What is in a graph, short enough to be committed: tests/twins/digest.ts computes the same of a twin."""

import collections
import hashlib
import re

import numpy
import onnx
from onnx import numpy_helper

# Names that PyTorch counts up where there is no module to name something after.
anonymous = re.compile(r"^(onnx::\w+|[A-Z]\w*)_\d+((?:_\w+)?)$")


def graph_lines(model):
    """Every node and initializer as a line of text."""
    graph = model.graph
    known = {}

    def plain(name):
        """Anonymous names by the order in which they are seen: how far PyTorch had counted says nothing."""
        found = anonymous.match(name)
        if not found:
            return name
        base = name[: len(name) - len(found.group(2))]
        return f"#{known.setdefault(base, len(known))}{found.group(2)}"

    nodes = []
    for node in graph.node:
        values = [",".join(map(plain, names)) for names in ([node.name], node.input, node.output)]
        attributes = ",".join(sorted(f"{a.name}={attribute(a)}" for a in node.attribute))
        nodes.append("|".join([node.domain, node.op_type, *values, attributes]))
    weights = sorted(f"{plain(t.name)}|{t.data_type}|{','.join(map(str, t.dims))}" for t in graph.initializer)
    return nodes, weights


def digest(model):
    graph = model.graph
    nodes, weights = graph_lines(model)
    ops = collections.Counter(node.op_type for node in graph.node)
    return {
        "inputs": [signature(value) for value in graph.input],
        "outputs": [signature(value) for value in graph.output],
        "operators": dict(sorted(ops.items())),
        "nodes": sha256(nodes),
        "weights": sha256(weights),
    }


def attribute(a):
    if a.type == onnx.AttributeProto.INT:
        return str(a.i)
    if a.type == onnx.AttributeProto.INTS:
        return "[" + " ".join(map(str, a.ints)) + "]"
    if a.type == onnx.AttributeProto.FLOAT:
        return numpy.float32(a.f).tobytes().hex()
    if a.type == onnx.AttributeProto.TENSOR:
        dims = "x".join(map(str, a.t.dims))
        return f"{a.t.data_type}:{dims}:{numpy_helper.to_array(a.t).tobytes().hex()}"
    raise ValueError(f"{a.name}: attributes of type {a.type} are not known")


def signature(value):
    tensor = value.type.tensor_type
    dims = ", ".join(str(d.dim_value or d.dim_param) for d in tensor.shape.dim)
    return f"{value.name} {tensor.elem_type} [{dims}]"


def sha256(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
