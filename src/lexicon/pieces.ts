// How an encoder's tokenizer reads the foreign side of a word list. A word of many pieces is harder to learn,
// and one with an unknown piece cannot be told from others like it.
import type { WordPair } from './types.ts';

/** The part of a tokenizer that is needed. */
export interface PieceTokenizer {
  /** Ids of a text alone, without the tokens that mark its start and end. */
  encode: (text: string) => number[];
  /** Id of the piece that stands for what the vocabulary lacks; `null` where every byte has a piece. */
  unknownId: number | null;
}

export interface SplitWord {
  word: string;
  pieces: number;
  unknown: boolean;
}

export interface PieceStatistics {
  /** Distinct foreign words of the list. */
  words: number;
  /** Words that were looked at; all other figures are about these. */
  sampled: number;
  meanPieces: number;
  /** Share of words with at least one unknown piece. */
  unknownShare: number;
  /** Words with unknown pieces, then those of most pieces; among equals the shorter word first. */
  worst: SplitWord[];
}

export interface PieceOptions {
  /** Words looked at, at most. */
  sample?: number;
  /** Length of `worst`. */
  examples?: number;
}

/**
 * Splits the words of the foreign side as the encoder will. The words of an entry such as "quanto tempo" count
 * one by one. Of a long list every k-th word is taken, so frequent and rare ones are in the sample and
 * the same list gives the same figures.
 */
export function pieceStatistics(
  pairs: Iterable<WordPair>,
  { encode, unknownId }: PieceTokenizer,
  { sample = 2000, examples = 10 }: PieceOptions = {},
): PieceStatistics {
  const words = foreignWords(pairs);
  const split = everyKth(words, sample).map((word): SplitWord => {
    const ids = encode(word);
    return { word, pieces: ids.length, unknown: unknownId !== null && ids.includes(unknownId) };
  });
  const mean = (value: (one: SplitWord) => number) =>
    split.reduce((sum, one) => sum + value(one), 0) / Math.max(1, split.length);
  return {
    words: words.length,
    sampled: split.length,
    meanPieces: mean(({ pieces }) => pieces),
    unknownShare: mean(({ unknown }) => Number(unknown)),
    worst: split.sort(worstFirst).slice(0, examples),
  };
}

function foreignWords(pairs: Iterable<WordPair>): string[] {
  const words = new Set<string>();
  for (const { foreign } of pairs) for (const word of foreign.split(' ')) words.add(word);
  return [...words];
}

/** `count` items at even distances, the first among them, or all. */
function everyKth<T>(items: readonly T[], count: number): T[] {
  const taken = (index: number) => Math.floor((index * count) / items.length);
  return items.filter((_, index) => taken(index) > taken(index - 1));
}

function worstFirst(a: SplitWord, b: SplitWord): number {
  return (
    Number(b.unknown) - Number(a.unknown) || b.pieces - a.pieces || a.word.length - b.word.length
  );
}
