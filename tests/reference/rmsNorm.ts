// RMSNorm in float64, forward and gradient: the twin of src/wgsl/rmsNorm.ts.
import { at } from './at.ts';

/** x [M, D], weight [D] -> y [M, D]. */
export function rmsNorm(
  x: Float64Array,
  weight: Float64Array,
  epsilon: number,
): { y: Float64Array; scale: Float64Array } {
  const D = weight.length;
  const y = new Float64Array(x.length);
  const scale = new Float64Array(x.length / D);
  for (let row = 0; row < scale.length; row++) {
    const values = x.subarray(row * D, (row + 1) * D);
    const r = 1 / Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / D + epsilon);
    scale[row] = r;
    for (let i = 0; i < D; i++) y[row * D + i] = at(values, i) * r * at(weight, i);
  }
  return { y, scale };
}

/** Gradients of Σ y dy. */
export function rmsNormBackward(
  x: Float64Array,
  weight: Float64Array,
  epsilon: number,
  dy: Float64Array,
): { dx: Float64Array; dweight: Float64Array } {
  const D = weight.length;
  const { scale } = rmsNorm(x, weight, epsilon);
  const dx = new Float64Array(x.length);
  const dweight = new Float64Array(D);
  for (let row = 0; row < scale.length; row++) {
    const r = at(scale, row);
    let mean = 0;
    for (let i = 0; i < D; i++) {
      const k = row * D + i;
      mean += (at(x, k) * at(weight, i) * at(dy, k)) / D;
    }
    for (let i = 0; i < D; i++) {
      const k = row * D + i;
      dx[k] = r * (at(weight, i) * at(dy, k) - at(x, k) * r * r * mean);
      dweight[i] = at(dweight, i) + at(x, k) * r * at(dy, k);
    }
  }
  return { dx, dweight };
}
