// What is drawn of every step besides its loss.
import type { StepEvent } from '../../../workers/training-protocol.ts';

export interface StepMeasure {
  title: string;
  /** With its unit. */
  label: string;
  read: (step: StepEvent) => number;
}

export const stepMeasures: readonly StepMeasure[] = [
  {
    title: 'Gradient norm',
    label: 'Norm before clipping',
    read: ({ gradientNorm }) => gradientNorm,
  },
  { title: 'Learning rate', label: 'Learning rate', read: ({ learningRate }) => learningRate },
  {
    title: 'Speed',
    label: 'Tokens a second',
    read: ({ tokens, milliseconds }) => (1000 * tokens) / milliseconds,
  },
];
