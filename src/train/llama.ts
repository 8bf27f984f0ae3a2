// The Llama family as a differentiable module: Llama and SmolLM2, Qwen2 (biases on q, k, v), Qwen3 (norms
// on the heads of q and k). The weights are frozen; gradients flow through them to what is read, and into
// LoRA branches where there are any.
//
// A layer:   h = norm₁(x)          q, k, v = h Wᵀ, turned by position          o = attention(q, k, v)
//            x' = x + o W_oᵀ
//            h' = norm₂(x')          x'' = x' + (silu(h' W_gᵀ) ⊙ h' W_uᵀ) W_dᵀ
//
// The gradient of the residual stream is one tensor that every branch adds to, from the last layer to the
// first.
import { add, clear } from '../wgsl/add.ts';
import { attention, attentionBackward } from '../wgsl/attention.ts';
import type { Plan } from '../wgsl/plan.ts';
import { rmsNorm, rmsNormBackward } from '../wgsl/rmsNorm.ts';
import { rope, ropeBackward } from '../wgsl/rope.ts';
import { swiglu, swigluBackward } from '../wgsl/swiglu.ts';
import { reshaped, sizeOf, type Tensor } from '../wgsl/tensor.ts';
import { linear, linearBackward, type Linear, type LinearState } from './linear.ts';

export interface LlamaSizes {
  /** D */
  hiddenSize: number;
  /** F */
  intermediateSize: number;
  /** H */
  heads: number;
  /** G */
  keyValueHeads: number;
  /** E */
  headSize: number;
  normEpsilon: number;
}

export interface LlamaLayer {
  inputNorm: Tensor;
  q: Linear;
  k: Linear;
  v: Linear;
  o: Linear;
  /** Gains [E] of Qwen3's norms on the heads. */
  qNorm?: Tensor;
  kNorm?: Tensor;
  postNorm: Tensor;
  gate: Linear;
  up: Linear;
  down: Linear;
}

/** The model's parameters as tensors of a plan. */
export interface Llama {
  sizes: LlamaSizes;
  layers: LlamaLayer[];
  finalNorm: Tensor;
  /** Angles [P, E/2]. */
  cos: Tensor;
  sin: Tensor;
}

/** Where the rows of a batch belong. */
export interface Batch {
  /** M = B * T */
  rows: number;
  /** T */
  positions: number;
  /** u32 [M] */
  positionIds: Tensor;
  /** u32 [M]; 0 is padding. */
  segments: Tensor;
}

/** A head norm's input and scale. */
interface HeadNormState {
  x: Tensor;
  scale: Tensor;
}

interface LayerState {
  x: Tensor;
  inputScale: Tensor;
  h: Tensor;
  q: Tensor;
  k: Tensor;
  v: Tensor;
  qNorm?: HeadNormState;
  kNorm?: HeadNormState;
  o: Tensor;
  logSumExp: Tensor;
  middle: Tensor;
  middleScale: Tensor;
  middleH: Tensor;
  gate: Tensor;
  up: Tensor;
  gated: Tensor;
  linears: Record<'q' | 'k' | 'v' | 'o' | 'gate' | 'up' | 'down', LinearState>;
}

/** What `llamaBackward` needs. With checkpoints only what goes into each layer is kept. */
export interface LlamaState {
  /** By layer: everything, or just its input. */
  layers: (LayerState | { x: Tensor })[];
  last: Tensor;
  lastScale: Tensor;
}

/**
 * Records the hidden states [M, D] after the last norm.
 * @param options.checkpoint keep only the input of each layer and compute the rest again in the backward
 *   pass: a third more work, a fraction of the memory
 */
