// Calls to a worker by name: what the protocols of the lexicon, evaluation and models workers have in common.
import type { ErrorData } from '../src/bundle/errors.ts';

/** What can be asked, by name; `progress` is what a call tells while it goes on. */
export type CallTable<Calls> = {
  [Name in keyof Calls]: { request: unknown; result: unknown; progress?: unknown };
};

/** What a call tells while it goes on; most tell nothing. */
export type ProgressOf<Call> = Call extends { progress: infer Progress } ? Progress : never;

export type CallRequest<Calls extends CallTable<Calls>> =
  | Call<Calls, keyof Calls>
  /** Stop request `target`; it then fails with the code `cancelled`. */
  | { id: number; type: 'stop'; target: number };

interface Call<Calls extends CallTable<Calls>, Name extends keyof Calls> {
  id: number;
  type: 'call';
  name: Name;
  request: Calls[Name]['request'];
}

/** Every answer repeats the id of its request. */
export type CallResponse<Progress = never> =
  | { id: number; type: 'result'; result: unknown }
  | { id: number; type: 'error'; error: ErrorData }
  | { id: number; type: 'progress'; progress: Progress };

export interface CallOptions<Progress> {
  /** Stops the call, which then rejects with the code `cancelled`. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}
