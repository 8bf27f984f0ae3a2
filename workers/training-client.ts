// The page's side of workers/training-protocol.ts: starts the training worker and turns its messages into
// promises and events. A worker whose device was lost, or that crashed, is replaced by a new one when a run is
// resumed; runs themselves lie in the origin private file system.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { watchForCrash, type WithoutId, type WorkerLike } from './clients.ts';
import type {
  Estimate,
  ExportedFile,
  ExportKind,
  NewRun,
  RunList,
  RunSummary,
  TrainingEvent,
  TrainingRequest,
  TrainingResponse,
} from './training-protocol.ts';

const crashMessage =
  'The part of the page that trains stopped unexpectedly, perhaps for lack of memory. Resume the run: it goes on from its last checkpoint.';

/** What answers a request. */
type Reply = Exclude<TrainingResponse, TrainingEvent | { type: 'error' }>;
type ReplyOf<Type extends Reply['type']> = Extract<Reply, { type: Type }>;

interface Pending {
  resolve(reply: Reply): void;
  reject(error: LinguaLiftError): void;
}

/**
 * Typed access to the training worker. Every method rejects with a `LinguaLiftError`.
 *
 * ```ts
 * const client = new TrainingClient((event) => ...);
 * await client.open(url);
 * const run = await client.start('Esperanto', config, data);
 * ```
 */
export class TrainingClient {
  readonly #onEvent: (event: TrainingEvent) => void;
  readonly #startWorker: () => WorkerLike;
  readonly #pending = new Map<number, Pending>();
  /** `null` until the first request, and after a crash. */
  #worker: WorkerLike | null = null;
  /** The bundle that the worker opened or is opening. */
  #opened: { url: string; promise: Promise<unknown> } | null = null;
  /** The device is gone: only a new worker can open another. */
  #isStale = false;
  /** The run that the worker holds and that goes on, to tell of when it crashes. */
  #running: string | null = null;
  #nextId = 1;

  /** @param onEvent called with every step, evaluation and change of status */
  constructor(
    onEvent: (event: TrainingEvent) => void,
    startWorker: () => WorkerLike = startTrainingWorker,
  ) {
    this.#onEvent = onEvent;
    this.#startWorker = startWorker;
  }

  /**
   * Opens the bundle whose `bundle.json` is at `url`, in a new worker if one had been opened before: a run
   * that it holds goes back to its last checkpoint.
   */
  async open(url: string): Promise<void> {
    if (this.#opened)
      this.#end(new LinguaLiftError('cancelled', 'Other models are opened instead.'));
    const promise = this.#request<'done'>({ type: 'open', url });
    this.#opened = { url, promise };
    await promise;
  }

  /** What a run would take, before it is started. */
  async estimate(run: NewRun): Promise<Estimate> {
    await this.#ready();
    return (await this.#request<'estimate'>({ type: 'estimate', run })).estimate;
  }

  /** Makes a run and starts it. The run that the worker held before is paused. */
  async start(name: string, run: NewRun): Promise<RunSummary> {
    await this.#ready();
    return (await this.#request<'run'>({ type: 'start', name, run })).run;
  }

  /** Goes on with a run. What it notes from now on follows the curve of the summary that is returned. */
  async resume(run: string): Promise<RunSummary> {
    await this.#ready();
    return (await this.#request<'run'>({ type: 'resume', run })).run;
  }

  /** Takes one step of the run that the worker holds. */
  async singleStep(): Promise<void> {
    await this.#request<'done'>({ type: 'single-step' });
  }

  async pause(): Promise<void> {
    await this.#request<'done'>({ type: 'pause' });
  }

  async finish(): Promise<void> {
    await this.#request<'done'>({ type: 'finish' });
  }

  async list(): Promise<RunList> {
    const { runs, damaged } = await this.#request<'runs'>({ type: 'list' });
    return { runs, damaged };
  }

  async rename(run: string, name: string): Promise<void> {
    await this.#request<'done'>({ type: 'rename', run, name });
  }

  async delete(run: string): Promise<void> {
    await this.#request<'done'>({ type: 'delete', run });
  }

  async export(run: string, what: ExportKind): Promise<ExportedFile[]> {
    return (await this.#request<'files'>({ type: 'export', run, what })).files;
  }

  /** Ends the worker. A run that goes on is left at its last checkpoint. */
  terminate(): void {
    this.#end(new LinguaLiftError('cancelled', 'The training was ended.'));
  }

  /** A worker that has the bundle open and its device alive. */
  async #ready(): Promise<void> {
    if (!this.#opened) return;
    if (this.#isStale || !this.#worker) await this.open(this.#opened.url);
    else await this.#opened.promise;
  }

  #request<Type extends Reply['type']>(
    request: WithoutId<TrainingRequest>,
  ): Promise<ReplyOf<Type>> {
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // Which reply a request gets is the protocol's word.
      this.#pending.set(id, { resolve: (reply) => resolve(reply as ReplyOf<Type>), reject });
      worker.postMessage({ id, ...request });
    });
  }

  #start(): WorkerLike {
    const worker = this.#startWorker();
    worker.addEventListener('message', (event) => {
      this.#receive((event as MessageEvent<TrainingResponse>).data);
    });
    watchForCrash(worker, crashMessage, (error) => this.#crash(error));
    return worker;
  }

  #receive(response: TrainingResponse): void {
    if (response.id === null) {
      this.#note(response);
      this.#onEvent(response);
      return;
    }
    const pending = this.#pending.get(response.id);
    this.#pending.delete(response.id);
    if (response.type === 'error') pending?.reject(LinguaLiftError.fromData(response.error));
    else pending?.resolve(response);
  }

  #note(event: TrainingEvent): void {
    if (event.type !== 'status') return;
    this.#running = event.status === 'running' ? event.run : null;
    if (event.error?.code === 'device-lost') this.#isStale = true;
  }

  #crash(error: LinguaLiftError): void {
    const run = this.#running;
    this.#end(error);
    if (run === null) return;
    this.#onEvent({ id: null, type: 'status', run, status: 'paused', error: error.toData() });
  }

  #end(error: LinguaLiftError): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#isStale = false;
    this.#running = null;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** Starts `training.worker.ts`; written so that Vite sees and bundles the worker. */
function startTrainingWorker(): Worker {
  return new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module' });
}