export function llama(
  plan: Plan,
  model: Llama,
  batch: Batch,
  embeddings: Tensor,
  { checkpoint }: { checkpoint: boolean },
): { states: Tensor; state: LlamaState } {
  const layers: LlamaState['layers'] = [];
  let x = embeddings;
  for (const layer of model.layers) {
    const { out, state } = layerForward(plan, model, layer, batch, x);
    layers.push(checkpoint ? { x } : state);
    x = out;
  }
  const states = plan.temporary('states', [batch.rows, model.sizes.hiddenSize]);
  const scale = plan.temporary('finalNorm.scale', [batch.rows]);
  const epsilon = model.sizes.normEpsilon;
  rmsNorm(plan, { x, weight: model.finalNorm, y: states, scale, epsilon });
  return { states, state: { layers, last: x, lastScale: scale } };
}

/**
 * Records the gradient to the embeddings: `stream` [M, D] must be zero at first and holds it at the end.
 * @param dstates [M, D], the gradient to the states
 */
export function llamaBackward(
  plan: Plan,
  model: Llama,
  batch: Batch,
  { state, dstates, stream }: { state: LlamaState; dstates: Tensor; stream: Tensor },
): void {
  const { last: x, lastScale: scale } = state;
  rmsNormBackward(plan, { x, weight: model.finalNorm, scale, dy: dstates, dx: stream });
  for (const [index, layer] of [...model.layers.entries()].reverse()) {
    const kept = state.layers[index] as LayerState | { x: Tensor };
    const full = 'linears' in kept ? kept : layerForward(plan, model, layer, batch, kept.x).state;
    layerBackward(plan, model, layer, batch, full, stream);
  }
}

function layerForward(
  plan: Plan,
  model: Llama,
  layer: LlamaLayer,
  batch: Batch,
  x: Tensor,
): { out: Tensor; state: LayerState } {
  const { rows } = batch;
  const { hiddenSize: D, intermediateSize: F, normEpsilon: epsilon } = model.sizes;
  const { heads: H, keyValueHeads: G, headSize: E } = model.sizes;
  const make = (name: string, width: number) => plan.temporary(name, [rows, width]);
  const makeScale = () => plan.temporary('norm.scale', [rows]);

  const [h, inputScale] = [make('h', D), makeScale()];
  rmsNorm(plan, { x, weight: layer.inputNorm, y: h, scale: inputScale, epsilon });
  const projected = { q: make('q', H * E), k: make('k', G * E), v: make('v', G * E) };
  const qkvStates = {
    q: linear(plan, layer.q, h, projected.q),
    k: linear(plan, layer.k, h, projected.k),
    v: linear(plan, layer.v, h, projected.v),
  };
  const q = headNorm(plan, model, projected.q, layer.qNorm);
  const k = headNorm(plan, model, projected.k, layer.kNorm);
  const angles = { positions: batch.positionIds, cos: model.cos, sin: model.sin };
  rope(plan, { x: q.y, heads: H, ...angles });
  rope(plan, { x: k.y, heads: G, ...angles });
  const o = make('o', H * E);
  const logSumExp = plan.temporary('logSumExp', [rows, H]);
  attention(plan, {
    q: q.y,
    k: k.y,
    v: projected.v,
    segments: batch.segments,
    o,
    logSumExp,
    positions: batch.positions,
    heads: H,
    keyValueHeads: G,
  });
  const middle = make('middle', D);
  const oState = linear(plan, layer.o, o, middle);
  add(plan, { x, y: middle });

  const [middleH, middleScale] = [make('middleH', D), makeScale()];
  rmsNorm(plan, { x: middle, weight: layer.postNorm, y: middleH, scale: middleScale, epsilon });
  const [gate, up, gated] = [make('gate', F), make('up', F), make('gated', F)];
  const gateState = linear(plan, layer.gate, middleH, gate);
  const upState = linear(plan, layer.up, middleH, up);
  swiglu(plan, { gate, up, h: gated });
  const out = make('out', D);
  const downState = linear(plan, layer.down, gated, out);
  add(plan, { x: middle, y: out });
  return {
    out,
    state: {
      x,
      inputScale,
      h,
      q: q.y,
      k: k.y,
      v: projected.v,
      ...(q.state && { qNorm: q.state }),
      ...(k.state && { kNorm: k.state }),
      o,
      logSumExp,
      middle,
      middleScale,
      middleH,
      gate,
      up,
      gated,
      linears: { ...qkvStates, o: oState, gate: gateState, up: upState, down: downState },
    },
  };
}

