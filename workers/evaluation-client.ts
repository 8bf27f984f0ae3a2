// The page's side of evaluation-protocol.ts. After a crash, the run that went on is paused.
import type { LinguaLiftError } from '../src/bundle/errors.ts';
import { CallsClient } from './calls-client.ts';
import type { WorkerLike } from './clients.ts';
import type {
  AskedOutcome,
  EvaluationCalls,
  EvaluationEvent,
  EvaluationReply,
} from './evaluation-protocol.ts';

const crashMessage =
  'The part of the page that carries evaluations on stopped unexpectedly, perhaps for lack of memory. What was answered is stored: go on from there.';

/**
 * Typed access to the evaluation worker.
 *
 * ```ts
 * const client = new EvaluationClient((event) => ..., (error) => ...);
 * const runs = await client.call('runs', {});
 * ```
 */
export class EvaluationClient extends CallsClient<
  EvaluationCalls,
  EvaluationEvent,
  EvaluationReply
> {
  /**
   * @param onEvent called with what the worker tells and asks unasked
   * @param onCrash called when the worker has died, and the run that it carried on with it
   */
  constructor(
    onEvent: (event: EvaluationEvent) => void,
    onCrash: (error: LinguaLiftError) => void,
    startWorker: () => WorkerLike = startEvaluationWorker,
  ) {
    super(startWorker, { crashMessage, onCrash, onEvent });
  }

  /** Hands over what the models said to the questions of an `ask` event. */
  answer(ask: number, outcomes: AskedOutcome[]): void {
    this.post({ type: 'asked', ask, outcomes });
  }

  /** Tells why the models did not answer. */
  fail(ask: number, error: LinguaLiftError): void {
    this.post({ type: 'ask-failed', ask, error: error.toData() });
  }
}

/** Starts `evaluation.worker.ts`; written so that Vite sees and bundles the worker. */
function startEvaluationWorker(): Worker {
  return new Worker(new URL('./evaluation.worker.ts', import.meta.url), { type: 'module' });
}
