// A run from batch to batch with models that answer at once, on a computer that may die at any moment: what is
// written down, what is told, and that a run that was broken off goes on as if it had not been.
import { describe, expect, it } from 'vitest';
import { DyingStore, type Death } from '../../support/dying-store.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { MemoryStore } from '../../../src/evaluate/memoryStore.ts';
import type { ModelFacts, RunConfig, Sample } from '../../../src/evaluate/record.ts';
import { Runner, type AskAll, type RunnerEvent } from '../../../src/evaluate/runner.ts';
import type { RecordChange, RunStore } from '../../../src/evaluate/store.ts';
import { askAll, data, MemoryLocks, models, recordOf } from './runs.ts';

interface Changes {
  askAll?: AskAll;
  locks?: MemoryLocks;
  models?: ModelFacts;
  now?: () => number;
}

const never = () => new Promise<never>(() => undefined);

/** A run in a store, before its first batch. */
async function begin(
  store: RunStore,
  changed: Partial<RunConfig> = {},
  runData = data,
): Promise<string> {
  const record = recordOf(changed);
  await store.create(record, runData);
  return record.id;
}

/** A page that has just been opened: a runner over what the store has. */
async function open(store: RunStore, id: string, changes: Changes = {}) {
  const { record } = await store.read(id);
  const events: RunnerEvent[] = [];
  const emit = (event: RunnerEvent) => events.push(event);
  const parts = { store, locks: new MemoryLocks(), askAll, models, emit, ...changes };
  return { runner: new Runner(parts, record, await store.data(id)), events };
}

async function runToEnd(runner: Runner): Promise<void> {
  await runner.start();
  await runner.atRest;
}

/** The samples of a run that nothing interrupted. */
async function unbroken() {
  const store = new MemoryStore();
  const id = await begin(store);
  await runToEnd((await open(store, id)).runner);
  return store.samples(id);
}

/** Models that do what `instead` does at one batch, counted from 1, and answer at all others. */
function failingAt(batch: number, instead: AskAll): AskAll {
  let asked = 0;
  return (...args) => (++asked === batch ? instead(...args) : askAll(...args));
}

