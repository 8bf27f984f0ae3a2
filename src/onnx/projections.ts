// The projections of a decoder's layers (q, k, v, o, gate, up, down), found in a graph by the names that the
// exporters derive from the module tree: `/model/layers.0/attn/qkv_proj/MatMul_Q4` (onnxruntime-genai),
// `/model/layers.0/self_attn/q_proj/MatMul` (optimum).
import type { ConstantReader } from './constants.ts';
import { OnnxError } from './errors.ts';
import { describeNode, intAttribute } from './graph.ts';
import { asLinear, outputRows, type LinearNode } from './linear.ts';

export const projectionNames = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const;
export type ProjectionName = (typeof projectionNames)[number];

/** What the modules compute, by their name: one projection, or several with their rows stacked. */
const modules: Readonly<Record<string, readonly ProjectionName[]>> = {
  q_proj: ['q'],
  k_proj: ['k'],
  v_proj: ['v'],
  qkv_proj: ['q', 'k', 'v'],
  o_proj: ['o'],
  gate_proj: ['gate'],
  up_proj: ['up'],
  gate_up_proj: ['gate', 'up'],
  down_proj: ['down'],
};
/** The layer and the last module of a node's path: `/model/layers.0/attn/q_proj/MatMul` -> 0, `q_proj`. */
const moduleOf = /layers[./](\d+)[./](?:.*[./])?(\w+_proj)\/[^/]*$/;

/** The module that holds a projection in PyTorch's naming: `self_attn.q_proj`. */
export function projectionModule(name: ProjectionName): string {
  const parent = ['q', 'k', 'v', 'o'].includes(name) ? 'self_attn' : 'mlp';
  return `${parent}.${name}_proj`;
}

export interface Projection extends LinearNode {
  layer: number;
  /** The projections that this node computes, in the order of its outputs. */
  names: readonly ProjectionName[];
}

/** Every projection of every layer that the graph names, in the order of the graph. */
export function findProjections(reader: ConstantReader): Projection[] {
  return reader.view.graph.node.flatMap((node) => {
    const [, layer, module] = moduleOf.exec(node.name) ?? [];
    const names = module === undefined ? undefined : modules[module];
    const linear = names && asLinear(node, reader);
    return linear ? [{ ...linear, layer: Number(layer), names }] : [];
  });
}

/**
 * Output rows of each projection that a node computes. Packed queries, keys and values are divided as the
 * layer's attention divides them.
 * @throws OnnxError `unsupported-architecture` when nothing says how a packed projection is divided
 */
export function projectionRows(projection: Projection, reader: ConstantReader): number[] {
  const rows = outputRows(projection, reader);
  const { names, layer } = projection;
  if (names.length === 1) return [rows];
  if (names[0] === 'gate') return [rows / 2, rows / 2];
  const attention = reader.view.graph.node.find(
    (node) =>
      node.opType === 'GroupQueryAttention' && node.input.includes(`past_key_values.${layer}.key`),
  );
  if (!attention) {
    throw new OnnxError(
      'unsupported-architecture',
      `Nothing says how the packed projection ${describeNode(projection.node)} is divided.`,
    );
  }
  const heads = intAttribute(attention, 'num_heads');
  const keyValueHeads = intAttribute(attention, 'kv_num_heads');
  const headSize = rows / (heads + 2 * keyValueHeads);
  return [heads * headSize, keyValueHeads * headSize, keyValueHeads * headSize];
}
