import { describe, expect, test } from 'vitest';
import { rmsNorm, rmsNormBackward } from '../../../src/wgsl/rmsNorm.ts';
import { largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import * as reference from '../../reference/rmsNorm.ts';
import { adapterKinds, runPlan } from './support.ts';

const epsilon = 1e-5;

describe.each(adapterKinds)('RMSNorm kernels for a %s adapter', (kind) => {
  test.each([
    [1, 1],
    [7, 5],
    [33, 192],
  ])('agree with the float64 twin on [%i, %i]', async (M, D) => {
    const [x, weight, dy] = [normal(1, M * D), normal(2, D), normal(3, M * D)];
    const earlier = normal(4, M * D);
    const actual = await runPlan(kind, ({ plan, given }) => {
      const tensors = {
        x: given('x', [M, D], x),
        weight: given('weight', [D], weight),
        y: plan.keep('y', [M, D]),
        scale: plan.temporary('scale', [M]),
      };
      rmsNorm(plan, { ...tensors, epsilon });
      const dx = given('dx', [M, D], earlier);
      const dweight = plan.keep('dweight', [D]);
      rmsNormBackward(plan, { ...tensors, dy: given('dy', [M, D], dy), dx, dweight });
      return { y: tensors.y, dx, dweight };
    });
    const { dx, dweight } = reference.rmsNormBackward(x, weight, epsilon, dy);
    expect(largestError(actual.y, reference.rmsNorm(x, weight, epsilon).y)).toBeLessThan(1e-5);
    // Gradients of activations are added to what is there.
    expect(
      largestError(
        actual.dx,
        dx.map((value, i) => value + (earlier[i] as number)),
      ),
    ).toBeLessThan(1e-5);
    expect(largestError(actual.dweight, dweight)).toBeLessThan(1e-5);
  });

  test('do without a weight as with a weight of ones', async () => {
    const [M, D] = [5, 12];
    const [x, dy] = [normal(1, M * D), normal(2, M * D)];
    const actual = await runPlan(kind, ({ plan, given }) => {
      const tensors = {
        x: given('x', [M, D], x),
        y: plan.keep('y', [M, D]),
        scale: plan.temporary('scale', [M]),
      };
      rmsNorm(plan, { ...tensors, epsilon });
      const dx = plan.keep('dx', [M, D]);
      rmsNormBackward(plan, { ...tensors, dy: given('dy', [M, D], dy), dx });
      return { y: tensors.y, dx };
    });
    const ones = new Float64Array(D).fill(1);
    const { dx } = reference.rmsNormBackward(x, ones, epsilon, dy);
    expect(largestError(actual.y, reference.rmsNorm(x, ones, epsilon).y)).toBeLessThan(1e-5);
    expect(largestError(actual.dx, dx)).toBeLessThan(1e-5);
  });
});
