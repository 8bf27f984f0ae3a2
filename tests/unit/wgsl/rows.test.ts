import { expect, test } from 'vitest';
import { nowhere } from '../../../src/wgsl/rows.ts';
import { finiteDifferences, inner, largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import { placeRows, takeRows } from '../../reference/rows.ts';

const index = [4, nowhere, 0, 2];

test('the gradient of taking rows is placing them', () => {
  const [x, dout] = [normal(1, 5 * 3), normal(2, 4 * 3)];
  const loss = () => inner(takeRows(x, index, 3), dout);
  const dx = placeRows(dout, index, new Float64Array(x.length), 3);
  expect(largestError(dx, finiteDifferences(x, loss))).toBeLessThan(1e-7);
});

test('the gradient of placing rows is taking them', () => {
  const [x, out, dout] = [normal(1, 4 * 3), normal(2, 5 * 3), normal(3, 5 * 3)];
  const loss = () => inner(placeRows(x, index, out, 3), dout);
  expect(largestError(takeRows(dout, index, 3), finiteDifferences(x, loss))).toBeLessThan(1e-7);
});
