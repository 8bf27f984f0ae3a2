// GELU (arXiv 1606.08415), the exact one: x Φ(x).
//
//   forward    y = x Φ(x)          Φ(x) = (1 + erf(x / √2)) / 2
//   backward   dx = dy (Φ(x) + x φ(x))          φ(x) = exp(-x²/2) / √(2π)
//
// WGSL has no erf: Abramowitz & Stegun 7.1.26, whose error stays below 1.5e-7. ONNX Runtime uses the same.
import { elementwise } from './elementwise.ts';
import type { Plan } from './plan.ts';
import { expectShape, sizeOf, type Tensor } from './tensor.ts';

const cumulative = /* wgsl */ `
// The normal distribution's Φ(x).
fn cumulative(x: f32) -> f32 {
  let z = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  let tail = 0.5 * series * exp(-z * z);
  return select(tail, 1.0 - tail, x >= 0.0);
}`;

/** Records y = gelu(x); shapes are equal. */
export function gelu(plan: Plan, { x, y }: { x: Tensor; y: Tensor }): void {
  expectShape('gelu', y, x.shape);
  elementwise(plan, {
    label: 'gelu.forward',
    read: { x },
    write: { y },
    constants: {},
    count: sizeOf(x),
    functions: cumulative,
    statement: 'y[i] = x[i] * cumulative(x[i]);',
    flops: 18,
  });
}

/** Records `dx` (written, not added to). */
export function geluBackward(
  plan: Plan,
  { x, dy, dx }: { x: Tensor; dy: Tensor; dx: Tensor },
): void {
  expectShape('geluBackward', dy, x.shape);
  expectShape('geluBackward', dx, x.shape);
  elementwise(plan, {
    label: 'gelu.backward',
    read: { x, dy },
    write: { dx },
    constants: {},
    count: sizeOf(x),
    functions: cumulative,
    statement: 'dx[i] = dy[i] * (cumulative(x[i]) + x[i] * 0.39894228 * exp(-0.5 * x[i] * x[i]));',
    flops: 24,
  });
}
