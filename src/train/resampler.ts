// The part of a `latent` alignment that looks: K learned latents attend to the encoder states of their
// question and to the latents before them, a Perceiver resampler (Flamingo, arXiv 2204.14198, section 3.1).
//
//   s = x̂ W_sᵀ + b_s          z = [s; latents]          ẑ = z / rms(z)
//   latents' = latents + attention(ẑ W_qᵀ, ẑ W_kᵀ, ẑ W_vᵀ) W_oᵀ
//
// States and latents of a question stand one after the other in a grid, so the LLM's causal attention
// serves here too: a latent sees every state and the latents up to itself.
import { add, addBias, addBiasBackward, clear } from '../wgsl/add.ts';
import { attention, attentionBackward } from '../wgsl/attention.ts';
import type { Plan } from '../wgsl/plan.ts';
import { rmsNorm, rmsNormBackward } from '../wgsl/rmsNorm.ts';
import { placeRows, takeRows } from '../wgsl/rows.ts';
import { reshaped, sizeOf, type Tensor } from '../wgsl/tensor.ts';
import { affine, affineBackward, required, rowsOf, type Named } from './affine.ts';

/** Where states and latents stand: B sequences of P positions, each its states, then its K latents. */
export interface Grid {
  /** P */
  positions: number;
  /** u32 [B P], 1 where there is a state or a latent. */
  segments: Tensor;
  /** u32 [S], the row of every state. */
  statesTo: Tensor;
  /** u32 [B K], the row of every latent. */
  latentsTo: Tensor;
}

interface Resampler {
  sizes: { encoderDim: number; hiddenDim: number; latents: number; heads: number };
  parameters: Named;
  gradients: Named;
  normEpsilon: number;
}

/** What the backward pass needs. */
export interface ResamplerState {
  /** [B K, h], what the latents became. */
  latents: Tensor;
  z: Tensor;
  normed: Tensor;
  scale: Tensor;
  q: Tensor;
  k: Tensor;
  v: Tensor;
  o: Tensor;
  logSumExp: Tensor;
  /** [B K, h], the rows of o that belong to latents. */
  seen: Tensor;
}

/** Shapes of the parameters. */
export function resamplerShapes({
  encoderDim,
  hiddenDim: h,
  latents,
}: Resampler['sizes']): Record<string, readonly number[]> {
  return {
    latents: [latents, h],
    'states.weight': [h, encoderDim],
    'states.bias': [h],
    'q.weight': [h, h],
    'k.weight': [h, h],
    'v.weight': [h, h],
    'o.weight': [h, h],
  };
}

/** Records what the latents become, for normalised encoder states x̂ [S, d_enc]. */
export function resample(
  plan: Plan,
  { sizes, parameters: p, normEpsilon: epsilon }: Resampler,
  x: Tensor,
  grid: Grid,
): ResamplerState {
  const { hiddenDim: h, heads } = sizes;
  const rows = sizeOf(grid.segments);
  const make = (name: string, count = rows) => plan.temporary(`resampler.${name}`, [count, h]);

  const z = make('z');
  const states = make('states', rowsOf(x));
  const first = make('latents', sizeOf(grid.latentsTo));
  affine(plan, p, 'states', x, states);
  repeatLatents(plan, sizes, required(p, 'latents'), first);
  clear(plan, z);
  placeRows(plan, { x: states, to: grid.statesTo, out: z });
  placeRows(plan, { x: first, to: grid.latentsTo, out: z });

  const [normed, q, k, v, o] = [make('normed'), make('q'), make('k'), make('v'), make('o')];
  const scale = plan.temporary('resampler.scale', [rows]);
  const logSumExp = plan.temporary('resampler.logSumExp', [rows, heads]);
  rmsNorm(plan, { x: z, y: normed, scale, epsilon });
  affine(plan, p, 'q', normed, q);
  affine(plan, p, 'k', normed, k);
  affine(plan, p, 'v', normed, v);
  attention(plan, { q, k, v, o, logSumExp, ...layoutOf(grid, heads) });

  const [seen, latents] = [make('seen', rowsOf(first)), make('out', rowsOf(first))];
  takeRows(plan, { x: o, from: grid.latentsTo, out: seen });
  affine(plan, p, 'o', seen, latents);
  add(plan, { x: first, y: latents });
  return { latents, z, normed, scale, q, k, v, o, logSumExp, seen };
}

/** Records the gradients of the parameters from `dlatents` [B K, h], to which it adds. */
export function resampleBackward(
  plan: Plan,
  { sizes, parameters: p, gradients: d }: Resampler,
  { x, grid, state, dlatents }: { x: Tensor; grid: Grid; state: ResamplerState; dlatents: Tensor },
): void {
  const { heads } = sizes;
  const { z, normed, scale, q, k, v, o, logSumExp, seen } = state;
  const like = (name: string, of: Tensor) => plan.temporary(`dresampler.${name}`, of.shape);

  const [dseen, dO] = [like('seen', seen), like('o', o)];
  affineBackward(plan, p, d, 'o', { x: seen, dy: dlatents, dx: dseen });
  clear(plan, dO);
  placeRows(plan, { x: dseen, to: grid.latentsTo, out: dO });
  const [dq, dk, dv] = [like('q', q), like('k', k), like('v', v)];
  attentionBackward(plan, { q, k, v, o, logSumExp, ...layoutOf(grid, heads), dO, dq, dk, dv });

  const [dnormed, dz] = [like('normed', z), like('z', z)];
  affineBackward(plan, p, d, 'q', { x: normed, dy: dq, dx: dnormed });
  affineBackward(plan, p, d, 'k', { x: normed, dy: dk, dx: dnormed, accumulate: true });
  affineBackward(plan, p, d, 'v', { x: normed, dy: dv, dx: dnormed, accumulate: true });
  clear(plan, dz);
  rmsNormBackward(plan, { x: z, scale, dy: dnormed, dx: dz });

  const dstates = plan.temporary('dresampler.states', [rowsOf(x), sizes.hiddenDim]);
  takeRows(plan, { x: dz, from: grid.statesTo, out: dstates });
  affineBackward(plan, p, d, 'states', { x, dy: dstates });
  const dfirst = like('latents', dlatents);
  takeRows(plan, { x: dz, from: grid.latentsTo, out: dfirst });
  add(plan, { x: dfirst, y: dlatents });
  repeatLatentsBackward(plan, sizes, dlatents, required(d, 'latents'));
}

const layoutOf = ({ segments, positions }: Grid, heads: number) => ({
  segments,
  positions,
  heads,
  keyValueHeads: heads,
});

/** The same latents [K, h] for every sequence: a bias of K h numbers on zeros [B, K h]. */
function repeatLatents(plan: Plan, sizes: Resampler['sizes'], latents: Tensor, y: Tensor): void {
  clear(plan, y);
  const [row, rows] = asRows(sizes, latents, y);
  addBias(plan, { bias: row, y: rows });
}

function repeatLatentsBackward(
  plan: Plan,
  sizes: Resampler['sizes'],
  dy: Tensor,
  dlatents: Tensor,
): void {
  const [row, rows] = asRows(sizes, dlatents, dy);
  addBiasBackward(plan, { dy: rows, dbias: row });
}

function asRows(
  { latents: K, hiddenDim: h }: Resampler['sizes'],
  latents: Tensor,
  repeated: Tensor,
): [Tensor, Tensor] {
  const width = K * h;
  return [reshaped(latents, [width]), reshaped(repeated, [sizeOf(repeated) / width, width])];
}
