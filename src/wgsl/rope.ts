// Rotary position embedding (arXiv 2104.09864), rotate-half convention: element i of a head turns with
// element i + E/2.
//
//   forward    (a, b) -> (a cos - b sin, b cos + a sin)
//   backward   the same by the opposite angle: (da, db) -> (da cos + db sin, db cos - da sin)
//
// In place. The angles come as tables, so every scaling that a config.json may ask for is the same here.
import { elementwise } from './elementwise.ts';
import { WgslError } from './errors.ts';
import type { Plan } from './plan.ts';
import { describe, expectShape, matrix, type Tensor } from './tensor.ts';

export interface Rope {
  /** [M, heads * E], turned in place. */
  x: Tensor;
  heads: number;
  /** u32 [M], rows of the tables; positions of a sequence may begin anywhere. */
  positions: Tensor;
  /** [P, E/2] */
  cos: Tensor;
  /** [P, E/2] */
  sin: Tensor;
}

/** Records the rotation. */
export const rope = (plan: Plan, options: Rope): void => rotate(plan, 'forward', options);

/** Records the rotation of a gradient: back by the same angle. */
export const ropeBackward = (
  plan: Plan,
  { dx, ...options }: Omit<Rope, 'x'> & { dx: Tensor },
): void => rotate(plan, 'backward', { ...options, x: dx });

function rotate(
  plan: Plan,
  pass: 'forward' | 'backward',
  { x, heads, positions, cos, sin }: Rope,
): void {
  const { rows, columns } = matrix('rope', x);
  const half = columns / heads / 2;
  if (!Number.isInteger(half)) {
    throw new WgslError(
      'bad-shape',
      `rope: ${describe(x)} should have ${heads} heads of an even size.`,
    );
  }
  expectShape('rope', positions, [rows], 'u32');
  expectShape('rope', cos, [...cos.shape.slice(0, 1), half]);
  expectShape('rope', sin, cos.shape);
  elementwise(plan, {
    label: `rope.${pass}`,
    read: { positions, cosines: cos, sines: sin },
    write: { x },
    constants: {
      HALF: half,
      PAIRS: columns / 2,
      DIRECTION: { float: pass === 'forward' ? 1 : -1 },
    },
    count: rows * (columns / 2),
    statement: `
  let row = i / PAIRS;
  let pair = i % PAIRS;
  let angle = positions[row] * HALF + pair % HALF;
  let c = cosines[angle];
  let s = DIRECTION * sines[angle];
  let first = row * 2u * PAIRS + pair / HALF * 2u * HALF + pair % HALF;
  let a = x[first];
  let b = x[first + HALF];
  x[first] = a * c - b * s;
  x[first + HALF] = b * c + a * s;`,
    flops: 6,
  });
}
