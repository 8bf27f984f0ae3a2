// The verified files of a loaded bundle, in memory.
import { LinguaLiftError } from './errors.ts';
import type { BundleManifest } from './manifest.ts';

export class BundleFiles {
  readonly manifest: BundleManifest;
  readonly #files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

  constructor(manifest: BundleManifest, files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) {
    this.manifest = manifest;
    this.#files = files;
  }

  /**
   * A file's bytes.
   * @throws LinguaLiftError `file-missing` for a path that the manifest does not list
   */
  bytes(path: string): Uint8Array<ArrayBuffer> {
    const bytes = this.#files.get(path);
    if (bytes === undefined) {
      throw new LinguaLiftError('file-missing', `The bundle has no file ${path}.`);
    }
    return bytes;
  }

  /** The same bundle with other bytes in one place, such as an alignment from elsewhere. */
  with(path: string, bytes: Uint8Array<ArrayBuffer>): BundleFiles {
    return new BundleFiles(this.manifest, new Map(this.#files).set(path, bytes));
  }

  /** The same files under another manifest, such as one that leaves some of them out. */
  as(manifest: BundleManifest): BundleFiles {
    return new BundleFiles(manifest, this.#files);
  }

  text(path: string): string {
    return new TextDecoder().decode(this.bytes(path));
  }

  /**
   * A JSON file, parsed.
   * @throws LinguaLiftError `file-invalid` when it is no JSON
   */
  json(path: string): unknown {
    return parseJson(path, this.text(path));
  }
}

/**
 * Parses the text of a JSON file of a bundle.
 * @throws LinguaLiftError `file-invalid`, naming the file
 */
export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new LinguaLiftError(
      'file-invalid',
      `The file ${path} of the bundle is no valid JSON.`,
      String(thrown),
      { cause: thrown },
    );
  }
}
