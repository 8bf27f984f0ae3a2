import { expect, test } from 'vitest';
import { finiteDifferences, inner, largestError } from '../../reference/differences.ts';
import { lora, loraBackward, type Sizes } from '../../reference/lora.ts';
import { normal } from '../../reference/random.ts';

test('the gradients of the LoRA twin are those of finite differences', () => {
  const sizes: Sizes = [4, 5, 3, 2];
  const [x, down, up, dy] = [
    normal(1, 4 * 3),
    normal(2, 2 * 3),
    normal(3, 5 * 2),
    normal(4, 4 * 5),
  ];
  const branch = { x, down, up, scale: 1.5 };
  const loss = () => inner(lora(branch, sizes), dy);
  const { ddown, dup, dx } = loraBackward(branch, dy, sizes);
  expect(largestError(ddown, finiteDifferences(down, loss))).toBeLessThan(1e-7);
  expect(largestError(dup, finiteDifferences(up, loss))).toBeLessThan(1e-7);
  expect(largestError(dx, finiteDifferences(x, loss))).toBeLessThan(1e-7);
});
