// What may pass is tried again, a bounded number of times: a connection that broke, a server that has too much to do.
import { LinguaLiftError } from '../errors.ts';
import { cancelledError } from '../source.ts';

/** Waits. Rejects with `cancelled` as soon as the signal says so. */
export type Pause = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The error of a server that asks to come back later. */
export class BusyError extends LinguaLiftError {
  /** How long the server wants to be left alone; `null` when it did not say, or the browser hides it. */
  readonly retryAfterMs: number | null;

  constructor(message: string, details: string, retryAfterMs: number | null) {
    super('hub-busy', message, details);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Tries in a row that get nowhere. With the pauses below, a server may be away for fifteen seconds. */
const mostFailures = 5;
const firstPauseMs = 1000;
/** A server that wants a longer rest is left to the person. */
const longestPauseMs = 30_000;

export interface RetryOptions {
  signal?: AbortSignal | undefined;
  pause?: Pause | undefined;
  /** How far the work is; tries that got further are not counted. */
  progress?: () => number;
}

/**
 * Does some work, again when it fails for a reason that may pass.
 * @throws what it failed with the last time, or `cancelled`
 */
export async function withRetries<Result>(
  work: () => Promise<Result>,
  { signal, pause = wait, progress = () => 0 }: RetryOptions,
): Promise<Result> {
  for (let failures = 0, before = progress(); ;) {
    if (signal?.aborted) throw cancelledError();
    try {
      return await work();
    } catch (thrown) {
      const after = progress();
      failures = after > before ? 1 : failures + 1;
      before = after;
      const pauseMs = pauseAfter(thrown, failures);
      if (pauseMs === null) throw thrown;
      await pause(pauseMs, signal);
    }
  }
}

/** How long to wait before the next try; `null` when there shall be none. */
function pauseAfter(thrown: unknown, failures: number): number | null {
  const mayPass = thrown instanceof LinguaLiftError && passing.has(thrown.code);
  if (!mayPass || failures >= mostFailures) return null;
  const asked = thrown instanceof BusyError ? thrown.retryAfterMs : null;
  const pauseMs = asked ?? firstPauseMs * 2 ** (failures - 1);
  return pauseMs <= longestPauseMs ? pauseMs : null;
}

const passing: ReadonlySet<string> = new Set(['network', 'hub-busy']);

const wait: Pause = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(cancelledError());
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
