// The page's side of evaluation-protocol.ts: starts the evaluation worker when it is first needed, and turns its
// messages into promises and events. Runs are in the browser's storage, so after a crash the next call starts a new
// worker, which knows them; the run that went on is paused then.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { watchForCrash, type WorkerLike } from './clients.ts';
import type {
  AskedOutcome,
  CallName,
  EvaluationCalls,
  EvaluationEvent,
  EvaluationResponse,
} from './evaluation-protocol.ts';

const crashMessage =
  'The part of the page that carries evaluations on stopped unexpectedly, perhaps for lack of memory. What was answered is stored: go on from there.';

export interface CallOptions {
  /** Stops what takes long, which then rejects with the code `cancelled`. */
  signal?: AbortSignal;
  /** Called as bytes are downloaded. */
  onBytes?: (loadedBytes: number, totalBytes: number | null) => void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: LinguaLiftError): void;
  onBytes: CallOptions['onBytes'];
}

/**
 * Typed access to the evaluation worker.
 *
 * ```ts
 * const client = new EvaluationClient((event) => ..., (error) => ...);
 * const runs = await client.call('runs', {});
 * ```
 */
export class EvaluationClient {
  readonly #onEvent: (event: EvaluationEvent) => void;
  readonly #onCrash: (error: LinguaLiftError) => void;
  readonly #startWorker: () => WorkerLike;
  readonly #pending = new Map<number, Pending>();
  #worker: WorkerLike | null = null;
  #nextId = 1;

  /**
   * @param onEvent called with what the worker tells and asks unasked
   * @param onCrash called when the worker has died, and the run that it carried on with it
   */
  constructor(
    onEvent: (event: EvaluationEvent) => void,
    onCrash: (error: LinguaLiftError) => void,
    startWorker: () => WorkerLike = startEvaluationWorker,
  ) {
    this.#onEvent = onEvent;
    this.#onCrash = onCrash;
    this.#startWorker = startWorker;
  }

  /** Asks the worker for something. @throws LinguaLiftError why it cannot be had, or `worker-crashed` */
  call<Name extends CallName>(
    name: Name,
    request: EvaluationCalls[Name]['request'],
    { signal, onBytes }: CallOptions = {},
  ): Promise<EvaluationCalls[Name]['result']> {
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    worker.postMessage({ id, type: 'call', name, request });
    const stop = () => worker.postMessage({ id: this.#nextId++, type: 'cancel', target: id });
    signal?.addEventListener('abort', stop);
    return new Promise<EvaluationCalls[Name]['result']>((resolve, reject) => {
      // The worker answers a call with what the protocol says, which the compiler cannot see.
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject, onBytes });
    }).finally(() => signal?.removeEventListener('abort', stop));
  }

  /** Hands over what the models said to the questions of an `ask` event. */
  answer(ask: number, outcomes: AskedOutcome[]): void {
    this.#worker?.postMessage({ type: 'asked', ask, outcomes });
  }

  /** Tells why the models did not answer. */
  fail(ask: number, error: LinguaLiftError): void {
    this.#worker?.postMessage({ type: 'ask-failed', ask, error: error.toData() });
  }

  #start(): WorkerLike {
    const worker = this.#startWorker();
    worker.addEventListener('message', (event) => {
      this.#receive((event as MessageEvent<EvaluationResponse>).data);
    });
    watchForCrash(worker, crashMessage, (error) => this.#giveUp(error));
    return worker;
  }

  #receive(response: EvaluationResponse): void {
    if (!('id' in response)) {
      this.#onEvent(response);
      return;
    }
    const pending = this.#pending.get(response.id);
    if (response.type === 'bytes') {
      pending?.onBytes?.(response.loadedBytes, response.totalBytes);
      return;
    }
    this.#pending.delete(response.id);
    if (response.type === 'result') pending?.resolve(response.result);
    else pending?.reject(LinguaLiftError.fromData(response.error));
  }

  #giveUp(error: LinguaLiftError): void {
    this.#worker?.terminate();
    this.#worker = null;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
    this.#onCrash(error);
  }
}

/** Starts `evaluation.worker.ts`; written so that Vite sees and bundles the worker. */
function startEvaluationWorker(): Worker {
  return new Worker(new URL('./evaluation.worker.ts', import.meta.url), { type: 'module' });
}
