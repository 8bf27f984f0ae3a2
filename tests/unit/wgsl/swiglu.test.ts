import { expect, test } from 'vitest';
import { finiteDifferences, inner, largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import { swiglu, swigluBackward } from '../../reference/swiglu.ts';

test('the gradients of the SwiGLU twin are those of finite differences', () => {
  const [gate, up, dh] = [normal(1, 12, 3), normal(2, 12), normal(3, 12)];
  const loss = () => inner(swiglu(gate, up), dh);
  const { dgate, dup } = swigluBackward(gate, up, dh);
  expect(largestError(dgate, finiteDifferences(gate, loss))).toBeLessThan(1e-7);
  expect(largestError(dup, finiteDifferences(up, loss))).toBeLessThan(1e-7);
});
