// The page's side of workers/protocol.ts: starts the inference worker and turns its messages into
// promises and callbacks. A client owns one worker at a time: each load starts a new one, because the memory
// of WebAssembly never shrinks. A worker that crashes rejects everything pending, and the client is over.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import type { Outcome } from '../src/bridge/bridge.ts';
import type { Answer, AnswerEvent, AnswerOptions, LoadProgress } from '../src/bridge/types.ts';
import { cancelledError } from '../src/bundle/source.ts';
import type {
  Retrieval,
  RetrievalProgress,
  RetrievalRequest,
} from '../src/evaluate/retrieval/retrieve.ts';
import { watchForCrash, type WithoutId, type WorkerLike } from './clients.ts';
import type {
  InferenceRequest,
  InferenceResponse,
  LoadedBundle,
  ProviderChoice,
  Replacement,
  Tokenized,
} from './protocol.ts';

const crashMessage =
  'The part of the page that runs the models stopped unexpectedly, perhaps for lack of memory. Load the models again.';

/** Something that runs in the worker and can be stopped. */
export interface Running<Result> {
  promise: Promise<Result>;
  /**
   * Asks the worker to stop. An answer then resolves with its partial text and `stop: 'stopped'`; a load
   * rejects with the code `cancelled`. Calling it after the end does nothing.
   */
  stop(): void;
}

interface Pending {
  receive(response: InferenceResponse): void;
  reject(error: LinguaLiftError): void;
}

/**
 * Typed access to the inference worker.
 *
 * ```ts
 * const client = new InferenceClient();
 * const bundle = await client.load(url, 'auto', (progress) => ...).promise;
 * const { promise, stop } = client.answer('...', { route: 'lingualift' }, (event) => ...);
 * ```
 */
export class InferenceClient {
  readonly #startWorker: () => WorkerLike;
  readonly #pending = new Map<number, Pending>();
  #worker: WorkerLike;
  #hasLoaded = false;
  #nextId = 1;
  /** Set once the client is over: every later request is refused with it. */
  #end: LinguaLiftError | null = null;

  constructor(startWorker: () => WorkerLike = startInferenceWorker) {
    this.#startWorker = startWorker;
    this.#worker = this.#start();
  }

