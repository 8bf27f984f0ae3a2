// A small run for tests of store, runner and results: what it consists of, and a trainer that computes nothing but
// depends on everything that a real one depends on.
import type { BatchSizes, Example } from '../../../src/train/batch.ts';
import { encodeAlignment } from '../../../src/train/alignmentFile.ts';
import type { Checkpoint, TrainedBridge } from '../../../src/train/checkpoint.ts';
import { recipes } from '../../../src/train/recipes.ts';
import type { RunConfig, RunData, RunSummary, StepEvent } from '../../../src/train/run.ts';
import type { StageTools } from '../../../src/train/stageRun.ts';
import type { TrainerState } from '../../../src/train/state.ts';

export const config: RunConfig = {
  stage: 'stage1',
  settings: { ...recipes.stage1, batch: 3, seed: 7, steps: 7, translationShare: 0.5 },
  microBatch: 2,
  alignment: {
    ...{ kind: 'linear', hiddenDim: 0, latents: 0, heads: 0 },
    start: { from: 'bundle', name: 'lingualift' },
  },
  adapters: null,
  switching: { sentenceRatio: 0.7, tokenRatio: [0.5, 1], polysemy: 'random', seed: 1 },
  recompute: false,
  evaluateEvery: 3,
  checkpointEvery: 2,
};

export const runData: RunData = {
  sentences: Array.from({ length: 10 }, (_, i) => ({
    text: `the water of house ${i}`,
    solution: `in all: ${i}`,
  })),
  lists: [
    {
      list: {
        ...{ id: 'sw', name: 'sw', language: 'sw' },
        pairs: [
          { foreign: 'maji', english: 'water' },
          { foreign: 'nyumba', english: 'house' },
        ],
      },
      weight: 1,
    },
  ],
  development: [{ id: 'a', lang: 'sw', question: '1?', answer: '1' }],
};

export function runOf(id: string, created = '2026-11-20'): RunSummary {
  return {
    ...{ id, name: `Run ${id}`, created, config, languages: ['sw'] },
    bundle: { id: 'tiny', revision: '1', encoder: 'e', llm: 'l' },
    ...{ status: 'paused', error: null, curve: [], evaluations: [] },
  };
}

export const stepEvent = (step: number): StepEvent => ({
  ...{ step, loss: 1 / step, gradientNorm: 1, learningRate: 1, tokens: 9, passedOver: 0 },
  ...{ milliseconds: 5, phases: { encode: 1 } },
});

export const bridge: TrainedBridge = {
  ...{ encoder: 'e', llm: 'l' },
  alignment: {
    kind: 'linear',
    sizes: { encoderDim: 1, llmDim: 2, hiddenDim: 0, latents: 0, heads: 0 },
    normEpsilon: 1e-6,
  },
};

const shapes = { 'linear.weight': [2, 1], 'linear.bias': [2], end_of_prompt: [2] };

export const startBytes = encodeAlignment({
  ...bridge.alignment,
  ...{ inputs: 'states', encoder: 'e', llm: 'l', stage: 'test', recipe: {} },
  values: {
    'linear.weight': Float32Array.of(1, 2),
    'linear.bias': Float32Array.of(3, 4),
    end_of_prompt: Float32Array.of(5, 6),
  },
});

const filled = (value: number) =>
  Object.fromEntries(Object.keys(shapes).map((name) => [name, Float32Array.of(value, value / 3)]));

export function checkpointAt(steps: number): Checkpoint {
  return {
    bridge,
    state: {
      ...{ steps, shapes, parameters: filled(steps) },
      ...{ firstMoments: filled(0.5), secondMoments: filled(0.25) },
    },
    random: [1, 2, 3, 4],
    data: { epoch: 0, position: steps },
    config: { run: 'one' },
  };
}

const codes = (text: string) => [...text].map((char) => char.charCodeAt(0));

export const tools: StageTools = {
  read: (text) => Promise.resolve(Float32Array.from(codes(text))),
  solve: [1],
  translate: (language) => [2, ...codes(language)],
  target: codes,
};

/** Its loss depends on its weight, the examples, the learning rate and the step; its weight on the losses. */
export class FakeTrainer {
  steps = 0;
  #weight = 1;
  /** Steps that this throws at, by number. */
  readonly failures = new Map<number, Error>();

  step(batches: readonly (readonly Example[])[], learningRate: number) {
    const next = this.steps + 1;
    const failure = this.failures.get(next);
    if (failure) return Promise.reject(failure);
    let sum = 0;
    for (const [i, example] of batches.flat().entries()) {
      const letters = [...example.states, ...example.target, ...example.instruction];
      sum += letters.reduce((total, code, at) => total + code * (at + i + 1), 0);
    }
    const loss = Math.fround((this.#weight * sum) / next);
    this.#weight = Math.fround(this.#weight - learningRate * Math.sin(loss));
    this.steps = next;
    return Promise.resolve({ loss, gradientNorm: this.#weight, labels: 1 });
  }

  state(): Promise<TrainerState> {
    const state = checkpointAt(this.steps).state;
    return Promise.resolve({ ...state, parameters: filled(this.#weight) });
  }

  restore(state: TrainerState): void {
    this.steps = state.steps;
    this.#weight = state.parameters['linear.bias']?.[0] ?? NaN;
  }
}

export const sizes: BatchSizes = {
  ...{ sequences: 2, positions: 512, examples: 2, stateRows: 512, labelRows: 512, encoderDim: 1 },
};
