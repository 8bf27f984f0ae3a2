import { describe, expect, test } from 'vitest';
import { gelu, geluBackward } from '../../../src/wgsl/gelu.ts';
import { largestError } from '../../reference/differences.ts';
import * as reference from '../../reference/gelu.ts';
import { normal } from '../../reference/random.ts';
import { adapterKinds, runPlan } from './support.ts';

describe.each(adapterKinds)('GELU kernels for a %s adapter', (kind) => {
  test.each([
    [1, 1],
    [5, 7],
    [33, 65],
  ])('agree with the float64 twin on [%i, %i]', async (M, F) => {
    const [x, dy] = [normal(1, M * F, 2), normal(2, M * F)];
    // Where the normal distribution is zero and one in float32.
    x.set([-40, -6, 6, 40].slice(0, x.length));
    const actual = await runPlan(kind, ({ plan, given }) => {
      const input = given('x', [M, F], x);
      const y = plan.keep('y', [M, F]);
      gelu(plan, { x: input, y });
      const dx = plan.keep('dx', [M, F]);
      geluBackward(plan, { x: input, dy: given('dy', [M, F], dy), dx });
      return { y, dx };
    });
    // Absolute: the series for the normal distribution is exact to 1.5e-7, and x goes to 40.
    const distance = (a: Float32Array, b: Float64Array) =>
      Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))));
    expect(distance(actual.y, reference.gelu(x))).toBeLessThan(5e-6);
    expect(distance(actual.dx, reference.geluBackward(x, dy))).toBeLessThan(5e-6);
    expect(largestError(actual.dx, reference.geluBackward(x, dy))).toBeLessThan(5e-6);
  });
});
