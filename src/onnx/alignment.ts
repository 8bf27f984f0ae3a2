// Builds the alignment between the encoder and the LLM as a small ONNX graph from its safetensors file
// (docs/bundle-format.md, "Alignments"), so that it runs wherever the session runs.
//
// input   hidden_states [1, S, d_enc] float32
// output  soft_prompt [1, L + 1, d_llm] float32: the aligned states (`latent`: the latents), then the learned
//         end-of-prompt vector
import { GraphBuilder } from './builder.ts';
import { DataType } from './dataTypes.ts';
import { OnnxError } from './errors.ts';
import { addLinear } from './layers.ts';
import type { ModelWithGraph } from './model.ts';
import { requireFloat, type Safetensors } from './safetensors.ts';

/** What every kind needs to add its nodes. */
interface Context {
  builder: GraphBuilder;
  weights: Safetensors;
  encoderDim: number;
  llmDim: number;
}

/** Adds the nodes of one kind. `input` is [1, S, d_enc], normalised. @returns the name of [1, L, d_llm] */
type AddKind = (context: Context, input: string) => string;

const kinds: Readonly<Record<string, AddKind>> = {
  linear: (context, input) => linear(context, 'linear', input, context.llmDim, context.encoderDim),
  mlp(context, input) {
    const hiddenDim = numberField(context.weights, 'hidden_dim');
    const hidden = linear(context, 'fc1', input, hiddenDim, context.encoderDim);
    const activated = context.builder.node('Gelu', '/gelu/Gelu', [hidden]);
    return linear(context, 'fc2', activated, context.llmDim, hiddenDim);
  },
  latent(context, input) {
    const hiddenDim = numberField(context.weights, 'hidden_dim');
    const states = linear(context, 'states', input, hiddenDim, context.encoderDim);
    const latents = resample(context, states, hiddenDim);
    const normed = rmsNorm(context, '/fc1/norm', latents);
    const hidden = linear(context, 'fc1', normed, hiddenDim, hiddenDim);
    const activated = context.builder.node('Gelu', '/gelu/Gelu', [hidden]);
    return linear(context, 'fc2', activated, context.llmDim, hiddenDim);
  },
};

/** What `input_norm` may say, and what it adds. */
const inputNorms: Readonly<Record<string, AddKind>> = {
  none: (_, input) => input,
  rms: (context, input) => rmsNorm(context, '/input_norm', input),
};

const formatName = 'lingualift-alignment-1';

/** What an alignment reads of each token: the encoder's state, or also the spelling of its word behind it. */
export const alignmentInputs = ['states', 'states+words'] as const;
export type AlignmentInputs = (typeof alignmentInputs)[number];

/**
 * What an alignment reads, as its metadata say.
 * @throws OnnxError `bad-config`
 */
export function alignmentInputsOf({
  inputs = 'states',
}: Readonly<Record<string, string>>): AlignmentInputs {
  const known = alignmentInputs.find((one) => one === inputs);
  if (known !== undefined) return known;
  throw new OnnxError(
    'bad-config',
    `The alignment's metadata field "inputs" is "${inputs}"; known are ${alignmentInputs.join(', ')}.`,
  );
}

/**
 * Builds the graph.
 * @throws OnnxError `bad-config` when the metadata are not those of a known alignment, `missing-weight` or
 *   `bad-shape` when the tensors do not fit them
 */
export function buildAlignment(weights: Safetensors): ModelWithGraph {
  const { metadata } = weights;
  if (metadata['format'] !== formatName) {
    throw new OnnxError(
      'bad-config',
      `The file is no alignment: its metadata field "format" is "${metadata['format'] ?? ''}", not "${formatName}".`,
    );
  }
  const addKind = choose(kinds, 'kind', metadata);
  const addNorm = choose(inputNorms, 'input_norm', metadata);
  const builder = new GraphBuilder();
  const encoderDim = numberField(weights, 'encoder_dim');
  const llmDim = numberField(weights, 'llm_dim');
  const context = { builder, weights, encoderDim, llmDim };
  builder.input('hidden_states', DataType.FLOAT, [1, 'sequence_length', encoderDim]);
  builder.output('soft_prompt', DataType.FLOAT, [1, 'prompt_length', llmDim]);
  const aligned = addKind(context, addNorm(context, 'hidden_states'));
  const end = requireFloat(weights, 'end_of_prompt', [llmDim]);
  builder.floats('end_of_prompt', [1, 1, llmDim], end);
  builder.node(
    'Concat',
    '/soft_prompt/Concat',
    [aligned, 'end_of_prompt'],
    { axis: { int: 1 } },
    { outputs: ['soft_prompt'] },
  );
  return builder.model('alignment');
}

