// The matrix products of a graph with a constant weight, in every form that exporters give them, and
// their weights as float32 [N, K] (rows = outputs), which is how PyTorch keeps them.
import { scaled, transpose, type ConstantReader, type FloatTensor } from './constants.ts';
import { DataType, isFloatType } from './dataTypes.ts';
import { OnnxError } from './errors.ts';
import { describeNode, inputName, intAttribute, outputName } from './graph.ts';
import { dimsOf } from './model.ts';
import type { NodeProto } from './proto/onnx_pb.js';
import { dequantize, unpackBits, type BlockSource } from './quantize.ts';

/** A product `y = x Wᵀ` found in a graph. */
export interface LinearNode {
  node: NodeProto;
  /** Name of the float activations that go in, and of the float product (before any bias). */
  input: string;
  output: string;
  /** Name of the weight that the node reads, and of stored scales that other nodes of its form read. */
  weight: string;
  scales: readonly string[];
  /** Name of a bias that the node itself adds. */
  bias: string | undefined;
}

interface LinearForm {
  biasInput?: number;
  read(node: NodeProto, reader: ConstantReader): FloatTensor;
  /** Float input and output, and scales, where they are not the node's own. */
  ends?(node: NodeProto, reader: ConstantReader): Pick<LinearNode, 'input' | 'output' | 'scales'>;
}

const forms: Readonly<Record<string, LinearForm>> = {
  MatMul: { read: (node, reader) => transpose(reader.read(inputName(node, 1))) },
  Gemm: { biasInput: 2, read: readGemm },
  MatMulNBits: { biasInput: 5, read: readNBits },
  MatMulBnb4: { read: readBnb4 },
  MatMulInteger: { read: readInteger, ends: integerEnds },
};

/** `node` as a product with a constant matrix, or `undefined` when it is none. */
export function asLinear(node: NodeProto, reader: ConstantReader): LinearNode | undefined {
  const form = forms[node.opType];
  const weight = node.input[1];
  if (!form || !weight || !reader.isConstant(weight)) return undefined;
  const ends = form.ends?.(node, reader) ?? {
    input: inputName(node, 0),
    output: outputName(node),
    scales: [],
  };
  const bias = form.biasInput === undefined ? undefined : node.input[form.biasInput] || undefined;
  return { node, weight, bias, ...ends };
}

/** The weight of a linear node as float32 [N, K]. */
export function readLinear({ node }: LinearNode, reader: ConstantReader): FloatTensor {
  const form = forms[node.opType];
  if (!form) throw new OnnxError('unsupported-node', `${describeNode(node)} is no matrix product.`);
  return form.read(node, reader);
}

/** N, the width of what a linear node puts out. */
export function outputRows({ node, weight }: LinearNode, reader: ConstantReader): number {
  const declared = intAttribute(node, 'N', 0);
  if (declared > 0) return declared;
  const dims = dimsOf(reader.source(weight));
  return (intAttribute(node, 'transB', 0) ? dims[0] : dims[1]) ?? 0;
}

function readGemm(node: NodeProto, reader: ConstantReader): FloatTensor {
  const weight = reader.read(inputName(node, 1));
  return intAttribute(node, 'transB', 0) ? weight : transpose(weight);
}

function readNBits(node: NodeProto, reader: ConstantReader): FloatTensor {
  const source = nBitsSource(node, reader);
  return { dims: [source.rows, source.columns], data: dequantize(source) };
}

/** The packed weight of a MatMulNBits node. */
export function nBitsSource(node: NodeProto, reader: ConstantReader): BlockSource {
  const rows = intAttribute(node, 'N');
  const columns = intAttribute(node, 'K');
  const bits = intAttribute(node, 'bits', 4);
  const blockSize = intAttribute(node, 'block_size');
  if (node.input[4]) {
    throw new OnnxError(
      'unsupported-node',
      `Node ${describeNode(node)} reorders its columns (g_idx), which is not supported.`,
    );
  }
  const blocks = Math.ceil(columns / blockSize);
  return {
    bits,
    blockSize,
    rows,
    columns,
    data: reader.bytes(reader.source(inputName(node, 1))),
    rowBytes: (blocks * blockSize * bits) / 8,
    scales: reader.read(inputName(node, 2)).data,
    zeroPoint: blockZeroPoints(node.input[3], blocks, bits, reader, 2 ** (bits - 1)),
  };
}

