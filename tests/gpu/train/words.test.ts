// Words as a lesson: the trainer's gradients against finite differences in float64, and a run as a person starts it, with
// the bundle that the page ships and the Esperanto list.
import { describe, expect, it } from 'vitest';
import { decodeAlignment } from '../../../src/train/alignmentFile.ts';
import { recipes } from '../../../src/train/recipes.ts';
import type { TrainingSentence } from '../../../src/train/stageRun.ts';
import {
  WordTrainer,
  type WordRow,
  type WordTrainerOptions,
} from '../../../src/train/wordTrainer.ts';
import { InferenceClient } from '../../../workers/inference-client.ts';
import { TrainingClient } from '../../../workers/training-client.ts';
import type { RunConfig, RunData, TrainingEvent } from '../../../workers/training-protocol.ts';
import { finiteDifferences, largestError } from '../../reference/differences.ts';
import { cumulative } from '../../reference/gelu.ts';
import { normal } from '../../reference/random.ts';
import { sharedGpu } from '../wgsl/support.ts';

const [encoderDim, hiddenDim, llmDim] = [6, 5, 4];
const sizes = { encoderDim, hiddenDim, llmDim, latents: 0, heads: 0 };
const normEpsilon = 1e-6;
const options: WordTrainerOptions = {
  alignment: { kind: 'mlp', sizes, normEpsilon },
  rows: 8,
  embeddingMeanSquare: 0.25,
  optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  maxGradientNorm: Infinity,
};
const start = {
  'fc1.weight': normal(1, hiddenDim * encoderDim),
  'fc1.bias': normal(2, hiddenDim),
  'fc2.weight': normal(3, llmDim * hiddenDim),
  'fc2.bias': normal(4, llmDim),
  end_of_prompt: normal(5, llmDim),
};
const words = Array.from({ length: 11 }, (_, row) => ({
  state: normal(10 + row, encoderDim),
  goal: normal(40 + row, llmDim),
}));

const affine = (x: Float64Array, weight: Float64Array, bias: Float64Array) =>
  bias.map((b, row) => x.reduce((sum, v, i) => sum + v * (weight[row * x.length + i] ?? 0), b));

/** The mean over words and dimensions of the squared distance, relative to the embeddings' mean square. */
function loss(p: typeof start): number {
  let sum = 0;
  for (const { state, goal } of words) {
    const rms = Math.sqrt(state.reduce((s, v) => s + v * v, 0) / encoderDim + normEpsilon);
    const hidden = affine(
      state.map((v) => v / rms),
      p['fc1.weight'],
      p['fc1.bias'],
    );
    const active = hidden.map((v) => v * cumulative(v));
    const y = affine(active, p['fc2.weight'], p['fc2.bias']);
    sum += y.reduce((s, v, i) => s + (v - (goal[i] ?? 0)) ** 2, 0);
  }
  return sum / (words.length * llmDim * options.embeddingMeanSquare);
}

const float = (values: Float64Array) => Float32Array.from(values);
const floats = Object.fromEntries(Object.entries(start).map(([name, v]) => [name, float(v)]));
const rows = words.map(({ state, goal }): WordRow => ({ state: float(state), goal: float(goal) }));

describe('the trainer of words', () => {
  it('has the loss and gradients of finite differences, however the words fall into micro-batches', async () => {
    const trainer = await WordTrainer.create(await sharedGpu(), options, floats);
    const taken = await trainer.step(rows, 0);
    expect(Math.abs(taken.loss / loss(start) - 1)).toBeLessThan(1e-5);
    const gradients = await trainer.gradients();
    for (const name of ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'] as const) {
      const expected = finiteDifferences(start[name], () => loss(start));
      expect(largestError(gradients[name] ?? [], expected)).toBeLessThan(1e-5);
    }
    // No word says where a prompt ends.
    expect(gradients['end_of_prompt']).toEqual(new Float32Array(llmDim));
    trainer.dispose();
  });

  it('brings words to where they belong', async () => {
    const trainer = await WordTrainer.create(await sharedGpu(), options, floats);
    const first = await trainer.step(rows, 0.01);
    for (let step = 0; step < 200; step++) await trainer.step(rows, 0.01);
    const last = await trainer.step(rows, 0.01);
    expect(last.loss).toBeLessThan(0.3 * first.loss);
    trainer.dispose();
  });
});

