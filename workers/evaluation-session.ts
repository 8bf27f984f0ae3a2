// What the evaluation worker does, without the worker around it: makes runs, carries one on, and counts, lists,
// compares, exports and imports them.
import { choose } from '../src/evaluate/datasets/choose.ts';
import { readUpload } from '../src/evaluate/datasets/load.ts';
import { exportFile } from '../src/evaluate/exchange/exportFile.ts';
import { importRun } from '../src/evaluate/exchange/runFile.ts';
import { itemRow, selectRows, type ItemRow } from '../src/evaluate/items.ts';
import { highResource, resourceGroups } from '../src/evaluate/languages.ts';
import { newRun } from '../src/evaluate/newRun.ts';
import { comparePairs } from '../src/evaluate/paired.ts';
import { makePlan } from '../src/evaluate/plan.ts';
import type { ModelFacts, RunRecord } from '../src/evaluate/record.ts';
import { Runner, type AskAll, type Progress, type RunnerEvent } from '../src/evaluate/runner.ts';
import { listRuns, removeRun, type RunLocks, type RunStore } from '../src/evaluate/store.ts';
import { summarize, type Summary } from '../src/evaluate/summary.ts';
import type { CallContext, Handlers } from './answer-calls.ts';
import type { EvaluationData } from './evaluation-data.ts';
import type { EvaluationPairs } from './evaluation-pairs.ts';
import type {
  BytesRead,
  Comparison,
  EvaluationCalls,
  EvaluationEvent,
  Side,
} from './evaluation-protocol.ts';
import type { CheckedItem } from './self-check.ts';

export interface SessionParts {
  data: EvaluationData;
  pairs: EvaluationPairs;
  store: RunStore;
  locks: RunLocks;
  /** Has the models answer for a run. */
  askAll(run: string): AskAll;
  emit(event: EvaluationEvent): void;
}

/** Milliseconds between two counts of a run that goes: the page cannot show more. */
const countedEvery = 400;
/** Runs whose rows are kept in memory, besides the one that goes: the open one and one to compare it with. */
const mostKept = 2;
/** Items of each route that are answered on WebAssembly too. */
const checkedItems = 2;

