// The spelling of words beside encoder states, on numbers that were computed by hand.
import { describe, expect, it } from 'vitest';
import { besideWords, meanRow } from '../../../src/bridge/words.ts';

const vectors = (...rows: number[][]) => ({
  data: Float32Array.from(rows.flat()),
  length: rows.length,
  width: rows[0]?.length ?? 0,
});

describe('meanRow', () => {
  it('is the mean of rows, column by column', () => {
    expect(Array.from(meanRow(Float32Array.of(1, 2, 3, 4, 5, 12), 2))).toEqual([3, 6]);
    expect(Array.from(meanRow(Float32Array.of(1, 2, 3, 4, 5, 12), 3))).toEqual([2.5, 3.5, 7.5]);
    expect(Array.from(meanRow(Float32Array.of(7, -1), 2))).toEqual([7, -1]);
  });
});

describe('besideWords', () => {
  const states = vectors([3, 4], [0, 2], [1, 1], [-6, 8]);
  const embeddings = vectors([1, 0], [2, 2], [0, 4], [0, -5]);
  // The words are token 0, tokens 1 and 2, and token 3.
  const read = besideWords(states, embeddings, [true, true, false, true]);
  const rows = Array.from({ length: 4 }, (_, row) =>
    Array.from(read.data.subarray(4 * row, 4 * row + 4)),
  );

  it('puts the mean of a word’s embeddings behind the state of each of its tokens', () => {
    expect([read.length, read.width]).toEqual([4, 4]);
    // [3, 4] / √12.5, [-6, 8] / √50; the mean of [2, 2] and [0, 4] is [1, 3], and [1, 3] / √5.
    const expected = [
      [0.848528, 1.131371, Math.SQRT2, 0],
      [0, Math.SQRT2, 0.447214, 1.341641],
      [1, 1, 0.447214, 1.341641],
      [-0.848528, 1.131371, 0, -Math.SQRT2],
    ];
    expected.flat().forEach((value, index) => {
      expect(rows.flat()[index]).toBeCloseTo(value, 5);
    });
  });

  it('gives both halves a root mean square of 1, so that the whole row has one too', () => {
    for (const row of rows) {
      for (const half of [row.slice(0, 2), row.slice(2), row]) {
        const square = half.reduce((sum, x) => sum + x * x, 0) / half.length;
        expect(square).toBeCloseTo(1, 5);
      }
    }
  });

  it('begins a word at the first token even where that is a piece within one', () => {
    const cut = besideWords(vectors([1, 1], [1, 1]), vectors([2, 0], [0, 2]), [false, true]);
    expect(cut.data[2]).toBeCloseTo(Math.SQRT2, 5);
    expect(cut.data[3]).toBe(0);
    expect(cut.data[6]).toBe(0);
  });

  it('has zeros for a state or a word that is all zeros', () => {
    const { data } = besideWords(vectors([0, 0]), vectors([0, 0]), [true]);
    expect(Array.from(data)).toEqual([0, 0, 0, 0]);
  });
});
