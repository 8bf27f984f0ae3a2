// Encoders with the head of their pretraining, as optimum exports them for the task fill-mask: `logits` is their only
// output, and the encoder is a module of the whole, whose name stands before every other. The head's nodes are those of
// BertForMaskedLM and XLMRobertaForMaskedLM of transformers 4.57 (record_masked_lm.py).
import { makeNode, makeTensor, makeValueInfo } from '../../src/onnx/builder.ts';
import { DataType } from '../../src/onnx/dataTypes.ts';
import { decodeModel, encodeModel } from '../../src/onnx/index.ts';
import type { NodeProto } from '../../src/onnx/proto/onnx_pb.js';
import { finish, floatWeight, tensorAttribute, type Draft } from './draft.ts';
import type { OptimumModel } from './optimum.ts';
import { Parameters, turned } from './parameters.ts';
import { presets } from './presets.ts';
import { modelPath, optimumTwin, seed, type Dtype } from './twin.ts';
import type { TwinGraph } from './twinFiles.ts';

/** Modules of a head, each as its nodes are named. */
interface Head {
  encoder: string;
  dense: string;
  activation: string;
  norm: string;
  decoder: string;
  /** The name of the decoder's bias. */
  bias: string;
}

const heads = {
  mbert: {
    encoder: 'bert',
    dense: '/cls/predictions/transform/dense',
    activation: '/cls/predictions/transform/transform_act_fn',
    norm: '/cls/predictions/transform/LayerNorm',
    decoder: '/cls/predictions/decoder',
    bias: 'cls.predictions.bias',
  },
  'xlm-roberta-base': {
    encoder: 'roberta',
    dense: '/lm_head/dense',
    activation: '/lm_head',
    norm: '/lm_head/layer_norm',
    decoder: '/lm_head/decoder',
    bias: 'lm_head.bias',
  },
} satisfies Record<string, Head>;

export type MaskedLmName = keyof typeof heads;
export const maskedLmNames = Object.keys(heads) as MaskedLmName[];

/**
 * A preset's encoder, small, behind it the head that its file on the hub has. The encoder's weights are those of the twin.
 * @param isTied whether the head multiplies with the turned table of words, as optimum leaves it, or with a copy
 */
export function readMaskedLm(name: MaskedLmName, dtype: Dtype, isTied = true): TwinGraph {
  const { numbers, sizes } = presets[name];
  const model = { sizes: sizes.tiny, numbers, parameters: new Parameters(seed) };
  const draft = maskedLmTwin(name, dtype, model, isTied);
  const bytes = encodeModel(finish(draft));
  const path = modelPath(name, dtype);
  return { path, bytes, model: decodeModel(bytes), external: new Map(), config: {} };
}

/** The graph at any sizes. */
export function maskedLmTwin(
  name: MaskedLmName,
  dtype: Dtype,
  model: Pick<OptimumModel, 'sizes' | 'numbers' | 'parameters'>,
  isTied: boolean,
): Draft {
  const head: OptimumModel['head'] = (headless, whole) =>
    withHead(headless, whole, heads[name], isTied);
  return optimumTwin(presets[name].family, dtype, { ...model, head });
}

function withHead(headless: Draft, model: OptimumModel, head: Head, isTied: boolean): Draft {
  const { hidden, vocab } = model.sizes;
  const { parameters, numbers } = model;
  const { states, draft } = asModule(headless, head.encoder);
  const table = `${head.encoder}.embeddings.word_embeddings.weight`;
  // A tied head's matrix is the table, whose values go by the name that it has without a head.
  const matrices = [
    { name: 'onnx::MatMul_1', rows: hidden, drawnAs: parameterOf(head.dense, 'weight') },
    { name: 'onnx::MatMul_2', rows: vocab, drawnAs: 'embeddings.word_embeddings.weight' },
  ].map(({ name, rows, drawnAs }) => {
    const matrix = () => parameters.values(drawnAs, [rows, hidden]);
    return floatWeight(name, [hidden, rows], () => turned(matrix(), rows, hidden), matrix);
  });
  const vectors = [
    [parameterOf(head.dense, 'bias'), hidden] as const,
    [parameterOf(head.norm, 'weight'), hidden] as const,
    [parameterOf(head.norm, 'bias'), hidden] as const,
    [head.bias, vocab] as const,
  ].map(([name, size]) => floatWeight(name, [size], () => parameters.values(name, [size])));
  const nodes = headNodes(head, states, numbers.normEpsilon);
  if (isTied) {
    matrices.pop();
    const turnedTable = `${table}_transposed`;
    const product = nodes.find(({ name }) => name === `${head.decoder}/MatMul`);
    product?.input.splice(1, 1, turnedTable);
    const name = `Transpose_${draft.nodes.length + nodes.length + 1}`;
    const turn = makeNode({
      opType: 'Transpose',
      name,
      inputs: [table],
      outputs: [turnedTable],
    });
    nodes.splice(-2, 0, turn);
  }
  return {
    ...draft,
    nodes: [...draft.nodes, ...nodes],
    weights: [...draft.weights, ...vectors, ...matrices],
    outputs: [makeValueInfo('logits', DataType.FLOAT, ['batch_size', 'sequence_length', vocab])],
  };
}