function layerBackward(
  plan: Plan,
  model: Llama,
  layer: LlamaLayer,
  batch: Batch,
  state: LayerState,
  stream: Tensor,
): void {
  const { hiddenSize: D, intermediateSize: F } = model.sizes;
  const { heads: H, keyValueHeads: G, headSize: E } = model.sizes;
  const { linears } = state;
  const make = (name: string, width: number) => plan.temporary(name, [batch.rows, width]);
  const back = (
    part: keyof LayerState['linears'],
    x: Tensor,
    dy: Tensor,
    dx: Tensor,
    accumulate = false,
  ) => linearBackward(plan, layer[part], { x, dy, dx, accumulate, state: linears[part] });

  const [dgated, dgate, dup] = [make('dgated', F), make('dgate', F), make('dup', F)];
  back('down', state.gated, stream, dgated);
  swigluBackward(plan, { gate: state.gate, up: state.up, dh: dgated, dgate, dup });
  const dmiddleH = make('dmiddleH', D);
  back('gate', state.middleH, dgate, dmiddleH);
  back('up', state.middleH, dup, dmiddleH, true);
  rmsNormBackward(plan, {
    x: state.middle,
    weight: layer.postNorm,
    scale: state.middleScale,
    dy: dmiddleH,
    dx: stream,
  });

  const dO = make('dO', H * E);
  back('o', state.o, stream, dO);
  const [dq, dk, dv] = [make('dq', H * E), make('dk', G * E), make('dv', G * E)];
  attentionBackward(plan, {
    ...state,
    segments: batch.segments,
    positions: batch.positions,
    heads: H,
    keyValueHeads: G,
    dO,
    dq,
    dk,
    dv,
  });
  const angles = { positions: batch.positionIds, cos: model.cos, sin: model.sin };
  ropeBackward(plan, { dx: dq, heads: H, ...angles });
  ropeBackward(plan, { dx: dk, heads: G, ...angles });
  const dh = make('dh', D);
  back('q', state.h, headNormBackward(plan, model, dq, layer.qNorm, state.qNorm), dh);
  back('k', state.h, headNormBackward(plan, model, dk, layer.kNorm, state.kNorm), dh, true);
  back('v', state.h, dv, dh, true);
  rmsNormBackward(plan, {
    x: state.x,
    weight: layer.inputNorm,
    scale: state.inputScale,
    dy: dh,
    dx: stream,
  });
}

/** Qwen3's norm of every head, where there is one. `y` is turned in place afterwards. */
function headNorm(
  plan: Plan,
  { sizes }: Llama,
  x: Tensor,
  weight: Tensor | undefined,
): { y: Tensor; state?: HeadNormState } {
  if (!weight) return { y: x };
  const rows = sizeOf(x) / sizes.headSize;
  const y = plan.temporary('headNorm', x.shape);
  const scale = plan.temporary('headNorm.scale', [rows]);
  const perHead = [rows, sizes.headSize];
  rmsNorm(plan, {
    x: reshaped(x, perHead),
    weight,
    y: reshaped(y, perHead),
    scale,
    epsilon: sizes.normEpsilon,
  });
  return { y, state: { x, scale } };
}

/** The gradient before the head norm, which is `dy` itself where there is none. */
function headNormBackward(
  plan: Plan,
  { sizes }: Llama,
  dy: Tensor,
  weight: Tensor | undefined,
  state: HeadNormState | undefined,
): Tensor {
  if (!weight || !state) return dy;
  const perHead = [sizeOf(dy) / sizes.headSize, sizes.headSize];
  const dx = plan.temporary('dheadNorm', dy.shape);
  clear(plan, dx);
  rmsNormBackward(plan, {
    x: reshaped(state.x, perHead),
    weight,
    scale: state.scale,
    dy: reshaped(dy, perHead),
    dx: reshaped(dx, perHead),
  });
  return dx;
}
