// A long table of which only the rows in sight are in the page: they are asked for in blocks, and kept.
import { SvelteMap } from 'svelte/reactivity';
import type { Rows } from '../../lexicon/shelf.ts';

/** Rows that are asked for at once. */
const blockLength = 100;

/** Asks for rows `from` ... `to - 1`. */
export type FetchRows<Row> = (from: number, to: number) => Promise<Rows<Row>>;

export class RowWindow<Row> {
  /** Rows of the table; `null` until the first block has come. */
  total: number | null = $state(null);

  readonly #fetch: FetchRows<Row>;
  readonly #blocks = new SvelteMap<number, readonly Row[]>();
  /** Grows when the table is another one. */
  #edition = $state(0);
  /** The edition that the blocks are of. */
  #shown = 0;
  /** By block. */
  #asked: boolean[] = [];

  constructor(fetch: FetchRows<Row>) {
    this.#fetch = fetch;
  }

  /** The row at a place, or `undefined` while it is on its way. */
  at(index: number): Row | undefined {
    return this.#blocks.get(Math.floor(index / blockLength))?.[index % blockLength];
  }

  /** Asks for the row at a place and those around it, once; in an effect, again when the table is another. */
  need(index: number): void {
    const edition = this.#edition;
    const block = Math.floor(index / blockLength);
    if (this.#asked[block]) return;
    this.#asked[block] = true;
    void this.#load(block, edition);
  }

  /** The table has changed: what is in sight stays there until its new rows have come. */
  refresh(): void {
    this.#edition++;
    this.#asked = [];
    this.need(0);
  }

  async #load(block: number, edition: number): Promise<void> {
    const from = block * blockLength;
    try {
      const { total, rows } = await this.#fetch(from, from + blockLength);
      if (edition !== this.#edition) return;
      if (edition !== this.#shown) this.#blocks.clear();
      this.#shown = edition;
      this.#blocks.set(block, rows);
      this.total = total;
    } catch {
      // The list has gone meanwhile, or the worker is starting again: the row asks once more when it is
      // next in sight.
      if (edition === this.#edition) this.#asked[block] = false;
    }
  }
}
