// The greedy decoding loop: the most likely token that the notation allows, or the one that the
// calculator forces, until the LLM ends, the limit is reached, or the person stops it.
import { LinguaLiftError } from '../bundle/errors.ts';
import type { Notation } from './notation.ts';
import type { StopReason } from './types.ts';

/** A text that an LLM is writing: what comes next, and how to go on. */
export interface Continuation {
  /** Scores [V] of the next token. */
  readonly logits: Float32Array;
  /** Appends one token and computes the next `logits`. */
  append(token: number): Promise<void>;
}

/** What decoding needs of the LLM's tokenizer. */
export interface DecodingVocabulary {
  /** The slots `<nI>` and `<rK>` by id, which a notation may mask. */
  readonly slots: ReadonlyMap<number, string>;
  decode(ids: readonly number[]): string;
  /** Ids of a piece of text in the middle of a line. */
  encodeInside(text: string): number[];
}

export interface DecodeOptions {
  notation: Notation;
  vocabulary: DecodingVocabulary;
  /** Tokens that end the text. */
  endIds: ReadonlySet<number>;
  maxNewTokens: number;
  /** Called after every token with the raw text so far. */
  onText: (text: string, tokens: number) => void;
  signal?: AbortSignal | undefined;
}

export interface Decoded {
  /** Raw, with slots. */
  text: string;
  tokens: number;
  stop: StopReason;
}

/**
 * Writes on from `continuation`.
 * @throws LinguaLiftError `logits-nan` when the model's scores are no numbers
 */
export async function decode(
  continuation: Continuation,
  { notation, vocabulary, endIds, maxNewTokens, onText, signal }: DecodeOptions,
): Promise<Decoded> {
  const ids: number[] = [];
  let forced: number[] = [];
  let text = '';
  while (ids.length < maxNewTokens) {
    // Lets messages in, such as a stop: on WASM a run blocks this thread and no timer fires by itself.
    await nextTask();
    if (signal?.aborted) return { text, tokens: ids.length, stop: 'stopped' };
    const token = forced.shift() ?? pick(continuation.logits, text, notation, vocabulary);
    if (endIds.has(token)) return { text, tokens: ids.length, stop: 'end' };
    ids.push(token);
    text = vocabulary.decode(ids);
    onText(text, ids.length);
    if (forced.length === 0) {
      forced = (notation.forced(text) ?? []).flatMap((piece) => vocabulary.encodeInside(piece));
    }
    if (ids.length < maxNewTokens) await continuation.append(token);
  }
  return { text, tokens: ids.length, stop: 'length' };
}

/** The allowed token with the highest score; the lowest id among equals. */
function pick(
  logits: Float32Array,
  text: string,
  notation: Notation,
  { slots }: DecodingVocabulary,
): number {
  const isMasked = notation.isMasked(text);
  let best = -1;
  let highest = -Infinity;
  for (const [id, score] of logits.entries()) {
    if (!(score > highest)) continue;
    const slot = slots.get(id);
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

/** Resolves in a later task, after messages that are waiting have been delivered. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
