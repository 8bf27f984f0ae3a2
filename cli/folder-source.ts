// A bundle in a folder on disk, for the command line and for tests.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { missingFileError, type BundleSource, type FetchOptions } from '../src/bundle/source.ts';

export class FolderSource implements BundleSource {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(path: string, { onBytes }: FetchOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const place = join(this.#folder, path);
    try {
      const bytes = new Uint8Array(await readFile(place));
      onBytes?.(bytes.length);
      return bytes;
    } catch (thrown) {
      throw missingFileError(path, `${place}: ${String(thrown)}`);
    }
  }
}
