// The page's side of models-protocol.ts: starts the models worker when it is first needed, and turns its messages into
// promises and callbacks. Everything is in the browser's storage, so after a crash the next call starts a new worker, which
// finds it there.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { persistStorage } from '../src/bundle/hub/storage.ts';
import { watchForCrash, type WorkerLike } from './clients.ts';
import type {
  ModelsCallName,
  ModelsCalls,
  ModelsResponse,
  ProgressOf,
  TransferProgress,
} from './models-protocol.ts';

const crashMessage =
  'The part of the page that keeps the models stopped unexpectedly. What was downloaded is kept: try again.';

interface Pending {
  resolve(result: unknown): void;
  reject(error: LinguaLiftError): void;
  onProgress?: ((progress: TransferProgress) => void) | undefined;
}

export interface CallOptions<Progress> {
  /** Stops the call, which then rejects with the code `cancelled`. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/**
 * Typed access to the models worker.
 *
 * ```ts
 * const client = new ModelsClient();
 * const { presets, models, bundles } = await client.call('overview', {});
 * const view = await client.call('look', { address: 'owner/name' });
 * await client.call('download', { ...view, dtype: 'q4' }, { signal, onProgress });
 * ```
 */
export class ModelsClient {
  readonly #startWorker: () => WorkerLike;
  readonly #pending = new Map<number, Pending>();
  #worker: WorkerLike | null = null;
  #nextId = 1;

  constructor(startWorker: () => WorkerLike = startModelsWorker) {
    this.#startWorker = startWorker;
  }

  /**
   * Asks the worker for something.
   * @throws LinguaLiftError as models-protocol.ts says, and `worker-crashed`
   */
  call<Name extends ModelsCallName>(
    name: Name,
    request: ModelsCalls[Name]['request'],
    { signal, onProgress }: CallOptions<ProgressOf<Name>> = {},
  ): Promise<ModelsCalls[Name]['result']> {
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    const stop = () => worker.postMessage({ id: this.#nextId++, type: 'stop', target: id });
    return new Promise<ModelsCalls[Name]['result']>((resolve, reject) => {
      // The worker answers a call with what the protocol says, which the compiler cannot see.
      this.#pending.set(id, {
        resolve: resolve as Pending['resolve'],
        reject,
        onProgress: onProgress as Pending['onProgress'],
      });
      worker.postMessage({ id, type: 'call', name, request });
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop);
    }).finally(() => signal?.removeEventListener('abort', stop));
  }

  /**
   * Asks the browser to keep what is stored until the person deletes it; `overview` tells what it answered before. Only
   * the page may ask, so this goes to no worker.
   * @returns whether it promised
   */
  persist(): Promise<boolean> {
    return persistStorage();
  }

  #start(): WorkerLike {
    const worker = this.#startWorker();
    worker.addEventListener('message', (event) => {
      const response = (event as MessageEvent<ModelsResponse>).data;
      const pending = this.#pending.get(response.id);
      if (response.type === 'progress') {
        pending?.onProgress?.(response.progress);
        return;
      }
      this.#pending.delete(response.id);
      if (response.type === 'result') pending?.resolve(response.result);
      else pending?.reject(LinguaLiftError.fromData(response.error));
    });
    watchForCrash(worker, crashMessage, (error) => this.#giveUp(error));
    return worker;
  }

  #giveUp(error: LinguaLiftError): void {
    this.#worker?.terminate();
    this.#worker = null;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }
}

/** Starts `models.worker.ts`; written so that Vite sees and bundles the worker. */
function startModelsWorker(): Worker {
  return new Worker(new URL('./models.worker.ts', import.meta.url), { type: 'module' });
}
