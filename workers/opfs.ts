// The origin private file system as a `FileFolder`. Only workers may flush what they write, so this runs in one.
// https://fs.spec.whatwg.org
import { isDomError } from '../src/bundle/domErrors.ts';
import { openFolder, writeAll } from '../src/bundle/opfs.ts';
import type { FileFolder } from '../src/train/files.ts';

export class OpfsFolder implements FileFolder {
  readonly #handle: FileSystemDirectoryHandle;

  private constructor(handle: FileSystemDirectoryHandle) {
    this.#handle = handle;
  }

  /**
   * Opens a folder of this origin.
   * @throws LinguaLiftError `no-storage` where the browser keeps nothing, as in some private windows
   */
  static async open(name: string): Promise<OpfsFolder> {
    return new OpfsFolder(await openFolder(name, 'a run could not be kept'));
  }

  list(): Promise<string[]> {
    return this.#names('file');
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return missingAsNull(async () => {
      const file = await (await this.#handle.getFileHandle(name)).getFile();
      return new Uint8Array(await file.arrayBuffer());
    });
  }

  async write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const file = await this.#handle.getFileHandle(name, { create: true });
    const access = await file.createSyncAccessHandle();
    try {
      // Truncated last: a pointer of one byte is never empty.
      writeAll(access, bytes, 0);
      access.truncate(bytes.length);
      access.flush();
    } finally {
      access.close();
    }
  }

  async remove(name: string): Promise<void> {
    await missingAsNull(() => this.#handle.removeEntry(name));
  }

  folders(): Promise<string[]> {
    return this.#names('directory');
  }

  async folder(name: string): Promise<OpfsFolder> {
    return new OpfsFolder(await this.#handle.getDirectoryHandle(name, { create: true }));
  }

  async removeFolder(name: string): Promise<void> {
    await missingAsNull(() => this.#handle.removeEntry(name, { recursive: true }));
  }

  async #names(kind: FileSystemHandleKind): Promise<string[]> {
    const names: string[] = [];
    for await (const handle of this.#handle.values()) {
      if (handle.kind === kind) names.push(handle.name);
    }
    return names;
  }
}

async function missingAsNull<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (thrown) {
    // The second is a file that another tab removed while it was being read.
    if (isDomError(thrown, 'NotFoundError', 'NotReadableError')) return null;
    throw thrown;
  }
}
