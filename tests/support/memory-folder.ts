// A folder in memory, for tests of what is stored. Like a browser's it can be full, and like a computer it can
// die between any two writes.
import type { FileFolder } from '../../src/train/files.ts';

/** What all folders of a tree have in common. */
interface Disk {
  /** Bytes that may be stored. */
  quota: number;
  /** Writes and removals so far. */
  changes: number;
  /** At this change and from then on nothing happens any more; `died` is told. */
  diesAt: number;
  died: () => void;
}

export class MemoryFolder implements FileFolder {
  readonly disk: Disk;
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly children = new Map<string, MemoryFolder>();

  constructor(
    disk: Disk = { quota: Infinity, changes: 0, diesAt: Infinity, died: () => undefined },
  ) {
    this.disk = disk;
  }

  /** A tree of the same files, on a disk that works. */
  copy(): MemoryFolder {
    const copy = new MemoryFolder();
    this.#copyInto(copy);
    return copy;
  }

  get bytes(): number {
    const own = [...this.files.values()].reduce((sum, { length }) => sum + length, 0);
    return [...this.children.values()].reduce((sum, { bytes }) => sum + bytes, own);
  }

  list(): Promise<string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return Promise.resolve(this.files.get(name)?.slice() ?? null);
  }

  async write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    // What dies in the middle of a write leaves half of it; a single byte has no half.
    if (this.#dies() && bytes.length > 1) {
      this.files.set(name, bytes.slice(0, bytes.length / 2));
    }
    await this.#live();
    if (bytes.length > this.disk.quota) throw new DOMException('full', 'QuotaExceededError');
    this.files.set(name, bytes.slice());
  }

  async remove(name: string): Promise<void> {
    await this.#live();
    this.files.delete(name);
  }

  folders(): Promise<string[]> {
    return Promise.resolve([...this.children.keys()]);
  }

  folder(name: string): Promise<MemoryFolder> {
    const folder = this.children.get(name) ?? new MemoryFolder(this.disk);
    this.children.set(name, folder);
    return Promise.resolve(folder);
  }

  async removeFolder(name: string): Promise<void> {
    await this.#live();
    this.children.delete(name);
  }

  #dies(): boolean {
    return this.disk.changes + 1 === this.disk.diesAt;
  }

  /** Counts a change; when the disk is dead it never comes back. */
  #live(): Promise<void> {
    this.disk.changes++;
    if (this.disk.changes < this.disk.diesAt) return Promise.resolve();
    this.disk.died();
    return new Promise(() => undefined);
  }

  #copyInto(copy: MemoryFolder): void {
    for (const [name, bytes] of this.files) copy.files.set(name, bytes.slice());
    for (const [name, child] of this.children) {
      const twin = new MemoryFolder(copy.disk);
      child.#copyInto(twin);
      copy.children.set(name, twin);
    }
  }
}