  /**
   * Loads the bundle at `url`, in place of the one loaded before.
   * @param url absolute address of the manifest, or `addressOf` a stored bundle (models-protocol.ts)
   * @param onProgress called as bytes arrive and as phases begin
   */
  load(
    url: string,
    provider: ProviderChoice,
    onProgress: (progress: LoadProgress) => void,
  ): Running<LoadedBundle> {
    if (this.#hasLoaded && this.#end === null) {
      this.#worker.terminate();
      this.#rejectPending(new LinguaLiftError('cancelled', 'Other models are loaded instead.'));
      this.#worker = this.#start();
    }
    this.#hasLoaded = true;
    return this.#request<LoadedBundle>({ type: 'load', url, provider }, (response, resolve) => {
      if (response.type === 'progress') onProgress(response.progress);
      if (response.type === 'loaded') resolve(response.bundle);
    });
  }

  /**
   * Answers a question with the loaded bundle. Several answers may run at once: they take turns token by token.
   * @param onEvent called with the prompt, then with the text so far after every token
   */
  answer(
    question: string,
    options: AnswerOptions,
    onEvent: (event: AnswerEvent) => void,
  ): Running<Answer> {
    return this.#request<Answer>({ type: 'answer', question, options }, (response, resolve) => {
      if (response.type === 'event') onEvent(response.event);
      if (response.type === 'answer') resolve(response.answer);
    });
  }

  /**
   * Answers several questions on one route side by side (`batchSizeFor` of src/bridge/batch.ts says how many at a
   * time are best). Other requests get their turns meanwhile. After a stop, unfinished answers have
   * `stop: 'stopped'`, and questions that were not begun have the error `cancelled`.
   * @param onOutcome called with a question's place as soon as it has its answer, or the error that says why the
   *   models cannot take it
   * @returns one outcome for each question, in their order; rejects with errors that are not about one question
   */
  answerAll(
    questions: readonly string[],
    options: AnswerOptions,
    onOutcome: (index: number, outcome: Outcome) => void,
  ): Running<Outcome[]> {
    const outcomes = questions.map((): Outcome => cancelledError());
    const settle = (index: number, outcome: Outcome) => {
      outcomes[index] = outcome;
      onOutcome(index, outcome);
    };
    const request = { type: 'answer-all', questions, options } as const;
    return this.#request<Outcome[]>(request, (response, resolve) => {
      if (response.type === 'answered') settle(response.index, response.answer);
      if (response.type === 'refused') {
        settle(response.index, LinguaLiftError.fromData(response.error));
      }
      if (response.type === 'all-answered') resolve(outcomes);
    });
  }

  /** Cuts texts into the pieces that the encoder of the loaded bundle reads. */
  tokenize(texts: readonly string[]): Promise<Tokenized> {
    return this.#request<Tokenized>({ type: 'tokenize', texts }, (response, resolve) => {
      if (response.type === 'tokens') resolve(response.tokens);
    }).promise;
  }

  /**
   * Searches sentences of one language among their translations, with the states of the loaded bundle. A stop
   * rejects with the code `cancelled`.
   * @param onProgress called as sentences are read
   */
  retrieve(
    request: RetrievalRequest,
    onProgress: (progress: RetrievalProgress) => void,
  ): Running<Retrieval> {
    return this.#request<Retrieval>({ type: 'retrieve', request }, (response, resolve) => {
      if (response.type === 'retrieval-progress') onProgress(response.progress);
      if (response.type === 'retrieved') resolve(response.retrieval);
    });
  }

  /**
   * Puts an alignment from elsewhere in the place of `lingualift` of the loaded bundle, until the next load.
   * @param replacement `null` puts the bundle's own back
   * @throws LinguaLiftError `other-models`, and nothing changes, when it connects other networks
   */
  async replaceAlignment(replacement: Replacement | null): Promise<void> {
    const request = { type: 'replace-alignment', replacement } as const;
    await this.#request<null>(request, (response, resolve) => {
      if (response.type === 'replaced') resolve(null);
    }).promise;
  }

  /** Ends the worker and frees its models. Whatever is pending rejects with the code `cancelled`. */
  terminate(): void {
    this.#close(new LinguaLiftError('cancelled', 'The models were unloaded.'));
  }

  #request<Result>(
    request: WithoutId<InferenceRequest>,
    receive: (response: InferenceResponse, resolve: (result: Result) => void) => void,
  ): Running<Result> {
    const id = this.#nextId++;
    const promise = new Promise<Result>((resolve, reject) => {
      if (this.#end) {
        reject(this.#end);
        return;
      }
      const settle = (finish: () => void) => {
        this.#pending.delete(id);
        finish();
      };
      this.#pending.set(id, {
        receive: (response) => {
          if (response.type === 'error') {
            settle(() => reject(LinguaLiftError.fromData(response.error)));
          } else {
            receive(response, (result) => settle(() => resolve(result)));
          }
        },
        reject: (error) => settle(() => reject(error)),
      });
      this.#worker.postMessage({ id, ...request });
    });
    const stop = () => {
      if (!this.#pending.has(id)) return;
      this.#worker.postMessage({ id: this.#nextId++, type: 'stop', target: id });
    };
    return { promise, stop };
  }

  #start(): WorkerLike {
    const worker = this.#startWorker();
    worker.addEventListener('message', (event) => {
      const response = (event as MessageEvent<InferenceResponse>).data;
      this.#pending.get(response.id)?.receive(response);
    });
    watchForCrash(worker, crashMessage, (error) => this.#close(error));
    return worker;
  }

  #close(error: LinguaLiftError): void {
    if (this.#end) return;
    this.#end = error;
    this.#worker.terminate();
    this.#rejectPending(error);
  }

  #rejectPending(error: LinguaLiftError): void {
    for (const pending of [...this.#pending.values()]) pending.reject(error);
  }
}

/** Starts `inference.worker.ts`; written so that Vite sees and bundles the worker. */
function startInferenceWorker(): Worker {
  return new Worker(new URL('./inference.worker.ts', import.meta.url), { type: 'module' });
}
