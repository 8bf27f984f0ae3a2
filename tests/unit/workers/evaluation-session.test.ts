// The evaluation worker without the worker: runs are made of what was read, carried on, counted, compared, and taken
// out and in again.
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/evaluate/memoryStore.ts';
import type { RunConfig } from '../../../src/evaluate/record.ts';
import type { AskAll } from '../../../src/evaluate/runner.ts';
import { EvaluationData } from '../../../workers/evaluation-data.ts';
import { EvaluationPairs } from '../../../workers/evaluation-pairs.ts';
import type { CallContext, Handlers } from '../../../workers/answer-calls.ts';
import type { EvaluationCalls, EvaluationEvent } from '../../../workers/evaluation-protocol.ts';
import { EvaluationSession } from '../../../workers/evaluation-session.ts';
import { askAll, config, MemoryLocks, models } from '../evaluate/runs.ts';

const context: CallContext<unknown> = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
};
/** Eight problems in Swahili and four in English, and a row that is none. */
const table = [
  'lang,question,answer',
  ...Array.from({ length: 8 }, (_, number) => `sw,swali ${number}?,${number % 3}`),
  ...Array.from({ length: 4 }, (_, number) => `en,question ${number}?,${number % 3}`),
  'en,nothing,',
].join('\n');

describe('EvaluationSession', () => {
  let events: EvaluationEvent[];
  let handlers: Handlers<EvaluationCalls>;
  let store: MemoryStore;
  let answers: AskAll;

  beforeEach(() => {
    events = [];
    store = new MemoryStore();
    answers = askAll;
    const fetch = () => Promise.reject(new Error('no network'));
    const data = new EvaluationData({ base: 'http://page.test/', cache: null, fetch });
    const pairs = new EvaluationPairs({ cache: null, fetch });
    ({ handlers } = new EvaluationSession({
      ...{ data, pairs, store, locks: new MemoryLocks() },
      askAll:
        () =>
        (...asked) =>
          answers(...asked),
      emit: (event) => events.push(event),
    }));
  });

  const read = async () => {
    const [opened] = await handlers.open(
      { files: [{ name: 'mine.csv', file: new Blob([table]) }] },
      context,
    );
    if (!opened) throw new Error('Nothing was opened.');
    const { question, answer, ...others } = opened.description.guess;
    if (question === null || answer === null) throw new Error('No columns were found.');
    return handlers.read({ mappings: [{ ...others, question, answer }] }, context);
  };
  const chosen: RunConfig = { ...config, dataset: 'mine.csv', languages: ['sw', 'en'], limit: 4 };
  const create = (name = 'A run', changed: Partial<RunConfig> = {}) =>
    handlers.create({ name, config: { ...chosen, ...changed }, models }, context);
  const rest = async (id: string) => {
    while ((await store.read(id)).record.status === 'running') await Promise.resolve();
  };
  const finish = async (name?: string, changed?: Partial<RunConfig>) => {
    const { run } = await create(name, changed);
    await handlers.go({ run: run.record.id, models }, context);
    await rest(run.record.id);
    return run.record.id;
  };
  const filter: Omit<EvaluationCalls['items']['request'], 'run'> = {
    ...{ extractor: 'strict', lang: null, route: null, show: 'all', against: null },
    ...{ sort: { by: 'plan', descending: false }, from: 0, to: 100 },
  };

  it('tells what a file holds and which rows are no problems', async () => {
    expect(await read()).toMatchObject({
      dataset: 'mine.csv',
      languages: [
        { lang: 'sw', problems: 8 },
        { lang: 'en', problems: 4 },
      ],
      facts: { name: 'mine.csv', malformed: 1 },
      malformed: [{ line: 14, source: 'mine.csv' }],
    });
  });

  it('recognises copies of public files by their names, and reads them as such', async () => {
    const rows = 'swali?\t1\nswali la pili?\t2\n';
    const files = [{ name: 'mgsm_sw.tsv', file: new Blob([rows]) }];
    const [opened] = await handlers.open({ files }, context);
    expect(opened?.recognised).toEqual({ set: 'mgsm', name: 'MGSM', lang: 'sw' });
    const summary = await handlers.read({ mappings: [null] }, context);
    expect(summary).toMatchObject({ dataset: 'mgsm', facts: { licence: 'CC BY 4.0' } });
  });

  it('makes a run of a subset and names items of each route to be checked', async () => {
    await read();
    const { run, check } = await create();
    expect(run).toMatchObject({ done: 0, record: { items: 16, status: 'paused' } });
    expect(check.map(({ route }) => route)).toEqual([
      ...['direct', 'direct', 'lingualift', 'lingualift'],
    ]);
    expect(events).toEqual([]);
  });

  it('carries a run on to its end, with counts that follow and end in those of the store', async () => {
    await read();
    const id = await finish();
    const counted = events.flatMap((event) => (event.type === 'progress' ? [event] : []));
    expect(counted.at(-1)).toMatchObject({ run: id, progress: { done: 16 }, summary: { n: 16 } });
    expect(events.at(-1)).toMatchObject({ type: 'status', record: { status: 'done' } });
    expect(await handlers.summary({ run: id }, context)).toEqual(counted.at(-1)?.summary);
    const { rows, total } = await handlers.items({ run: id, ...filter }, context);
    expect(total).toBe(16);
    expect(rows.map(({ index }) => index)).toEqual(rows.map((_, place) => place));
    const sample = await handlers.item({ run: id, index: 5 }, context);
    expect(sample).toMatchObject({ index: 5, id: rows[5]?.id });
  });

  it('writes down what the check against WebAssembly found', async () => {
    await read();
    const { run } = await create();
    const selfCheck = { items: 4, differing: [] };
    await handlers.go({ run: run.record.id, models, selfCheck }, context);
    await rest(run.record.id);
    expect((await store.read(run.record.id)).record.selfCheck).toEqual(selfCheck);
  });

  it('pauses the run that goes before another one starts', async () => {
    await read();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    answers = async (...asked) => {
      await gate;
      return askAll(...asked);
    };
    const { run: first } = await create('First');
    await handlers.go({ run: first.record.id, models }, context);
    const { run: second } = await create('Second');
    const started = handlers.go({ run: second.record.id, models }, context);
    release();
    await started;
    expect((await store.read(first.record.id)).record.status).toBe('paused');
    await rest(second.record.id);
    expect((await store.read(second.record.id)).record.status).toBe('done');
  });

  it('stops a run that an earlier visit left', async () => {
    await read();
    const { run } = await create();
    await handlers.stop({ run: run.record.id }, context);
    expect((await store.read(run.record.id)).record.status).toBe('stopped');
    const goOn = handlers.go({ run: run.record.id, models }, context);
    await expect(goOn).rejects.toMatchObject({ code: 'run-over' });
  });

  it('stops one run while another goes on, which can still be paused', async () => {
    await read();
    const { run: left } = await create('Left');
    const { run: going } = await create('Going');
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    answers = async (...asked) => {
      await gate;
      return askAll(...asked);
    };
    await handlers.go({ run: going.record.id, models }, context);
    await handlers.stop({ run: left.record.id }, context);
    expect((await store.read(left.record.id)).record.status).toBe('stopped');
    expect((await store.read(going.record.id)).record.status).toBe('running');
    const paused = handlers.pause({ run: going.record.id }, context);
    release();
    await paused;
    expect((await store.read(going.record.id)).record.status).toBe('paused');
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'progress', run: going.record.id }),
    );
  });

  it('compares two routes of a run over the same problems, in all and by language', async () => {
    await read();
    const run = await finish();
    const comparison = await handlers.compare(
      {
        ...{ first: { run, route: 'direct' }, second: { run, route: 'lingualift' } },
        extractor: 'strict',
      },
      context,
    );
    const samples = await store.samples(run);
    const right = (lang: string, route: string) =>
      samples.filter((one) => one.lang === lang && one.route === route && one.correct.strict)
        .length;
    expect(comparison.overall.pairs).toBe(8);
    expect(comparison.perLanguage).toMatchObject(
      ['sw', 'en'].map((lang) => ({
        ...{ lang, pairs: 4 },
        ...{ first: right(lang, 'direct'), second: right(lang, 'lingualift') },
      })),
    );
  });

  it('averages over the languages that the person calls high-resource', async () => {
    await read();
    const run = await finish();
    await handlers.group({ high: ['sw'] }, context);
    const { routes } = await handlers.summary({ run }, context);
    expect(routes[0]?.groups['high-resource']?.strict.languages).toEqual(['sw']);
    expect(routes[0]?.groups['low-resource']?.strict.languages).toEqual(['en']);
  });

  it('takes in the run file that it wrote, under an id of its own', async () => {
    await read();
    const run = await finish('Mine');
    const { name, file } = await handlers.export({ run, kind: 'run' }, context);
    expect(name).toMatch(/mine\.run\.jsonl$/);
    const imported = await handlers.import({ files: [{ name, file }] }, context);
    expect(imported).toMatchObject({ done: 16, record: { name: 'Mine', status: 'imported' } });
    expect(imported.record.id).not.toBe(run);
    expect(await store.samples(imported.record.id)).toEqual(await store.samples(run));
    for (const kind of ['report', 'items-csv', 'scores-csv', 'harness'] as const) {
      expect((await handlers.export({ run, kind }, context)).file.size).toBeGreaterThan(100);
    }
    await handlers.remove({ run }, context);
    expect((await handlers.runs({}, context)).map(({ record }) => record.id)).toEqual([
      imported.record.id,
    ]);
  });
});
