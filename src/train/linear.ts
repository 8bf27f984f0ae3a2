// A linear layer of the LLM as training sees it: a frozen weight that stays packed, a bias, and, when an
// adapter is trained, its branch beside them.
//
//   forward    y = x Wᵀ + b + s (x Aᵀ) Bᵀ          backward   dx = dy W + s (dy B) A, and dA, dB
import { addBias } from '../wgsl/add.ts';
import { lora, loraBackward } from '../wgsl/lora.ts';
import { matmul } from '../wgsl/matmul.ts';
import type { Operand } from '../wgsl/operand.ts';
import type { Plan } from '../wgsl/plan.ts';
import type { Tensor } from '../wgsl/tensor.ts';

/** The trained branch of a linear layer and its gradients. */
export interface Adapter {
  /** A [R, K] and B [N, R]. */
  down: Tensor;
  up: Tensor;
  ddown: Tensor;
  dup: Tensor;
  /** α / R */
  scale: number;
}

export interface Linear {
  /** The module's path in PyTorch: `model.layers.0.self_attn.q_proj`. */
  name: string;
  /** [N, K] */
  weight: Operand;
  /** [N] */
  bias?: Tensor;
  adapter?: Adapter;
}

/** What the backward pass needs besides x. */
export interface LinearState {
  u?: Tensor;
}

/** Records y [M, N] for x [M, K]. */
export function linear(plan: Plan, layer: Linear, x: Tensor, y: Tensor): LinearState {
  const { weight, bias, adapter } = layer;
  matmul(plan, { layout: 'NT', a: x, b: weight, out: y, label: shortName(layer) });
  if (bias) addBias(plan, { bias, y });
  return adapter ? { u: lora(plan, { ...adapter, x, y }) } : {};
}

/** Records dx [M, K] (written, or added to) and what the adapter's gradients gain. */
export function linearBackward(
  plan: Plan,
  layer: Linear,
  {
    x,
    dy,
    dx,
    accumulate,
    state,
  }: { x: Tensor; dy: Tensor; dx: Tensor; accumulate: boolean; state: LinearState },
): void {
  const { weight, adapter } = layer;
  matmul(plan, {
    layout: 'NN',
    a: dy,
    b: weight,
    out: dx,
    accumulate,
    label: `${shortName(layer)}.backward`,
  });
  if (adapter && state.u) loraBackward(plan, { ...adapter, x, dy, u: state.u, dx });
}

const shortName = ({ name }: Linear): string => name.slice(name.lastIndexOf('.') + 1);
