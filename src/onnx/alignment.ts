// Builds the alignment between the encoder and the LLM as a small ONNX graph from its safetensors file
// (docs/bundle-format.md, "Alignments"), so that it runs wherever the session runs.
//
// input   hidden_states [1, S, d_enc] float32
// output  soft_prompt [1, S + 1, d_llm] float32: the aligned states, then the learned end-of-prompt vector
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
};

/** What `input_norm` may say, and what it adds. */
const inputNorms: Readonly<Record<string, AddKind>> = {
  none: (_, input) => input,
  rms({ builder, weights }, input) {
    const square = builder.node('Mul', '/input_norm/Square', [input, input]);
    const mean = builder.node('ReduceMean', '/input_norm/Mean', [square, builder.int64([-1])], {
      keepdims: { int: 1 },
    });
    const epsilon = builder.scalar(numberField(weights, 'norm_eps'));
    const shifted = builder.node('Add', '/input_norm/Add', [mean, epsilon]);
    const root = builder.node('Sqrt', '/input_norm/Sqrt', [shifted]);
    return builder.node('Div', '/input_norm/Div', [input, root]);
  },
};

const formatName = 'lingualift-alignment-1';

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
