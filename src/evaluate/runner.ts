// Carries a run from batch to batch: asks, scores, writes down, tells how far it is, stops when it is told to or when
// the models fail. Knows neither worker nor browser: its parts are handed in.
//
// What is done is what the store has. Nothing else is kept between batches, so a run that was broken off anywhere
// goes on at the first batch that the store lacks, and asks it as if it had never been asked.
import { isAboutQuestion } from '../bridge/questionErrors.ts';
import type { AnswerOptions } from '../bridge/types.ts';
import { LinguaLiftError } from '../bundle/errors.ts';
import { checkModels } from './newRun.ts';
import { Pace } from './pace.ts';
import { makePlan, type PlanBatch } from './plan.ts';
import type { ModelFacts, RunRecord, Sample } from './record.ts';
import { sampleOf, type Result } from './sample.ts';
import type { RecordChange, RunData, RunLocks, RunStore } from './store.ts';

/**
 * Asks questions side by side.
 * @returns for each question its answer, or why the models cannot take it
 * @throws when the models fail, or `signal` says stop
 */
export type AskAll = (
  questions: readonly string[],
  options: AnswerOptions,
  signal: AbortSignal,
) => Promise<Result[]>;

/** How far a run is. */
export interface Progress {
  done: number;
  items: number;
  /** Over the recent past; `null` before the first batch since the run goes. */
  itemsPerSecond: number | null;
  secondsLeft: number | null;
}

export type RunnerEvent =
  | { type: 'batch'; samples: readonly Sample[]; progress: Progress }
  | { type: 'status'; record: RunRecord };

export interface RunnerParts {
  store: Pick<RunStore, 'read' | 'update' | 'append' | 'starts'>;
  locks: Pick<RunLocks, 'take'>;
  askAll: AskAll;
  /** What `askAll` asks. */
  models: ModelFacts;
  emit(event: RunnerEvent): void;
  /** Milliseconds since whenever; a test has a clock of its own. */
  now?: () => number;
}

export class Runner {
  readonly #parts: RunnerParts;
  readonly #now: () => number;
  readonly #plan: readonly PlanBatch[];
  readonly #exemplars: RunData['exemplars'];
  #record: RunRecord;
  #done = 0;
  #pace: Pace;
  #isGoing = false;
  /** As what it is to come to rest; `null` while it is to go on. */
  #restAs: 'paused' | 'stopped' | null = null;
  /** Breaks off the batch in hand. */
  #break = new AbortController();
  #work: Promise<void> = Promise.resolve();

