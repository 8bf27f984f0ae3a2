// Files that are replaced whole or not at all, in whatever storage there is: the origin private file system in
// the worker (workers/opfs.ts), memory in tests.
//
// A file lies in two places, `<name>.a` and `<name>.b`, and `<name>.current` says which one counts. New bytes go
// to the other place; only when they are flushed is the pointer swapped, one byte that cannot be half written.
// Whatever dies in between, the file is the old one or the new one.
import { isQuotaError } from '../bundle/domErrors.ts';
import { LinguaLiftError } from '../bundle/errors.ts';

/** A folder of a file system, as plain as it gets. */
export interface FileFolder {
  /** Names of the files in it. */
  list(): Promise<string[]>;
  /** A file's bytes, `null` when there is none. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Writes a file and flushes it: afterwards the bytes are on the disk. Interrupted, it may leave a part.
   * @throws DOMException `QuotaExceededError` when the page may store no more
   */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>;
  /** Names of the folders in it. */
  folders(): Promise<string[]>;
  /** A folder in it, made if it is not there. */
  folder(name: string): Promise<FileFolder>;
  /** Removes a folder with all that is in it, if it is there. */
  removeFolder(name: string): Promise<void>;
}

/** Another tab may swap the file after the pointer was read. */
const readAttempts = 3;

const places = ['a', 'b'] as const;
type Place = (typeof places)[number];

/**
 * Replaces a file. The old one is there until the new one is.
 * @throws LinguaLiftError `storage-full`, and the old file is untouched
 */
export async function replaceFile(
  folder: FileFolder,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const old = await currentPlace(folder, name);
  const next: Place = old === 'a' ? 'b' : 'a';
  try {
    await folder.write(`${name}.${next}`, bytes);
    await folder.write(`${name}.current`, new TextEncoder().encode(next));
  } catch (thrown) {
    if (!isQuotaError(thrown)) throw thrown;
    await folder.remove(`${name}.${next}`);
    throw new LinguaLiftError(
      'storage-full',
      'The browser gives this page no more room to store the run. What was written before is safe: delete other runs or free space on the disk, then resume.',
      `${name}: ${bytes.length} bytes. ${String(thrown)}`,
      { cause: thrown },
    );
  }
  if (old) await folder.remove(`${name}.${old}`);
}

/** The bytes of a file that `replaceFile` wrote; `null` when it never did, or they are gone. */
export async function readCurrent(
  folder: FileFolder,
  name: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  for (let attempt = 0; attempt < readAttempts; attempt++) {
    const place = await currentPlace(folder, name);
    const bytes = place && (await folder.read(`${name}.${place}`));
    if (place === null || bytes) return bytes;
  }
  return null;
}

async function currentPlace(folder: FileFolder, name: string): Promise<Place | null> {
  const pointer = await folder.read(`${name}.current`);
  const text = pointer && new TextDecoder().decode(pointer);
  return places.find((place) => place === text) ?? null;
}
