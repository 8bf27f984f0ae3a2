import { expect, test } from 'vitest';
import { finiteDifferences, inner, largestError } from '../../reference/differences.ts';
import { layerNorm, layerNormBackward } from '../../reference/layerNorm.ts';
import { normal } from '../../reference/random.ts';

test('the gradients of the LayerNorm twin are those of finite differences', () => {
  const [x, dy] = [normal(1, 3 * 5), normal(2, 3 * 5)];
  const [weight, bias] = [normal(3, 5), normal(4, 5)];
  const loss = () => inner(layerNorm(x, weight, bias, 1e-5).y, dy);
  const { dx, dweight, dbias } = layerNormBackward(x, weight, 1e-5, dy);
  expect(largestError(dx, finiteDifferences(x, loss))).toBeLessThan(1e-7);
  expect(largestError(dweight, finiteDifferences(weight, loss))).toBeLessThan(1e-7);
  expect(largestError(dbias, finiteDifferences(bias, loss))).toBeLessThan(1e-7);
});