export class EvaluationSession {
  readonly #parts: SessionParts;
  #runner: Runner | null = null;
  /** Rows by run, the one that was looked at last at the end. */
  readonly #rows = new Map<string, ItemRow[]>();
  #high: readonly string[] = highResource;
  #countedAt = -Infinity;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  readonly handlers: Handlers<EvaluationCalls> = {
    sets: () => this.#parts.data.sets(),
    fetch: ({ set, languages }, context) =>
      this.#parts.data.fetch(set, languages, bytesOf(context), context.signal),
    forget: ({ set }) => this.#parts.data.forget(set),
    open: ({ files }) => this.#parts.data.open(files),
    read: ({ mappings }) => this.#parts.data.read(mappings),
    pairSet: () => this.#parts.pairs.set(),
    fetchPairs: ({ tag }, context) =>
      this.#parts.pairs.fetch(tag, bytesOf(context), context.signal),
    forgetPairs: ({ tag }) => this.#parts.pairs.forget(tag),
    openPairs: ({ files }) => this.#parts.pairs.open(files),
    drawPairs: ({ limit, seed }) => this.#parts.pairs.draw(limit, seed),
    runs: () => listRuns(this.#parts.store, this.#parts.locks),
    create: (request, { signal }) => this.#create(request, signal),
    go: (request) => this.#go(request),
    pause: async ({ run }) => {
      if (this.#runner?.record.id === run) await this.#runner.pause();
      return null;
    },
    stop: async ({ run }) => {
      const { record } = await this.#parts.store.read(run);
      const going = this.#runner?.record.id === run ? this.#runner : null;
      // Another run may be going on: it stays in hand.
      await (going ?? (await this.#newRunner(run, record.models))).stop();
      return null;
    },
    rename: ({ run, name }) => this.#parts.store.update(run, { name }),
    remove: async ({ run }) => {
      await removeRun(this.#parts.store, this.#parts.locks, run);
      this.#rows.delete(run);
      return null;
    },
    summary: async ({ run }) => this.#count(await this.#rowsOf(run)),
    group: async ({ high }) => {
      this.#high = high;
      return null;
    },
    items: async ({ run, against, from, to, ...filter }) => {
      const others = against && {
        rows: (await this.#rowsOf(against.run)).filter(
          ({ route }) => (against.route ?? route) === route,
        ),
        sameRoute: against.route === null,
      };
      const rows = selectRows(await this.#rowsOf(run), filter, others);
      return { total: rows.length, rows: rows.slice(from, to) };
    },
    item: ({ run, index }) => this.#parts.store.sample(run, index),
    compare: ({ first, second, extractor }) => this.#compare(first, second, extractor),
    export: async ({ run, kind }) => {
      const { record } = await this.#parts.store.read(run);
      const samples = await this.#parts.store.samples(run);
      return exportFile(kind, record, samples, this.#count(samples));
    },
    import: async ({ files }) => {
      const texts = files.map(async ({ name, file }) => ({
        name,
        text: await readUpload(name, file),
      }));
      const { record, samples } = importRun(await Promise.all(texts));
      return {
        record: await this.#parts.store.import(record, samples),
        done: samples.length,
      };
    },
  };

  async #create(
    { name, config, models }: EvaluationCalls['create']['request'],
    signal: AbortSignal,
  ): Promise<EvaluationCalls['create']['result']> {
    const { languages, limit, seed } = config;
    const { loaded, exemplars } = await this.#parts.data.forRun(
      languages,
      config.exemplars,
      signal,
    );
    const wanted = loaded.problems.filter(({ lang }) => languages.includes(lang));
    const data = { problems: choose(wanted, limit, seed), exemplars };
    const record = newRun(name, config, loaded.facts, models, data);
    await this.#parts.store.create(record, data);
    const check = makePlan(config, data.problems)
      .filter(({ route }, place, all) => all.findIndex((one) => one.route === route) === place)
      .flatMap(({ items }) => items.slice(0, checkedItems))
      .map(({ route, problem: { id, lang, question } }): CheckedItem => ({
        ...{ id, lang, route, question },
      }));
    return { run: { record, done: 0 }, check };
  }

  async #go({ run, models, selfCheck }: EvaluationCalls['go']['request']): Promise<RunRecord> {
    if (this.#runner?.record.id !== run) await this.#runner?.pause();
    if (selfCheck) await this.#parts.store.update(run, { selfCheck });
    // From here on the rows grow with the run.
    this.#rows.delete(run);
    await this.#rowsOf(run);
    const before = this.#runner?.record;
    const isInHand = before?.id === run && before.status === 'running';
    const runner = (isInHand ? this.#runner : null) ?? (await this.#newRunner(run, models));
    this.#runner = runner;
    await runner.start();
    return runner.record;
  }

  async #newRunner(run: string, models: ModelFacts): Promise<Runner> {
    const { store, locks, askAll } = this.#parts;
    const { record } = await store.read(run);
    const data = await store.data(run);
    const emit = (event: RunnerEvent) => this.#tell(run, event);
    return new Runner({ store, locks, models, askAll: askAll(run), emit }, record, data);
  }

  #tell(run: string, event: RunnerEvent): void {
    const { emit } = this.#parts;
    const runner = this.#runner;
    const rows = this.#rows.get(run);
    if (event.type === 'batch') rows?.push(...event.samples.map(itemRow));
    const isDue = event.type === 'status' || performance.now() - this.#countedAt > countedEvery;
    if (isDue && rows && runner?.record.id === run) {
      const progress: Progress = runner.progress;
      emit({ type: 'progress', run, progress, summary: this.#count(rows) });
      this.#countedAt = performance.now();
    }
    if (event.type === 'status') emit({ type: 'status', record: event.record });
  }

  #count(samples: Parameters<typeof summarize>[0]): Summary {
    const languages = [...new Set(samples.map(({ lang }) => lang))];
    return summarize(samples, { groups: resourceGroups(languages, this.#high) });
  }

  async #compare(
    first: Side,
    second: Side,
    extractor: EvaluationCalls['compare']['request']['extractor'],
  ): Promise<Comparison> {
    const [ours, theirs] = await Promise.all([first, second].map((side) => this.#sideOf(side)));
    const [one, two] = [ours ?? [], theirs ?? []];
    const overall = comparePairs(one, two, extractor);
    const languages = [...new Set(one.map(({ lang }) => lang))];
    const perLanguage = languages.flatMap((lang) => {
      const comparison = comparePairs(
        one.filter((row) => row.lang === lang),
        two,
        extractor,
      );
      const { pairs, bothRight, changes } = comparison;
      if (pairs === 0) return [];
      const right = { first: bothRight + changes.first, second: bothRight + changes.second };
      return [{ lang, pairs, ...right, comparison }];
    });
    return { overall, perLanguage };
  }

  async #sideOf({ run, route }: Side): Promise<ItemRow[]> {
    return (await this.#rowsOf(run)).filter((row) => row.route === route);
  }

  async #rowsOf(run: string): Promise<ItemRow[]> {
    const rows = this.#rows.get(run) ?? (await this.#parts.store.samples(run)).map(itemRow);
    this.#rows.delete(run);
    this.#rows.set(run, rows);
    const going = this.#runner?.record;
    for (const [other] of this.#rows) {
      if (this.#rows.size <= mostKept + 1) break;
      if (other !== run && !(other === going?.id && going.status === 'running')) {
        this.#rows.delete(other);
      }
    }
    return rows;
  }
}

/** Passes on the bytes that a call has read. */
function bytesOf({ onProgress }: CallContext<BytesRead>) {
  return (loadedBytes: number, totalBytes: number | null) =>
    onProgress({ loadedBytes, totalBytes });
}
