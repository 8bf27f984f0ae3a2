import { describe, expect, test } from 'vitest';
import { squaredError, squaredErrorBackward } from '../../../src/wgsl/squaredError.ts';
import { largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import * as reference from '../../reference/squaredError.ts';
import { adapterKinds, runPlan } from './support.ts';

describe.each(adapterKinds)('squared error kernels for a %s adapter', (kind) => {
  test.each([
    [1, 1],
    [5, 7],
    [33, 65],
  ])('agree with the float64 twin on [%i, %i]', async (M, D) => {
    const [y, goal] = [normal(1, M * D), normal(2, M * D)];
    // The last row is padding.
    const weight = normal(3, M).map((value, row) => (row === M - 1 && M > 1 ? 0 : value * value));
    const actual = await runPlan(kind, ({ plan, given }) => {
      const rows = {
        y: given('y', [M, D], y),
        goal: given('goal', [M, D], goal),
        weight: given('weight', [M], weight),
      };
      const loss = given('loss', [1], Float64Array.of(0.25));
      squaredError(plan, { ...rows, loss });
      const dy = plan.keep('dy', [M, D]);
      squaredErrorBackward(plan, { ...rows, dy });
      return { loss, dy };
    });
    // The loss is added to what is there.
    const loss = 0.25 + reference.squaredError(y, goal, weight);
    expect(largestError(actual.loss, [loss])).toBeLessThan(2e-6);
    const dy = reference.squaredErrorBackward(y, goal, weight);
    expect(largestError(actual.dy, dy)).toBeLessThan(2e-6);
  });
});
