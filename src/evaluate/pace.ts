// How fast a run goes and when it will be done, from its last batches. Routes and languages differ in speed, so
// what is looked back at is some rounds over all routes.

/** Rounds over all routes that are looked back at. */
const rounds = 4;

export class Pace {
  readonly #window: number;
  #batches: { items: number; ms: number }[] = [];

  /** @param routes how many routes a run asks */
  constructor(routes: number) {
    this.#window = rounds * routes;
  }

  /** Notes a batch that took so many milliseconds. */
  add(items: number, ms: number): void {
    this.#batches = [...this.#batches, { items, ms }].slice(-this.#window);
  }

  /** Items a second over the recent past; `null` before the first batch. */
  get itemsPerSecond(): number | null {
    const items = this.#batches.reduce((sum, batch) => sum + batch.items, 0);
    const ms = this.#batches.reduce((sum, batch) => sum + batch.ms, 0);
    return ms === 0 ? null : (1000 * items) / ms;
  }
}
