// The questions of a run on their way to the models, which another worker has: out to the page and back.
import { LinguaLiftError, type ErrorData } from '../src/bundle/errors.ts';
import { cancelledError } from '../src/bundle/source.ts';
import type { AskAll } from '../src/evaluate/runner.ts';
import type { Result } from '../src/evaluate/sample.ts';
import type { AskedOutcome, EvaluationEvent } from './evaluation-protocol.ts';

interface Waiting {
  resolve(results: Result[]): void;
  reject(error: LinguaLiftError): void;
}

export class Questions {
  readonly #send: (event: EvaluationEvent) => void;
  readonly #waiting = new Map<number, Waiting>();
  #nextAsk = 1;

  constructor(send: (event: EvaluationEvent) => void) {
    this.#send = send;
  }

  /** What asks for a run. A stop rejects with the code `cancelled` at once. */
  askAll(run: string): AskAll {
    return (questions, options, signal) => {
      const ask = this.#nextAsk++;
      const stop = () => {
        this.#send({ type: 'unask', ask });
        this.fail(ask, cancelledError().toData());
      };
      signal.addEventListener('abort', stop);
      this.#send({ type: 'ask', ask, run, questions, options });
      return new Promise<Result[]>((resolve, reject) =>
        this.#waiting.set(ask, { resolve, reject }),
      ).finally(() => signal.removeEventListener('abort', stop));
    };
  }

  /** The page has the answers. */
  answer(ask: number, outcomes: readonly AskedOutcome[]): void {
    const results = outcomes.map((outcome) =>
      'code' in outcome ? LinguaLiftError.fromData(outcome) : outcome,
    );
    this.#take(ask)?.resolve(results);
  }

  /** The models did not answer. */
  fail(ask: number, error: ErrorData): void {
    this.#take(ask)?.reject(LinguaLiftError.fromData(error));
  }

  #take(ask: number): Waiting | undefined {
    const waiting = this.#waiting.get(ask);
    this.#waiting.delete(ask);
    return waiting;
  }
}
