// What reading a file over HTTP takes, whatever the file: the body with its progress, and the error of a request that
// failed.
import { LinguaLiftError } from './errors.ts';

/**
 * Whether an answer is a page. Servers of single-page apps answer with theirs, and status 200, where a file is
 * missing.
 */
export function isPage(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/html') ?? false;
}

/**
 * Reads an answer whole.
 * @param onBytes called with the bytes received so far, as they arrive
 * @throws whatever the connection breaks with, an abort among it
 */
export async function readBody(
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

/**
 * The error of a request that failed, with the code `offline` or `network`.
 * @param messages what to tell a person in either case
 */
export function requestError(
  messages: Readonly<Record<'offline' | 'network', string>>,
  details: string,
  cause?: unknown,
): LinguaLiftError {
  // Node 20 has no `navigator`.
  const isOffline = (globalThis.navigator as Navigator | undefined)?.onLine === false;
  const code = isOffline ? 'offline' : 'network';
  const options = cause === undefined ? undefined : { cause };
  return new LinguaLiftError(code, messages[code], details, options);
}
