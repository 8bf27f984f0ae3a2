// The smallest model with everything that a training step has: attention with trained query and output
// projections between frozen ones, a frozen LM head in chunks, gradient accumulation, AdamW.
import { adamw } from '../../../src/wgsl/adamw.ts';
import { add, clear } from '../../../src/wgsl/add.ts';
import { attention, attentionBackward } from '../../../src/wgsl/attention.ts';
import { crossEntropy, crossEntropyBackward } from '../../../src/wgsl/crossEntropy.ts';
import { matmul } from '../../../src/wgsl/matmul.ts';
import { nowhere } from '../../../src/wgsl/rows.ts';
import type { Tensor } from '../../../src/wgsl/tensor.ts';
import { normal, uniform } from '../../reference/random.ts';
import type { Bench } from './support.ts';

const [B, T, H, G, E, D, V] = [2, 7, 2, 1, 4, 12, 30];
const rows = B * T;

/** What a batch of two sequences is made of. */
export interface Batch {
  x: Float32Array<ArrayBuffer>;
  segments: Uint32Array<ArrayBuffer>;
  labels: Uint32Array<ArrayBuffer>;
}

/** Random sequences: the first position is padding, every third has no label. */
export function randomBatch(seed: number): Batch {
  const draw = uniform(seed);
  return {
    x: Float32Array.from(normal(seed, rows * D)),
    segments: Uint32Array.from({ length: rows }, (_, row) => (row % T === 0 ? 0 : 1)),
    labels: Uint32Array.from({ length: rows }, (_, row) =>
      row % T === 0 || row % 3 === 2 ? nowhere : Math.floor(draw() * V),
    ),
  };
}

/** The batch with all but one of its sequences turned into padding. */
export const onlySequence = ({ x, segments, labels }: Batch, sequence: number): Batch => ({
  x,
  segments: segments.map((segment, row) => (Math.floor(row / T) === sequence ? segment : 0)),
  labels: labels.map((label, row) => (Math.floor(row / T) === sequence ? label : nowhere)),
});

export const labelCount = ({ labels }: Batch): number =>
  labels.filter((label) => label !== nowhere).length;

export interface TinyModel {
  /** To be written before `accumulate`. */
  batch: Record<keyof Batch, Tensor>;
  /** [1], one over the labels of a whole step. */
  weight: Tensor;
  /** To be written before `update`: `stepInputs`. */
  inputs: Tensor;
  /** What a step changes. */
  state: Record<
    'parameters' | 'gradients' | 'firstMoment' | 'secondMoment' | 'loss' | 'status',
    Tensor
  >;
  /** Parts of the parameters, to be written before the first step. */
  trained: { query: Tensor; output: Tensor };
}

export const betas = { beta1: 0.9, beta2: 0.99 };

/** First values of the trained parameters. */
export const firstParameters = {
  query: Float32Array.from(normal(21, H * E * D, 0.5)),
  output: Float32Array.from(normal(22, D * H * E, 0.5)),
};

/** Records a step in three phases: `begin`, `accumulate`, `update`. */
export function recordTinyModel({ plan, given }: Bench): TinyModel {
  const shapes = { query: [H * E, D], output: [D, H * E] };
  const parameters = plan.pack('parameters', shapes);
  const gradients = plan.pack('gradients', shapes);
  const trained = parameters.parts as TinyModel['trained'];
  const dtrained = gradients.parts as TinyModel['trained'];
  const frozen = {
    key: given('key', [G * E, D], normal(23, G * E * D, 0.5)),
    value: given('value', [G * E, D], normal(24, G * E * D, 0.5)),
    head: [given('head', [V, D], normal(25, V * D, 0.5))],
  };
  const batch = {
    x: plan.keep('x', [rows, D]),
    segments: plan.keep('segments', [rows], 'u32'),
    labels: plan.keep('labels', [rows], 'u32'),
  };
  const { x, segments, labels } = batch;
  const weight = plan.keep('weight', [1]);
  const inputs = plan.keep('inputs', [4]);
  const state: TinyModel['state'] = {
    parameters: parameters.whole,
    gradients: gradients.whole,
    firstMoment: plan.keep('firstMoment', parameters.whole.shape),
    secondMoment: plan.keep('secondMoment', parameters.whole.shape),
    loss: plan.keep('loss', [1]),
    status: plan.keep('status', [3]),
  };

  plan.phase('begin', () => {
    clear(plan, gradients.whole);
    clear(plan, state.loss);
  });

  plan.phase('accumulate', () => {
    const temporary = (name: string, columns: number) => plan.temporary(name, [rows, columns]);
    const [q, k, v] = [temporary('q', H * E), temporary('k', G * E), temporary('v', G * E)];
    const [o, h] = [temporary('o', H * E), temporary('h', D)];
    const heads = {
      logSumExp: temporary('logSumExp', H),
      positions: T,
      heads: H,
      keyValueHeads: G,
    };
    const seen = { q, k, v, segments, o, ...heads };
    const entropy = { h, head: frozen.head, labels, weight, loss: state.loss, chunk: 15 };
    matmul(plan, { layout: 'NT', a: x, b: trained.query, out: q });
    matmul(plan, { layout: 'NT', a: x, b: frozen.key, out: k });
    matmul(plan, { layout: 'NT', a: x, b: frozen.value, out: v });
    attention(plan, seen);
    matmul(plan, { layout: 'NT', a: o, b: trained.output, out: h });
    add(plan, { x, y: h });
    const sums = crossEntropy(plan, entropy);

    const [dh, dO] = [temporary('dh', D), temporary('do', H * E)];
    const [dq, dk, dv] = [temporary('dq', H * E), temporary('dk', G * E), temporary('dv', G * E)];
    crossEntropyBackward(plan, { ...entropy, ...sums, dh });
    matmul(plan, { layout: 'TN', a: dh, b: o, out: dtrained.output, accumulate: true });
    matmul(plan, { layout: 'NN', a: dh, b: trained.output, out: dO });
    attentionBackward(plan, { ...seen, dO, dq, dk, dv });
    matmul(plan, { layout: 'TN', a: dq, b: x, out: dtrained.query, accumulate: true });
  });

  plan.phase('update', () => {
    adamw(plan, { ...state, inputs, ...betas, epsilon: 1e-8, weightDecay: 0.01 });
  });
  return { batch, weight, inputs, state, trained };
}
