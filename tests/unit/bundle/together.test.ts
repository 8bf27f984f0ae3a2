// Several downloads, of which all are wanted or none.
import { describe, expect, it } from 'vitest';
import { together } from '../../../src/bundle/together.ts';

/** Work that goes on until it is stopped. */
function untilStopped(stop: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    stop.addEventListener('abort', () => reject(new Error('stopped')));
  });
}

describe('together', () => {
  it('answers what the work answers, and stops nothing', async () => {
    let given: AbortSignal | null = null;
    const numbers = await together(undefined, (stop) => {
      given = stop;
      return Promise.all([Promise.resolve(1), Promise.resolve(2)]);
    });
    expect(numbers).toEqual([1, 2]);
    expect(given).toMatchObject({ aborted: false });
  });

  it('stops the others at the first failure, and throws that one', async () => {
    const others: string[] = [];
    const work = together(new AbortController().signal, (stop) =>
      Promise.all([
        untilStopped(stop).catch(() => others.push('first')),
        Promise.reject(new Error('no such file')),
        untilStopped(stop).catch(() => others.push('third')),
      ]),
    );
    await expect(work).rejects.toThrow('no such file');
    expect(others).toEqual(['first', 'third']);
  });

  it('stops all of them when it is stopped from outside', async () => {
    const outside = new AbortController();
    const work = together(outside.signal, (stop) =>
      Promise.allSettled([untilStopped(stop), untilStopped(stop)]),
    );
    outside.abort();
    expect((await work).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
