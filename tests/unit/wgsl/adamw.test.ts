import { describe, expect, test } from 'vitest';
import { adamw, type Settings, type State } from '../../reference/adamw.ts';
import { largestError } from '../../reference/differences.ts';

const settings: Settings = {
  learningRate: 0.1,
  maxNorm: Infinity,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-6,
  weightDecay: 0.05,
};
const start: State = {
  parameters: Float64Array.of(0.5, -1, 2),
  firstMoment: new Float64Array(3),
  secondMoment: new Float64Array(3),
};
const gradients = [
  [3, -4, 0.5],
  [0.1, 0.2, -0.3],
  [0, 2, -1],
];

/** Parameters after each step of `torch.optim.AdamW` (PyTorch 2.13, float64), `clip_grad_norm_` before it. */
const pytorch: { maxNorm: number; parameters: number[][]; tolerance: number }[] = [
  {
    maxNorm: Infinity,
    parameters: [
      [0.39750003333332223, -0.8950000249999938, 1.8900001999996],
      [0.32590626725595423, -0.827177966645687, 1.8613800162444276],
      [0.2703484633184949, -0.8078626534792173, 1.8996979466924122],
    ],
    tolerance: 1e-14,
  },
  {
    maxNorm: 1,
    parameters: [
      [0.3975001674976798, -0.8950001256233124, 1.890001004977662],
      [0.3169613927494287, -0.8435885236037108, 1.9300097899085566],
      [0.25451808902714135, -0.8619779347697081, 1.9944223442690427],
    ],
    // PyTorch divides by the norm plus 1e-6.
    tolerance: 1e-6,
  },
];

describe.each(pytorch)('with a largest norm of $maxNorm', ({ maxNorm, parameters, tolerance }) => {
  test('the AdamW twin follows PyTorch', () => {
    let state = start;
    for (const [index, expected] of parameters.entries()) {
      const g = Float64Array.from(gradients[index] as number[]);
      state = adamw(state, g, 1, index + 1, { ...settings, maxNorm });
      expect(largestError(state.parameters, expected)).toBeLessThan(tolerance);
    }
  });
});

test.each([
  ['loss', NaN, [1, 1, 1]],
  ['gradient', 1, [1, Infinity, 1]],
])('a %s that is no finite number changes nothing', (_, loss, g) => {
  expect(adamw(start, Float64Array.from(g), loss, 1, settings)).toEqual(start);
});
