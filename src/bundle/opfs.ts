// What folders in the origin private file system have in common. Only dedicated workers may write in it.
// https://fs.spec.whatwg.org
import { LinguaLiftError } from './errors.ts';

/**
 * Opens a folder of this origin, made if it is not there.
 * @param loss what a person loses where there is none, as the end of a sentence: "no model could be kept"
 * @throws LinguaLiftError `no-storage` where the browser keeps nothing, as in some private windows
 */
export async function openFolder(name: string, loss: string): Promise<FileSystemDirectoryHandle> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(name, { create: true });
  } catch (cause) {
    throw new LinguaLiftError(
      'no-storage',
      `This browser lets the page store nothing, so ${loss}. Private windows do that; use an ordinary one.`,
      String(cause),
      { cause },
    );
  }
}

/**
 * Writes all of the bytes at a place of an open file.
 * @throws DOMException `QuotaExceededError` also where the browser only writes fewer and says so
 */
export function writeAll(
  access: FileSystemSyncAccessHandle,
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
): void {
  const written = access.write(bytes, { at });
  if (written < bytes.length) throw new DOMException('disk full', 'QuotaExceededError');
}
