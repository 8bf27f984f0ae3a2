// How a tokenizer splits the foreign side of a word list.
import { describe, expect, it } from 'vitest';
import { pieceStatistics, type PieceTokenizer } from '../../../src/lexicon/pieces.ts';
import { listOf } from './support.ts';

/** A piece for every two characters; id 0 for pieces with anything but a to z. */
const pairsOfLetters: PieceTokenizer = {
  encode: (text) =>
    (text.match(/..?/gu) ?? []).map((piece) => (/^[a-z]+$/.test(piece) ? piece.charCodeAt(0) : 0)),
  unknownId: 0,
};

describe('pieceStatistics', () => {
  const { pairs } = listOf('sw', {
    nyumba: 'house',
    'saa ngapi': 'what time',
    saa: 'hour',
    ñu: 'x',
  });

  it('counts pieces by word, a phrase as its words and a repeated word once', () => {
    // nyumba 3, saa 2, ngapi 3, ñu 1
    expect(pieceStatistics(pairs, pairsOfLetters)).toMatchObject({
      words: 4,
      sampled: 4,
      meanPieces: 9 / 4,
      unknownShare: 1 / 4,
    });
  });

  it('shows unknown words first, then the most split, the shorter of two first', () => {
    expect(pieceStatistics(pairs, pairsOfLetters, { examples: 3 }).worst).toEqual([
      { word: 'ñu', pieces: 1, unknown: true },
      { word: 'ngapi', pieces: 3, unknown: false },
      { word: 'nyumba', pieces: 3, unknown: false },
    ]);
  });

  it('finds nothing unknown where the tokenizer has no such piece', () => {
    const { unknownShare } = pieceStatistics(pairs, { ...pairsOfLetters, unknownId: null });
    expect(unknownShare).toBe(0);
  });

  it('looks at no more words than asked, spread over the whole list, the same each time', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({
      foreign: `w${index}`,
      english: 'word',
    }));
    const looked: string[] = [];
    const encode = (text: string) => {
      looked.push(text);
      return [1];
    };
    const statistics = pieceStatistics(many, { encode, unknownId: 0 }, { sample: 4 });
    expect(statistics).toMatchObject({ words: 1000, sampled: 4, meanPieces: 1 });
    expect(looked).toEqual(['w0', 'w250', 'w500', 'w750']);
    expect(pieceStatistics(many, { encode, unknownId: 0 }, { sample: 4 })).toEqual(statistics);
    expect(pieceStatistics(many, { encode, unknownId: 0 }, { sample: 300 }).sampled).toBe(300);
  });

  it('is all zeros for an empty list', () => {
    expect(pieceStatistics([], pairsOfLetters)).toMatchObject({ sampled: 0, meanPieces: 0 });
  });
});
