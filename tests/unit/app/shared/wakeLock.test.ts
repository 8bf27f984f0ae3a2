// The screen stays on while somebody wants it.
import { describe, expect, it } from 'vitest';
import { createWakeLock } from '../../../../src/app/shared/wakeLock.ts';
import { settle } from '../fakes.ts';

describe('createWakeLock', () => {
  it('takes the lock again when the page is back in sight, and only while it is wanted', async () => {
    let requests = 0;
    let releases = 0;
    let onVisible: () => void = () => undefined;
    const lock = createWakeLock({
      navigator: {
        wakeLock: {
          request: () => {
            requests++;
            const release = () => {
              releases++;
              return Promise.resolve();
            };
            return Promise.resolve({ release });
          },
        },
      },
      document: {
        visibilityState: 'visible',
        addEventListener: (_: string, listener: () => void) => {
          onVisible = listener;
        },
      } as Pick<Document, 'visibilityState' | 'addEventListener'>,
    });
    lock.hold();
    lock.hold();
    onVisible();
    expect(requests).toBe(2);
    lock.release();
    onVisible();
    await settle();
    expect([requests, releases]).toEqual([2, 1]);
  });
});
