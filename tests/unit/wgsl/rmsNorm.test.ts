import { expect, test } from 'vitest';
import { finiteDifferences, inner, largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import { rmsNorm, rmsNormBackward } from '../../reference/rmsNorm.ts';

test('the gradients of the RMSNorm twin are those of finite differences', () => {
  const [x, weight, dy] = [normal(1, 3 * 5), normal(2, 5), normal(3, 3 * 5)];
  const loss = () => inner(rmsNorm(x, weight, 1e-5).y, dy);
  const { dx, dweight } = rmsNormBackward(x, weight, 1e-5, dy);
  expect(largestError(dx, finiteDifferences(x, loss))).toBeLessThan(1e-7);
  expect(largestError(dweight, finiteDifferences(weight, loss))).toBeLessThan(1e-7);
});
