// The two-layer map of an alignment: y = W₂ gelu(W₁ x + b₁) + b₂.
import { gelu, geluBackward } from '../wgsl/gelu.ts';
import type { Plan } from '../wgsl/plan.ts';
import type { Tensor } from '../wgsl/tensor.ts';
import { affine, affineBackward, required, rowsOf, type Named } from './affine.ts';

/** Shapes of the parameters for x of width `inputs`. */
export function mlpShapes(
  { hiddenDim, llmDim }: { hiddenDim: number; llmDim: number },
  inputs: number,
): Record<string, readonly number[]> {
  return {
    'fc1.weight': [hiddenDim, inputs],
    'fc1.bias': [hiddenDim],
    'fc2.weight': [llmDim, hiddenDim],
    'fc2.bias': [llmDim],
  };
}

/** Records y. @returns what the backward pass needs */
export function mlp(
  plan: Plan,
  p: Named,
  x: Tensor,
  y: Tensor,
): { hidden: Tensor; active: Tensor } {
  const shape = [rowsOf(x), ...required(p, 'fc1.bias').shape];
  const hidden = plan.temporary('fc1', shape);
  const active = plan.temporary('gelu', shape);
  affine(plan, p, 'fc1', x, hidden);
  gelu(plan, { x: hidden, y: active });
  affine(plan, p, 'fc2', active, y);
  return { hidden, active };
}

/** Records the gradients of the parameters, and `dx` (written) where it is wanted. */
export function mlpBackward(
  plan: Plan,
  { parameters: p, gradients: d }: { parameters: Named; gradients: Named },
  {
    x,
    hidden,
    active,
    dy,
    dx,
  }: { x: Tensor; hidden: Tensor; active: Tensor; dy: Tensor; dx?: Tensor },
): void {
  const dactive = plan.temporary('dgelu', hidden.shape);
  const dhidden = plan.temporary('dfc1', hidden.shape);
  affineBackward(plan, p, d, 'fc2', { x: active, dy, dx: dactive });
  geluBackward(plan, { x: hidden, dy: dactive, dx: dhidden });
  affineBackward(plan, p, d, 'fc1', { x, dy: dhidden, ...(dx && { dx }) });
}
