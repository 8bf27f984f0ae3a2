// What the page's sides of the workers share.
import { LinguaLiftError } from '../src/bundle/errors.ts';

/** What a client needs of a `Worker`; tests hand in a fake one. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

/** `Omit` that keeps the members of a union apart. */
export type WithoutId<Request> = Request extends { id: number } ? Omit<Request, 'id'> : never;

/**
 * Calls `onCrash` when a worker has died: of an error that nobody caught, or because it could not start.
 * @param message what a person reads
 */
export function watchForCrash(
  worker: WorkerLike,
  message: string,
  onCrash: (error: LinguaLiftError) => void,
): void {
  worker.addEventListener('error', (event) => {
    const { message: what, filename, lineno } = event as ErrorEvent;
    onCrash(new LinguaLiftError('worker-crashed', message, `${what} (${filename}:${lineno})`));
  });
}
