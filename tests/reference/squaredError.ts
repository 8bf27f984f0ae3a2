// The weighted squared distance of rows in float64, and its gradient: the twin of src/wgsl/squaredError.ts.
import { at } from './at.ts';

/** Σ_r weight_r Σ_d (y_rd - goal_rd)², of rows [M, D] */
export function squaredError(y: Float64Array, goal: Float64Array, weight: Float64Array): number {
  const D = y.length / weight.length;
  return y.reduce(
    (sum, value, i) => sum + at(weight, Math.floor(i / D)) * (value - at(goal, i)) ** 2,
    0,
  );
}

/** Its gradient to y. */
export function squaredErrorBackward(
  y: Float64Array,
  goal: Float64Array,
  weight: Float64Array,
): Float64Array {
  const D = y.length / weight.length;
  return y.map((value, i) => 2 * at(weight, Math.floor(i / D)) * (value - at(goal, i)));
}
