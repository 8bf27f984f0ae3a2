// Intervals, clustered averages and McNemar's test, against scipy 1.17 and statsmodels 0.15.
import { describe, expect, it } from 'vitest';
import { clusteredMean, type ClusteredAnswer } from '../../../src/evaluate/statistics/clustered.ts';
import { mcnemar } from '../../../src/evaluate/statistics/mcnemar.ts';
import { wilson } from '../../../src/evaluate/statistics/wilson.ts';

describe('wilson', () => {
  // statsmodels.stats.proportion.proportion_confint(right, items, method='wilson')
  it.each([
    [10, 20, 0.2992980082, 0.7007019918],
    [0, 250, 0, 0.0151332995],
    [250, 250, 0.9848667005, 1],
    [187, 250, 0.6907058186, 0.7977880649],
    [1, 3, 0.0614919447, 0.7923403992],
  ])('gives %d of %d the interval of statsmodels', (right, items, low, high) => {
    const interval = wilson(right, items);
    expect(interval[0]).toBeCloseTo(low, 9);
    expect(interval[1]).toBeCloseTo(high, 9);
  });

  it('knows nothing of no items', () => {
    expect(wilson(0, 0)).toEqual([0, 1]);
  });
});

describe('mcnemar', () => {
  // scipy.stats.binomtest(first, first + second).pvalue, and
  // statsmodels.stats.contingency_tables.mcnemar([[0, first], [second, 0]], exact=True).pvalue
  it.each([
    [9, 2, 0.0654296875],
    [2, 9, 0.0654296875],
    [5, 5, 1],
    [0, 6, 0.03125],
    [40, 61, 0.046044066929342785],
    [700, 600, 0.0060157938610449395],
    [1200, 1000, 2.1817026407914194e-5],
  ])('gives %d to %d the p-value of scipy', (first, second, p) => {
    expect(mcnemar(first, second) / p).toBeCloseTo(1, 9);
  });

  it('decides nothing where nothing changed', () => {
    expect(mcnemar(0, 0)).toBe(1);
  });
});

/** Answers from one row of digits a language: 1 is right, 0 wrong; the place is the question. */
function answersOf(rows: Record<string, string>): ClusteredAnswer[] {
  return Object.entries(rows).flatMap(([lang, row]) =>
    [...row].map((digit, place) => ({ question: String(place), lang, correct: digit === '1' })),
  );
}

// import numpy as np, statsmodels.api as sm; from statsmodels.stats.proportion import proportion_confint
// y, lang, q: one entry an answer. X = one column a language, w = 1/L each, G = number of questions
// m = sm.OLS(y, X).fit(cov_type='cluster', cov_kwds={'groups': q, 'use_correction': False})
// mean = w @ m.params; var = w @ m.cov_params() @ w; standardError = (var * G / (G - 1)) ** .5
// n = min(len(y), mean * (1 - mean) / var); proportion_confint(mean * n, n, method='wilson')
describe('clusteredMean', () => {
  const parallel = { de: '110111010011', es: '110110010111', sw: '100100010010' };

  it('gives parallel questions the standard error and interval of statsmodels', () => {
    const { mean, standardError, low, high, questions } = clusteredMean(answersOf(parallel));
    expect(questions).toBe(12);
    expect(mean).toBeCloseTo(20 / 36, 12);
    // Equal to sm.OLS(y, ones).fit(cov_type='cluster', cov_kwds={'groups': q}).bse, and to Miller's sum over pairs
    // of answers, 0.11340230290662862, times (G / (G - 1)) ** .5.
    expect(standardError).toBeCloseTo(0.11844484241978356, 12);
    expect([low, high]).toEqual([
      expect.closeTo(0.343189749019274, 10),
      expect.closeTo(0.7493969812713156, 10),
    ]);
  });

  it('weighs languages alike where they have different numbers of answers', () => {
    const rows = { de: '110111010011', es: '1101100101', sw: '1001' };
    const { mean, standardError, low, high } = clusteredMean(answersOf(rows));
    expect(mean).toBeCloseTo((8 / 12 + 6 / 10 + 2 / 4) / 3, 12);
    expect(standardError).toBeCloseTo(0.14530435568152267, 12);
    expect([low, high]).toEqual([
      expect.closeTo(0.3285975199757236, 10),
      expect.closeTo(0.8074123488018692, 10),
    ]);
  });

  it('is Wilson’s interval for one language', () => {
    const { low, high } = clusteredMean(answersOf({ de: parallel.de }));
    const [expectedLow, expectedHigh] = wilson(8, 12);
    expect([low, high]).toEqual([
      expect.closeTo(expectedLow, 12),
      expect.closeTo(expectedHigh, 12),
    ]);
  });

  it('is no surer for the same answers in more languages', () => {
    const once = clusteredMean(answersOf({ de: parallel.de }));
    const thrice = clusteredMean(answersOf({ de: parallel.de, es: parallel.de, fr: parallel.de }));
    expect(thrice.standardError).toBeCloseTo(once.standardError ?? 0, 12);
    expect(thrice.low).toBeCloseTo(once.low, 12);
  });

  it('leaves room where all answers are wrong, as much as the questions alone give', () => {
    const { low, high, standardError } = clusteredMean(answersOf({ de: '00000', es: '00000' }));
    expect([low, high]).toEqual(wilson(0, 5));
    expect(standardError).toBe(0);
  });

  it('knows nothing of no answers, and no standard error of one question', () => {
    expect(clusteredMean([])).toMatchObject({ low: 0, high: 1, standardError: null });
    expect(clusteredMean(answersOf({ de: '1', es: '0' })).standardError).toBeNull();
  });
});
