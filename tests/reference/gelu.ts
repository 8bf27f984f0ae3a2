// GELU in float64, forward and gradient: the twin of src/wgsl/gelu.ts.

/**
 * Φ(x), the normal distribution: 1/2 + φ(x) (x + x³/3 + x⁵/15 + ...) in the middle, Laplace's continued
 * fraction in the tails.
 */
export function cumulative(x: number): number {
  if (x < -5) return tail(-x);
  return x > 5 ? 1 - tail(x) : 0.5 + density(x) * series(x);
}

const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

function series(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return sum;
}

function tail(x: number): number {
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / fraction;
  return density(x) / fraction;
}

/** y = x Φ(x) */
export const gelu = (x: Float64Array): Float64Array => x.map((value) => value * cumulative(value));

/** Gradient of Σ y dy. */
export const geluBackward = (x: Float64Array, dy: Float64Array): Float64Array =>
  x.map((value, i) => (dy[i] as number) * (cumulative(value) + value * density(value)));
