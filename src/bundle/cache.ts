// Keeps verified files in the browser's Cache API, named by their SHA-256: a file that did not change
// between two revisions of a bundle is not downloaded again, and two bundles share what they share.
import { verify, type FileRecord } from './integrity.ts';
import { LinguaLiftError } from './errors.ts';

/** What is needed of a `Cache`; tests hand in a fake one. */
export type CacheLike = Pick<Cache, 'match' | 'put' | 'delete'>;

const cacheName = 'lingualift-bundles';

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
    if (!('caches' in globalThis)) return null;
    return new FileCache(await caches.open(cacheName));
  }

  /** The bytes with this hash, or `null`. A damaged entry is dropped, to be downloaded again. */
  async get(path: string, record: FileRecord): Promise<Uint8Array<ArrayBuffer> | null> {
    const key = keyOf(record.sha256);
    const response = await this.#cache.match(key);
    if (response === undefined) return null;
    const bytes = new Uint8Array(await response.arrayBuffer());
    try {
      await verify(path, bytes, record);
      return bytes;
    } catch (thrown) {
      if (!(thrown instanceof LinguaLiftError)) throw thrown;
      await this.#cache.delete(key);
      return null;
    }
  }

  /**
   * Stores bytes that have been verified. A full disk is no error: the file is then downloaded again on
   * the next visit.
   */
  async put(record: FileRecord, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await this.#cache.put(keyOf(record.sha256), new Response(bytes));
    } catch (thrown) {
      if (!(thrown instanceof DOMException && thrown.name === 'QuotaExceededError')) throw thrown;
    }
  }
}