/** Divides by the root mean square of the last axis. */
function rmsNorm({ builder, weights }: Context, path: string, input: string): string {
  const square = builder.node('Mul', `${path}/Square`, [input, input]);
  const mean = builder.node('ReduceMean', `${path}/Mean`, [square, builder.int64([-1])], {
    keepdims: { int: 1 },
  });
  const epsilon = builder.scalar(numberField(weights, 'norm_eps'));
  const shifted = builder.node('Add', `${path}/Add`, [mean, epsilon]);
  const root = builder.node('Sqrt', `${path}/Sqrt`, [shifted]);
  return builder.node('Div', `${path}/Div`, [input, root]);
}

/**
 * The attention of the latents over states [1, S, h] and over each other, a causal Perceiver resampler
 * (Flamingo, arXiv 2204.14198, section 3.1). @returns the name of [1, K, h]
 */
function resample(context: Context, states: string, hiddenDim: number): string {
  const { builder, weights } = context;
  const count = numberField(weights, 'latents');
  const heads = numberField(weights, 'heads');
  const headSize = hiddenDim / heads;
  const latents = requireFloat(weights, 'latents', [count, hiddenDim]);
  builder.floats('latents', [1, count, hiddenDim], latents);
  const normed = rmsNorm(context, '/latents/norm', 'latents');
  const both = builder.node('Concat', '/seen/Concat', [states, 'latents'], { axis: { int: 1 } });
  const seen = rmsNorm(context, '/seen/norm', both);

  const project = (name: string, of: string, perm: number[]): string => {
    const weight = requireFloat(weights, `${name}.weight`, [hiddenDim, hiddenDim]);
    const shape = { outputs: hiddenDim, inputs: hiddenDim, weight };
    const y = addLinear(builder, `/${name}`, of, shape, 'fp32');
    const split = builder.int64([1, -1, heads, headSize]);
    const parts = builder.node('Reshape', `/${name}/Reshape`, [y, split]);
    return builder.node('Transpose', `/${name}/Transpose`, [parts], { perm: { ints: perm } });
  };
  const byHead = [0, 2, 1, 3];
  const scale = builder.scalar(1 / Math.sqrt(headSize));
  const q = builder.node('Mul', '/q/Scale', [project('q', normed, byHead), scale]);
  const scores = builder.node('MatMul', '/scores/MatMul', [q, project('k', seen, [0, 2, 3, 1])]);
  // Latents see all states, and of the latents themselves and those before them.
  const hidden = Float32Array.from({ length: count * count }, (_, i) =>
    i % count > Math.floor(i / count) ? -1e9 : 0,
  );
  builder.floats('latents.mask', [1, 1, count, count], hidden);
  const stateCount = builder.node('Shape', '/states/Shape', [states], {
    start: { int: 1 },
    end: { int: 2 },
  });
  const pads = builder.node(
    'Concat',
    '/scores/Pads',
    [builder.int64([0, 0, 0]), stateCount, builder.int64([0, 0, 0, 0])],
    { axis: { int: 0 } },
  );
  const mask = builder.node('Pad', '/scores/Mask', ['latents.mask', pads]);
  const masked = builder.node('Add', '/scores/Add', [scores, mask]);
  const shares = builder.node('Softmax', '/scores/Softmax', [masked], { axis: { int: -1 } });
  const mixed = builder.node('MatMul', '/mixed/MatMul', [shares, project('v', seen, byHead)]);
  const joined = builder.node('Transpose', '/latents/Transpose', [mixed], {
    perm: { ints: byHead },
  });
  const flat = builder.node('Reshape', '/latents/Reshape', [
    joined,
    builder.int64([1, count, hiddenDim]),
  ]);
  const weight = requireFloat(weights, 'o.weight', [hiddenDim, hiddenDim]);
  const shape = { outputs: hiddenDim, inputs: hiddenDim, weight };
  const o = addLinear(builder, '/latents/o', flat, shape, 'fp32');
  return builder.node('Add', '/latents/Residual', ['latents', o]);
}

function linear(
  { builder, weights }: Context,
  name: string,
  input: string,
  outputs: number,
  inputs: number,
): string {
  const weight = requireFloat(weights, `${name}.weight`, [outputs, inputs]);
  const bias = requireFloat(weights, `${name}.bias`, [outputs]);
  return addLinear(builder, `/${name}`, input, { outputs, inputs, weight, bias }, 'fp32');
}

function choose(
  table: Readonly<Record<string, AddKind>>,
  field: string,
  metadata: Readonly<Record<string, string>>,
): AddKind {
  const value = metadata[field] ?? '';
  const entry = table[value];
  if (entry) return entry;
  throw new OnnxError(
    'bad-config',
    `The alignment's metadata field "${field}" is "${value}"; known are ${Object.keys(table).join(', ')}.`,
  );
}

function numberField({ metadata }: Safetensors, field: string): number {
  const value = Number(metadata[field]);
  if (metadata[field] !== undefined && Number.isFinite(value)) return value;
  throw new OnnxError('bad-config', `The alignment's metadata field "${field}" is no number.`);
}
