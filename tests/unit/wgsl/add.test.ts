import { expect, test } from 'vitest';
import { addBias, addBiasBackward } from '../../reference/add.ts';
import { finiteDifferences, inner, largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';

test("the bias twin's gradient is that of finite differences", () => {
  const [y, bias, dy] = [normal(1, 4 * 3), normal(2, 3), normal(3, 4 * 3)];
  const loss = () => inner(addBias(y, bias), dy);
  expect(largestError(addBiasBackward(dy, 3), finiteDifferences(bias, loss))).toBeLessThan(1e-7);
});
