// onnxruntime-genai's WebGPU exports fold Qwen3's query and key norms into GroupQueryAttention (inputs 14
// and 15), which the CPU and WASM providers refuse. Here they are taken apart into Reshape, norm, Reshape:
// every provider runs that, and WebGPU fuses it again by itself.
import { makeNode, makeTensor } from './builder.ts';
import { DataType } from './dataTypes.ts';
import { attribute, describeNode, inputName, outputName } from './graph.ts';
import { OnnxError } from './errors.ts';
import type { GraphProto, NodeProto, TensorProto } from './proto/onnx_pb.js';

/** The norms' inputs of GroupQueryAttention, beside the input they apply to. */
const fusedNorms = [
  { label: 'q', activations: 0, weight: 14 },
  { label: 'k', activations: 1, weight: 15 },
];
const firstNormInput = 14;

/** Takes the fused norms of every GroupQueryAttention in `graph` apart, in place. */
export function unfuseQueryKeyNorms(graph: GraphProto): void {
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  graph.node = graph.node.flatMap((node) => {
    const isFused = node.opType === 'GroupQueryAttention' && node.input.length > firstNormInput;
    return isFused ? unfuse(node, initializers, graph) : [node];
  });
}

function unfuse(
  attention: NodeProto,
  initializers: ReadonlyMap<string, TensorProto>,
  graph: GraphProto,
): NodeProto[] {
  const epsilon = attribute(attention, 'qk_norm_epsilon')?.f ?? 1e-6;
  const norms = fusedNorms.flatMap(({ label, activations, weight }) => {
    const gamma = attention.input[weight];
    if (!gamma) return [];
    if (!attention.input[1]) {
      throw new OnnxError(
        'unsupported-node',
        `Node ${describeNode(attention)} normalises packed queries and keys, which is not supported.`,
      );
    }
    const headSize = initializers.get(gamma)?.dims[0];
    if (headSize === undefined) {
      throw new OnnxError('missing-initializer', `The model holds no initializer "${gamma}".`);
    }
    const base = `${attention.name}/${label}_norm`;
    const source = inputName(attention, activations);
    const toHeads = shapeTensor(`${base}/heads`, [0n, -1n, headSize], graph);
    // Back to [B, S, heads * headSize]: the rows as they came in.
    const split = makeNode({
      opType: 'Reshape',
      name: `${base}/Reshape_1`,
      inputs: [source, toHeads],
    });
    const norm = makeNode({
      opType: 'SimplifiedLayerNormalization',
      name: `${base}/SimplifiedLayerNormalization`,
      inputs: [outputName(split), gamma],
      attributes: { axis: { int: -1 }, epsilon: { float: epsilon }, stash_type: { int: 1 } },
    });
    const shape = makeNode({ opType: 'Shape', name: `${base}/Shape`, inputs: [source] });
    const join = makeNode({
      opType: 'Reshape',
      name: `${base}/Reshape_2`,
      inputs: [outputName(norm), outputName(shape)],
    });
    attention.input[activations] = outputName(join);
    return [split, norm, shape, join];
  });
  attention.input.length = firstNormInput;
  while (attention.input.at(-1) === '') attention.input.pop();
  attention.attribute = attention.attribute.filter(({ name }) => name !== 'qk_norm_epsilon');
  return [...norms, attention];
}

function shapeTensor(name: string, values: bigint[], graph: GraphProto): string {
  graph.initializer.push(
    makeTensor(name, DataType.INT64, [values.length], BigInt64Array.from(values)),
  );
  return name;
}