const absolute = (path: string) => new URL(path, location.href).href;
const bundleUrl = absolute('/bundles/embedded/bundle.json');
const config: RunConfig = {
  stage: 'stage1-words',
  settings: { ...recipes['stage1-words'], batch: 4, seed: 7, steps: 8, translationShare: 0 },
  microBatch: 4,
  alignment: {
    ...{ kind: 'mlp', hiddenDim: 512, latents: 0, heads: 0 },
    start: { from: 'bundle', name: 'lingualift' },
  },
  adapters: null,
  switching: { sentenceRatio: 0.7, tokenRatio: [0.6, 1], polysemy: 'first', seed: 7 },
  recompute: false,
  evaluateEvery: 100,
  checkpointEvery: 3,
};

async function lines(path: string): Promise<string[]> {
  return (await (await fetch(absolute(path))).text()).split('\n').filter((line) => line !== '');
}

async function esperanto(): Promise<RunData> {
  const sentences = (await lines('/training/problems.jsonl')).slice(0, 40).map((line) => {
    const { question, solution } = JSON.parse(line) as { question: string; solution: string };
    return { text: question, solution } satisfies TrainingSentence;
  });
  const pairs = (await lines('/lexicons/eo.txt')).flatMap((line) => {
    const [foreign, english] = line.split(' ');
    return foreign && english ? [{ foreign, english }] : [];
  });
  const list = { id: 'eo', name: 'Esperanto', language: 'eo', pairs };
  return { sentences, lists: [{ list, weight: 1 }], development: [] };
}

describe('a run of words', () => {
  it('learns, resumes where it was, and its alignment answers in Ask', async () => {
    const data = await esperanto();
    const events: TrainingEvent[] = [];
    let look = (): void => undefined;
    const client = new TrainingClient((event) => {
      events.push(event);
      look();
    });
    const until = (holds: () => boolean) =>
      new Promise<void>((resolve) => {
        look = () => {
          if (holds()) resolve();
        };
        look();
      });
    const losses = () =>
      events.flatMap((event) => (event.type === 'step' ? [event.event.loss] : []));
    await client.open(bundleUrl);
    const estimate = await client.estimate({ config, data, imported: null });
    expect(estimate.trainedParameters).toBe(512 * 1280 + 1280 + 1280 * 192 + 192 + 192);
    // The LLM is not on the GPU at all.
    expect(estimate.frozenParameters).toBe(0);
    const { id } = await client.start('words', { config, data, imported: null });
    await until(() => losses().length >= 4);
    await client.pause();
    await client.resume(id);
    await until(() => events.some((event) => event.type === 'status' && event.status === 'done'));
    expect(losses()).toHaveLength(8);
    expect(losses()[7]).toBeLessThan(0.8 * (losses()[0] as number));

    const [file] = await client.export(id, 'alignment');
    if (!file) throw new Error('the alignment is missing');
    const alignment = decodeAlignment(file.bytes);
    expect(alignment).toMatchObject({ inputs: 'states+words', stage: 'stage1-words' });
    const ask = new InferenceClient();
    await ask.load(bundleUrl, 'wasm', () => undefined).promise;
    await ask.replaceAlignment({ alignment: file.bytes, adapter: null });
    const { promise } = ask.answer(
      'Sara has 24 apples. She gives 9 apples to Tom. How many apples does Sara have left?',
      { route: 'lingualift' },
      () => undefined,
    );
    expect((await promise).prompt.softPromptLength).toBeGreaterThan(20);
    ask.terminate();
    await client.delete(id);
    client.terminate();
  });
});
