import { describe, expect, test } from 'vitest';
import { layerNorm, layerNormBackward } from '../../../src/wgsl/layerNorm.ts';
import type { AdapterKind } from '../../../src/wgsl/profile.ts';
import { largestError } from '../../reference/differences.ts';
import * as reference from '../../reference/layerNorm.ts';
import { normal } from '../../reference/random.ts';
import { adapterKinds, runPlan } from './support.ts';

const epsilon = 1e-5;

async function expectAgreement(
  kind: AdapterKind,
  [M, D]: readonly [number, number],
  tolerance: number,
): Promise<void> {
  // Far from zero, where squares lose their digits.
  const x = normal(1, M * D).map((value) => Math.fround(value + 30));
  const [weight, bias, dy] = [normal(2, D), normal(3, D), normal(4, M * D)];
  const before = { dx: normal(5, M * D), dweight: normal(6, D), dbias: normal(7, D) };
  const actual = await runPlan(kind, ({ plan, given }) => {
    const tensors = {
      x: given('x', [M, D], x),
      weight: given('weight', [D], weight),
      mean: plan.temporary('mean', [M]),
      scale: plan.temporary('scale', [M]),
    };
    const y = plan.keep('y', [M, D]);
    layerNorm(plan, { ...tensors, bias: given('bias', [D], bias), y, epsilon });
    const dx = given('dx', [M, D], before.dx);
    const dweight = given('dweight', [D], before.dweight);
    const dbias = given('dbias', [D], before.dbias);
    const parameters = { dweight, dbias };
    layerNormBackward(plan, { ...tensors, dy: given('dy', [M, D], dy), dx, parameters });
    return { y, dx, dweight, dbias };
  });
  const { y } = reference.layerNorm(x, weight, bias, epsilon);
  const gradients = reference.layerNormBackward(x, weight, epsilon, dy);
  expect(largestError(actual.y, y)).toBeLessThan(tolerance);
  for (const name of ['dx', 'dweight', 'dbias'] as const) {
    // Gradients are added to what is there.
    const sum = gradients[name].map((value, i) => value + (before[name][i] as number));
    expect(largestError(actual[name], sum), name).toBeLessThan(tolerance);
  }
}

describe.each(adapterKinds)('LayerNorm kernels for a %s adapter', (kind) => {
  test.each([
    [1, 1],
    [7, 5],
    [33, 192],
  ])('agree with the float64 twin on [%i, %i]', async (M, D) => {
    await expectAgreement(kind, [M, D], 3e-5);
  });
});

test('LayerNorm goes on where a dimension of the grid ends', async () => {
  // The values of a row of two may lie so close that float32 knows three digits of their difference.
  await expectAgreement('software', [32_770, 2], 1e-3);
});
