// The rows and goals of a run that teaches words, and its resumption, with a bundle and a trainer that compute nothing.
import { describe, expect, it } from 'vitest';
import { createSwitcher } from '../../../src/lexicon/codeSwitch.ts';
import { learningRateAt, recipes } from '../../../src/train/recipes.ts';
import type { StageSettings, TrainingSentence } from '../../../src/train/stageRun.ts';
import { WordRun, type WordTools } from '../../../src/train/wordRun.ts';
import type { WordRow } from '../../../src/train/wordTrainer.ts';

const sentence = 'The water of <n0> houses, Tom!';
const sentences: TrainingSentence[] = Array.from({ length: 10 }, (_, i) => ({
  text: `${sentence} ${'abcdefghij'[i] ?? ''}`,
  solution: null,
}));
const list = {
  ...{ id: 'sw', name: 'sw', language: 'sw' },
  pairs: [
    { foreign: 'maji', english: 'water' },
    { foreign: 'nyumba', english: 'houses' },
    { foreign: 'mwezi', english: 'moon' },
  ],
};
const headwords = list.pairs.map(({ english }) => english);
const switcher = createSwitcher([{ list, weight: 1 }], {
  ...{ sentenceRatio: 1, tokenRatio: [1, 1], polysemy: 'first', seed: 1 },
});
const settings: StageSettings = {
  ...recipes['stage1-words'],
  ...{ batch: 4, seed: 7, steps: 40, translationShare: 0 },
};

/** Numbers that stand for texts, and the texts that they stand for. */
class Names {
  readonly #names: string[] = [];
  idOf(name: string): number {
    if (!this.#names.includes(name)) this.#names.push(name);
    return this.#names.indexOf(name);
  }
  nameOf(id = NaN): string {
    return this.#names[id] ?? 'nothing';
  }
}
const names = new Names();

/**
 * A bundle whose texts begin and end with a token of no piece. A piece without spaces has a token for each two letters; the
 * state of a token is what piece it is of and which of its tokens.
 */
class FakeBundle implements WordTools {
  /** The texts that were read, in pieces. */
  readonly texts: (readonly string[])[] = [];
  unreadable: (pieces: readonly string[]) => boolean = () => false;

  readPieces(pieces: readonly string[]): ReturnType<WordTools['readPieces']> {
    this.texts.push(pieces);
    if (this.unreadable(pieces)) return Promise.resolve(null);
    const states = [names.idOf('begin'), 0];
    const places = pieces.map((piece): [number, number] => {
      const start = states.length / 2;
      const count = Math.ceil(piece.trim().length / 2);
      for (let token = 0; token < count; token++) states.push(names.idOf(piece), token);
      return [start, start + count];
    });
    states.push(names.idOf('end'), 0);
    return Promise.resolve({ states: Float32Array.from(states), places });
  }

  meaning(english: string): Float32Array | null {
    return english === 'Tom' ? null : Float32Array.of(names.idOf(`goal of ${english}`));
  }
}

/** Notes the words of every step. */
class Notebook {
  steps = 0;
  readonly taken: { words: string[]; learningRate: number }[] = [];

