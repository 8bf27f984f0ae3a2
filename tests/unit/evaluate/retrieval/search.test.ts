// Nearest neighbours against NumPy: cosines `A @ B.T`, means of `np.sort(C, 1)[:, -4:]`, `argmax`.
import { describe, expect, it } from 'vitest';
import type { Vectors } from '../../../../src/bridge/encoder.ts';
import { poolings } from '../../../../src/bundle/manifest.ts';
import { sentenceVector, stack } from '../../../../src/evaluate/retrieval/vectors.ts';
import {
  bothSides,
  countRight,
  dotProducts,
  margins,
  nearest,
  type Scores,
} from '../../../../src/evaluate/retrieval/search.ts';

const pause = () => Promise.resolve();
const rowsOf = (length: number, width: number, value: (at: number) => number): Vectors =>
  stack(
    Array.from({ length }, (_, row) =>
      sentenceVector(
        {
          data: Float32Array.from({ length: width }, (_, i) => value(row * width + i)),
          length: 1,
          width,
        },
        'mean',
      ),
    ),
  );
const first = (at: number) => Math.sin(1.7 * at + 0.3) + 0.2;
const a = rowsOf(12, 5, first);
const b = rowsOf(12, 5, (at) => first(at) + 0.9 * Math.cos(2.3 * at));
const scoresOf = (rows: number[][]): Scores => ({
  data: Float32Array.from(rows.flat()),
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
});
const expectClose = (actual: Float32Array, expected: number[]) => {
  expect(actual.length).toBe(expected.length);
  for (const [at, value] of expected.entries()) expect(actual[at]).toBeCloseTo(value, 6);
};

describe('dotProducts', () => {
  it('gives the cosines of vectors of length one', async () => {
    const { data, rows, columns } = await dotProducts(a, b, pause);
    expect([rows, columns]).toEqual([12, 12]);
    expectClose(data.subarray(0, 4), [0.52241874, -0.13442981, 0.21237718, 0.92161451]);
    expectClose(data.subarray(-4), [0.90419838, 0.41778231, -0.19890109, 0.49425915]);
  });

  it('handles numbers of sources that are no multiple of four, and fewer targets than sources', async () => {
    const few = (count: number): Vectors => ({
      ...a,
      data: a.data.slice(0, 5 * count),
      length: count,
    });
    const all = await dotProducts(a, a, pause);
    for (const count of [1, 2, 3, 5, 7]) {
      const { data, rows, columns } = await dotProducts(few(count), few(3), pause);
      expect([rows, columns]).toEqual([count, 3]);
      for (const [at, value] of data.entries()) {
        expect(value).toBe(all.data[Math.floor(at / 3) * 12 + (at % 3)]);
      }
    }
  });

  it('pauses in long computations', async () => {
    let pauses = 0;
    const wide: Vectors = { data: new Float32Array(1000 * 256), length: 1000, width: 256 };
    await dotProducts(wide, wide, async () => void pauses++);
    expect(pauses).toBeGreaterThan(50);
  });
});

describe('margins', () => {
  it('divides by the mean of the four nearest on both sides', async () => {
    const { data } = margins(bothSides(await dotProducts(a, b, pause)), 4);
    expectClose(data.subarray(0, 4), [0.74051777, -0.18663681, 0.28334786, 1.21164161]);
    expectClose(data.subarray(-4), [1.24178822, 0.54262588, -0.29152829, 0.75097248]);
  });

  it('averages all neighbours where there are fewer than k', () => {
    const { data } = margins(bothSides(scoresOf([[0.5, 0.3]])), 4);
    expectClose(data, [0.5 / ((0.4 + 0.5) / 2), 0.3 / ((0.4 + 0.3) / 2)]);
  });

  it('keeps the sign of the cosine where neighbours are far away', () => {
    const { data } = margins(
      bothSides(
        scoresOf([
          [-0.5, -0.3],
          [-0.2, -0.9],
        ]),
      ),
      4,
    );
    expect(data.every((value) => value < 0)).toBe(true);
  });
});

describe('nearest', () => {
  it('finds the same neighbours as NumPy, by cosine and by margin, in both directions', async () => {
    const cosine = bothSides(await dotProducts(a, b, pause));
    const margin = margins(cosine, 4);
    const forward = nearest(cosine.forward);
    expect([...forward.places]).toEqual([3, 1, 5, 9, 7, 2, 9, 7, 2, 6, 10, 8]);
    expect(countRight(forward)).toBe(3);
    expect(forward.scores[0]).toBeCloseTo(0.92161451, 6);
    expect([...nearest(cosine.backward).places]).toEqual([9, 1, 8, 0, 7, 2, 9, 4, 11, 3, 10, 5]);
    expect([...nearest(margin).places]).toEqual([3, 1, 5, 9, 7, 2, 9, 4, 2, 6, 10, 8]);
    expect(countRight(nearest(margin))).toBe(2);
  });

  it('takes the first of several that are equally near', () => {
    expect([
      ...nearest(
        scoresOf([
          [0.1, 0.7, 0.7],
          [0.4, 0.4, 0.4],
        ]),
      ).places,
    ]).toEqual([1, 0]);
  });
});

describe('sentenceVector', () => {
  // Three tokens of two dimensions: (3, 4), (-9, 0), (0, 5).
  const states = { data: Float32Array.of(3, 4, -9, 0, 0, 5), length: 3, width: 2 };

  it.each([
    // (3 - 9 + 0, 4 + 0 + 5) / 3 = (-2, 3), whose length is the root of 13
    ['mean', [-2 / Math.sqrt(13), 3 / Math.sqrt(13)]],
    // (3, 4), whose length is 5
    ['cls', [0.6, 0.8]],
    // (3, 5), whose length is the root of 34
    ['max', [3 / Math.sqrt(34), 5 / Math.sqrt(34)]],
  ] as const)('brings the tokens together by the rule %s, at length one', (pooling, expected) => {
    expectClose(sentenceVector(states, pooling), [...expected]);
  });

  it('takes the highest of values that are all below zero', () => {
    const below = { data: Float32Array.of(-3, -9, -7, -4), length: 2, width: 2 };
    expectClose(sentenceVector(below, 'max'), [-0.6, -0.8]);
  });

  it('is all zeros where the rule gives zeros', () => {
    const opposite = { data: Float32Array.of(1, -2, -1, 2), length: 2, width: 2 };
    expect([...sentenceVector(opposite, 'mean')]).toEqual([0, 0]);
  });

  it.each(poolings)('refuses values that are no numbers by the rule %s', (pooling) => {
    const broken = { data: Float32Array.of(1, NaN), length: 1, width: 2 };
    expect(() => sentenceVector(broken, pooling)).toThrow(/no numbers/);
    if (pooling === 'cls') return;
    const later = { data: Float32Array.of(1, 2, NaN, 3, 4, 5), length: 3, width: 2 };
    expect(() => sentenceVector(later, pooling)).toThrow(/no numbers/);
  });
});
