// Gradients by central finite differences: what the float64 twins are checked against.

/**
 * d(loss)/d(values[i]) for every i. `values` is changed and restored on the way.
 * @param step small enough for curvature, large enough for float64 rounding
 */
export function finiteDifferences(
  values: Float64Array,
  loss: () => number,
  step = 1e-5,
): Float64Array {
  return values.map((value, index) => {
    values[index] = value + step;
    const above = loss();
    values[index] = value - step;
    const below = loss();
    values[index] = value;
    return (above - below) / (2 * step);
  });
}

/** Σ a b: turns an output into a loss whose gradient to the output is `b`. */
export function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}

/** The largest difference, relative to the largest magnitude that is expected. */
export function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) {
    throw new RangeError(`${actual.length} values where ${expected.length} are expected`);
  }
  let error = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] as number) - (expected[i] as number));
    // NaN compares false with everything; here it must not pass.
    error = Number.isNaN(difference) ? Infinity : Math.max(error, difference);
    magnitude = Math.max(magnitude, Math.abs(expected[i] as number));
  }
  return magnitude === 0 ? error : error / magnitude;
}
