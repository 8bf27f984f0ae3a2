// Loading a bundle: progress, verification, the cache, and everything that can be wrong with a file.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FileCache, type CacheLike } from '../../../src/bundle/cache.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';

/** A `Cache` in memory, as far as bundles need one. */
class FakeCache implements CacheLike {
  readonly stored = new Map<string, Uint8Array<ArrayBuffer>>();
  full = false;

  match(key: RequestInfo | URL): Promise<Response | undefined> {
    const bytes = this.stored.get(String(key));
    return Promise.resolve(bytes && new Response(bytes));
  }

  async put(key: RequestInfo | URL, response: Response): Promise<void> {
    if (this.full) throw new DOMException('full', 'QuotaExceededError');
    this.stored.set(String(key), new Uint8Array(await response.arrayBuffer()));
  }

  delete(key: RequestInfo | URL): Promise<boolean> {
    return Promise.resolve(this.stored.delete(String(key)));
  }
}

const model = 'llm/onnx/model_q4.onnx';
let files: Map<string, Uint8Array<ArrayBuffer>>;
let source: MemorySource;
let fake: FakeCache;
beforeAll(async () => {
  files = await makeTinyBundle();
});
beforeEach(() => {
  source = new MemorySource(files);
  fake = new FakeCache();
});

/** Changes one byte of a file in the source. */
function damage(path: string): void {
  const bytes = source.files.get(path)?.slice() ?? new Uint8Array();
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  source.files.set(path, bytes);
}

describe('loadBundle', () => {
  it('reads every file and reports how far it is', async () => {
    const steps: [string, number, number][] = [];
    const loaded = await loadBundle(source, { onProgress: (...step) => steps.push(step) });
    expect(loaded.fromCache).toBe(false);
    expect(loaded.files.bytes(model)).toEqual(files.get(model));
    expect(loaded.files.text('lexicons/sw.txt')).toMatch(/^ana has/);
    const total = [...files].reduce(
      (n, [path, { length }]) => n + (path === 'bundle.json' ? 0 : length),
      0,
    );
    const amounts = steps.map(([, bytes]) => bytes);
    expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
    expect(steps.at(-1)?.slice(1)).toEqual([total, total]);
  });

  it('takes files from the cache the second time', async () => {
    const cache = new FileCache(fake);
    await loadBundle(source, { cache });
    const again = new MemorySource(files);
    const { fromCache } = await loadBundle(again, { cache });
    expect(fromCache).toBe(true);
    expect(again.asked).toEqual(['bundle.json']);
  });

  it('downloads again what was damaged in the cache', async () => {
    const cache = new FileCache(fake);
    await loadBundle(source, { cache });
    for (const [key, bytes] of fake.stored) {
      if (bytes.length === files.get(model)?.length) fake.stored.set(key, bytes.slice(1));
    }
    const again = new MemorySource(files);
    const loaded = await loadBundle(again, { cache });
    expect(loaded.fromCache).toBe(false);
    expect(again.asked).toEqual(['bundle.json', model]);
    expect(loaded.files.bytes(model)).toEqual(files.get(model));
    expect((await loadBundle(source, { cache })).fromCache).toBe(true);
  });

  it('never stores a file that failed verification', async () => {
    const cache = new FileCache(fake);
    damage(model);
    await expect(loadBundle(source, { cache })).rejects.toMatchObject({ code: 'file-hash' });
    const loaded = await loadBundle(new MemorySource(files), { cache });
    expect(loaded.files.bytes(model)).toEqual(files.get(model));
  });

  it('loads when the cache is full', async () => {
    fake.full = true;
    const loaded = await loadBundle(source, { cache: new FileCache(fake) });
    expect(loaded.files.bytes(model)).toEqual(files.get(model));
  });

  it.each<[code: string, spoil: () => void]>([
    ['file-hash', () => damage(model)],
    ['file-size', () => source.files.set(model, new Uint8Array(7))],
    ['file-missing', () => source.files.delete(model)],
  ])('answers a bad file with %s and its name', async (code, spoil) => {
    spoil();
    const load = loadBundle(source);
    await expect(load).rejects.toMatchObject({ code });
    await expect(load).rejects.toThrow(model);
  });

  it('answers a missing or malformed manifest with its name', async () => {
    source.files.set('bundle.json', new TextEncoder().encode('{"formatVersion": 1,'));
    await expect(loadBundle(source)).rejects.toMatchObject({ code: 'file-invalid' });
    source.files.delete('bundle.json');
    await expect(loadBundle(source)).rejects.toThrow('bundle.json');
  });

  it('refuses files that the manifest does not list', async () => {
    const loaded = await loadBundle(source);
    expect(() => loaded.files.bytes('other.bin')).toThrow('other.bin');
  });

  it('is cancelled by its signal', async () => {
    const load = loadBundle(source, { signal: AbortSignal.abort() });
    await expect(load).rejects.toMatchObject({ code: 'cancelled' });
  });
});
