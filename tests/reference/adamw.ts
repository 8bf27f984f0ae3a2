// Global-norm clipping and AdamW in float64: the twin of src/wgsl/adamw.ts.
import { at } from './at.ts';

export interface State {
  parameters: Float64Array;
  firstMoment: Float64Array;
  secondMoment: Float64Array;
}

export interface Settings {
  learningRate: number;
  /** Infinity does not clip. */
  maxNorm: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
}

/** ‖g‖₂ */
export const norm = (gradients: Float64Array): number =>
  Math.sqrt(gradients.reduce((sum, g) => sum + g * g, 0));

/** The state after step `step`, counted from 1. A gradient or loss that is no finite number changes nothing. */
export function adamw(
  { parameters, firstMoment, secondMoment }: State,
  gradients: Float64Array,
  loss: number,
  step: number,
  { learningRate, maxNorm, beta1, beta2, epsilon, weightDecay }: Settings,
): State {
  const length = norm(gradients);
  if (!Number.isFinite(length) || !Number.isFinite(loss)) {
    return { parameters, firstMoment, secondMoment };
  }
  const clip = length > maxNorm ? maxNorm / length : 1;
  const m = firstMoment.map((value, i) => beta1 * value + (1 - beta1) * clip * at(gradients, i));
  const v = secondMoment.map(
    (value, i) => beta2 * value + (1 - beta2) * (clip * at(gradients, i)) ** 2,
  );
  return {
    firstMoment: m,
    secondMoment: v,
    parameters: parameters.map((p, i) => {
      const mean = at(m, i) / (1 - beta1 ** step);
      const spread = Math.sqrt(at(v, i) / (1 - beta2 ** step)) + epsilon;
      return p - learningRate * (mean / spread + weightDecay * p);
    }),
  };
}
