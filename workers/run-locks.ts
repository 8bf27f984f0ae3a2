// Who writes a run: one worker of one tab at a time. The browser lets a lock go when its worker dies.
import { LinguaLiftError } from '../src/bundle/errors.ts';

const prefix = 'lingualift-run-';

/**
 * Takes the lock of a run.
 * @returns what lets it go
 * @throws LinguaLiftError `run-elsewhere` when another tab has it
 */
export function takeRunLock(run: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(prefix + run, { ifAvailable: true }, (lock) => {
      if (lock) return new Promise<void>(resolve);
      throw new LinguaLiftError(
        'run-elsewhere',
        'This run is open in another tab of this browser. Use it there, or close that tab.',
        run,
      );
    });
    held.catch(reject);
  });
}

/** The runs that some tab holds. */
export async function heldRuns(): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query();
  const names = held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []));
  return new Set(names.map((name) => name.slice(prefix.length)));
}