/** Zero points by row and block: packed like the data, one float each, or `absent` when there are none. */
export function blockZeroPoints(
  name: string | undefined,
  blocks: number,
  bits: number,
  reader: ConstantReader,
  absent: number,
): (row: number, block: number) => number {
  if (!name) return () => absent;
  const tensor = reader.source(name);
  if (isFloatType(tensor.dataType)) {
    const { data } = reader.tensor(tensor);
    return (row, block) => data[row * blocks + block] as number;
  }
  const bytes = reader.bytes(tensor);
  const rowBytes = Math.ceil((blocks * bits) / 8);
  return (row, block) => unpackBits(bytes, row * rowBytes, block, bits);
}

/** The 16 values of bitsandbytes' NormalFloat4 (QLoRA, appendix E) and of its FP4. */
const bnb4Values = {
  FP4: [
    0, 0.005208333, 0.66666667, 1, 0.33333333, 0.5, 0.16666667, 0.25, -0, -0.005208333, -0.66666667,
    -1, -0.33333333, -0.5, -0.16666667, -0.25,
  ],
  NF4: [
    -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1,
  ],
};

/** bitsandbytes: blocks run over the flattened [N, K], high nibble first, one absolute maximum a block. */
function readBnb4(node: NodeProto, reader: ConstantReader): FloatTensor {
  const dims = [intAttribute(node, 'N'), intAttribute(node, 'K')] as const;
  const values = intAttribute(node, 'quant_type') === 1 ? bnb4Values.NF4 : bnb4Values.FP4;
  const blockSize = intAttribute(node, 'block_size');
  const bytes = reader.bytes(reader.source(inputName(node, 1)));
  const largest = reader.read(inputName(node, 2)).data;
  const data = Float32Array.from({ length: dims[0] * dims[1] }, (_, i) => {
    const nibble = ((bytes[i >> 1] as number) >> (i & 1 ? 0 : 4)) & 15;
    return (values[nibble] as number) * (largest[Math.floor(i / blockSize)] as number);
  });
  return { dims: [...dims], data };
}

/**
 * Dynamic quantization: DynamicQuantizeLinear -> MatMulInteger -> Cast -> Mul(product, Mul(x scale, W scale)).
 * The scale of W is the operand of the inner Mul that the activations did not bring along.
 */
function integerParts(node: NodeProto, reader: ConstantReader) {
  const { view } = reader;
  const quantizer = view.producer(inputName(node, 0));
  const cast = view.consumers(outputName(node))[0];
  const rescale = cast && view.consumers(outputName(cast))[0];
  const factorName = rescale?.input.find((name) => name !== cast?.output[0]);
  const factor = factorName && view.producer(factorName);
  const weightScale = factor && factor.input.find((name) => name !== quantizer?.output[1]);
  if (quantizer?.opType !== 'DynamicQuantizeLinear' || rescale?.opType !== 'Mul' || !weightScale) {
    throw new OnnxError(
      'unsupported-node',
      `Node ${describeNode(node)} is not part of a dynamic quantization that these tools know.`,
    );
  }
  return { quantizer, rescale, weightScale };
}

function integerEnds(node: NodeProto, reader: ConstantReader) {
  const { quantizer, rescale, weightScale } = integerParts(node, reader);
  return { input: inputName(quantizer, 0), output: outputName(rescale), scales: [weightScale] };
}

function readInteger(node: NodeProto, reader: ConstantReader): FloatTensor {
  const weight = reader.read(inputName(node, 1));
  const scale = reader.read(integerParts(node, reader).weightScale);
  const zeroPoint = node.input[3] ? reader.read(node.input[3]) : undefined;
  return transpose(scaled(weight, scale, zeroPoint, 1));
}

/** The element type of the activations that a linear node reads and writes: its float weight's, or its scales'. */
export function activationType({ node, weight }: LinearNode, reader: ConstantReader): number {
  if (node.opType === 'MatMulInteger') return DataType.FLOAT;
  const isFloat = node.opType === 'MatMul' || node.opType === 'Gemm';
  return reader.elementType(isFloat ? weight : inputName(node, 2));
}
