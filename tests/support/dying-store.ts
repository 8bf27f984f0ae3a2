// A store in memory on a computer that dies at one of the writes: before it is carried out, or after that but before
// anybody is told. What comes later finds what was written.
import { MemoryStore } from '../../src/evaluate/memoryStore.ts';
import type { Sample } from '../../src/evaluate/record.ts';
import type { RecordChange } from '../../src/evaluate/store.ts';

export type Death = 'before' | 'after';

export class DyingStore extends MemoryStore {
  /** Changes and appended batches so far. */
  writes = 0;
  readonly #diesAt: number;
  readonly #death: Death;
  #tell: () => void = () => undefined;
  /** Resolves at the death. */
  readonly died = new Promise<void>((resolve) => (this.#tell = resolve));

  /** @param diesAt which write, from 1 */
  constructor(diesAt: number, death: Death) {
    super();
    this.#diesAt = diesAt;
    this.#death = death;
  }

  override update(id: string, change: RecordChange) {
    return this.#write(() => super.update(id, change));
  }

  override append(id: string, samples: readonly Sample[]) {
    return this.#write(() => super.append(id, samples));
  }

  async #write<Result>(write: () => Promise<Result>): Promise<Result> {
    this.writes++;
    if (this.writes !== this.#diesAt) return write();
    if (this.#death === 'after') await write();
    this.#tell();
    return new Promise(() => undefined);
  }
}
