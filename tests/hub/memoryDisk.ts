// A disk in memory, for tests of what is stored. Like a browser's it can be full, a file can be open in one place only,
// and the computer can die at any change.
import type { Disk, DiskFile } from '../../src/bundle/hub/disk.ts';
import { busyError } from '../../src/bundle/hub/opfsDisk.ts';

export class MemoryDisk implements Disk {
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Bytes that may be stored in all. */
  quota = Infinity;
  /** Changes so far: files made, written, cut off or removed. */
  changes = 0;
  /** At this change and from then on nothing works any more; what dies in the middle of a write leaves half of it. */
  diesAt = Infinity;
  readonly #open = new Set<string>();

  /** Names of the files that are open. */
  get opened(): readonly string[] {
    return [...this.#open];
  }

  /** What the next session finds. */
  reopened(): MemoryDisk {
    const disk = new MemoryDisk();
    for (const [name, bytes] of this.files) disk.files.set(name, bytes.slice());
    return disk;
  }

  async names(): Promise<string[]> {
    return [...this.files.keys()];
  }

  async read(name: string): Promise<Blob | null> {
    const bytes = this.files.get(name);
    return bytes ? new Blob([bytes]) : null;
  }

  async open(name: string): Promise<DiskFile> {
    if (this.#open.has(name)) throw busyError(name);
    if (!this.files.has(name)) {
      this.#change();
      this.files.set(name, new Uint8Array());
    }
    this.#open.add(name);
    return {
      size: () => this.#bytes(name).length,
      write: (bytes, at) => {
        if (this.changes + 1 === this.diesAt)
          this.#write(name, bytes.slice(0, bytes.length / 2), at);
        this.#change();
        this.#write(name, bytes, at);
      },
      truncate: (bytes) => {
        this.#change();
        this.files.set(name, this.#bytes(name).slice(0, bytes));
      },
      flush: () => undefined,
      close: () => void this.#open.delete(name),
    };
  }

  async remove(name: string): Promise<void> {
    if (this.#open.has(name)) throw busyError(name);
    if (!this.files.has(name)) return;
    this.#change();
    this.files.delete(name);
  }

  #write(name: string, bytes: Uint8Array, at: number): void {
    const old = this.#bytes(name);
    const next = new Uint8Array(Math.max(old.length, at + bytes.length));
    next.set(old);
    next.set(bytes, at);
    const stored = [...this.files.values()].reduce((sum, { length }) => sum + length, 0);
    if (stored - old.length + next.length > this.quota) {
      throw new DOMException('full', 'QuotaExceededError');
    }
    this.files.set(name, next);
  }

  #change(): void {
    this.changes++;
    if (this.changes >= this.diesAt) throw new Error('the computer is off');
  }

  #bytes(name: string): Uint8Array<ArrayBuffer> {
    return this.files.get(name) ?? new Uint8Array();
  }
}