  /** @param record and @param data as the store has them */
  constructor(parts: RunnerParts, record: RunRecord, data: RunData) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
    this.#plan = makePlan(record.config, data.problems);
    this.#exemplars = data.exemplars;
    this.#record = record;
    this.#pace = new Pace(record.config.routes.length);
  }

  /** The run as it is now. */
  get record(): RunRecord {
    return this.#record;
  }

  get progress(): Progress {
    const { items } = this.#record;
    const { itemsPerSecond } = this.#pace;
    const secondsLeft = itemsPerSecond && (items - this.#done) / itemsPerSecond;
    return { done: this.#done, items, itemsPerSecond, secondsLeft };
  }

  /** Resolves when the run is at rest. */
  get atRest(): Promise<void> {
    return this.#work;
  }

  /**
   * Goes on in the background, once what is going has come to rest. Does nothing while the run is going on.
   * @throws LinguaLiftError `run-elsewhere` when another tab has it in hand, `run-over` when it has come to its end,
   *   `other-models` when it asked others than `models`, `run-missing`, `storage-full`
   */
  async start(): Promise<void> {
    if (this.#isGoing && this.#restAs === null) return;
    if (this.#isGoing) await this.#work;
    if (this.#isGoing) return;
    this.#isGoing = true;
    this.#restAs = null;
    this.#break = new AbortController();
    const opened = this.#open();
    this.#work = opened.then(
      (held) => this.#go(held),
      () => {
        this.#isGoing = false;
      },
    );
    await opened;
  }

  /** Rests after the batch in hand, or at once: its items are then asked again. Resolves when the run is at rest. */
  async pause(when: 'after-batch' | 'at-once' = 'after-batch'): Promise<void> {
    this.#restAs ??= 'paused';
    if (when === 'at-once') this.#break.abort();
    await this.#work;
  }

  /**
   * Ends the run where it is. The batch in hand is broken off; what was answered stays.
   * @throws LinguaLiftError `run-elsewhere`, `run-missing`, `storage-full`
   */
  async stop(): Promise<void> {
    this.#restAs = 'stopped';
    this.#break.abort();
    await this.#work;
    if (!canGoOn(this.#record)) return;
    const { store, locks } = this.#parts;
    const letGo = await locks.take(this.#record.id);
    try {
      this.#become(await store.update(this.#record.id, { status: 'stopped', reason: null }));
    } finally {
      letGo();
    }
  }

  /** Takes the run in hand and finds out how far it is. */
  async #open(): Promise<Held> {
    const { store, locks, models } = this.#parts;
    const { id } = this.#record;
    const letGo = await locks.take(id);
    try {
      const { record, done } = await store.read(id);
      if (!canGoOn(record)) throw runOver();
      checkModels(record.models, models);
      const starts = await store.starts(id);
      this.#done = done;
      this.#pace = new Pace(record.config.routes.length);
      this.#become(await store.update(id, { status: 'running', reason: null }));
      return { letGo, starts };
    } catch (thrown) {
      letGo();
      throw thrown;
    }
  }

  async #go({ letGo, starts }: Held): Promise<void> {
    try {
      for (const batch of this.#plan) {
        if (this.#restAs) break;
        if (!starts.has(batch.start)) await this.#ask(batch);
      }
      await this.#rest(null);
    } catch (thrown) {
      // Models that are told to break off may say so by throwing.
      const { aborted } = this.#break.signal;
      await this.#rest(aborted ? null : reasonOf(thrown));
    } finally {
      letGo();
      this.#isGoing = false;
    }
  }

  /** Asks a batch and writes it down. One that is broken off leaves nothing. */
  async #ask(batch: PlanBatch): Promise<void> {
    const { store, askAll, emit } = this.#parts;
    const { items } = batch;
    const { signal } = this.#break;
    const started = this.#now();
    const questions = items.map(({ problem }) => problem.question);
    const results = await askAll(questions, this.#options(batch), signal);
    if (signal.aborted) return;
    const failure = results.find(isFailure);
    if (failure) throw failure;
    const samples = items.map((item, place) => sampleOf(item, at(results, place)));
    await store.append(this.#record.id, samples);
    this.#done += samples.length;
    this.#pace.add(samples.length, this.#now() - started);
    emit({ type: 'batch', samples, progress: this.progress });
  }

  #options({ route, items }: PlanBatch): AnswerOptions {
    const { calculator, maxNewTokens, exemplars } = this.#record.config;
    const options = { route, calculator, maxNewTokens };
    const [first] = items;
    if (exemplars === 0 || first === undefined) return options;
    const worked = this.#exemplars[first.problem.lang] ?? [];
    return { ...options, exemplars: worked.slice(0, exemplars) };
  }

  async #rest(reason: string | null): Promise<void> {
    const isDone = this.#done === this.#record.items;
    const change: RecordChange = { status: isDone ? 'done' : (this.#restAs ?? 'paused'), reason };
    // The store may be what failed. A status that was not written follows from the samples at the next start.
    const written = await this.#parts.store.update(this.#record.id, change).catch(() => null);
    this.#become(written ?? { ...this.#record, ...change });
  }

  #become(record: RunRecord): void {
    this.#record = record;
    this.#parts.emit({ type: 'status', record });
  }
}

/** What a run has while it goes. */
interface Held {
  letGo: () => void;
  /** Where the batches begin that were stored before. */
  starts: ReadonlySet<number>;
}

const canGoOn = ({ status }: RunRecord): boolean => status === 'running' || status === 'paused';

/** After an error that is not about one question the rest of the run would fare no better. */
const isFailure = (result: Result): boolean =>
  result instanceof LinguaLiftError && !isAboutQuestion(result);

/** A line for people, and details, if there are any, on those below. */
function reasonOf(thrown: unknown): string {
  const { message, details } = LinguaLiftError.from(thrown);
  return details === '' ? message : `${message}\n${details}`;
}

function at(results: readonly Result[], place: number): Result {
  const result = results[place];
  if (result) return result;
  throw new Error(`Only ${results.length} of the questions have a result.`);
}

function runOver(): LinguaLiftError {
  return new LinguaLiftError(
    'run-over',
    'This run has come to its end and cannot go on. Start a new one.',
  );
}
