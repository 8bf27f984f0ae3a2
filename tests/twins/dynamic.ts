// Dynamic quantization, the `_quantized` files of transformers.js: int8 weights, activations made uint8 on the way. Does
// what ONNX Runtime's ONNXQuantizer does with the settings of transformers.js' script.
import { makeNode } from '../../src/onnx/builder.ts';
import { DataType } from '../../src/onnx/dataTypes.ts';
import type { NodeProto } from '../../src/onnx/proto/onnx_pb.js';
import { makeWeight, type Draft, type Weight } from './draft.ts';

/** How weights are made int8: whole or a column at a time, in 8 bits or 7. */
export interface DynamicSettings {
  perChannel: boolean;
  reduceRange: boolean;
}

/**
 * MatMul with a constant becomes DynamicQuantizeLinear -> MatMulInteger -> Cast -> Mul. Tables are
 * uint8; their rows, or they themselves, stay so through Transpose, and a DequantizeLinear stands before other readers.
 */
export function dynamicallyQuantized(draft: Draft, settings: DynamicSettings): Draft {
  const weights = new Map(draft.weights.map((weight) => [weight.name, weight]));
  const quantizedInputs = new Set<string>();
  /** Values that are there in uint8, with the table that their scale belongs to. */
  const integers = new Map<string, string>();
  const dequantized = new Set<string>();
  const nodes: NodeProto[] = [];
  const replace = (name: string, parts: Weight[]) => {
    weights.delete(name);
    for (const part of parts) weights.set(part.name, part);
  };
  for (const node of draft.nodes) {
    const [first = '', second = ''] = node.input;
    const [matrix, table] = [weights.get(second), weights.get(first)];
    if (node.opType === 'Gather' && table?.floats && table.dims.length === 2) {
      replace(first, tableOf(table));
      integers.set(first, first);
    }
    const scaleOf = integers.get(first);
    if (scaleOf && (node.opType === 'Gather' || node.opType === 'Transpose')) {
      const output = node.output[0] ?? '';
      integers.set(output, scaleOf);
      node.input[0] = `${first}_quantized`;
      node.output[0] = `${output}_quantized`;
      nodes.push(node);
      continue;
    }
    for (const input of node.input) {
      const scale = integers.get(input);
      if (!scale || dequantized.has(input)) continue;
      dequantized.add(input);
      nodes.push(dequantizer(input, scale));
    }
    if (node.opType !== 'MatMul' || !matrix?.matrix) {
      nodes.push(node);
      continue;
    }
    replace(second, columnsOf(matrix, settings));
    if (!quantizedInputs.has(first)) nodes.push(inputQuantizer(first));
    quantizedInputs.add(first);
    nodes.push(...integerProduct(node, first, second));
  }
  return { ...draft, producer: 'onnx.quantize', nodes, weights: [...weights.values()] };
}

function inputQuantizer(input: string): NodeProto {
  return makeNode({
    opType: 'DynamicQuantizeLinear',
    name: `${input}_QuantizeLinear`,
    inputs: [input],
    outputs: ['quantized', 'scale', 'zero_point'].map((part) => `${input}_${part}`),
  });
}

function integerProduct(
  { name, output: [output = ''] }: NodeProto,
  input: string,
  weight: string,
): NodeProto[] {
  const product = `${output}_output_quantized`;
  const scales = `${name}_quant_scales_mul:0`;
  return [
    makeNode({
      opType: 'MatMulInteger',
      name: `${name}_quant`,
      inputs: [
        `${input}_quantized`,
        `${weight}_quantized`,
        `${input}_zero_point`,
        `${weight}_zero_point`,
      ],
      outputs: [product],
    }),
    makeNode({
      opType: 'Cast',
      name: `${product}_cast`,
      inputs: [product],
      outputs: [`${product}_cast_output`],
      attributes: { to: { int: DataType.FLOAT } },
    }),
    makeNode({
      opType: 'Mul',
      name: `${name}_quant_scales_mul`,
      inputs: [`${input}_scale`, `${weight}_scale`],
      outputs: [scales],
    }),
    makeNode({
      opType: 'Mul',
      name: `${name}_quant_output_scale_mul`,
      inputs: [`${product}_cast_output`, scales],
      outputs: [output],
    }),
  ];
}

function dequantizer(output: string, table: string): NodeProto {
  return makeNode({
    opType: 'DequantizeLinear',
    name: `${output}_DequantizeLinear`,
    inputs: [`${output}_quantized`, `${table}_scale`, `${table}_zero_point`],
    outputs: [output],
  });
}

/** A matrix [inputs, outputs] in int8, symmetric, with one scale or one a column. */
function columnsOf(
  { name, dims, floats }: Weight,
  { perChannel, reduceRange }: DynamicSettings,
): Weight[] {
  const [, outputs = 0] = dims;
  const groups = perChannel ? outputs : 1;
  const levels = reduceRange ? 64 : 127;
  const groupDims = perChannel ? [groups] : [];
  const scales = () => {
    const largest = new Float32Array(groups);
    floats?.().forEach((value, i) => {
      largest[i % groups] = Math.max(largest[i % groups] as number, Math.abs(value));
    });
    return largest.map((value) => value / levels);
  };
  const values = () => {
    const steps = scales();
    return Int8Array.from(floats?.() ?? [], (value, i) =>
      Math.round(value / (steps[i % groups] as number)),
    );
  };
  return [
    makeWeight(`${name}_scale`, DataType.FLOAT, groupDims, scales),
    makeWeight(`${name}_zero_point`, DataType.INT8, groupDims, () => new Int8Array(groups)),
    makeWeight(`${name}_quantized`, DataType.INT8, dims, values),
  ];
}

/** A table in uint8 with one scale and one zero point. */
function tableOf({ name, dims, floats }: Weight): Weight[] {
  const range = () => {
    const values = floats?.() ?? new Float32Array(0);
    const low = values.reduce((least, value) => Math.min(least, value), 0);
    const high = values.reduce((most, value) => Math.max(most, value), 0);
    const scale = (high - low) / 255;
    return { values, scale, zeroPoint: Math.round(-low / scale) };
  };
  const data = () => {
    const { values, scale, zeroPoint } = range();
    return Uint8ClampedArray.from(values, (value) => Math.round(value / scale) + zeroPoint);
  };
  return [
    makeWeight(`${name}_scale`, DataType.FLOAT, [], () => Float32Array.of(range().scale)),
    makeWeight(`${name}_zero_point`, DataType.UINT8, [], () => Uint8Array.of(range().zeroPoint)),
    makeWeight(`${name}_quantized`, DataType.UINT8, dims, data),
  ];
}
