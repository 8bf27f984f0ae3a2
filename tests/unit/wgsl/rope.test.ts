import { expect, test } from 'vitest';
import { finiteDifferences, inner, largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import { angles, rope, ropeBackward } from '../../reference/rope.ts';

test('the gradient of the RoPE twin is that of finite differences', () => {
  const turn = { heads: 2, positions: [7, 0, 3], ...angles(8, 6, { theta: 100, factor: 2 }) };
  const [x, dy] = [normal(1, 3 * 2 * 6), normal(2, 3 * 2 * 6)];
  const loss = () => inner(rope(x, turn), dy);
  // The tables are rounded to float32, so turning there and back is exact to that only; this is not.
  expect(largestError(ropeBackward(dy, turn), finiteDifferences(x, loss))).toBeLessThan(1e-7);
});

test('scores of turned vectors depend on the distance of their positions alone', () => {
  const tables = angles(40, 8, { theta: 10_000, factor: 1 });
  const [q, k] = [normal(1, 8), normal(2, 8)];
  const score = (i: number, j: number) =>
    inner(
      rope(q, { heads: 1, positions: [i], ...tables }),
      rope(k, { heads: 1, positions: [j], ...tables }),
    );
  expect(score(30, 27)).toBeCloseTo(score(5, 2), 5);
  expect(score(30, 27)).not.toBeCloseTo(score(5, 3), 2);
});