describe('Runner', () => {
  it('asks every item once, and tells after each batch how far it is', async () => {
    const store = new MemoryStore();
    const id = await begin(store);
    let time = 0;
    const slow: AskAll = (...args) => {
      time += 2000;
      return askAll(...args);
    };
    const { runner, events } = await open(store, id, { askAll: slow, now: () => time });
    await runToEnd(runner);
    const told = events.map((event) =>
      event.type === 'status' ? event.record.status : event.progress,
    );
    expect(told).toEqual([
      'running',
      { done: 4, items: 22, itemsPerSecond: 2, secondsLeft: 9 },
      { done: 8, items: 22, itemsPerSecond: 2, secondsLeft: 7 },
      { done: 12, items: 22, itemsPerSecond: 2, secondsLeft: 5 },
      { done: 16, items: 22, itemsPerSecond: 2, secondsLeft: 3 },
      { done: 19, items: 22, itemsPerSecond: 1.9, secondsLeft: 3 / 1.9 },
      { done: 22, items: 22, itemsPerSecond: 22 / 12, secondsLeft: 0 },
      'done',
    ]);
    const samples = events.flatMap((event) => (event.type === 'batch' ? event.samples : []));
    expect(samples.map(({ index }) => index)).toEqual(samples.map((_, index) => index));
    expect(await store.samples(id)).toEqual(samples);
    expect((await store.read(id)).record).toEqual({ ...runner.record, status: 'done' });
  });

  it('writes down what was asked, what was answered and whether it is right', async () => {
    const [first] = await unbroken();
    const batch = 'en 0? sw 0? bn 0? en 1?';
    expect(first).toMatchObject({
      ...{ index: 0, id: '0', lang: 'en', route: 'direct', question: 'en 0?', expected: '0' },
      ...{ text: `${batch}\n#### 1`, stop: 'end', tokens: 5, promptTokens: 9 },
      ...{ softPromptLength: 7, timings: { decodeMs: 1 }, error: null },
    });
    expect(first?.extracted.strict).toBe('1');
    expect(first?.correct.strict).toBe(false);
  });

  it('asks with the options of the config', async () => {
    const store = new MemoryStore();
    const id = await begin(store, { calculator: false, maxNewTokens: 77, routes: ['gloss'] });
    const asked: unknown[] = [];
    const noting: AskAll = (questions, options, signal) => {
      asked.push(options);
      return askAll(questions, options, signal);
    };
    await runToEnd((await open(store, id, { askAll: noting })).runner);
    const options = { route: 'gloss', calculator: false, maxNewTokens: 77 };
    expect(asked).toEqual([options, options, options]);
  });

  it('puts the wanted number of worked problems in the language of the questions in front', async () => {
    const worked = (lang: string) =>
      [1, 2, 3].map((n) => ({ question: `${lang}${n}`, answer: '' }));
    const exemplars = { en: worked('en'), sw: worked('sw'), bn: worked('bn') };
    const store = new MemoryStore();
    const id = await begin(store, { exemplars: 2, routes: ['direct'] }, { ...data, exemplars });
    const asked: unknown[] = [];
    const noting: AskAll = (questions, options, signal) => {
      asked.push([questions.length, options.exemplars?.map(({ question }) => question)]);
      return askAll(questions, options, signal);
    };
    await runToEnd((await open(store, id, { askAll: noting })).runner);
    expect(asked).toEqual([
      [4, ['en1', 'en2']],
      [4, ['sw1', 'sw2']],
      [3, ['bn1', 'bn2']],
    ]);
  });

  it.each<Death>(['before', 'after'])(
    'goes on from a crash %s any write as if there had been none',
    async (death) => {
      const expected = await unbroken();
      const writes = 8;
      for (let diesAt = 1; diesAt <= writes; diesAt++) {
        const store = new DyingStore(diesAt, death);
        const id = await begin(store);
        void (await open(store, id)).runner.start();
        await store.died;
        const { runner } = await open(store, id);
        if (runner.record.status !== 'done') await runToEnd(runner);
        expect(runner.record.status).toBe('done');
        expect(await store.samples(id)).toEqual(expected);
      }
      const last = new DyingStore(writes + 1, death);
      await runToEnd((await open(last, await begin(last))).runner);
      expect(last.writes).toBe(writes);
    },
  );

  it('goes on from a crash during any batch as if there had been none', async () => {
    const expected = await unbroken();
    for (let batch = 1; batch <= 6; batch++) {
      const store = new MemoryStore();
      const id = await begin(store);
      const { died, dying } = dyingModels(batch);
      void (await open(store, id, { askAll: dying })).runner.start();
      await died;
      expect((await store.read(id)).record.status).toBe('running');
      await runToEnd((await open(store, id)).runner);
      expect(await store.samples(id)).toEqual(expected);
    }
  });

  it('never asks again what was answered', async () => {
    const store = new MemoryStore();
    const id = await begin(store);
    const { died, dying } = dyingModels(4);
    void (await open(store, id, { askAll: dying })).runner.start();
    await died;
    const asked: string[] = [];
    const noting: AskAll = (questions, options, signal) => {
      asked.push(`${options.route} ${questions.join(' ')}`);
      return askAll(questions, options, signal);
    };
    const { runner, events } = await open(store, id, { askAll: noting });
    await runToEnd(runner);
    expect(asked).toEqual([
      'lingualift sw 1? bn 1? en 2? sw 2?',
      'direct bn 2? en 3? sw 3?',
      'lingualift bn 2? en 3? sw 3?',
    ]);
    expect(events[1]).toMatchObject({ type: 'batch', progress: { done: 16 } });
  });

  it('pauses after the batch in hand, and resumes', async () => {
    const expected = await unbroken();
    const store = new MemoryStore();
    const id = await begin(store);
    const { runner, events } = await open(store, id, {
      askAll: (...args) => {
        void runner.pause();
        return askAll(...args);
      },
    });
    for (const done of [4, 8, 12]) {
      await runToEnd(runner);
      expect(runner.record).toMatchObject({ status: 'paused', reason: null });
      expect((await store.read(id)).done).toBe(done);
    }
    while (runner.record.status !== 'done') await runToEnd(runner);
    expect(await store.samples(id)).toEqual(expected);
    expect(events.at(-1)).toMatchObject({ record: { status: 'done' } });
  });

  it.each([
    ['by throwing', () => Promise.reject(new LinguaLiftError('cancelled', 'Stopped.'))],
    ['with what they have', askAll],
  ] satisfies [string, AskAll][])(
    'pauses at once and asks the batch again, if the models break off %s',
    async (_, ending) => {
      const expected = await unbroken();
      const store = new MemoryStore();
      const id = await begin(store);
      const breaking: AskAll = (questions, options, signal) => {
        void runner.pause('at-once');
        expect(signal.aborted).toBe(true);
        return ending(questions, options, signal);
      };
      const { runner } = await open(store, id, { askAll: failingAt(3, breaking) });
      await runToEnd(runner);
      expect(runner.record).toMatchObject({ status: 'paused', reason: null });
      expect((await store.read(id)).done).toBe(8);
      await runToEnd(runner);
      expect(runner.record.status).toBe('done');
      expect(await store.samples(id)).toEqual(expected);
    },
  );

  it('can be told to pause before it has begun', async () => {
    const store = new MemoryStore();
    const id = await begin(store);
    const { runner } = await open(store, id);
    const started = runner.start();
    await runner.pause();
    await started;
    expect(runner.record.status).toBe('paused');
    expect((await store.read(id)).done).toBe(0);
  });

  it('stops for good and keeps what was answered', async () => {
    const store = new MemoryStore();
    const id = await begin(store);
    const stopping: AskAll = (...args) => {
      void runner.stop();
      return askAll(...args);
    };
    const { runner } = await open(store, id, { askAll: failingAt(2, stopping) });
    await runToEnd(runner);
    await runner.stop();
    expect((await store.read(id)).record.status).toBe('stopped');
    expect((await store.read(id)).done).toBe(4);
    await expect(runner.start()).rejects.toMatchObject({ code: 'run-over' });
  });

  const failures: [what: string, failing: AskAll][] = [
    ['throw', () => Promise.reject(new LinguaLiftError('worker-crashed', 'It crashed.'))],
    [
      'give no number for a question',
      async (...args) => [
        ...(await askAll(...args)).slice(1),
        new LinguaLiftError('logits-nan', 'It crashed.'),
      ],
    ],
  ];
  it.each(failures)('pauses with the reason when the models %s', async (_, failing) => {
    const expected = await unbroken();
    const store = new MemoryStore();
    const id = await begin(store);
    const locks = new MemoryLocks();
    const { runner } = await open(store, id, { askAll: failingAt(3, failing), locks });
    await runToEnd(runner);
    expect((await store.read(id)).record).toMatchObject({
      ...{ status: 'paused', reason: 'It crashed.' },
    });
    expect((await store.read(id)).done).toBe(8);
    expect(await locks.held()).toEqual(new Set());
    await runToEnd(runner);
    expect(runner.record).toMatchObject({ status: 'done', reason: null });
    expect(await store.samples(id)).toEqual(expected);
  });

  it('pauses with the reason when the store is full, and goes on when it is not', async () => {
    const expected = await unbroken();
    const store = new FillingStore();
    const id = await begin(store);
    const { runner } = await open(store, id);
    await runToEnd(runner);
    expect(runner.record).toMatchObject({ status: 'paused', reason: 'No more room.' });
    expect(await store.samples(id)).toEqual(expected.slice(0, 8));
    store.isFull = false;
    await runToEnd((await open(store, id)).runner);
    expect(await store.samples(id)).toEqual(expected);
  });

  it('takes a question that the models cannot take as answered wrongly', async () => {
    const store = new MemoryStore();
    const id = await begin(store);
    const refusing: AskAll = async (...args) => [
      new LinguaLiftError('question-too-long', 'The question is too long.'),
      ...(await askAll(...args)).slice(1),
    ];
    const { runner } = await open(store, id, { askAll: failingAt(1, refusing) });
    await runToEnd(runner);
    expect(runner.record.status).toBe('done');
    expect(await store.sample(id, 0)).toEqual({
      ...{ index: 0, id: '0', lang: 'en', route: 'direct', question: 'en 0?', expected: '0' },
      ...{ text: '', stop: null, tokens: 0, promptTokens: 0, softPromptLength: 0, timings: null },
      extracted: { strict: null, flexible: null, 'last-number': null },
      correct: { strict: false, flexible: false, 'last-number': false },
      error: 'The question is too long.',
    });
    expect(await store.sample(id, 1)).toMatchObject({ error: null });
  });

  it('goes on in one tab at a time', async () => {
    const store = new MemoryStore();
    const id = await begin(store);
    const locks = new MemoryLocks();
    const { runner: here } = await open(store, id, { locks, askAll: never });
    const { runner: there } = await open(store, id, { locks });
    await here.start();
    await expect(there.start()).rejects.toMatchObject({ code: 'run-elsewhere' });
    await expect(there.stop()).rejects.toMatchObject({ code: 'run-elsewhere' });
  });

  it('finds what another tab did meanwhile', async () => {
    const expected = await unbroken();
    const store = new MemoryStore();
    const id = await begin(store);
    const locks = new MemoryLocks();
    const pausing: AskAll = (...args) => {
      void here.pause();
      return askAll(...args);
    };
    const { runner: here } = await open(store, id, { locks, askAll: pausing });
    const { runner: there } = await open(store, id, { locks });
    await runToEnd(here);
    await runToEnd(there);
    await expect(here.start()).rejects.toMatchObject({ code: 'run-over' });
    expect(await store.samples(id)).toEqual(expected);
  });

  it('goes on with the models that it began with and no others', async () => {
    const store = new MemoryStore();
    const id = await begin(store);
    const others: [ModelFacts, RegExp][] = [
      [{ ...models, bundleSha256: 'b2'.repeat(32) }, /Tiny \(a1a1a1a1\), now it is Tiny \(b2/],
      [{ ...models, replacement: { name: 'Mine', sha256: 'c3'.repeat(32) } }, /Mine \(c3c3c3c3\)/],
      [{ ...models, provider: { ...models.provider, kind: 'webgpu' } }, /wasm, now it is webgpu/],
    ];
    for (const [other, sentence] of others) {
      const { runner } = await open(store, id, { models: other });
      await expect(runner.start()).rejects.toThrow(sentence);
    }
    const provider = { ...models.provider, detail: '8 threads' };
    const { runner } = await open(store, id, { models: { ...models, provider } });
    await runToEnd(runner);
    expect(runner.record.status).toBe('done');
  });
});

/** A store with room for two batches. */
class FillingStore extends MemoryStore {
  isFull = false;
  #batches = 0;

  override append(id: string, samples: readonly Sample[]) {
    this.isFull ||= ++this.#batches === 3;
    return this.isFull ? full() : super.append(id, samples);
  }

  override update(id: string, change: RecordChange) {
    return this.isFull ? full() : super.update(id, change);
  }
}

const full = () => Promise.reject(new LinguaLiftError('storage-full', 'No more room.'));

/** Models that never come back from one batch, as when the tab is closed, and word of it. */
function dyingModels(batch: number): { died: Promise<void>; dying: AskAll } {
  let tell: () => void = () => undefined;
  const died = new Promise<void>((resolve) => (tell = resolve));
  const dying = failingAt(batch, () => {
    tell();
    return never();
  });
  return { died, dying };
}
