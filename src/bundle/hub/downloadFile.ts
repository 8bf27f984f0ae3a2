// One file of the hub, from the first byte that is not there yet to the last, over as many connections as it takes;
// then its hash. A part is never taken for a whole: only `Contents.seal` makes a whole, and only a right hash leads to it.
import { LinguaLiftError } from '../errors.ts';
import { checksumOf } from './checksum.ts';
import type { Contents, PartialContent } from './contents.ts';
import type { HubFile } from './listing.ts';
import { connectionError, request, type HubTarget } from './request.ts';
import { withRetries, type Pause } from './retries.ts';
import { storageError } from './store.ts';

/** `check` is the reading of what was stored, to hash it. */
export type FilePhase = 'download' | 'check';

export interface FileOptions {
  signal?: AbortSignal | undefined;
  pause?: Pause | undefined;
  /** Called with the bytes that are there (`download`) or were hashed (`check`). */
  onBytes: (phase: FilePhase, bytes: number) => void;
}

/** A file, and whose it is. */
export interface FileTask {
  file: HubFile;
  /** Where the hub has it. */
  url: string;
  target: HubTarget;
}

/**
 * Downloads what is missing of a file and checks all of it.
 * @throws LinguaLiftError as `request` does; `file-size` or `file-hash` when the bytes are not those that the hub listed,
 *   and they are thrown away; `storage-full`, `file-busy` or `cancelled`, and what arrived is kept
 */
export async function downloadFile(
  task: FileTask,
  contents: Contents,
  options: FileOptions,
): Promise<void> {
  const { file } = task;
  if ((await contents.whole(file)) === null) {
    try {
      await completeFile(task, contents, options);
      await checkFile(task, contents, options);
    } catch (thrown) {
      if (thrown instanceof WrongBytesError) await contents.discard(file);
      throw storageError(thrown, file.path);
    }
  }
  options.onBytes('download', file.bytes);
}

async function completeFile(
  task: FileTask,
  contents: Contents,
  { signal, pause, onBytes }: FileOptions,
): Promise<void> {
  const { file } = task;
  const partial = await contents.open(file);
  const progress = () => partial.bytes;
  const report = () => onBytes('download', partial.bytes);
  try {
    if (partial.bytes > file.bytes) await partial.restart('');
    report();
    const work = () => fetchRest(task, partial, report, signal);
    await withRetries(work, { signal, pause, progress });
  } finally {
    partial.close();
  }
}

/** Hashes what lies on the disk, not what went there: a file that was continued is read from its beginning. */
async function checkFile(
  { file, target }: FileTask,
  contents: Contents,
  { signal, onBytes }: FileOptions,
): Promise<void> {
  const bytes = await contents.kept(file);
  if (bytes?.size !== file.bytes) throw sizeError(file, target, `${bytes?.size ?? 0} bytes`);
  const { algorithm, hex } = file.checksum;
  const actual = await checksumOf(algorithm, bytes, {
    signal,
    onBytes: (count) => onBytes('check', count),
  });
  if (actual !== hex) throw hashError(file, target, actual);
  const sha256 = algorithm === 'sha256' ? actual : await checksumOf('sha256', bytes, { signal });
  await contents.seal(file, sha256);
}

/** Continues a file over one connection, or begins it anew where the server cannot continue it. */
async function fetchRest(
  task: FileTask,
  partial: PartialContent,
  report: () => void,
  signal?: AbortSignal,
): Promise<void> {
  const { file, url, target } = task;
  const from = partial.bytes;
  if (from === file.bytes) return;
  const response = await request(url, target, from, signal);
  try {
    if (from === 0 || continues(response, partial)) {
      await receive(task, partial, response, report, signal);
      return;
    }
  } finally {
    await response.body?.cancel().catch(() => undefined);
  }
  await partial.restart('');
  await fetchRest(task, partial, report, signal);
}

/**
 * Whether an answer can be used when a part is there: it goes on where the part ends, in the same version, or it is the
 * whole file from a server that ignores ranges. Names of versions are compared here because the header that would let the
 * server do it, `If-Range`, makes browsers ask for permission first, which content networks may not give.
 */
function continues(response: Response, partial: PartialContent): boolean {
  if (response.status !== 206) return response.status === 200;
  const start = rangeOf(response)?.start ?? partial.bytes;
  return start === partial.bytes && etagOf(response) === partial.etag;
}

async function receive(
  { file, url, target }: FileTask,
  partial: PartialContent,
  response: Response,
  report: () => void,
  signal?: AbortSignal,
): Promise<void> {
  const announced = announcedHash(response);
  if (announced?.length === file.checksum.hex.length && announced !== file.checksum.hex) {
    throw hashError(file, target, announced);
  }
  const range = rangeOf(response);
  const isShort = response.status === 416;
  if (isShort || (range && range.total !== file.bytes)) {
    throw sizeError(file, target, `${range?.total ?? 'fewer'} bytes`);
  }
  if (partial.bytes === 0 || response.status === 200) await partial.restart(etagOf(response));

  const reader = response.body?.getReader();
  const broken = (thrown: unknown) => connectionError(thrown, target, url, signal);
  try {
    for (;;) {
      const part = await reader?.read().catch((thrown: unknown) => Promise.reject(broken(thrown)));
      if (!part?.value) break;
      if (partial.bytes + part.value.length > file.bytes) throw sizeError(file, target, 'more');
      partial.append(part.value);
      report();
    }
  } finally {
    reader?.releaseLock();
  }
  if (partial.bytes < file.bytes) throw broken(`it ended after ${partial.bytes} bytes`);
}

/**
 * What a server calls the version of a file. Where it lies in a content network, that has names of its own, so they are
 * compared with each other and not with the hash.
 */
function etagOf(response: Response): string {
  return response.headers.get('etag') ?? '';
}

/** The hash that the hub itself announces for a file, when it answers with the file and not with a redirect. */
function announcedHash(response: Response): string | undefined {
  return /^"?([0-9a-f]+)"?$/.exec(response.headers.get('x-linked-etag') ?? '')?.[1];
}

/** `Content-Range`; `null` when there is none, or the browser hides it. */
function rangeOf(response: Response): { start: number | null; total: number } | null {
  const header = response.headers.get('content-range') ?? '';
  const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(header) ?? [];
  if (total === undefined) return null;
  return { start: start === undefined ? null : Number(start), total: Number(total) };
}

/** The error of bytes that are of no use. */
class WrongBytesError extends LinguaLiftError {}

function sizeError({ path, bytes }: HubFile, { repository }: HubTarget, actual: string) {
  return new WrongBytesError(
    'file-size',
    `The file ${path} of ${repository} does not have the size that the hub lists for it. It was thrown away. If a mirror is set, it may be out of date; else try again.`,
    `expected ${bytes} bytes, got ${actual}`,
  );
}

function hashError({ path, checksum }: HubFile, { repository }: HubTarget, actual: string) {
  return new WrongBytesError(
    'file-hash',
    `The file ${path} of ${repository} is not the one that the hub lists: the checksums differ. It was thrown away, since it may have been damaged on the way. Download it again.`,
    `expected ${checksum.algorithm} ${checksum.hex}, got ${actual}`,
  );
}
