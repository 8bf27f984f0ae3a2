// Second thoughts about an expression whose result no step of a problem can have (less than nothing, or a fraction
// that does not end) or hardly any has (a fraction where the question has none). The expression is taken back and
// written again with one token changed, the most doubtful first: limited discrepancy search (Harvey & Ginsberg, IJCAI
// 1995) with one discrepancy. What is only odd stays where the LLM was sure of every token.
import type { StepLook, Steps } from './notation.ts';

/** Ways to write an expression again that are tried. */
const mostTries = 4;

/** How much likelier a token was, at most, that is changed for a result that is possible. */
const closeCall = 2;

/** A token of the expression that was nearly another. */
interface Doubt {
  /** Its place in the text, in tokens. */
  at: number;
  /** The next likeliest token in its place. */
  instead: number;
  /** How much likelier the token was, as a difference of scores. */
  margin: number;
}

/** What to write in the place of a text's end. */
export interface Rewriting {
  /** Where to begin, in tokens. */
  start: number;
  /** At least one. */
  tokens: readonly number[];
}

export class SecondThoughts {
  readonly #steps: Steps;
  /** Where the expression that is being written begins, in tokens; `null` outside of one. */
  #start: number | null = null;
  #doubts: Doubt[] = [];
  /** The expression as it was written first; `null` before it is doubted. */
  #first: readonly number[] | null = null;

  constructor(steps: Steps) {
    this.#steps = steps;
  }

  /** Whether an expression is being written again. */
  get isRewriting(): boolean {
    return this.#first !== null && this.#start !== null;
  }

  /** Whether the next token belongs to an expression that can still be doubted. */
  mayDoubt(text: string): boolean {
    // An expression that is written again is not doubted again: one change only.
    return this.#first === null && this.#steps.isOpen(text);
  }

  /** Notes a token that the LLM picked where it may be doubted. */
  picked(doubt: Doubt): void {
    this.#start ??= doubt.at;
    this.#doubts.push(doubt);
  }

  /**
   * Looks at a text that has got a token.
   * @param ids the text's tokens
   * @param isComplete whether its expression has just got its `=`
   * @returns what to write in place of an expression that makes no sense; `null` where the text may go on
   */
  about(text: string, ids: readonly number[], isComplete: boolean): Rewriting | null {
    const isOpen = this.#steps.isOpen(text);
    const leftOpen: StepLook = isOpen || !this.isRewriting ? 'sensible' : 'impossible';
    const look = isComplete ? this.#steps.look(text) : leftOpen;
    const instead = look === 'sensible' ? null : this.#next(ids, look);
    if (instead === null && !isOpen) this.#forget();
    return instead;
  }

  /**
   * The next way to write the expression.
   * @param ids the text so far: up to and with the `=`, or where it left the expression when that is written again
   * @param look how its result looks
   * @returns the last time what was there first; `null` when there is nothing more to try
   */
  #next(ids: readonly number[], look: StepLook): Rewriting | null {
    const start = this.#start;
    if (start === null) return null;
    if (this.#first === null) {
      const clearest = look === 'odd' ? closeCall : Infinity;
      this.#doubts = this.#doubts
        .filter(({ margin }) => margin <= clearest)
        .sort((a, b) => a.margin - b.margin)
        .slice(0, mostTries);
      if (this.#doubts.length === 0) return null;
      this.#first = ids.slice(start);
    }
    const first = this.#first;
    const doubt = this.#doubts.shift();
    if (doubt) return { start, tokens: [...first.slice(0, doubt.at - start), doubt.instead] };
    // Nothing better was found, and this is not asked again.
    this.#start = null;
    return { start, tokens: first };
  }

  /** The expression is over. */
  #forget(): void {
    this.#start = null;
    this.#doubts = [];
    this.#first = null;
  }
}
