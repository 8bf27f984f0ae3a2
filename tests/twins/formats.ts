// What transformers.js' scripts/quantize.py makes of a float32 graph: the `_fp16`, `_q4` and `_q4f16` files. Each
// function does what the tool of ONNX Runtime does that the script calls.
import { makeNode, microsoft } from '../../src/onnx/builder.ts';
import { DataType } from '../../src/onnx/dataTypes.ts';
import { elementTypeOf } from '../../src/onnx/graph.ts';
import { floatToHalf } from '../../src/onnx/float16.ts';
import { defaultBlockSize, quantizeBlocks } from '../../src/onnx/quantize.ts';
import type { NodeProto } from '../../src/onnx/proto/onnx_pb.js';
import { halveWeight, makeWeight, type Draft, type Weight } from './draft.ts';

/** MatMulNBitsQuantizer: products with a constant matrix in symmetric blocks of 4 bits. Tables stay float. */
export function fourBits(draft: Draft): Draft {
  const weights = new Map(draft.weights.map((weight) => [weight.name, weight]));
  const nodes = draft.nodes.map((node) => {
    const weight = node.opType === 'MatMul' ? weights.get(node.input[1] ?? '') : undefined;
    if (!weight?.matrix) return node;
    const [inputs = 0, outputs = 0] = weight.dims;
    weights.delete(weight.name);
    const blocks = blocksOf(weight.name, outputs, inputs, weight.matrix);
    for (const part of blocks) weights.set(part.name, part);
    return makeNode({
      opType: 'MatMulNBits',
      name: `${node.name}_Q4`,
      domain: microsoft,
      inputs: [node.input[0] ?? '', ...blocks.map(({ name }) => name)],
      outputs: node.output,
      attributes: {
        K: { int: inputs },
        N: { int: outputs },
        bits: { int: 4 },
        block_size: { int: defaultBlockSize },
      },
    });
  });
  return { ...draft, usesMicrosoft: true, nodes, weights: [...weights.values()] };
}

/** The packed values and the scales of a matrix [rows, columns], quantized once for both. */
export function blocksOf(
  name: string,
  rows: number,
  columns: number,
  matrix: () => Float32Array,
): [Weight, Weight] {
  let quantized: ReturnType<typeof quantizeBlocks> | undefined;
  const quantize = () =>
    (quantized ??= quantizeBlocks(matrix(), rows, columns, { bits: 4, symmetric: true }));
  const blocks = Math.ceil(columns / defaultBlockSize);
  const scales = () => quantize().scales;
  return [
    makeWeight(
      `${name}_Q4`,
      DataType.UINT8,
      [rows, blocks, defaultBlockSize / 2],
      () => quantize().data,
    ),
    {
      name: `${name}_scales`,
      dataType: DataType.FLOAT,
      dims: [rows, blocks],
      data: scales,
      floats: scales,
    },
  ];
}

/**
 * convert_float_to_float16 with keep_io_types: everything inside in half precision, Casts at the graph's float inputs
 * and outputs, which stand at the end of the list of nodes.
 */
export function halved(draft: Draft): Draft {
  const { FLOAT, FLOAT16 } = DataType;
  const renamed = new Map<string, string>();
  const casts: NodeProto[] = [];
  const cast = (name: string, from: string, to: string, type: number) =>
    casts.push(
      makeNode({
        opType: 'Cast',
        name,
        inputs: [from],
        outputs: [to],
        attributes: { to: { int: type } },
      }),
    );
  draft.inputs.forEach((value, i) => {
    if (elementTypeOf(value) !== FLOAT) return;
    renamed.set(value.name, `graph_input_cast_${i}`);
    cast(`graph_input_cast${i}`, value.name, `graph_input_cast_${i}`, FLOAT16);
  });
  draft.outputs.forEach((value, i) => {
    if (elementTypeOf(value) !== FLOAT) return;
    renamed.set(value.name, `graph_output_cast_${i}`);
    cast(`graph_output_cast${i}`, `graph_output_cast_${i}`, value.name, FLOAT);
  });
  const rename = (name: string) => renamed.get(name) ?? name;
  for (const node of draft.nodes) {
    node.input = node.input.map(rename);
    node.output = node.output.map(rename);
    halveAttributes(node);
  }
  return { ...draft, nodes: [...draft.nodes, ...casts], weights: draft.weights.map(halveWeight) };
}

function halveAttributes(node: NodeProto): void {
  for (const a of node.attribute) {
    if (node.opType === 'Cast' && a.name === 'to' && Number(a.i) === DataType.FLOAT) {
      a.i = BigInt(DataType.FLOAT16);
    }
    if (a.t?.dataType !== DataType.FLOAT) continue;
    const values = new Float32Array(a.t.rawData.slice().buffer);
    const half = floatToHalf(values.map(clampToHalf));
    a.t.dataType = DataType.FLOAT16;
    a.t.rawData = new Uint8Array(half.buffer, half.byteOffset, half.byteLength);
  }
}

/** Finite values stay finite and small ones do not vanish. */
function clampToHalf(value: number): number {
  const [least, most] = [5.96e-8, 65504];
  if (value === 0 || !Number.isFinite(value)) return value;
  return Math.sign(value) * Math.min(Math.max(Math.abs(value), least), most);
}
