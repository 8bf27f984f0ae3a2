// LoRA (arXiv 2106.09685): a trained branch of rank R beside a frozen linear layer, s = α / R.
//
//   forward    u = s x Aᵀ          y += u Bᵀ
//   backward   dB += dyᵀ u          du = s dy B          dA += duᵀ x          dx += du A
import { scaled } from './add.ts';
import { matmul } from './matmul.ts';
import type { Plan } from './plan.ts';
import { expectShape, matrix, type Tensor } from './tensor.ts';

export interface Lora {
  /** [M, K] */
  x: Tensor;
  /** [M, N] */
  y: Tensor;
  /** A, [R, K] */
  down: Tensor;
  /** B, [N, R] */
  up: Tensor;
  /** α / R */
  scale: number;
}

/** Records what the branch adds to `y`. @returns u [M, R], for the backward pass */
export function lora(plan: Plan, { x, y, down, up, scale }: Lora): Tensor {
  const { rows } = matrix('lora', x);
  const rank = matrix('lora', down).rows;
  expectShape('lora', up, [matrix('lora', y).columns, rank]);
  const product = plan.temporary('lora.product', [rows, rank]);
  const u = plan.temporary('lora.u', [rows, rank]);
  matmul(plan, { layout: 'NT', a: x, b: down, out: product, label: 'lora.down' });
  scaled(plan, { x: product, y: u, factor: scale });
  matmul(plan, { layout: 'NT', a: u, b: up, out: y, accumulate: true, label: 'lora.up' });
  return u;
}

/** Records what is added to the gradients of A, B and x. */
export function loraBackward(
  plan: Plan,
  {
    x,
    dy,
    u,
    down,
    up,
    scale,
    ddown,
    dup,
    dx,
  }: Omit<Lora, 'y'> & { dy: Tensor; u: Tensor; ddown: Tensor; dup: Tensor; dx: Tensor },
): void {
  const product = plan.temporary('lora.dproduct', u.shape);
  const du = plan.temporary('lora.du', u.shape);
  matmul(plan, { layout: 'TN', a: dy, b: u, out: dup, accumulate: true, label: 'lora.dup' });
  matmul(plan, { layout: 'NN', a: dy, b: up, out: product, label: 'lora.du' });
  scaled(plan, { x: product, y: du, factor: scale });
  matmul(plan, { layout: 'TN', a: du, b: x, out: ddown, accumulate: true, label: 'lora.ddown' });
  matmul(plan, { layout: 'NN', a: du, b: down, out: dx, accumulate: true, label: 'lora.dx' });
}