  step(words: readonly WordRow[], learningRate: number) {
    this.steps++;
    const written = words.map(
      ({ state, goal }) => `${names.nameOf(state[0])} ${state[1] ?? NaN}: ${names.nameOf(goal[0])}`,
    );
    this.taken.push({ words: written, learningRate });
    return Promise.resolve({ loss: 0.5, gradientNorm: 2 });
  }
}

const runOf = (tools: WordTools, changed: Partial<StageSettings> = {}) =>
  new WordRun(sentences, { ...settings, ...changed }, tools, { switcher, headwords }, 2);

/** What the tokens of a switched sentence shall learn, but for its last letter. */
const lesson = [
  ...['The 0: goal of The', 'The 1: goal of The'],
  ...['maji 0: goal of water', 'maji 1: goal of water'],
  'of 0: goal of of',
  ...['<n0> 0: goal of <n0>', '<n0> 1: goal of <n0>'],
  ...['nyumba 0: goal of houses', 'nyumba 1: goal of houses', 'nyumba 2: goal of houses'],
  ...[', 0: goal of ,', '! 0: goal of !'],
];

describe('WordRun', () => {
  it('sends every token of a foreign word to what it means, and of an English word, a slot or a sign to itself', async () => {
    const bundle = new FakeBundle();
    const notebook = new Notebook();
    const run = runOf(bundle, { batch: 1 });
    const isSentence = (pieces?: readonly string[]) => pieces?.includes('<n0>') ?? false;
    for (let i = 0; i < 10; i++) await run.step(notebook, () => undefined);
    expect(bundle.texts).toHaveLength(10);
    expect(bundle.texts.filter(isSentence).length).toBeGreaterThan(4);
    for (const [index, pieces] of bundle.texts.entries()) {
      if (!isSentence(pieces)) continue;
      const letter = pieces.at(-1) ?? '';
      expect(pieces.join('')).toMatch(/^The maji of <n0> nyumba, Tom! [a-j]$/);
      // "Tom" is one that the bundle has no meaning for.
      expect(notebook.taken[index]?.words).toEqual([...lesson, `${letter} 0: goal of ${letter}`]);
    }
  });

  it('reads twelve words of the lists in a row for one text in five', async () => {
    const bundle = new FakeBundle();
    const run = runOf(bundle, { batch: 1000 });
    await run.step(new Notebook());
    const rows = bundle.texts.filter((pieces) => !pieces.includes('<n0>'));
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.length).toBeLessThan(250);
    const words = rows.map((pieces) => pieces.filter((piece) => piece.trim() !== ''));
    for (const row of words) expect(row).toHaveLength(12);
    expect(new Set(words.flat())).toEqual(new Set(['maji', 'nyumba', 'mwezi']));
  });

  it('sees every sentence once an epoch', async () => {
    const bundle = new FakeBundle();
    const run = runOf(bundle, { batch: 1 });
    while (run.position.data.epoch < 1) await run.step(new Notebook());
    const letters = bundle.texts.filter((pieces) => pieces.includes('<n0>')).map((p) => p.at(-1));
    expect(letters.sort()).toEqual([...'abcdefghij']);
  });

  it('tells what a step took, at the learning rate of the step', async () => {
    const run = runOf(new FakeBundle());
    const notebook = new Notebook();
    const phases: string[] = [];
    for (let step = 1; step <= 3; step++) {
      const record = await run.step(notebook, (phase) => phases.push(phase));
      const taken = notebook.taken.at(-1);
      expect(record).toMatchObject({
        ...{ step, loss: 0.5, gradientNorm: 2, passedOver: 0 },
        tokens: taken?.words.length,
        learningRate: learningRateAt(settings, step - 1, settings.steps),
      });
      expect(taken?.learningRate).toBe(record.learningRate);
    }
    expect(phases).toEqual(['encode', 'encode', 'encode']);
  });

  it('passes over a text whose pieces cannot be told apart, and says how often', async () => {
    const [plain, blurred] = [new FakeBundle(), new FakeBundle()];
    blurred.unreadable = (pieces) => pieces.includes('<n0>');
    const [all, some] = [new Notebook(), new Notebook()];
    await runOf(plain, { batch: 40 }).step(all);
    const record = await runOf(blurred, { batch: 40 }).step(some);
    const unread = plain.texts.filter((pieces) => pieces.includes('<n0>')).length;
    expect(unread).toBeGreaterThan(20);
    expect(record.passedOver).toBe(unread);
    const others = all.taken[0]?.words.filter((word) => /^(maji|nyumba|mwezi)/.test(word)) ?? [];
    expect(record.tokens).toBe(others.length - 5 * unread);
    expect(some.taken[0]?.words).toHaveLength(record.tokens);
  });

  it('goes on from a position as if it had not stopped', async () => {
    const unbroken = new Notebook();
    const whole = runOf(new FakeBundle());
    for (let i = 0; i < 8; i++) await whole.step(unbroken);

    const broken = new Notebook();
    const first = runOf(new FakeBundle());
    for (let i = 0; i < 5; i++) await first.step(broken);
    const saved: unknown = JSON.parse(JSON.stringify(first.position));
    const second = runOf(new FakeBundle());
    second.restore(saved as WordRun['position']);
    for (let i = 0; i < 3; i++) await second.step(broken);
    expect(broken.taken).toEqual(unbroken.taken);
    expect(second.position).toEqual(whole.position);
  });

  it('stands where it stood when a step fails, and takes the same step again', async () => {
    const run = runOf(new FakeBundle());
    await run.step(new Notebook());
    const before = run.position;
    const failing = { steps: 1, step: () => Promise.reject(new Error('lost')) };
    await expect(run.step(failing)).rejects.toThrow('lost');
    expect(run.position).toEqual(before);
    const [again, unbroken] = [new Notebook(), new Notebook()];
    await run.step(again);
    const other = runOf(new FakeBundle());
    for (let i = 0; i < 2; i++) await other.step(unbroken);
    expect(again.taken[0]?.words).toEqual(unbroken.taken[1]?.words);
  });

  it('refuses to teach words without sentences or without a list', () => {
    const make = (
      of: readonly TrainingSentence[],
      words: ConstructorParameters<typeof WordRun>[3],
    ) => new WordRun(of, settings, new FakeBundle(), words, 2);
    const refusal = expect.objectContaining({ code: 'bad-options' }) as Error;
    expect(() => make([], { switcher, headwords })).toThrow(refusal);
    expect(() => make(sentences, { switcher: null, headwords })).toThrow(refusal);
    expect(() => make(sentences, { switcher, headwords: [] })).toThrow(refusal);
  });
});
