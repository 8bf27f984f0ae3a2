// LayerNorm in float64, forward and gradient: the twin of src/wgsl/layerNorm.ts.
import { at } from './at.ts';

/** x [M, D], weight [D], bias [D] -> y [M, D]; `normal` is x, centred and scaled; `scale` [M]. */
export function layerNorm(
  x: Float64Array,
  weight: Float64Array,
  bias: Float64Array,
  epsilon: number,
): { y: Float64Array; normal: Float64Array; scale: Float64Array } {
  const D = weight.length;
  const normal = new Float64Array(x.length);
  const scale = new Float64Array(x.length / D);
  for (let row = 0; row < scale.length; row++) {
    const values = x.subarray(row * D, (row + 1) * D);
    const mean = values.reduce((sum, value) => sum + value, 0) / D;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / D;
    scale[row] = 1 / Math.sqrt(variance + epsilon);
    for (let i = 0; i < D; i++) normal[row * D + i] = (at(values, i) - mean) * at(scale, row);
  }
  const y = normal.map((value, k) => value * at(weight, k % D) + at(bias, k % D));
  return { y, normal, scale };
}

/** Gradients of Σ y dy. */
export function layerNormBackward(
  x: Float64Array,
  weight: Float64Array,
  epsilon: number,
  dy: Float64Array,
): { dx: Float64Array; dweight: Float64Array; dbias: Float64Array } {
  const D = weight.length;
  const { normal, scale } = layerNorm(x, weight, new Float64Array(D), epsilon);
  const dx = new Float64Array(x.length);
  const dweight = new Float64Array(D);
  const dbias = new Float64Array(D);
  for (let row = 0; row < scale.length; row++) {
    let mean = 0;
    let meanProduct = 0;
    for (let i = 0; i < D; i++) {
      const k = row * D + i;
      const g = at(weight, i) * at(dy, k);
      mean += g / D;
      meanProduct += (at(normal, k) * g) / D;
      dweight[i] = at(dweight, i) + at(normal, k) * at(dy, k);
      dbias[i] = at(dbias, i) + at(dy, k);
    }
    for (let i = 0; i < D; i++) {
      const k = row * D + i;
      dx[k] = at(scale, row) * (at(weight, i) * at(dy, k) - mean - at(normal, k) * meanProduct);
    }
  }
  return { dx, dweight, dbias };
}
