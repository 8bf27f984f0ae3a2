// Where the files of a bundle come from. The embedded bundle and any other on the web are a `UrlSource`;
// the command line reads folders (cli/folder-source.ts).
import { LinguaLiftError } from './errors.ts';

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
      // Servers of single-page apps answer with their page, and status 200, where a file is missing.
      const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
      if (response.status === 404 || isPage) throw missingFileError(path, url);
      if (!response.ok) throw networkError(path, `${url}: HTTP ${response.status}`);
      return await readBody(response, options.onBytes);
    } catch (thrown) {
      if (thrown instanceof LinguaLiftError) throw thrown;
      if (options.signal?.aborted) throw cancelledError();
      throw networkError(path, `${url}: ${String(thrown)}`, thrown);
    }
  }
}

async function readBody(
  response: Response,
  onBytes?: (loadedBytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    chunks.push(part.value);
    length += part.value.length;
    onBytes?.(length);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function networkError(path: string, details: string, cause?: unknown): LinguaLiftError {
  const options = cause === undefined ? undefined : { cause };
  // Node 20 has no `navigator`.
  const isOffline = (globalThis.navigator as Navigator | undefined)?.onLine === false;
  return isOffline
    ? new LinguaLiftError(
        'offline',
        `You are offline, and ${path} of the bundle has not been stored on this device yet. Connect once and load again.`,
        details,
        options,
      )
    : new LinguaLiftError(
        'network',
        `The file ${path} of the bundle could not be downloaded. The server may be down; try again in a moment.`,
        details,
        options,
      );
}
