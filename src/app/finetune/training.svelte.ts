// The runs as every room sees them: which there are, which one goes on, and what was measured. One instance is
// made in App.svelte and handed down by context, so a run goes on when another room is opened.
import { createContext } from 'svelte';
import type { TrainingClient } from '../../../workers/training-client.ts';
import type {
  DamagedRun,
  Estimate,
  ExportedFile,
  ExportKind,
  NewRun,
  TrainingEvent,
} from '../../../workers/training-protocol.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { WakeLock } from '../shared/wakeLock.ts';
import { Run } from './run.svelte.ts';

/** What the page needs of a `TrainingClient`. */
export type TrainingService = Pick<
  TrainingClient,
  | 'open'
  | 'estimate'
  | 'start'
  | 'resume'
  | 'singleStep'
  | 'pause'
  | 'finish'
  | 'list'
  | 'rename'
  | 'delete'
  | 'export'
>;

/** What is being done at a person's wish and takes a moment. */
export type Doing = 'starting' | 'resuming' | 'pausing' | 'stepping' | 'finishing';

/** Something that was asked for and went wrong, until the person has read it. */
export interface Failure {
  title: string;
  error: LinguaLiftError;
}

export class Training {
  /** Newest first; `null` until those of earlier visits have been read. */
  runs: Run[] | null = $state.raw(null);
  damaged: DamagedRun[] = $state.raw([]);
  doing: Doing | null = $state(null);
  failure: Failure | null = $state.raw(null);

  readonly #url: string;
  readonly #createClient: (onEvent: (event: TrainingEvent) => void) => TrainingService;
  readonly #wakeLock: WakeLock;
  #client: TrainingService | null = null;
  #opening: Promise<void> | null = null;
  #listing: Promise<void> | null = null;
  #openId: string | null = $state(null);
  /** The run that the worker has in memory: only it can take single steps. */
  #heldId: string | null = $state(null);

  /**
   * @param url absolute address of the bundle's `bundle.json`
   * @param createClient called when the first run is listed, estimated or started
   */
  constructor(
    url: string,
    createClient: (onEvent: (event: TrainingEvent) => void) => TrainingService,
    wakeLock: WakeLock,
  ) {
    this.#url = url;
    this.#createClient = createClient;
    this.#wakeLock = wakeLock;
  }

  /** The run that the room shows, or `null` for the form of a new one. */
  get open(): Run | null {
    return this.#find(this.#openId);
  }

  /** The run that goes on. */
  get running(): Run | null {
    return this.runs?.find(({ status }) => status === 'running') ?? null;
  }

  /** Whether the worker has a run in memory. */
  isHeld({ id }: Run): boolean {
    return id === this.#heldId;
  }

  /** Shows a run, or the form of a new one. */
  show(run: Run | null): void {
    this.failure = null;
    this.#openId = run?.id ?? null;
  }

  /** Reads the runs of earlier visits. Further calls do nothing, unless the first one failed. */
  load(): Promise<void> {
    this.#listing ??= this.#attempt('The runs of earlier visits could not be read', async () => {
      const { runs, damaged } = await this.#service.list();
      this.runs = runs.map((summary) => new Run(summary));
      this.damaged = damaged;
      const goesOn = this.running;
      if (goesOn) this.#openId = goesOn.id;
    }).then((done) => {
      if (!done) this.#listing = null;
    });
    return this.#listing;
  }

  /** What a run would take. @throws LinguaLiftError why that cannot be said */
  async estimate(run: NewRun): Promise<Estimate> {
    await this.#ready();
    return this.#service.estimate(run);
  }

  /** Makes a run, starts it and shows it. */
  start(name: string, made: NewRun, estimate: Estimate | null): Promise<boolean> {
    return this.#do('starting', 'The run was not started', async () => {
      await this.load();
      await this.#ready();
      const run = new Run(await this.#service.start(name, made));
      run.estimate = estimate;
      this.runs = [run, ...(this.runs ?? []).filter(({ id }) => id !== run.id)];
      this.#openId = run.id;
      this.#hold(run);
    });
  }

  resume(run: Run): Promise<boolean> {
    return this.#do('resuming', 'The run was not resumed', async () => {
      await this.#ready();
      run.update(await this.#service.resume(run.id));
      this.#hold(run);
    });
  }

  pause(): Promise<boolean> {
    return this.#do('pausing', 'The run was not paused', () => this.#service.pause());
  }

  singleStep(): Promise<boolean> {
    return this.#do('stepping', 'The step was not taken', () => this.#service.singleStep());
  }

  /** Ends the run that the worker holds where it is. */
  finish(): Promise<boolean> {
    return this.#do('finishing', 'The run was not finished', () => this.#service.finish());
  }

  async rename(run: Run, wanted: string): Promise<void> {
    const name = wanted.trim();
    if (name === '' || name === run.name) return;
    await this.#attempt('The run was not renamed', async () => {
      await this.#service.rename(run.id, name);
      run.name = name;
    });
  }

  /** Deletes a run, or what is left of a damaged one. */
  async delete(id: string): Promise<void> {
    await this.#attempt('The run was not deleted', async () => {
      await this.#service.delete(id);
      this.runs = this.runs?.filter((run) => run.id !== id) ?? null;
      this.damaged = this.damaged.filter((run) => run.id !== id);
      if (this.#openId === id) this.#openId = null;
      if (this.#heldId === id) this.#heldId = null;
      this.#followWake();
    });
  }

  /** What a run has learned. @throws LinguaLiftError when it cannot be read */
  export({ id }: Run, what: ExportKind): Promise<ExportedFile[]> {
    return this.#service.export(id, what);
  }

  /** Tells the person that something about the runs went wrong. */
  fail(title: string, thrown: unknown): void {
    this.failure = { title, error: LinguaLiftError.from(thrown) };
  }

  get #service(): TrainingService {
    return (this.#client ??= this.#createClient((event) => this.#receive(event)));
  }

  /** The bundle is opened once; an opening that failed is tried again. */
  #ready(): Promise<void> {
    this.#opening ??= this.#service.open(this.#url).catch((thrown: unknown) => {
      this.#opening = null;
      throw thrown;
    });
    return this.#opening;
  }

  #receive(message: TrainingEvent): void {
    const run = this.#find(message.run);
    if (run === null) return;
    if (message.type === 'step') run.step(message.event);
    if (message.type === 'evaluation') run.evaluation(message.event);
    if (message.type !== 'status') return;
    run.status = message.status;
    run.error = message.error;
    // What stopped by itself is no longer in a worker's memory, or must not go on from there.
    if (message.error !== null || message.status === 'done') this.#heldId = null;
    this.#followWake();
  }

  #hold(run: Run): void {
    for (const other of this.runs ?? []) {
      if (other !== run && other.status === 'running') other.status = 'paused';
    }
    this.#heldId = run.status === 'done' ? null : run.id;
    this.#followWake();
  }

  #followWake(): void {
    if (this.running) this.#wakeLock.hold();
    else this.#wakeLock.release();
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
      this.failure = null;
      await work();
      return true;
    } catch (thrown) {
      this.fail(title, thrown);
      return false;
    }
  }

  #find(id: string | null): Run | null {
    return this.runs?.find((run) => run.id === id) ?? null;
  }
}

export const [getTraining, setTraining] = createContext<Training>();
