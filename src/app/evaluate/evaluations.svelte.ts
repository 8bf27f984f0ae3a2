// The evaluations as every room sees them: which runs there are, which one goes on, what is counted. One instance is
// made in App.svelte and handed down by context, so a run goes on when another room is opened. Runs are carried on
// in the evaluation worker; its questions come here and go to the models' worker, which Ask shares.
import { createContext } from 'svelte';
import { LinguaLiftError } from '../../bundle/errors.ts';
import { highResource } from '../../evaluate/languages.ts';
import type { Extractor, RunConfig, RunRecord, SelfCheck } from '../../evaluate/record.ts';
import type { Progress } from '../../evaluate/runner.ts';
import type { StoredRun } from '../../evaluate/store.ts';
import { headline, type Summary } from '../../evaluate/summary.ts';
import type { EvaluationClient } from '../../../workers/evaluation-client.ts';
import type { EvaluationEvent } from '../../../workers/evaluation-protocol.ts';
import type { ExportedFile, ExportKind } from '../../evaluate/exchange/exportFile.ts';
import type { WakeLock } from '../shared/wakeLock.ts';
import { AskedModels, type AskedModelsParts } from './askedModels.ts';

/** What the page needs of an `EvaluationClient`. */
export type EvaluationService = Pick<EvaluationClient, 'call' | 'answer' | 'fail'>;

type CreateService = (
  onEvent: (event: EvaluationEvent) => void,
  onCrash: (error: LinguaLiftError) => void,
) => EvaluationService;

export interface EvaluationParts extends AskedModelsParts {
  /** Called when the room is first opened. */
  createService: CreateService;
  wakeLock: WakeLock;
}

/** What is being done at a person's wish and takes a moment. */
export type Doing = 'starting' | 'checking' | 'going' | 'pausing' | 'stopping' | 'importing';

/** Something that was asked for and went wrong, until the person has read it. */
export interface Failure {
  title: string;
  error: LinguaLiftError;
}

export class Evaluations {
  /** Newest first; `null` until those of earlier visits have been read. */
  runs: readonly StoredRun[] | null = $state.raw(null);
  doing: Doing | null = $state(null);
  failure: Failure | null = $state.raw(null);
  /** Of the run that goes on here. */
  progress: Progress | null = $state.raw(null);
  /** Of the open run; `null` until it is counted. */
  summary: Summary | null = $state.raw(null);
  /** Grows when the open run has other items than before. */
  version = $state(0);
  /** Whose verdict the scores, the chart and the table show. */
  extractor: Extractor = $state(headline);
  /** Tags of the languages that count as high-resource. */
  high: readonly string[] = $state.raw(highResource);
  /** Items a second of the last run of this visit, for estimates. */
  lastPace: number | null = $state(null);

  readonly #parts: EvaluationParts;
  readonly #models: AskedModels;
  #client: EvaluationService | null = null;
  #listing: Promise<void> | null = null;
  #openId: string | null = $state(null);
  /** The run that the worker has in hand. */
  #goingId: string | null = $state(null);

  constructor(parts: EvaluationParts) {
    this.#parts = parts;
    this.#models = new AskedModels(parts);
  }

  /** The run that the room shows, or `null` for the form of a new one. */
  get open(): StoredRun | null {
    return this.#find(this.#openId);
  }

  /** The run that goes on in this tab. */
  get going(): StoredRun | null {
    const run = this.#find(this.#goingId);
    return run?.record.status === 'running' ? run : null;
  }

  /** What the worker can be asked that changes no run. */
  ask: EvaluationService['call'] = (name, request, options) =>
    this.#service.call(name, request, options);

  /** Shows a run, or the form of a new one. */
  async show(id: string | null): Promise<void> {
    this.failure = null;
    this.#openId = id;
    this.summary = null;
    this.version++;
    if (id !== null) await this.#count(id);
  }

