// The page's side of calls to a worker: starts it when it is first needed, and turns its messages into promises. What the
// workers hold lies in the browser's storage, so after a crash the next call starts a new one, which finds it there.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import type {
  CallOptions,
  CallRequest,
  CallResponse,
  CallTable,
  ProgressOf,
} from './calls-protocol.ts';
import { watchForCrash, type WorkerLike } from './clients.ts';

interface Pending {
  resolve(result: unknown): void;
  reject(error: LinguaLiftError): void;
  onProgress?: ((progress: never) => void) | undefined;
}

interface Listeners<Event> {
  /** What a person reads when the worker has died. */
  crashMessage: string;
  onCrash?: (error: LinguaLiftError) => void;
  /** Called with what the worker tells unasked. */
  onEvent?: (event: Event) => void;
}

/** Calls to one worker, and what else is posted to it. */
export class CallsClient<Calls extends CallTable<Calls>, Event = never, Reply = never> {
  readonly #startWorker: () => WorkerLike;
  readonly #listeners: Listeners<Event>;
  readonly #pending = new Map<number, Pending>();
  #worker: WorkerLike | null = null;
  #nextId = 1;

  constructor(startWorker: () => WorkerLike, listeners: Listeners<Event>) {
    this.#startWorker = startWorker;
    this.#listeners = listeners;
  }

  /**
   * Asks the worker for something.
   * @throws LinguaLiftError why it cannot be had, `cancelled`, or `worker-crashed`
   */
  call<Name extends keyof Calls>(
    name: Name,
    request: Calls[Name]['request'],
    { signal, onProgress }: CallOptions<ProgressOf<Calls[Name]>> = {},
  ): Promise<Calls[Name]['result']> {
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    const post = (message: CallRequest<Calls>) => worker.postMessage(message);
    const stop = () => post({ id: this.#nextId++, type: 'stop', target: id });
    return new Promise<Calls[Name]['result']>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress });
      post({ id, type: 'call', name, request });
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop);
    }).finally(() => signal?.removeEventListener('abort', stop));
  }

  /** Posts something that is no call, to a worker that has asked for it. */
  post(reply: Reply): void {
    this.#worker?.postMessage(reply);
  }

  #start(): WorkerLike {
    const worker = this.#startWorker();
    worker.addEventListener('message', (event) => {
      this.#receive((event as MessageEvent<CallResponse<never> | Event>).data);
    });
    watchForCrash(worker, this.#listeners.crashMessage, (error) => this.#giveUp(error));
    return worker;
  }

  #receive(message: CallResponse<never> | Event): void {
    if (!isResponse(message)) {
      this.#listeners.onEvent?.(message);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (message.type === 'progress') {
      pending?.onProgress?.(message.progress);
      return;
    }
    this.#pending.delete(message.id);
    if (message.type === 'result') pending?.resolve(message.result);
    else pending?.reject(LinguaLiftError.fromData(message.error));
  }

  #giveUp(error: LinguaLiftError): void {
    this.#worker?.terminate();
    this.#worker = null;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
    this.#listeners.onCrash?.(error);
  }
}

/** Only what answers a call has an id. */
function isResponse<Event>(message: CallResponse<never> | Event): message is CallResponse<never> {
  return typeof message === 'object' && message !== null && 'id' in message;
}
