// SwiGLU (arXiv 2002.05202): the gate of a Llama feed-forward layer.
//
//   forward    h = silu(g) u          silu(g) = g σ(g)
//   backward   dg = dh u σ(g) (1 + g (1 - σ(g)))          du = dh silu(g)
import { elementwise } from './elementwise.ts';
import type { Plan } from './plan.ts';
import { expectShape, sizeOf, type Tensor } from './tensor.ts';

export interface Swiglu {
  /** [M, F] */
  gate: Tensor;
  /** [M, F] */
  up: Tensor;
  /** [M, F] */
  h: Tensor;
}

/** Records `h`. */
export function swiglu(plan: Plan, { gate, up, h }: Swiglu): void {
  expectShape('swiglu', up, gate.shape);
  expectShape('swiglu', h, gate.shape);
  elementwise(plan, {
    label: 'swiglu.forward',
    read: { gate, up },
    write: { h },
    constants: {},
    count: sizeOf(gate),
    statement: 'h[i] = gate[i] / (1.0 + exp(-gate[i])) * up[i];',
    flops: 5,
  });
}

/** Records `dgate` and `dup` (written, not added to: nothing else reads gate and up). */
export function swigluBackward(
  plan: Plan,
  { gate, up, dh, dgate, dup }: Omit<Swiglu, 'h'> & { dh: Tensor; dgate: Tensor; dup: Tensor },
): void {
  for (const tensor of [up, dh, dgate, dup]) expectShape('swigluBackward', tensor, gate.shape);
  elementwise(plan, {
    label: 'swiglu.backward',
    read: { gate, up, dh },
    write: { dgate, dup },
    constants: {},
    count: sizeOf(gate),
    statement: `
  let g = gate[i];
  let s = 1.0 / (1.0 + exp(-g));
  dgate[i] = dh[i] * up[i] * s * (1.0 + g * (1.0 - s));
  dup[i] = dh[i] * g * s;`,
    flops: 12,
  });
}
