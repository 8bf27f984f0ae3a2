// The page's side of lexicon-protocol.ts: starts the lexicon worker when it is first needed, and turns its
// messages into promises. The lists are in the browser's storage, so after a crash the next call starts a
// new worker, which knows them.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { watchForCrash, type WorkerLike } from './clients.ts';
import type { CallName, LexiconCalls, LexiconResponse } from './lexicon-protocol.ts';

const crashMessage =
  'The part of the page that keeps the word lists stopped unexpectedly, perhaps for lack of memory. Try again, with a smaller list if it was a large one.';

interface Pending {
  resolve(result: unknown): void;
  reject(error: LinguaLiftError): void;
}

/**
 * Typed access to the lexicon worker.
 *
 * ```ts
 * const client = new LexiconClient();
 * const lists = await client.call('lists', {});
 * const { rows, total } = await client.call('pairs', { id, search: '', from: 0, to: 100 });
 * ```
 */
export class LexiconClient {
  readonly #startWorker: () => WorkerLike;
  readonly #pending = new Map<number, Pending>();
  #worker: WorkerLike | null = null;
  #nextId = 1;

  constructor(startWorker: () => WorkerLike = startLexiconWorker) {
    this.#startWorker = startWorker;
  }

  /**
   * Asks the worker for something.
   * @param signal stops an import, which then rejects with the code `cancelled`
   * @throws LinguaLiftError with the code of a `LexiconError`, `worker-crashed`, `sentences-missing`
   */
  call<Name extends CallName>(
    name: Name,
    request: LexiconCalls[Name]['request'],
    signal?: AbortSignal,
  ): Promise<LexiconCalls[Name]['result']> {
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    worker.postMessage({ id, type: 'call', name, request });
    const stop = () => worker.postMessage({ id: this.#nextId++, type: 'stop', target: id });
    signal?.addEventListener('abort', stop);
    return new Promise<LexiconCalls[Name]['result']>((resolve, reject) => {
      // The worker answers a call with what the protocol says, which the compiler cannot see.
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject });
    }).finally(() => signal?.removeEventListener('abort', stop));
  }

  #start(): WorkerLike {
    const worker = this.#startWorker();
    worker.addEventListener('message', (event) => {
      const response = (event as MessageEvent<LexiconResponse>).data;
      const pending = this.#pending.get(response.id);
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

/** Starts `lexicon.worker.ts`; written so that Vite sees and bundles the worker. */
function startLexiconWorker(): Worker {
  return new Worker(new URL('./lexicon.worker.ts', import.meta.url), { type: 'module' });
}
