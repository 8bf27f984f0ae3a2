// One text in the making: picks the most likely token that the notation allows, or takes the one that the
// calculator forces, until the LLM ends or the limit is reached. Knows nothing of models and batches.
import { LinguaLiftError } from '../bundle/errors.ts';
import type { Notation } from './notation.ts';
import type { StopReason } from './types.ts';

/** What writing needs of the LLM's tokenizer. */
export interface WritingVocabulary {
  /** The slots `<nI>` and `<rK>` by id, which a notation may mask. */
  readonly slots: ReadonlyMap<number, string>;
  decode(ids: readonly number[]): string;
  /** Ids of a piece of text in the middle of a line. */
  encodeInside(text: string): number[];
}

export interface WriterOptions {
  notation: Notation;
  vocabulary: WritingVocabulary;
  /** Tokens that end the text. */
  endIds: ReadonlySet<number>;
  /** At least 1. */
  maxNewTokens: number;
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
  #written: Written | null = null;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** The whole text; `null` while there is more to come. */
  get written(): Written | null {
    return this.#written;
  }

  /**
   * Writes the next token.
   * @param scores of all tokens, [V]
   * @returns the token that the LLM has to read before the next one, or `null` when the text has ended
   * @throws LinguaLiftError `logits-nan` when the scores are no numbers
   */
  next(scores: Float32Array): number | null {
    const { notation, vocabulary, endIds, maxNewTokens, onText } = this.#options;
    const token = this.#forced.shift() ?? this.#pick(scores);
    if (endIds.has(token)) return this.end('end');
    this.#ids.push(token);
    this.#text = vocabulary.decode(this.#ids);
    onText?.(this.#text, this.#ids.length);
    if (this.#forced.length === 0) {
      const pieces = notation.forced(this.#text) ?? [];
      this.#forced = pieces.flatMap((piece) => vocabulary.encodeInside(piece));
    }
    return this.#ids.length < maxNewTokens ? token : this.end('length');
  }

  /** Ends the text as it is, unless it has ended before. */
  end(stop: StopReason): null {
    if (this.#written === null) {
      this.#written = { text: this.#text, tokens: this.#ids.length, stop };
      this.#options.onEnd?.(this.#written);
    }
    return null;
  }

  /** The allowed token with the highest score; the lowest id among equals. */
  #pick(scores: Float32Array): number {
    const { notation, vocabulary } = this.#options;
    const isMasked = notation.isMasked(this.#text);
    let best = -1;
    let highest = -Infinity;
    for (const [id, score] of scores.entries()) {
      if (!(score > highest)) continue;
      const slot = vocabulary.slots.get(id);
      if (slot !== undefined && isMasked(slot)) continue;
      best = id;
      highest = score;
    }
    if (best < 0) {
      throw new LinguaLiftError(
        'logits-nan',
        'The model computed values that are no numbers. This happens on some graphics cards; choose WebAssembly in place of WebGPU and ask again.',
      );
    }
    return best;
  }
}
