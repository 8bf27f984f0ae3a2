// One file of a data set over HTTP, with errors that say what to do about them.
import { LinguaLiftError } from '../../bundle/errors.ts';
import { isPage, readBody, requestError } from '../../bundle/http.ts';
import { cancelledError } from '../../bundle/source.ts';
import { webPageError } from './describe.ts';

export interface DownloadOptions {
  fetch: typeof fetch;
  signal: AbortSignal;
  /** Called with the bytes of the file so far. */
  onBytes: (loadedBytes: number) => void;
}

/**
 * Reads a file whole.
 * @param name for error messages
 * @throws LinguaLiftError `offline`, `network`, `dataset-missing`, `not-data` or `cancelled`
 */
export async function download(
  name: string,
  address: string,
  { fetch, signal, onBytes }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(address, { signal });
    if (response.status === 404) throw missingError(name, address);
    if (!response.ok) throw networkError(name, `${address}: HTTP ${response.status}`);
    if (isPage(response)) throw webPageError(name, address);
    return await readBody(response, onBytes);
  } catch (thrown) {
    if (thrown instanceof LinguaLiftError) throw thrown;
    if (signal.aborted) throw cancelledError();
    throw networkError(name, `${address}: ${String(thrown)}`, thrown);
  }
}

function missingError(name: string, address: string): LinguaLiftError {
  return new LinguaLiftError(
    'dataset-missing',
    `${name} is not at its public home any more. If you have a copy, upload it instead.`,
    address,
  );
}

function networkError(name: string, details: string, cause?: unknown): LinguaLiftError {
  const messages = {
    offline: `You are offline, and ${name} has not been stored on this device yet. Connect once and load it again, or upload a copy.`,
    network: `${name} could not be downloaded. The server may be down or your network may block it; try again in a moment, or upload a copy.`,
  };
  return requestError(messages, details, cause);
}
