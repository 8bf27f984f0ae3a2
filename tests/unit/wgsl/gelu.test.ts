import { expect, test } from 'vitest';
import { finiteDifferences, inner, largestError } from '../../reference/differences.ts';
import { cumulative, gelu, geluBackward } from '../../reference/gelu.ts';
import { normal } from '../../reference/random.ts';

test.each([
  [0, 0.5],
  [1, 0.8413447460685429],
  [-3, 0.0013498980316300946],
  [-6, 9.865876450376981e-10],
  [6, 0.9999999990134123],
])('the normal distribution at %f is %f', (x, expected) => {
  expect(Math.abs(cumulative(x) - expected)).toBeLessThan(1e-15);
});

test('the gradient of the GELU twin is that of finite differences', () => {
  const [x, dy] = [normal(1, 20, 3), normal(2, 20)];
  const loss = () => inner(gelu(x), dy);
  expect(largestError(geluBackward(x, dy), finiteDifferences(x, loss))).toBeLessThan(1e-7);
});
