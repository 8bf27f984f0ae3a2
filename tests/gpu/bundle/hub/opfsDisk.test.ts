// The origin private file system of a real browser, in a worker, as models are kept.
import { afterAll, describe, expect, it } from 'vitest';
import { diskFacts } from '../../../support/disk-contract.ts';

const worker = new Worker(new URL('./opfsDisk.worker.ts', import.meta.url), { type: 'module' });
afterAll(() => worker.terminate());

/** Has the worker check a fact; resolves to what is wrong with it. */
function check(fact: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<string | null>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(fact);
  });
}

describe('OpfsDisk', () => {
  it.each(Object.keys(diskFacts))('%s', async (fact) => {
    expect(await check(fact)).toBeNull();
  });
});
