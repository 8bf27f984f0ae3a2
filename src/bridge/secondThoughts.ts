// Second thoughts about an expression whose result no step of a problem can have: less than nothing, or a fraction
// that does not end. The expression is taken back and written again with one token changed, the most doubtful first:
// limited discrepancy search (Harvey & Ginsberg, IJCAI 1995) with one discrepancy.

/** Ways to write an expression again that are tried. */
const mostTries = 4;

/** A token of the expression that was nearly another. */
interface Doubt {
  /** Its place in the text, in tokens. */
  at: number;
  /** The next likeliest token in its place. */
  instead: number;
  /** How much likelier the token was, as a difference of scores. */
  margin: number;
}

export class SecondThoughts {
  /** Where the expression that is being written begins, in tokens; `null` outside of one. */
  #start: number | null = null;
  #doubts: Doubt[] = [];
  /** The expression as it was written first; `null` before it is doubted. */
  #first: readonly number[] | null = null;

  /** Notes a token that the LLM picked inside an expression. */
  picked(doubt: Doubt): void {
    this.#start ??= doubt.at;
    // An expression that is written again is not doubted again: one change only.
    if (this.#first === null) this.#doubts.push(doubt);
  }

  /**
   * What to write in place of an expression that makes no sense.
   * @param ids the text so far: up to and with the `=`, or where it left the expression when that is written again
   * @returns where to begin and the tokens from there; the last time those that were there first. `null` when there
   *   is nothing more to try
   */
  next(ids: readonly number[]): { start: number; tokens: readonly number[] } | null {
    const start = this.#start;
    if (start === null) return null;
    if (this.#first === null) {
      this.#first = ids.slice(start);
      this.#doubts = this.#doubts.sort((a, b) => a.margin - b.margin).slice(0, mostTries);
    }
    const first = this.#first;
    const doubt = this.#doubts.shift();
    if (doubt) return { start, tokens: [...first.slice(0, doubt.at - start), doubt.instead] };
    // Nothing better was found, and this is not asked again.
    this.#start = null;
    return { start, tokens: first };
  }

  /** Whether an expression is being written again. */
  get isRewriting(): boolean {
    return this.#first !== null && this.#start !== null;
  }

  /** The expression is over. */
  done(): void {
    this.#start = null;
    this.#doubts = [];
    this.#first = null;
  }
}
