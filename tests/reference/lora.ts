// LoRA in float64, forward and gradient: the twin of src/wgsl/lora.ts.
import { matmul } from './matmul.ts';

export interface Branch {
  /** [M, K] */
  x: Float64Array;
  /** A, [R, K] */
  down: Float64Array;
  /** B, [N, R] */
  up: Float64Array;
  /** α / R */
  scale: number;
}

export type Sizes = readonly [M: number, N: number, K: number, R: number];

/** s x Aᵀ Bᵀ [M, N] */
export function lora({ x, down, up, scale }: Branch, [M, N, K, R]: Sizes): Float64Array {
  const u = matmul('NT', x, down, [M, R, K]);
  return matmul('NT', u, up, [M, N, R]).map((value) => scale * value);
}

/** Gradients of Σ y dy to A, B and x. */
export function loraBackward(
  { x, down, up, scale }: Branch,
  dy: Float64Array,
  [M, N, K, R]: Sizes,
): { ddown: Float64Array; dup: Float64Array; dx: Float64Array } {
  const scaled = dy.map((value) => scale * value);
  const u = matmul('NT', x, down, [M, R, K]);
  const du = matmul('NN', scaled, up, [M, R, N]);
  return {
    ddown: matmul('TN', du, x, [R, K, M]),
    dup: matmul('TN', scaled, u, [N, R, M]),
    dx: matmul('NN', du, down, [M, K, R]),
  };
}
