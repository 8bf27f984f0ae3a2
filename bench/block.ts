// One transformer layer and the last norm, forward and backward to its input, with frozen weights: what a
// training step does L times. Against jax-js, where the same layer is written as a user would write it.
import { blockUntilReady, grad, jit, nn, numpy as np } from '@jax-js/jax';
import { llama, llamaBackward, type Llama } from '../src/train/llama.ts';
import { clear } from '../src/wgsl/add.ts';
import type { Gpu } from '../src/wgsl/device.ts';
import { Plan } from '../src/wgsl/plan.ts';
import { Program } from '../src/wgsl/program.ts';
import type { Tensor } from '../src/wgsl/tensor.ts';
import type { Prepared } from './problems.ts';
import { uniform } from './random.ts';

export interface BlockSizes {
  sequences: number;
  positions: number;
  D: number;
  F: number;
  H: number;
  G: number;
  E: number;
}

/** The layer of the embedded LLM, four sequences. */
export const blockSizes: BlockSizes = {
  ...{ sequences: 4, positions: 128, D: 192, F: 512, H: 6, G: 2, E: 32 },
};

const epsilon = 1e-6;

interface Values {
  x: Float32Array<ArrayBuffer>;
  /** The gradient of the result. */
  dy: Float32Array<ArrayBuffer>;
  cos: Float32Array<ArrayBuffer>;
  sin: Float32Array<ArrayBuffer>;
  weights: Record<(typeof weightNames)[number], Float32Array<ArrayBuffer>>;
}

const weightNames = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const;

/** [outputs, inputs] of every weight. */
function weightShapes({
  D,
  F,
  H,
  G,
  E,
}: BlockSizes): Record<keyof Values['weights'], [number, number]> {
  return {
    ...{ q: [H * E, D], k: [G * E, D], v: [G * E, D], o: [D, H * E] },
    ...{ gate: [F, D], up: [F, D], down: [D, F] },
  };
}

/** Numbers at the scale that trained weights have. */
export function blockValues(sizes: BlockSizes): Values {
  const { sequences, positions, D, E } = sizes;
  const rows = sequences * positions;
  const shapes = weightShapes(sizes);
  const angle = (i: number) => Math.floor(i / (E / 2)) * 10_000 ** (-(i % (E / 2)) / (E / 2));
  const angles = Float32Array.from({ length: positions * (E / 2) }, (_, i) => angle(i));
  const weights = weightNames.map((name, i) => {
    const [outputs, inputs] = shapes[name];
    return [name, uniform(10 + i, outputs * inputs).map((value) => value / Math.sqrt(inputs / 3))];
  });
  return {
    x: uniform(1, rows * D),
    dy: uniform(2, rows * D),
    cos: angles.map(Math.cos),
    sin: angles.map(Math.sin),
    weights: Object.fromEntries(weights) as Values['weights'],
  };
}

export async function oursBlock(gpu: Gpu, sizes: BlockSizes, values: Values): Promise<Prepared> {
  const { sequences, positions, D, F, H, G, E } = sizes;
  const rows = sequences * positions;
  const plan = new Plan(gpu.profile);
  const written: [Tensor, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>][] = [];
  const keep = (name: string, shape: number[], data: Float32Array<ArrayBuffer>): Tensor => {
    const tensor = plan.keep(name, shape);
    written.push([tensor, data]);
    return tensor;
  };
  const shapes = weightShapes(sizes);
  const linear = (name: keyof Values['weights']) => ({
    name,
    weight: keep(name, shapes[name], values.weights[name]),
  });
  const ones = new Float32Array(D).fill(1);
  const model: Llama = {
    sizes: {
      ...{ hiddenSize: D, intermediateSize: F, heads: H, keyValueHeads: G, headSize: E },
      normEpsilon: epsilon,
    },
    layers: [
      {
        ...{ inputNorm: keep('norm1', [D], ones), postNorm: keep('norm2', [D], ones) },
        ...{ q: linear('q'), k: linear('k'), v: linear('v'), o: linear('o') },
        ...{ gate: linear('gate'), up: linear('up'), down: linear('down') },
      },
    ],
    finalNorm: keep('norm3', [D], ones),
    cos: keep('cos', [positions, E / 2], values.cos),
    sin: keep('sin', [positions, E / 2], values.sin),
  };
  const positionIds = plan.keep('positionIds', [rows], 'u32');
  const segments = plan.keep('segments', [rows], 'u32');
  written.push([positionIds, Uint32Array.from({ length: rows }, (_, row) => row % positions)]);
  written.push([segments, new Uint32Array(rows).fill(1)]);
  const x = keep('x', [rows, D], values.x);
  const dstates = keep('dy', [rows, D], values.dy);
  const stream = plan.keep('dx', [rows, D]);
  const batch = { rows, positions, positionIds, segments };
  const { state } = llama(plan, model, batch, x, { checkpoint: false });
  clear(plan, stream);
  llamaBackward(plan, model, batch, { state, dstates, stream });
  const program = await Program.compile(gpu, plan);
  for (const [tensor, data] of written) program.write(tensor, data);
  return {
    name: 'lingualift',
    async run(times) {
      for (let i = 0; i < times; i++) await program.run();
      await program.finished();
    },
    read: () => program.read(stream),
    dispose: () => program.dispose(),
  };
}

