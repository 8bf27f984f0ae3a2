// A flat folder of large files, as plain as it gets: the origin private file system in a worker (opfsDisk.ts), memory
// in tests. Reading goes through `Blob`, which is bytes, ranges and a stream at once and holds nothing in memory.

/** A folder of files. */
export interface Disk {
  /** Names of the files in it. */
  names(): Promise<string[]>;
  /** A file as it is now, `null` when there is none. */
  read(name: string): Promise<Blob | null>;
  /**
   * Opens a file to write in it, made if it is not there. Nobody else can meanwhile.
   * @throws LinguaLiftError `file-busy` when somebody has it open
   * @throws DOMException `QuotaExceededError`
   */
  open(name: string): Promise<DiskFile>;
  /**
   * Removes a file, if it is there.
   * @throws LinguaLiftError `file-busy` when somebody has it open
   */
  remove(name: string): Promise<void>;
}

/** A file that is open. */
export interface DiskFile {
  size(): number;
  /**
   * Writes all of the bytes at a place.
   * @throws DOMException `QuotaExceededError` when the page may store no more
   */
  write(bytes: Uint8Array<ArrayBuffer>, at: number): void;
  /** Cuts the file off. */
  truncate(bytes: number): void;
  /** Afterwards all bytes are on the disk. */
  flush(): void;
  close(): void;
}

/** Replaces what is in a small file. Interrupted, it may leave a part. */
export async function writeFile(disk: Disk, name: string, text: string): Promise<void> {
  const file = await disk.open(name);
  try {
    const bytes = new TextEncoder().encode(text);
    file.truncate(0);
    file.write(bytes, 0);
    file.flush();
  } finally {
    file.close();
  }
}