  /** Reads the runs of earlier visits. Further calls do nothing, unless the first one failed. */
  load(): Promise<void> {
    this.#listing ??= this.#attempt('The runs of earlier visits could not be read', async () => {
      this.runs = await this.#service.call('runs', {});
    }).then((done) => {
      if (!done) this.#listing = null;
    });
    return this.#listing;
  }

  /** Makes a run of the data that was read last, starts it and shows it. Whether it goes. */
  start(name: string, config: RunConfig): Promise<boolean> {
    return this.#do('starting', 'The run was not started', async () => {
      await this.load();
      const models = await this.#models.facts();
      const { run, check } = await this.#service.call('create', { name, config, models });
      this.runs = [run, ...(this.runs ?? [])];
      const { id } = run.record;
      await this.show(id);
      const isChecked = models.provider.kind === 'webgpu';
      const selfCheck = isChecked ? await this.#selfCheck(config, check) : null;
      this.#hold(
        await this.#service.call('go', { run: id, models, ...(selfCheck && { selfCheck }) }),
      );
    });
  }

  /** Skips the check against WebAssembly that is under way: the run starts without. */
  skipCheck(): void {
    this.#models.skipCheck();
  }

  /** Goes on with a run that is paused. */
  goOn(id: string): Promise<boolean> {
    return this.#do('going', 'The run does not go on', async () => {
      const models = await this.#models.facts();
      this.#hold(await this.#service.call('go', { run: id, models }));
    });
  }

  /** Pauses after the items in hand. */
  pause(id: string): Promise<boolean> {
    return this.#do('pausing', 'The run was not paused', async () => {
      await this.#service.call('pause', { run: id });
    });
  }

  /** Ends a run where it is. */
  stop(id: string): Promise<boolean> {
    return this.#do('stopping', 'The run was not stopped', async () => {
      await this.#service.call('stop', { run: id });
    });
  }

  async rename(id: string, wanted: string): Promise<void> {
    const name = wanted.trim();
    if (name === '' || name === this.#find(id)?.record.name) return;
    await this.#attempt('The run was not renamed', async () => {
      this.#update(await this.#service.call('rename', { run: id, name }));
    });
  }

  async remove(id: string): Promise<void> {
    await this.#attempt('The run was not deleted', async () => {
      await this.#service.call('remove', { run: id });
      this.runs = this.runs?.filter(({ record }) => record.id !== id) ?? null;
      if (this.#openId === id) await this.show(null);
    });
  }

  /** Takes in a run that comes as files and shows it. */
  import(files: readonly File[]): Promise<boolean> {
    return this.#do('importing', 'The run was not imported', async () => {
      await this.load();
      const named = files.map((file) => ({ name: file.name, file }));
      const run = await this.#service.call('import', { files: named });
      this.runs = [run, ...(this.runs ?? [])];
      await this.show(run.record.id);
    });
  }

  /** A run as a file; `null`, and `failure` says why, when it cannot be written. */
  async export(id: string, kind: ExportKind): Promise<ExportedFile | null> {
    let exported: ExportedFile | null = null;
    await this.#attempt('The file was not written', async () => {
      exported = await this.#service.call('export', { run: id, kind });
    });
    return exported;
  }

  /** Sets which languages count as high-resource. */
  async group(high: readonly string[]): Promise<void> {
    this.high = high;
    await this.#attempt('The languages were not grouped', async () => {
      await this.#service.call('group', { high: [...high] });
      if (this.#openId !== null) await this.#count(this.#openId);
    });
  }

  get #service(): EvaluationService {
    return (this.#client ??= this.#parts.createService(
      (event) => this.#receive(event),
      (error) => this.#crashed(error),
    ));
  }

  async #count(id: string): Promise<void> {
    await this.#attempt('The run could not be read', async () => {
      const summary = await this.#service.call('summary', { run: id });
      if (this.#openId === id) this.summary = summary;
    });
  }

  /** Answers a few items on WebAssembly too. What comes of it is recorded; that it failed is shown. */
  async #selfCheck(...what: Parameters<AskedModels['check']>): Promise<SelfCheck | null> {
    this.doing = 'checking';
    try {
      return await this.#models.check(...what);
    } catch (thrown) {
      this.fail('The GPU could not be checked', thrown);
      return null;
    }
  }

  #receive(event: EvaluationEvent): void {
    if (event.type === 'ask') void this.#answer(event);
    if (event.type === 'unask') this.#models.takeBack(event.ask);
    if (event.type === 'status') this.#update(event.record);
    if (event.type !== 'progress') return;
    const { run, progress, summary } = event;
    this.progress = progress;
    this.lastPace = progress.itemsPerSecond ?? this.lastPace;
    this.runs =
      this.runs?.map((one) => (one.record.id === run ? { ...one, done: progress.done } : one)) ??
      null;
    if (run !== this.#openId) return;
    this.summary = summary;
    this.version++;
  }

  /** Has the models answer what a run asks, unless they are others than it asked before. */
  async #answer(event: Extract<EvaluationEvent, { type: 'ask' }>): Promise<void> {
    const { ask, run } = event;
    try {
      const before = this.#find(run)?.record.models ?? null;
      const outcomes = await this.#models.answer(event, before);
      if (outcomes) this.#service.answer(ask, outcomes);
    } catch (thrown) {
      this.#service.fail(ask, LinguaLiftError.from(thrown));
    }
  }

  /** The worker died: what it had in hand is paused, as the store will say. */
  #crashed(error: LinguaLiftError): void {
    this.#models.takeBackAll();
    const { going } = this;
    if (going) this.#update({ ...going.record, status: 'paused', reason: error.message });
  }

  #hold(record: RunRecord): void {
    this.#goingId = record.id;
    this.#update(record);
  }

  #update(record: RunRecord): void {
    this.runs =
      this.runs?.map((run) => (run.record.id === record.id ? { ...run, record } : run)) ?? null;
    if (record.id === this.#goingId && record.status !== 'running') this.#goingId = null;
    if (this.going) this.#parts.wakeLock.hold();
    else this.#parts.wakeLock.release();
  }

  async #do(doing: Doing, title: string, work: () => Promise<void>): Promise<boolean> {
    if (this.doing !== null) return false;
    this.doing = doing;
    const done = await this.#attempt(title, work);
    this.doing = null;
    return done;
  }

  /** Whether it worked; if not, `failure` says why. */
  async #attempt(title: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      this.fail(title, thrown);
      return false;
    }
  }

  /** Tells the person that something went wrong. */
  fail(title: string, thrown: unknown): void {
    const error = LinguaLiftError.from(thrown);
    if (error.code !== 'cancelled') this.failure = { title, error };
  }

  #find(id: string | null): StoredRun | null {
    return this.runs?.find(({ record }) => record.id === id) ?? null;
  }
}

export const [getEvaluations, setEvaluations] = createContext<Evaluations>();
