import { describe, expect, test } from 'vitest';
import { swiglu, swigluBackward } from '../../../src/wgsl/swiglu.ts';
import { largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import * as reference from '../../reference/swiglu.ts';
import { adapterKinds, runPlan } from './support.ts';

describe.each(adapterKinds)('SwiGLU kernels for a %s adapter', (kind) => {
  test.each([
    [1, 1],
    [5, 7],
    [33, 65],
  ])('agree with the float64 twin on [%i, %i]', async (M, F) => {
    const [gate, up, dh] = [normal(1, M * F, 3), normal(2, M * F), normal(3, M * F)];
    const actual = await runPlan(kind, ({ plan, given }) => {
      const tensors = { gate: given('gate', [M, F], gate), up: given('up', [M, F], up) };
      const h = plan.keep('h', [M, F]);
      swiglu(plan, { ...tensors, h });
      const dgate = plan.keep('dgate', [M, F]);
      const dup = plan.keep('dup', [M, F]);
      swigluBackward(plan, { ...tensors, dh: given('dh', [M, F], dh), dgate, dup });
      return { h, dgate, dup };
    });
    const { dgate, dup } = reference.swigluBackward(gate, up, dh);
    expect(largestError(actual.h, reference.swiglu(gate, up))).toBeLessThan(2e-6);
    expect(largestError(actual.dgate, dgate)).toBeLessThan(2e-6);
    expect(largestError(actual.dup, dup)).toBeLessThan(2e-6);
  });

  test('saturate where the exponential leaves the range of float32', async () => {
    const gate = Float64Array.of(-200, -90, 90, 200);
    const ones = new Float64Array(4).fill(1);
    const actual = await runPlan(kind, ({ plan, given }) => {
      const tensors = { gate: given('gate', [1, 4], gate), up: given('up', [1, 4], ones) };
      const h = plan.keep('h', [1, 4]);
      swiglu(plan, { ...tensors, h });
      const dgate = plan.keep('dgate', [1, 4]);
      const dup = plan.keep('dup', [1, 4]);
      swigluBackward(plan, { ...tensors, dh: given('dh', [1, 4], ones), dgate, dup });
      return { h, dgate, dup };
    });
    expect(largestError(actual.h, [0, 0, 90, 200])).toBeLessThan(1e-6);
    expect(largestError(actual.dgate, [0, 0, 1, 1])).toBeLessThan(1e-6);
    expect(largestError(actual.dup, [0, 0, 90, 200])).toBeLessThan(1e-6);
  });
});
