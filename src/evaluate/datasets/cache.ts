// Keeps fetched files of data sets in the browser's Cache API, by their address. Addresses name a commit, so
// what is there stays right; what comes out is checked again all the same (fetch.ts).
import type { CacheLike } from '../../bundle/cache.ts';

const cacheName = 'lingualift-datasets';

/** The browser's cache, or `null` where there is none (Node, plain http pages). */
export async function openDatasetCache(): Promise<CacheLike | null> {
  return 'caches' in globalThis ? caches.open(cacheName) : null;
}

/**
 * Keeps a file. A full disk is no error: the file is then downloaded again on the next visit.
 * @param bytes that have been checked
 */
export async function keep(
  cache: CacheLike,
  address: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  try {
    await cache.put(address, new Response(bytes));
  } catch (thrown) {
    if (!(thrown instanceof DOMException && thrown.name === 'QuotaExceededError')) throw thrown;
  }
}

/** The bytes of a file that was kept, or `null`. */
export async function recall(
  cache: CacheLike,
  address: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await cache.match(address);
  return response === undefined ? null : new Uint8Array(await response.arrayBuffer());
}
