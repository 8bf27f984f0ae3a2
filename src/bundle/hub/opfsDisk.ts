// The origin private file system as a `Disk`. Only dedicated workers may write in it.
// https://fs.spec.whatwg.org
import { isDomError } from '../domErrors.ts';
import { LinguaLiftError } from '../errors.ts';
import { openFolder, writeAll } from '../opfs.ts';
import type { Disk, DiskFile } from './disk.ts';

export class OpfsDisk implements Disk {
  readonly #folder: FileSystemDirectoryHandle;

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  /**
   * Opens a folder of this origin.
   * @throws LinguaLiftError `no-storage` where the browser keeps nothing, as in some private windows
   */
  static async open(name: string): Promise<OpfsDisk> {
    return new OpfsDisk(await openFolder(name, 'no model could be kept'));
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.#folder.keys()) names.push(name);
    return names;
  }

  async read(name: string): Promise<Blob | null> {
    try {
      return await (await this.#folder.getFileHandle(name)).getFile();
    } catch (thrown) {
      if (isDomError(thrown, 'NotFoundError')) return null;
      throw thrown;
    }
  }

  async open(name: string): Promise<DiskFile> {
    const handle = await this.#folder.getFileHandle(name, { create: true });
    try {
      return new OpfsFile(await handle.createSyncAccessHandle());
    } catch (thrown) {
      throw isDomError(thrown, 'NoModificationAllowedError') ? busyError(name, thrown) : thrown;
    }
  }

  async remove(name: string): Promise<void> {
    try {
      await this.#folder.removeEntry(name);
    } catch (thrown) {
      if (isDomError(thrown, 'NotFoundError')) return;
      throw isDomError(thrown, 'NoModificationAllowedError') ? busyError(name, thrown) : thrown;
    }
  }
}

class OpfsFile implements DiskFile {
  readonly #access: FileSystemSyncAccessHandle;

  constructor(access: FileSystemSyncAccessHandle) {
    this.#access = access;
  }

  size(): number {
    return this.#access.getSize();
  }

  write(bytes: Uint8Array<ArrayBuffer>, at: number): void {
    writeAll(this.#access, bytes, at);
  }

  truncate(bytes: number): void {
    this.#access.truncate(bytes);
  }

  flush(): void {
    this.#access.flush();
  }

  close(): void {
    this.#access.close();
  }
}

/** The error of a file that is open somewhere else. */
export function busyError(name: string, cause?: unknown): LinguaLiftError {
  return new LinguaLiftError(
    'file-busy',
    'This file is being downloaded already, here or in another tab of this browser. Wait for that, or stop it there.',
    name,
    { cause },
  );
}
