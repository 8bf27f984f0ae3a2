// LoRA on a decoder's graph: y = W x + (alpha / r) B A x beside each adapted projection, in float, whatever
// the type of W. Adapters come in PEFT's layout (adapter_config.json, adapter_model.safetensors).
import { makeFloatTensor, makeNode } from './builder.ts';
import { ConstantReader } from './constants.ts';
import { OnnxError } from './errors.ts';
import { GraphView, outputName } from './graph.ts';
import { activationType } from './linear.ts';
import { copyModel, type ModelProto, type ModelWithGraph } from './model.ts';
import {
  findProjections,
  projectionModule,
  projectionRows,
  type Projection,
  type ProjectionName,
} from './projections.ts';
import type { NodeProto } from './proto/onnx_pb.js';
import { readSafetensors, safetensorToFloat } from './safetensors.ts';

/** The factors of one projection: `a` [rank, inputs], `b` [outputs, rank]. */
export interface LoraFactors {
  layer: number;
  name: ProjectionName;
  rank: number;
  inputs: number;
  outputs: number;
  a: Float32Array;
  b: Float32Array;
}

export interface LoraAdapter {
  /** alpha / r, or alpha / sqrt(r) with `use_rslora`. */
  scale: number;
  factors: LoraFactors[];
}

const loraName =
  /layers\.(\d+)\.(?:self_attn|mlp)\.(q|k|v|o|gate|up|down)_proj\.lora_(A|B)(?:\.default)?\.weight$/;

/** PEFT features that change what an adapter computes, and that are not supported. */
const unsupportedFeatures = ['use_dora', 'fan_in_fan_out', 'rank_pattern', 'alpha_pattern'];

/**
 * Reads a PEFT LoRA adapter.
 * @param config the parsed `adapter_config.json`
 * @param weights the bytes of `adapter_model.safetensors`
 * @throws OnnxError `bad-config`, `bad-shape`, `missing-weight` or `unsupported-architecture`
 */
export function readLoraAdapter(config: unknown, weights: Uint8Array): LoraAdapter {
  const { tensors } = readSafetensors(weights);
  const factors: LoraFactors[] = [];
  for (const [name, tensor] of tensors) {
    const [, layer, projection, side] = loraName.exec(name) ?? [];
    if (layer === undefined) {
      throw new OnnxError(
        'unsupported-architecture',
        `The adapter's tensor "${name}" belongs to no projection of a Llama-family layer.`,
      );
    }
    if (side === 'B') continue;
    const nameOfB = name.replace('lora_A', 'lora_B');
    const other = tensors.get(nameOfB);
    if (!other) throw new OnnxError('missing-weight', `The adapter lacks "${nameOfB}".`);
    const [rank = 0, inputs = 0] = tensor.shape;
    const [outputs = 0, rankOfB] = other.shape;
    if (rankOfB !== rank) {
      throw new OnnxError(
        'bad-shape',
        `The ranks of "${name}" [${tensor.shape}] and its lora_B [${other.shape}] differ.`,
      );
    }
    factors.push({
      layer: Number(layer),
      name: projection as ProjectionName,
      rank,
      inputs,
      outputs,
      a: safetensorToFloat(tensor, name),
      b: safetensorToFloat(other, nameOfB),
    });
  }
  return { scale: readScale(config, factors), factors };
}

function readScale(config: unknown, factors: readonly LoraFactors[]): number {
  const fields = config as Record<string, unknown>;
  for (const feature of unsupportedFeatures) {
    const value = fields[feature];
    if (value === true || (typeof value === 'object' && value && Object.keys(value).length > 0)) {
      throw new OnnxError(
        'bad-config',
        `adapter_config.json uses "${feature}", which is not supported.`,
      );
    }
  }
  const { r, lora_alpha: alpha } = fields;
  if (typeof r !== 'number' || typeof alpha !== 'number' || r <= 0) {
    throw new OnnxError('bad-config', 'adapter_config.json lacks "r" or "lora_alpha".');
  }
  const different = factors.find(({ rank }) => rank !== r);
  if (different) {
    throw new OnnxError(
      'bad-shape',
      `adapter_config.json says r = ${r}, but a factor of layer ${different.layer} has rank ${different.rank}.`,
    );
  }
  return fields['use_rslora'] === true ? alpha / Math.sqrt(r) : alpha / r;
}

