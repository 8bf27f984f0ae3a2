// The matrix products of a graph with a constant weight, in every form that exporters give them, and
// their weights [N, K] (rows = outputs), which is how PyTorch keeps them.
import { scaled, transpose, type ConstantReader, type FloatTensor } from './constants.ts';
import { DataType } from './dataTypes.ts';
import { OnnxError } from './errors.ts';
import { describeNode, inputName, intAttribute, outputName } from './graph.ts';
import { dimsOf } from './model.ts';
import type { NodeProto } from './proto/onnx_pb.js';
import {
  checkedBlocks,
  floatMatrix,
  integerMatrix,
  storedMatrix,
  storedZeroPoints,
  type StoredMatrix,
} from './storedMatrix.ts';

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
  /** The weight [N, K]. */
  stored(node: NodeProto, reader: ConstantReader): StoredMatrix;
  /** Float input and output, and scales, where they are not the node's own. */
  ends?(node: NodeProto, reader: ConstantReader): Pick<LinearNode, 'input' | 'output' | 'scales'>;
}

const forms: Readonly<Record<string, LinearForm>> = {
  MatMul: { stored: (node, reader) => storedMatrix(inputName(node, 1), true, reader) },
  Gemm: {
    biasInput: 2,
    stored: (node, reader) =>
      storedMatrix(inputName(node, 1), intAttribute(node, 'transB', 0) === 0, reader),
  },
  MatMulNBits: { biasInput: 5, stored: storedNBits },
  MatMulBnb4: {
    stored: (node, reader) => ({ kind: 'computed', read: () => readBnb4(node, reader) }),
  },
  MatMulInteger: { stored: storedInteger, ends: integerEnds },
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

/** The weight [N, K] of a linear node as the graph stores it. */
export function storedLinear({ node }: LinearNode, reader: ConstantReader): StoredMatrix {
  const form = forms[node.opType];
  if (!form) throw new OnnxError('unsupported-node', `${describeNode(node)} is no matrix product.`);
  return form.stored(node, reader);
}

/** The weight of a linear node as float32 [N, K]. */
export function readLinear(linear: LinearNode, reader: ConstantReader): FloatTensor {
  return floatMatrix(storedLinear(linear, reader), reader);
}

/** N, the width of what a linear node puts out. */
export function outputRows({ node, weight }: LinearNode, reader: ConstantReader): number {
  const declared = intAttribute(node, 'N', 0);
  if (declared > 0) return declared;
  const dims = dimsOf(reader.source(weight));
  return (intAttribute(node, 'transB', 0) ? dims[0] : dims[1]) ?? 0;
}

function storedNBits(node: NodeProto, reader: ConstantReader): StoredMatrix {
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
  const tensor = reader.source(inputName(node, 1));
  const scales = inputName(node, 2);
  const zeroPoints = node.input[3];
  const source = {
    bits,
    blockSize,
    rows,
    columns,
    data: reader.bytes(tensor),
    rowBytes: (Math.ceil(columns / blockSize) * blockSize * bits) / 8,
    scales: reader.read(scales).data,
    zeroPoints: zeroPoints ? storedZeroPoints(zeroPoints, reader) : 2 ** (bits - 1),
  };
  const key = [tensor.name, scales, zeroPoints ?? ''];
  return { kind: 'blocks', key, source: checkedBlocks(source, describeNode(node)) };
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

function storedInteger(node: NodeProto, reader: ConstantReader): StoredMatrix {
  const weight = inputName(node, 1);
  const scale = integerParts(node, reader).weightScale;
  const zeroPoint = node.input[3] || undefined;
  const read = () =>
    transpose(
      scaled(
        reader.read(weight),
        reader.read(scale),
        zeroPoint ? reader.read(zeroPoint) : undefined,
        1,
      ),
    );
  return (
    integerMatrix({ name: weight, transposed: true, scale, zeroPoint }, reader) ?? {
      kind: 'computed',
      read,
    }
  );
}

/** The element type of the activations that a linear node reads and writes: its float weight's, or its scales'. */
export function activationType({ node, weight }: LinearNode, reader: ConstantReader): number {
  if (node.opType === 'MatMulInteger') return DataType.FLOAT;
  const isFloat = node.opType === 'MatMul' || node.opType === 'Gemm';
  return reader.elementType(isFloat ? weight : inputName(node, 2));
}
