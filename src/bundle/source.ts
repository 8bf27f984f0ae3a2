// Where the files of a bundle come from. The embedded bundle and any other on the web are a `UrlSource`;
// the command line reads folders (cli/folder-source.ts).
import { LinguaLiftError } from './errors.ts';
import { isPage, readBody, requestError } from './http.ts';

export interface FetchOptions {
  signal?: AbortSignal | undefined;
  /** Called with the bytes received so far, as they arrive. */
  onBytes?: (loadedBytes: number) => void;
}

/** A place that holds the files of a bundle. */
export interface BundleSource {
  /**
   * Reads one file whole.
   * @param path relative to `bundle.json`
   * @throws LinguaLiftError `file-missing`, `offline`, `network` or `cancelled`
   */
  read(path: string, options?: FetchOptions): Promise<Uint8Array<ArrayBuffer>>;
}

/** The error of whatever was stopped by its `AbortSignal`. */
export function cancelledError(): LinguaLiftError {
  return new LinguaLiftError('cancelled', 'Stopped before it was finished.');
}

/** The error of a file that is not where the manifest says. */
export function missingFileError(path: string, details: string): LinguaLiftError {
  return new LinguaLiftError(
    'file-missing',
    `The file ${path} of the bundle is not there. The bundle may be incomplete, or its address wrong.`,
    details,
  );
}

/** A bundle served over HTTP, named by the address of its `bundle.json`. */
export class UrlSource implements BundleSource {
  readonly #manifestUrl: string;

  /** @param manifestUrl absolute */
  constructor(manifestUrl: string) {
    this.#manifestUrl = manifestUrl;
  }

  async read(path: string, options: FetchOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const url = new URL(path, this.#manifestUrl).href;
    try {
      // `no-cache` asks the server whether a stored copy is still right: a stale one would fail its hash.
      const response = await fetch(url, { signal: options.signal ?? null, cache: 'no-cache' });
      if (response.status === 404 || isPage(response)) throw missingFileError(path, url);
      if (!response.ok) throw networkError(path, `${url}: HTTP ${response.status}`);
      return await readBody(response, options.onBytes);
    } catch (thrown) {
      if (thrown instanceof LinguaLiftError) throw thrown;
      if (options.signal?.aborted) throw cancelledError();
      throw networkError(path, `${url}: ${String(thrown)}`, thrown);
    }
  }
}

function networkError(path: string, details: string, cause?: unknown): LinguaLiftError {
  const messages = {
    offline: `You are offline, and ${path} of the bundle has not been stored on this device yet. Connect once and load again.`,
    network: `The file ${path} of the bundle could not be downloaded. The server may be down; try again in a moment.`,
  };
  return requestError(messages, details, cause);
}
