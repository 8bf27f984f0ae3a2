import { describe, expect, test } from 'vitest';
import { add, addBias, addBiasBackward, clear, scaled } from '../../../src/wgsl/add.ts';
import * as reference from '../../reference/add.ts';
import { largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import { adapterKinds, runPlan } from './support.ts';

describe.each(adapterKinds)('bias kernels for a %s adapter', (kind) => {
  test.each([
    [1, 1],
    [7, 5],
    [33, 70],
  ])('agree with the float64 twin on [%i, %i]', async (M, N) => {
    const [y, bias, dy, earlier] = [normal(1, M * N), normal(2, N), normal(3, M * N), normal(4, N)];
    const actual = await runPlan(kind, ({ plan, given }) => {
      const tensors = { y: given('y', [M, N], y), dbias: given('dbias', [N], earlier) };
      addBias(plan, { bias: given('bias', [N], bias), y: tensors.y });
      addBiasBackward(plan, { dy: given('dy', [M, N], dy), dbias: tensors.dbias });
      return tensors;
    });
    const dbias = reference.addBias(reference.addBiasBackward(dy, N), earlier);
    expect(largestError(actual.y, reference.addBias(y, bias))).toBeLessThan(1e-6);
    expect(largestError(actual.dbias, dbias)).toBeLessThan(2e-6);
  });
});

describe.each(adapterKinds)('for a %s adapter', (kind) => {
  // The last is more than one dimension of the grid takes.
  test.each([1, 67, 2_100_003])(
    'tensors of %i elements are added, scaled and cleared',
    async (count) => {
      const ramp = (offset: number) =>
        Float64Array.from({ length: count }, (_, i) => (i % 1009) + offset);
      const actual = await runPlan(kind, ({ plan, given }) => {
        const x = given('x', [count], ramp(1));
        const sum = given('sum', [count], ramp(2));
        const product = plan.keep('product', [count]);
        const nothing = given('nothing', [count], ramp(3));
        add(plan, { x, y: sum });
        scaled(plan, { x, y: product, factor: -0.5 });
        clear(plan, nothing);
        return { sum, product, nothing };
      });
      expect(
        largestError(
          actual.sum,
          ramp(1.5).map((x) => 2 * x),
        ),
      ).toBe(0);
      expect(
        largestError(
          actual.product,
          ramp(1).map((x) => -0.5 * x),
        ),
      ).toBe(0);
      expect(largestError(actual.nothing, new Float64Array(count))).toBe(0);
    },
  );
});
