import { expect, test } from 'vitest';
import { nowhere } from '../../../src/wgsl/rows.ts';
import { crossEntropy, crossEntropyBackward } from '../../reference/crossEntropy.ts';
import { finiteDifferences, largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';

test('the gradient of the cross-entropy twin is that of finite differences', () => {
  const [h, head] = [normal(1, 4 * 3), normal(2, 7 * 3)];
  const inputs = { h, head, labels: [6, nowhere, 0, 3], weight: 1 / 3 };
  const expected = finiteDifferences(h, () => crossEntropy(inputs).loss);
  expect(largestError(crossEntropyBackward(inputs), expected)).toBeLessThan(1e-7);
});

test('states that say nothing cost the logarithm of the vocabulary', () => {
  const inputs = { h: new Float64Array(6), head: normal(1, 9 * 3), labels: [1, 8], weight: 0.5 };
  expect(crossEntropy(inputs).loss).toBeCloseTo(Math.log(9), 12);
});
