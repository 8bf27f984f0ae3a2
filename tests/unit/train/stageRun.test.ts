// The order, targets and resumption of a stage's examples, with a trainer that only notes what it is given.
import { describe, expect, it } from 'vitest';
import { createSwitcher } from '../../../src/lexicon/codeSwitch.ts';
import type { Example } from '../../../src/train/batch.ts';
import { learningRateAt, recipes } from '../../../src/train/recipes.ts';
import {
  StageRun,
  type StageSettings,
  type StageTools,
  type TrainingSentence,
} from '../../../src/train/stageRun.ts';

const sentences: TrainingSentence[] = Array.from({ length: 10 }, (_, i) => ({
  text: `the water of house ${i}`,
  solution: `in all: ${i}`,
}));
const list = {
  id: 'sw',
  name: 'sw',
  language: 'sw',
  pairs: [
    { foreign: 'maji', english: 'water' },
    { foreign: 'nyumba', english: 'house' },
  ],
};
const switcher = createSwitcher([{ list, weight: 1 }], {
  sentenceRatio: 0.7,
  tokenRatio: [0.5, 1],
  polysemy: 'random',
  seed: 1,
});
const codes = (text: string) => [...text].map((char) => char.charCodeAt(0));
const tools: StageTools = {
  read: (text) => Promise.resolve(Float32Array.from(codes(text))),
  solve: [1],
  translate: (language) => [2, ...codes(language)],
  target: codes,
};
const settings: StageSettings = {
  ...recipes.stage1,
  batch: 4,
  seed: 7,
  steps: 10,
  translationShare: 0.5,
};

/** Notes the examples of every step. */
class Notebook {
  steps = 0;
  readonly taken: { batches: readonly (readonly Example[])[]; learningRate: number }[] = [];

  step(batches: readonly (readonly Example[])[], learningRate: number) {
    this.steps++;
    this.taken.push({ batches, learningRate });
    return Promise.resolve({ loss: 1, gradientNorm: 1, labels: 1 });
  }
}
const sizesOf = (run: StageRun) => run.planSizes(3, 1, 512, null);
const textOf = (example: Example) => String.fromCharCode(...example.states);

describe('StageRun', () => {
  it('sees every sentence once an epoch, in an order that depends on the seed', async () => {
    const order = async (seed: number) => {
      const run = new StageRun(
        sentences,
        { ...settings, seed, batch: 10, switches: false },
        tools,
        null,
      );
      const notebook = new Notebook();
      await run.step(notebook, await sizesOf(run));
      return notebook.taken.flatMap(({ batches }) => batches.flat().map(textOf));
    };
    const [first, again, other] = [await order(1), await order(1), await order(2)];
    expect(new Set(first)).toEqual(new Set(sentences.map(({ text }) => text)));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('cuts a batch into micro-batches of the planned size', async () => {
    const run = new StageRun(sentences, settings, tools, switcher);
    const notebook = new Notebook();
    await run.step(notebook, await sizesOf(run));
    expect(notebook.taken[0]?.batches.map((batch) => batch.length)).toEqual([3, 1]);
  });

  it('goes on from a position as if it had not stopped', async () => {
    const whole = new StageRun(sentences, settings, tools, switcher);
    const sizes = await sizesOf(whole);
    const unbroken = new Notebook();
    for (let i = 0; i < 6; i++) await whole.step(unbroken, sizes);

    const first = new StageRun(sentences, settings, tools, switcher);
    const broken = new Notebook();
    for (let i = 0; i < 3; i++) await first.step(broken, sizes);
    const saved: unknown = JSON.parse(JSON.stringify(first.position));
    const second = new StageRun(sentences, settings, tools, switcher);
    second.restore(saved as StageRun['position']);
    for (let i = 0; i < 3; i++) await second.step(broken, sizes);
    expect(broken.taken).toEqual(unbroken.taken);
  });

  it('asks for the English sentence of switched text, or for its solution, by share', async () => {
    const run = new StageRun(sentences, { ...settings, batch: 400 }, tools, switcher);
    const notebook = new Notebook();
    await run.step(notebook, await sizesOf(run));
    const examples = notebook.taken.flatMap(({ batches }) => batches.flat());
    const translated = examples.filter(({ instruction }) => instruction[0] === 2);
    expect(translated.length / examples.length).toBeGreaterThan(0.4);
    expect(translated.length / examples.length).toBeLessThan(0.6);
    for (const { target } of translated)
      expect(String.fromCharCode(...target)).toMatch(/^the water/);
    expect(
      examples.filter((example) => /maji|nyumba/.test(textOf(example))).length,
    ).toBeGreaterThan(200);
  });

  it('passes over what does not fit, and says how often', async () => {
    const long = { text: 'x'.repeat(200), solution: '1' };
    const run = new StageRun(
      [...sentences, long],
      { ...settings, batch: 11, switches: false },
      tools,
      null,
    );
    const short = new StageRun(sentences, { ...settings, switches: false }, tools, null);
    const record = await run.step(new Notebook(), await sizesOf(short));
    expect(record.passedOver).toBe(1);
  });

  it('stands where it stood when a step fails', async () => {
    const run = new StageRun(sentences, settings, tools, switcher);
    const sizes = await sizesOf(run);
    const before = run.position;
    const failing = { steps: 0, step: () => Promise.reject(new Error('lost')) };
    await expect(run.step(failing, sizes)).rejects.toThrow('lost');
    expect(run.position).toEqual(before);
  });

  it('refuses a stage with nothing to learn from', () => {
    const bare = [{ text: 'a', solution: null }];
    const plain = { ...settings, switches: false };
    expect(() => new StageRun(bare, plain, tools, null)).toThrow('no sentence with a solution');
    expect(() => new StageRun(sentences, settings, tools, null)).toThrow('needs a word list');
  });
});

describe('learningRateAt', () => {
  it('rises over the warm-up and falls to a tenth', () => {
    const recipe = { learningRate: 1, schedule: 'cosine', warmupShare: 0.1 } as const;
    expect(learningRateAt(recipe, 0, 100)).toBeCloseTo(0.1, 2);
    expect(learningRateAt(recipe, 9, 100)).toBeGreaterThan(0.98);
    expect(learningRateAt(recipe, 100, 100)).toBeCloseTo(0.1);
    expect(learningRateAt(recipes.stage1, 0, 100)).toBe(recipes.stage1.learningRate);
  });
});
