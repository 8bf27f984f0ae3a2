"""The files that transformers.js' scripts/quantize.py makes of an export, with the same settings of the same tools."""

import onnx
from onnxruntime.quantization import QuantizationMode, QuantType
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.quantization.onnx_quantizer import ONNXQuantizer
from onnxruntime.quantization.registry import IntegerOpsRegistry
from onnxruntime.transformers.float16 import convert_float_to_float16


def halved(model):
    return convert_float_to_float16(model, keep_io_types=True)


def four_bits(model):
    quantizer = MatMulNBitsQuantizer(model, block_size=32, is_symmetric=True)
    quantizer.process()
    return quantizer.model.model


def dynamic(model, is_decoder):
    """Encoders' weights have a scale a column and 7 bits, decoders' one scale and 8."""
    quantizer = ONNXQuantizer(
        model,
        per_channel=not is_decoder,
        reduce_range=not is_decoder,
        mode=QuantizationMode.IntegerOps,
        static=False,
        weight_qType=QuantType.QInt8,
        activation_qType=QuantType.QUInt8,
        tensors_range=None,
        nodes_to_quantize=[],
        nodes_to_exclude=[],
        op_types_to_quantize=set(IntegerOpsRegistry),
        extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
    )
    quantizer.quantize_model()
    return quantizer.model.model


def variants(path, is_decoder):
    """(name, model) of every file, in the names of the hub."""
    yield "model", onnx.load(path)
    yield "model_fp16", halved(onnx.load(path))
    yield "model_q4", four_bits(onnx.load(path))
    yield "model_q4f16", halved(four_bits(onnx.load(path)))
    yield "model_quantized", dynamic(onnx.load(path), is_decoder)