/** `/lm_head/dense` and `bias` to `lm_head.dense.bias`. */
function parameterOf(module: string, kind: string): string {
  return `${module.slice(1).replaceAll('/', '.')}.${kind}`;
}

/** The encoder as a module of something larger, and the name that its states have there. */
function asModule(headless: Draft, module: string): { draft: Draft; states: string } {
  const result = headless.outputs[0]?.name ?? '';
  const weights = new Set(headless.weights.map(({ name }) => name));
  const place = (name: string) => (name.startsWith('/') ? `/${module}${name}` : name);
  const states = place(
    `${headless.nodes.find(({ output }) => output.includes(result))?.name}_output_0`,
  );
  const renamed = (name: string) => {
    if (name === result) return states;
    return weights.has(name) && !name.startsWith('onnx::') ? `${module}.${name}` : place(name);
  };
  for (const node of headless.nodes) {
    node.name = place(node.name);
    node.input = node.input.map(renamed);
    node.output = node.output.map(renamed);
  }
  const renamedWeights = headless.weights.map((weight) => ({
    ...weight,
    name: renamed(weight.name),
  }));
  return { states, draft: { ...headless, weights: renamedWeights } };
}

/** states -> dense -> GELU -> normalisation -> product with the table -> logits. */
function headNodes(head: Head, states: string, epsilon: number): NodeProto[] {
  const { dense, activation, norm, decoder } = head;
  const out = (name: string) => `${name}_output_0`;
  const node = (opType: string, name: string, inputs: string[], outputs = [out(name)]) =>
    makeNode({ opType, name, inputs, outputs });
  const constant = (name: string, value: number) => {
    const made = node('Constant', name, []);
    const tensor = makeTensor('', DataType.FLOAT, [], Float32Array.of(value));
    made.attribute.push(tensorAttribute('value', tensor));
    return made;
  };
  const x = out(`${dense}/Add`);
  const of = (name: string) => out(`${activation}/${name}`);
  const normalised = `${norm}/LayerNormalization`;
  return [
    node('MatMul', `${dense}/MatMul`, [states, 'onnx::MatMul_1']),
    node('Add', `${dense}/Add`, [parameterOf(dense, 'bias'), out(`${dense}/MatMul`)]),
    constant(`${activation}/Constant`, Math.SQRT2),
    node('Div', `${activation}/Div`, [x, of('Constant')]),
    node('Erf', `${activation}/Erf`, [of('Div')]),
    constant(`${activation}/Constant_1`, 1),
    node('Add', `${activation}/Add`, [of('Erf'), of('Constant_1')]),
    node('Mul', `${activation}/Mul`, [x, of('Add')]),
    constant(`${activation}/Constant_2`, 0.5),
    node('Mul', `${activation}/Mul_1`, [of('Mul'), of('Constant_2')]),
    makeNode({
      opType: 'LayerNormalization',
      name: normalised,
      inputs: [of('Mul_1'), parameterOf(norm, 'weight'), parameterOf(norm, 'bias')],
      outputs: [out(normalised)],
      attributes: { axis: { int: -1 }, epsilon: { float: epsilon } },
    }),
    node('MatMul', `${decoder}/MatMul`, [out(normalised), 'onnx::MatMul_2']),
    node('Add', `${decoder}/Add`, [head.bias, out(`${decoder}/MatMul`)], ['logits']),
  ];
}
