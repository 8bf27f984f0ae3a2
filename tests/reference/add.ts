// Bias and its gradient in float64: the twin of src/wgsl/add.ts. Adding and scaling tensors needs no twin.
import { at } from './at.ts';

/** y [M, N] + bias [N] */
export const addBias = (y: Float64Array, bias: Float64Array): Float64Array =>
  y.map((value, i) => value + at(bias, i % bias.length));

/** Σ over the rows of dy [M, N]: [N]. */
export function addBiasBackward(dy: Float64Array, columns: number): Float64Array {
  const dbias = new Float64Array(columns);
  dy.forEach((value, i) => (dbias[i % columns] = at(dbias, i % columns) + value));
  return dbias;
}
