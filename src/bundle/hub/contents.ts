// Downloaded bytes, named by what they must hash to: a file that did not change between two commits is not downloaded
// again, and two models share what they share.
//
//   <hash>         the bytes, as many as have arrived
//   <hash>.etag    what the server called the version that they are the beginning of, while they are a part
//   <hash>.whole   their SHA-256, once all have arrived and were checked; written last
import type { Checksum } from './checksum.ts';
import { writeFile, type Disk, type DiskFile } from './disk.ts';

/** Some bytes before they are there. */
export interface Content {
  bytes: number;
  checksum: Checksum;
}

/** A mark that was cut off while it was written is none. */
const sha256Pattern = /^[0-9a-f]{64}$/;

export class Contents {
  readonly #disk: Disk;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** The bytes, if all are there and were checked. */
  async whole(content: Content): Promise<Blob | null> {
    if ((await this.sha256(content)) === null) return null;
    const bytes = await this.#disk.read(nameOf(content));
    return bytes?.size === content.bytes ? bytes : null;
  }

  /**
   * The SHA-256 of the bytes, computed when they were checked; `null` before. Small files of the hub are named by the id that
   * git gives them, but the manifest of a bundle wants this.
   */
  async sha256(content: Content): Promise<string | null> {
    const text = (await (await this.#disk.read(`${nameOf(content)}.whole`))?.text()) ?? '';
    return sha256Pattern.test(text) ? text : null;
  }

  /** The bytes that have arrived, whatever they are worth. */
  kept(content: Content): Promise<Blob | null> {
    return this.#disk.read(nameOf(content));
  }

  /**
   * Opens what has arrived, to go on with it.
   * @throws LinguaLiftError `file-busy`
   */
  open(content: Content): Promise<PartialContent> {
    return PartialContent.open(this.#disk, nameOf(content));
  }

  /**
   * Says that all bytes are there and are right.
   * @param sha256 of the bytes
   */
  async seal(content: Content, sha256: string): Promise<void> {
    const name = nameOf(content);
    await writeFile(this.#disk, `${name}.whole`, sha256);
    await this.#disk.remove(`${name}.etag`);
  }

  /** Throws the bytes away. */
  async discard(content: Content): Promise<void> {
    const name = nameOf(content);
    for (const file of [`${name}.whole`, name, `${name}.etag`]) await this.#disk.remove(file);
  }
}

/** The beginning of a file, open to be continued. */
export class PartialContent {
  readonly #disk: Disk;
  readonly #name: string;
  readonly #file: DiskFile;
  #bytes: number;
  #etag: string;

  private constructor(disk: Disk, name: string, file: DiskFile, etag: string) {
    this.#disk = disk;
    this.#name = name;
    this.#file = file;
    this.#bytes = file.size();
    this.#etag = etag;
  }

  static async open(disk: Disk, name: string): Promise<PartialContent> {
    const file = await disk.open(name);
    const etag = await disk.read(`${name}.etag`);
    return new PartialContent(disk, name, file, (await etag?.text()) ?? '');
  }

  /** How many there are. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What the server called their version; empty when it gave it no name. */
  get etag(): string {
    return this.#etag;
  }

  /** @throws DOMException `QuotaExceededError`, and what was there stays */
  append(bytes: Uint8Array<ArrayBuffer>): void {
    this.#file.write(bytes, this.#bytes);
    this.#bytes += bytes.length;
  }

  /** Begins anew, with another version. The old bytes are gone before the new name is there. */
  async restart(etag: string): Promise<void> {
    this.#file.truncate(0);
    this.#file.flush();
    this.#bytes = 0;
    this.#etag = etag;
    await writeFile(this.#disk, `${this.#name}.etag`, etag);
  }

  close(): void {
    try {
      this.#file.flush();
    } finally {
      this.#file.close();
    }
  }
}

function nameOf({ checksum }: Content): string {
  return `${checksum.algorithm}-${checksum.hex}`;
}