/**
 * Adds an adapter's branches to a decoder's graph. Where one node computes several projections (packed q, k,
 * v), their factors become one pair: the A's side by side, the B's on a diagonal of blocks. The weights
 * themselves are not read, so no external files are needed.
 * @throws OnnxError `unsupported-architecture` when the graph has no node for a projection of the adapter,
 *   `bad-shape` when sizes differ
 */
export function applyLora(model: ModelProto, adapter: LoraAdapter): ModelWithGraph {
  const copy = copyModel(model);
  const { graph } = copy;
  const reader = new ConstantReader(new GraphView(graph), new Map());
  const pending = new Map(adapter.factors.map((factors) => [place(factors), factors]));
  const branches = new Map<NodeProto, NodeProto[]>();
  for (const projection of findProjections(reader)) {
    const places = projection.names.map((name) => place({ layer: projection.layer, name }));
    const factors = places.map((at) => pending.get(at));
    for (const at of places) pending.delete(at);
    if (factors.every((found) => found === undefined)) continue;
    const pair = packFactors(factors, projectionRows(projection, reader), adapter.scale);
    const type = activationType(projection, reader);
    // Named after the output, which is new each time: a second adapter may follow.
    const name = `${projection.output}/lora`;
    const a = makeFloatTensor(`${name}/A`, [pair.inputs, pair.rank], pair.a, type);
    const b = makeFloatTensor(`${name}/B`, [pair.rank, pair.outputs], pair.b, type);
    graph.initializer.push(a, b);
    // The branch joins after the node that ends the projection, which from now on writes to a name of its own.
    const end = reader.view.producer(projection.output) ?? projection.node;
    const base = `${projection.output}/base`;
    end.output = end.output.map((output) => (output === projection.output ? base : output));
    branches.set(end, branchNodes(projection, base, a.name, b.name));
  }
  const [missing] = pending.keys();
  if (missing !== undefined) {
    throw new OnnxError(
      'unsupported-architecture',
      `The adapter adapts ${missing}, which the decoder's graph does not name.`,
    );
  }
  graph.node = graph.node.flatMap((node) => [node, ...(branches.get(node) ?? [])]);
  return copy;
}

function place({ layer, name }: Pick<LoraFactors, 'layer' | 'name'>): string {
  return `layers.${layer}.${projectionModule(name)}`;
}

/** output = base + (input A) B, with the scale inside B. */
function branchNodes({ input, output }: Projection, base: string, a: string, b: string) {
  const down = makeNode({ opType: 'MatMul', name: `${output}/lora/Down`, inputs: [input, a] });
  const up = makeNode({
    opType: 'MatMul',
    name: `${output}/lora/Up`,
    inputs: [outputName(down), b],
  });
  const add = makeNode({
    opType: 'Add',
    name: `${output}/lora/Add`,
    inputs: [base, outputName(up)],
    outputs: [output],
  });
  return [down, up, add];
}

/**
 * One pair of factors for a node that computes the projections `factors` (in its order, `undefined` where one
 * is not adapted), as MatMul takes them: a [inputs, ranks], b [ranks, outputs] with `scale` in it.
 * @param rows outputs of each projection
 */
function packFactors(
  factors: readonly (LoraFactors | undefined)[],
  rows: readonly number[],
  scale: number,
) {
  const present = factors.filter((found) => found !== undefined);
  const rank = present.reduce((sum, found) => sum + found.rank, 0);
  const outputs = rows.reduce((sum, count) => sum + count, 0);
  const inputs = present[0]?.inputs ?? 0;
  const a = new Float32Array(inputs * rank);
  const b = new Float32Array(rank * outputs);
  let rankOffset = 0;
  let rowOffset = 0;
  factors.forEach((found, index) => {
    const count = rows[index] as number;
    if (found) {
      if (found.outputs !== count || found.inputs !== inputs) {
        throw new OnnxError(
          'bad-shape',
          `The adapter's ${place(found)} maps ${found.inputs} to ${found.outputs}; the graph's has ${inputs} and ${count}.`,
        );
      }
      for (let r = 0; r < found.rank; r++) {
        for (let i = 0; i < inputs; i++) {
          a[i * rank + rankOffset + r] = found.a[r * inputs + i] as number;
        }
        for (let o = 0; o < count; o++) {
          b[(rankOffset + r) * outputs + rowOffset + o] =
            scale * (found.b[o * found.rank + r] as number);
        }
      }
      rankOffset += found.rank;
    }
    rowOffset += count;
  });
  return { inputs, outputs, rank, a, b };
}
