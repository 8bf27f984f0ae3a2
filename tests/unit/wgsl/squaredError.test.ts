import { expect, test } from 'vitest';
import { finiteDifferences, largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import { squaredError, squaredErrorBackward } from '../../reference/squaredError.ts';

test('the squared error of two rows is the weighted sum of their squared distances', () => {
  const [y, goal] = [Float64Array.of(1, 2, 3, 4), Float64Array.of(0, 2, 1, 7)];
  expect(squaredError(y, goal, Float64Array.of(10, 0.5))).toBe(10 * 1 + 0.5 * (4 + 9));
});

test('the gradient of the squared error twin is that of finite differences', () => {
  const [y, goal, weight] = [normal(1, 12), normal(2, 12), normal(3, 4)];
  const loss = () => squaredError(y, goal, weight);
  const expected = finiteDifferences(y, loss);
  expect(largestError(squaredErrorBackward(y, goal, weight), expected)).toBeLessThan(1e-7);
});
