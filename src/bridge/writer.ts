// One text in the making: picks the most likely token that the notation allows, or takes the one that the
// calculator forces, until the LLM ends or the limit is reached. Where the notation knows what steps a problem can
// have, an expression that is none is taken back (secondThoughts.ts). Knows nothing of models and batches.
import { LinguaLiftError } from '../bundle/errors.ts';
import type { NextToken } from './decode.ts';
import type { Notation } from './notation.ts';
import { SecondThoughts } from './secondThoughts.ts';
import type { StopReason } from './types.ts';

/** What writing needs of the LLM's tokenizer. */
export interface WritingVocabulary {
  /** The slots `<nI>` and `<rK>` by id, which a notation may mask. */
  readonly slots: ReadonlyMap<number, string>;
  /** What a calculation is written with, slots included. */
  readonly expressionIds: ReadonlySet<number>;
  decode(ids: readonly number[]): string;
  /** Ids of a piece of text in the middle of a line. */
  encodeInside(text: string): number[];
}

export interface WriterOptions {
  notation: Notation;
  vocabulary: WritingVocabulary;
  /** Tokens that end the text. */
  endIds: ReadonlySet<number>;
  /** Of those that the LLM reads, at least 1. */
  maxNewTokens: number;
  /** Whether the LLM can forget the end of a text: without it no expression is taken back. */
  canTakeBack: boolean;
  /** Called after every token with the raw text so far. */
  onText?: (text: string, tokens: number) => void;
  /** Called once, when nothing more will be written. */
  onEnd?: (written: Written) => void;
}

export interface Written {
  /** Raw, with slots. */
  text: string;
  tokens: number;
  stop: StopReason;
}

export class Writer {
  readonly #options: WriterOptions;
  readonly #ids: number[] = [];
  #text = '';
  /** Tokens that must come next. */
  #forced: number[] = [];
  /** Tokens that were written, those that were taken back included. */
  #spent = 0;
  readonly #thoughts: SecondThoughts | null;
  #written: Written | null = null;

  constructor(options: WriterOptions) {
    this.#options = options;
    const { canTakeBack, notation } = options;
    this.#thoughts = canTakeBack && notation.steps ? new SecondThoughts(notation.steps) : null;
  }

  /** The whole text; `null` while there is more to come. */
  get written(): Written | null {
    return this.#written;
  }

  /**
   * Writes the next token.
   * @param scores of all tokens, [V]
   * @returns how the LLM goes on, or `null` when the text has ended
   * @throws LinguaLiftError `logits-nan` when the scores are no numbers
   */
  next(scores: Float32Array): NextToken | null {
    const { endIds, maxNewTokens, onText } = this.#options;
    const token = this.#forced.shift() ?? this.#pick(scores);
    if (endIds.has(token) && !this.#thoughts?.isRewriting) return this.end('end');
    const read = this.#ids.length;
    const kept = this.#write(token);
    onText?.(this.#text, this.#ids.length);
    if (++this.#spent >= maxNewTokens) return this.end('length');
    return { token: this.#ids.at(-1) ?? token, back: read - kept };
  }

  /** Ends the text as it is, unless it has ended before. */
  end(stop: StopReason): null {
    if (this.#written === null) {
      this.#written = { text: this.#text, tokens: this.#ids.length, stop };
      this.#options.onEnd?.(this.#written);
    }
    return null;
  }

  /**
   * Puts a token behind the text, or what is better than it in the place of the text's end.
   * @returns how many tokens of the text before are left
   */
  #write(token: number): number {
    const { notation, vocabulary } = this.#options;
    this.#ids.push(token);
    this.#text = vocabulary.decode(this.#ids);
    const kept = this.#ids.length - 1;
    if (this.#forced.length > 0) return kept;
    const pieces = notation.forced(this.#text);
    const instead = this.#thoughts?.about(this.#text, this.#ids, pieces !== null);
    if (instead) {
      const [first = token, ...rest] = instead.tokens;
      const { start } = instead;
      this.#ids.length = start;
      this.#forced = rest;
      return Math.min(start, this.#write(first));
    }
    this.#forced = (pieces ?? []).flatMap((piece) => vocabulary.encodeInside(piece));
    return kept;
  }

  /** The allowed token with the highest score; the lowest id among equals. */
  #pick(scores: Float32Array): number {
    const { notation, vocabulary } = this.#options;
    const isMasked = notation.isMasked(this.#text);
    const mayWrite = (id: number) => {
      const slot = vocabulary.slots.get(id);
      return slot === undefined || !isMasked(slot);
    };
    const best = highest(scores, mayWrite);
    if (best < 0) {
      throw new LinguaLiftError(
        'logits-nan',
        'The model computed values that are no numbers. This happens on some graphics cards; choose WebAssembly in place of WebGPU and ask again.',
      );
    }
    if (this.#thoughts?.mayDoubt(this.#text)) {
      const { expressionIds } = vocabulary;
      const instead = highest(scores, (id) => id !== best && expressionIds.has(id) && mayWrite(id));
      const margin = (scores[best] ?? 0) - (scores[instead] ?? 0);
      if (instead >= 0) this.#thoughts.picked({ at: this.#ids.length, instead, margin });
    }
    return best;
  }
}

/**
 * The token with the highest score of those that are allowed, the lowest id among equals; -1 where there is none. Counts
 * up, because `entries()` takes 3 ms in Node 20 for the 151,936 tokens of a large vocabulary, and this 0.2 ms.
 */
function highest(scores: Float32Array, isAllowed: (id: number) => boolean): number {
  let best = -1;
  let most = -Infinity;
  for (let id = 0; id < scores.length; id++) {
    const score = scores[id] ?? NaN;
    if (!(score > most) || !isAllowed(id)) continue;
    best = id;
    most = score;
  }
  return best;
}
