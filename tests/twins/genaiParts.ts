// What graphs of onnxruntime-genai's model builder are made of: its constants, products, names and signature.
import {
  makeNode,
  makeTensor,
  makeValueInfo,
  microsoft,
  type Attributes,
} from '../../src/onnx/builder.ts';
import { DataType } from '../../src/onnx/dataTypes.ts';
import type { NodeProto, ValueInfoProto } from '../../src/onnx/proto/onnx_pb.js';
import { floatWeight, halveWeight, tensorAttribute, type Weight } from './draft.ts';
import { blocksOf } from './formats.ts';
import { turned } from './parameters.ts';
import type { Sizes } from './sizes.ts';

/** Inputs and outputs: all keys come before all values, and nothing says how wide a head is. */
export function genaiEnds(
  { vocab, layers, heads, keyValueHeads = heads }: Sizes,
  type: number,
): { inputs: ValueInfoProto[]; outputs: ValueInfoProto[] } {
  const { INT64 } = DataType;
  const cache = (name: string, length: string) =>
    ['key', 'value'].flatMap((kind) =>
      Array.from({ length: layers }, (_, layer) =>
        makeValueInfo(`${name}.${layer}.${kind}`, type, [
          'batch_size',
          keyValueHeads,
          length,
          'kv_cache_dim',
        ]),
      ),
    );
  return {
    inputs: [
      makeValueInfo('input_ids', INT64, ['batch_size', 'sequence_length']),
      makeValueInfo('attention_mask', INT64, ['batch_size', 'total_sequence_length']),
      ...cache('past_key_values', 'past_sequence_length'),
    ],
    outputs: [
      makeValueInfo('logits', type, ['batch_size', 'sequence_length', vocab]),
      ...cache('present', 'total_sequence_length'),
    ],
  };
}

/** Collects nodes and weights. */
export class GenaiParts {
  readonly nodes: NodeProto[] = [];
  readonly weights: Weight[] = [];
  /** Of floats: FLOAT or FLOAT16. */
  readonly type: number;
  readonly #isQuantized: boolean;
  readonly #constants = new Set<string>();

  constructor(type: number, isQuantized: boolean) {
    this.type = type;
    this.#isQuantized = isQuantized;
  }

  /** A linear layer: a product with a float matrix [inputs, outputs], or with blocks of [outputs, inputs]. */
  product(
    path: string,
    input: string,
    outputs: number,
    inputs: number,
    matrix: () => Float32Array,
    result = `${path}/MatMul/output_0`,
  ): string {
    const name = `${path.slice(1).replaceAll('/', '.')}.MatMul.weight`;
    if (!this.#isQuantized) {
      const floats = () => turned(matrix(), outputs, inputs);
      const weight = this.add(floatWeight(name, [inputs, outputs], floats, matrix));
      return this.node('MatMul', `${path}/MatMul`, [input, weight], { outputs: [result] });
    }
    const blocks = blocksOf(name, outputs, inputs, matrix).map((part) => this.add(part));
    return this.node('MatMulNBits', `${path}/MatMul_Q4`, [input, ...blocks], {
      domain: microsoft,
      outputs: [result],
      attributes: {
        K: { int: inputs },
        N: { int: outputs },
        accuracy_level: { int: 4 },
        bits: { int: 4 },
        block_size: { int: 32 },
      },
    });
  }

  add(weight: Weight): string {
    this.weights.push(this.type === DataType.FLOAT16 ? halveWeight(weight) : weight);
    return weight.name;
  }

  /** A Constant node, once for each value, named after it. */
  int64(values: number | readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const text = typeof values === 'number' ? String(values) : `[${list.join(', ')}]`;
    const name = `/model/constants/INT64/${text}`;
    if (this.#constants.has(name)) return name;
    this.#constants.add(name);
    const dims = typeof values === 'number' ? [] : [list.length];
    const node = makeNode({
      opType: 'Constant',
      name: `/model/constant_nodes/INT64/${text}`,
      inputs: [],
      outputs: [name],
    });
    node.attribute.push(
      tensorAttribute(
        'value',
        makeTensor('', DataType.INT64, dims, BigInt64Array.from(list, BigInt)),
      ),
    );
    this.nodes.push(node);
    return name;
  }

  node(
    opType: string,
    name: string,
    inputs: readonly string[],
    more: { domain?: string; outputs?: string[]; attributes?: Attributes } = {},
  ): string {
    const outputs = more.outputs ?? [`${name}/output_0`];
    this.nodes.push(makeNode({ opType, name, inputs, ...more, outputs }));
    return outputs[0] ?? '';
  }
}
