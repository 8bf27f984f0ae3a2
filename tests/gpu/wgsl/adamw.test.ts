import { describe, expect, test } from 'vitest';
import { adamw, stepInputs } from '../../../src/wgsl/adamw.ts';
import type { AdapterKind } from '../../../src/wgsl/profile.ts';
import * as reference from '../../reference/adamw.ts';
import { largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import { adapterKinds, prepare, readAll } from './support.ts';

const settings: reference.Settings = {
  learningRate: 0.01,
  maxNorm: Infinity,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.1,
};

/** An optimizer over `count` parameters, and its state before the first step. */
async function optimizer(kind: AdapterKind, count: number) {
  const start: reference.State = {
    parameters: normal(1, count),
    firstMoment: new Float64Array(count),
    secondMoment: new Float64Array(count),
  };
  const prepared = await prepare(kind, ({ plan, given }) => {
    const tensors = {
      parameters: given('parameters', [count], start.parameters),
      gradients: plan.keep('gradients', [count]),
      firstMoment: plan.keep('firstMoment', [count]),
      secondMoment: plan.keep('secondMoment', [count]),
      inputs: plan.keep('inputs', [4]),
      loss: plan.keep('loss', [1]),
      status: plan.keep('status', [3]),
    };
    adamw(plan, { ...tensors, ...settings });
    return tensors;
  });
  const { program, tensors } = prepared;
  const step = async (index: number, gradients: Float64Array, loss: number, maxNorm = Infinity) => {
    program.write(tensors.gradients, Float32Array.from(gradients));
    program.write(tensors.loss, Float32Array.of(loss));
    program.write(tensors.inputs, stepInputs(index, settings.learningRate, maxNorm, settings));
    await program.run();
    return readAll(program, tensors);
  };
  return { start, step, program };
}

describe.each(adapterKinds)('AdamW kernels for a %s adapter', (kind) => {
  test.each([
    [1, Infinity],
    [67, 0.5],
    [67, 1e6],
    // More than one workgroup adds up for the norm.
    [9001, Infinity],
    [9001, 1],
  ])(
    'follow the float64 twin over five steps of %i parameters, clipped to %f',
    async (count, maxNorm) => {
      const { start, step, program } = await optimizer(kind, count);
      let expected = start;
      for (let index = 1; index <= 5; index++) {
        const gradients = normal(10 + index, count);
        expected = reference.adamw(expected, gradients, 1, index, { ...settings, maxNorm });
        const actual = await step(index, gradients, 1 / index, maxNorm);
        expect(largestError(actual.parameters, expected.parameters)).toBeLessThan(1e-6);
        expect(largestError(actual.firstMoment, expected.firstMoment)).toBeLessThan(2e-6);
        expect(largestError(actual.secondMoment, expected.secondMoment)).toBeLessThan(2e-6);
        expect(largestError(actual.status, [1 / index, reference.norm(gradients), 1])).toBeLessThan(
          2e-6,
        );
      }
      program.dispose();
    },
  );

  test.each([
    ['a loss of NaN', NaN, 1],
    ['a loss of Infinity', Infinity, 1],
    ['a gradient of NaN', 1, NaN],
    ['a gradient of -Infinity', 1, -Infinity],
    ['a gradient whose square is no float32', 1, 1e30],
  ])('leave parameters and moments as they were after %s', async (_, loss, gradient) => {
    const { step, program } = await optimizer(kind, 100);
    const before = await step(1, normal(11, 100), 1);
    const bad = normal(12, 100);
    bad[63] = gradient;
    const after = await step(2, bad, loss);
    expect(after.parameters).toEqual(before.parameters);
    expect(after.firstMoment).toEqual(before.firstMoment);
    expect(after.secondMoment).toEqual(before.secondMoment);
    expect(after.status[2]).toBe(0);
    program.dispose();
  });

  test('move nothing but by decay where the gradient is zero', async () => {
    const { start, step, program } = await optimizer(kind, 5);
    const { parameters, status } = await step(1, new Float64Array(5), 1, 1);
    const decayed = start.parameters.map((p) => p * (1 - settings.learningRate * 0.1));
    expect(largestError(parameters, decayed)).toBeLessThan(1e-7);
    expect([...status]).toEqual([1, 0, 1]);
    program.dispose();
  });
});
