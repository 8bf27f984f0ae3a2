// Keeps downloaded files in the browser's Cache API. Those of bundles are named by their SHA-256: a file that did
// not change between two revisions of a bundle is not downloaded again, and two bundles share what they share.
import { isQuotaError } from './domErrors.ts';
import { LinguaLiftError } from './errors.ts';
import { verify, type FileRecord } from './integrity.ts';

/** What is needed of a `Cache`; tests hand in a fake one. */
export type CacheLike = Pick<Cache, 'match' | 'put' | 'delete'>;

/** One of the browser's caches, or `null` where there are none (Node, plain http pages). */
export async function openCache(name: string): Promise<CacheLike | null> {
  return 'caches' in globalThis ? caches.open(name) : null;
}

/** The bytes that were kept under a key, or `null`. */
export async function recall(
  cache: CacheLike,
  key: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await cache.match(key);
  return response === undefined ? null : new Uint8Array(await response.arrayBuffer());
}

/**
 * Keeps bytes that have been checked. A full disk is no error: the file is then downloaded again on the next
 * visit.
 */
export async function keep(
  cache: CacheLike,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  try {
    await cache.put(key, new Response(bytes));
  } catch (thrown) {
    if (!isQuotaError(thrown)) throw thrown;
  }
}

/** Cache keys must be http addresses; nothing is ever requested from this one. */
const keyOf = (sha256: string) => `https://bundle.invalid/${sha256}`;

/** Files by hash. What comes out has been verified, whatever happened to the cache meanwhile. */
export class FileCache {
  readonly #cache: CacheLike;

  constructor(cache: CacheLike) {
    this.#cache = cache;
  }

  /** The browser's cache, or `null` where there is none (Node, plain http pages). */
  static async open(): Promise<FileCache | null> {
    const cache = await openCache('lingualift-bundles');
    return cache && new FileCache(cache);
  }

  /** The bytes with this hash, or `null`. A damaged entry is dropped, to be downloaded again. */
  async get(path: string, record: FileRecord): Promise<Uint8Array<ArrayBuffer> | null> {
    const key = keyOf(record.sha256);
    const bytes = await recall(this.#cache, key);
    if (bytes === null) return null;
    try {
      await verify(path, bytes, record);
      return bytes;
    } catch (thrown) {
      if (!(thrown instanceof LinguaLiftError)) throw thrown;
      await this.#cache.delete(key);
      return null;
    }
  }

  /** Stores bytes that have been verified, if the disk has room for them. */
  async put(record: FileRecord, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await keep(this.#cache, keyOf(record.sha256), bytes);
  }
}