export async function jaxBlock(sizes: BlockSizes, values: Values): Promise<Prepared> {
  const { sequences: B, positions: T, D, H, G, E } = sizes;
  const shapes = weightShapes(sizes);
  const weights = Object.fromEntries(
    weightNames.map((name) => [name, np.array(values.weights[name], { shape: shapes[name] })]),
  ) as Record<keyof Values['weights'], np.Array>;
  const angles = [1, T, 1, E / 2];
  const [cos, sin] = [values.cos, values.sin].map((table) => np.array(table, { shape: angles }));
  const x = np.array(values.x, { shape: [B, T, D] });
  const dy = np.array(values.dy, { shape: [B, T, D] });
  if (!cos || !sin) throw new Error('The tables are there.');

  const norm = (y: np.Array): np.Array => {
    const square = np.mean(y.ref.mul(y.ref), -1, { keepdims: true });
    return y.div(np.sqrt(square.add(epsilon)));
  };
  const rotate = (y: np.Array, c: np.Array, s: np.Array): np.Array => {
    const [a, b] = [y.ref.slice([], [], [], [0, E / 2]), y.slice([], [], [], [E / 2, E])];
    const first = a.ref.mul(c.ref).sub(b.ref.mul(s.ref));
    return np.concatenate([first, b.mul(c).add(a.mul(s))], -1);
  };
  type Inputs = typeof weights & { cos: np.Array; sin: np.Array; dy: np.Array };
  const loss = (input: np.Array, w: Inputs): np.Array => {
    const times = (y: np.Array, weight: np.Array) => np.matmul(y, weight.transpose());
    const h = norm(input.ref);
    const heads = (y: np.Array, count: number) => y.reshape([B, T, count, E]);
    const q = rotate(heads(times(h.ref, w.q), H), w.cos.ref, w.sin.ref);
    const k = rotate(heads(times(h.ref, w.k), G), w.cos, w.sin);
    const v = heads(times(h, w.v), G);
    const o = nn.dotProductAttention(q, k, v, { isCausal: true }).reshape([B, T, H * E]);
    const middle = input.add(times(o, w.o));
    const h2 = norm(middle.ref);
    const gated = nn.silu(times(h2.ref, w.gate)).mul(times(h2, w.up));
    return np.sum(norm(middle.add(times(gated, w.down))).mul(w.dy));
  };
  const gradient = jit(grad(loss));
  const inputs = () => {
    const all: Inputs = { ...weights, cos, sin, dy };
    return Object.fromEntries(Object.entries(all).map(([name, y]) => [name, y.ref])) as Inputs;
  };
  return {
    name: 'jax-js',
    async run(times) {
      const all = Array.from({ length: times }, () => gradient(x.ref, inputs()));
      await blockUntilReady(all);
      for (const one of all) one.dispose();
    },
    read: () => gradient(x.ref, inputs()).data() as Promise<Float32Array>,
    dispose() {
      for (const array of [...Object.values(weights), cos, sin, dy, x]) array.dispose();
      gradient.dispose();
    },
  };
}

/** 2 FLOPs a multiply-add, forward and the gradient to the input: attention over half the square. */
export function blockFlops({ sequences, positions, D, F, H, G, E }: BlockSizes): number {
  const rows = sequences * positions;
  const linears = D * (2 * H + 2 * G) * E + 3 * D * F;
  const attention = (positions / 2) * H * E;
  return rows * (4 * linears + attention * (4 + 10));
}
