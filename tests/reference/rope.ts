// Rotary position embedding in float64, forward and gradient: the twin of src/wgsl/rope.ts.
import { at } from './at.ts';

/** Angles p θ^(-2i/E) / factor for positions below `count`: cos and sin [count, E/2], rounded to float32. */
export function angles(
  count: number,
  E: number,
  { theta, factor }: { theta: number; factor: number },
): { cos: Float64Array; sin: Float64Array } {
  const half = E / 2;
  const angle = Float64Array.from(
    { length: count * half },
    (_, i) => Math.floor(i / half) / theta ** ((i % half) / half) / factor,
  );
  const rounded = (f: (x: number) => number) => angle.map((x) => Math.fround(f(x)));
  return { cos: rounded(Math.cos), sin: rounded(Math.sin) };
}

export interface Turn {
  heads: number;
  /** Of each row. */
  positions: readonly number[];
  /** [P, E/2] */
  cos: Float64Array;
  sin: Float64Array;
}

/** x [M, heads * E] turned: element i of a head with element i + E/2. */
export function rope(x: Float64Array, { heads, positions, cos, sin }: Turn): Float64Array {
  const y = x.slice();
  const E = x.length / positions.length / heads;
  for (const [row, position] of positions.entries()) {
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < E / 2; i++) {
        const real = (row * heads + head) * E + i;
        const imaginary = real + E / 2;
        const c = at(cos, (position * E) / 2 + i);
        const s = at(sin, (position * E) / 2 + i);
        y[real] = at(x, real) * c - at(x, imaginary) * s;
        y[imaginary] = at(x, real) * s + at(x, imaginary) * c;
      }
    }
  }
  return y;
}

/** Gradient of Σ y dy: a rotation's transpose is the rotation back. */
export const ropeBackward = (dy: Float64Array, turn: Turn): Float64Array =>
  rope(dy, { ...turn, sin: turn.sin.map((s) => -s) });
