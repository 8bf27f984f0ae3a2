// Trying again: what for, how often, and how long it waits.
import { beforeEach, describe, expect, it } from 'vitest';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import { BusyError, withRetries, type Pause } from '../../../../src/bundle/hub/retries.ts';

let pauses: number[];
beforeEach(() => {
  pauses = [];
});
const pause: Pause = async (ms) => void pauses.push(ms);

const broken = () => new LinguaLiftError('network', 'broken');

/** Work that fails so many times before it succeeds. */
function failing(times: number, error: () => LinguaLiftError = broken) {
  let tries = 0;
  return async () => {
    if (++tries <= times) throw error();
    return tries;
  };
}

describe('withRetries', () => {
  it('tries again after pauses that double', async () => {
    expect(await withRetries(failing(4), { pause })).toBe(5);
    expect(pauses).toEqual([1000, 2000, 4000, 8000]);
  });

  it('gives up after five tries that got nowhere', async () => {
    await expect(withRetries(failing(5), { pause })).rejects.toThrow('broken');
    expect(pauses).toHaveLength(4);
  });

  it('does not count tries that got further', async () => {
    let bytes = 0;
    const work = failing(20);
    const tries = await withRetries(() => work().finally(() => bytes++), {
      ...{ pause, progress: () => bytes },
    });
    expect(tries).toBe(21);
    expect(new Set(pauses)).toEqual(new Set([1000]));
  });

  it('waits as long as a server asks, up to half a minute', async () => {
    const busy = (ms: number) => () => new BusyError('busy', '', ms);
    expect(await withRetries(failing(2, busy(7000)), { pause })).toBe(3);
    expect(pauses).toEqual([7000, 7000]);
    await expect(withRetries(failing(1, busy(31_000)), { pause })).rejects.toThrow('busy');
  });

  it.each(['file-missing', 'hub-gated', 'offline', 'storage-full', 'cancelled'])(
    'does not try again after %s',
    async (code) => {
      const refused = () => new LinguaLiftError(code, 'no');
      await expect(withRetries(failing(1, refused), { pause })).rejects.toMatchObject({ code });
      expect(pauses).toEqual([]);
    },
  );

  it('is cancelled while it waits', async () => {
    const stop = new AbortController();
    const work = async () => {
      queueMicrotask(() => stop.abort());
      throw broken();
    };
    // The real pause, a second long unless the signal ends it.
    const tried = withRetries(work, { signal: stop.signal });
    await expect(tried).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('does not begin once it is cancelled', async () => {
    let begun = false;
    const work = async () => {
      begun = true;
    };
    const tried = withRetries(work, { signal: AbortSignal.abort() });
    await expect(tried).rejects.toMatchObject({ code: 'cancelled' });
    expect(begun).toBe(false);
  });
});
