// Two routes or runs, answer by answer.
import { describe, expect, it } from 'vitest';
import {
  comparePairs,
  describeComparison,
  formatP,
  type PairedSample,
} from '../../../src/evaluate/paired.ts';

/** Samples from one row of digits a language: 1 is right by the strict rule; the place is the id. */
function samplesOf(rows: Record<string, string>): PairedSample[] {
  return Object.entries(rows).flatMap(([lang, row]) =>
    [...row].map((digit, place) => ({
      id: String(place),
      lang,
      correct: { strict: digit === '1', flexible: true, 'last-number': true },
    })),
  );
}

const compare = (first: Record<string, string>, second: Record<string, string>) =>
  comparePairs(samplesOf(first), samplesOf(second), 'strict');

describe('comparePairs', () => {
  it('counts changes both ways and says whether they are decided', () => {
    const comparison = compare(
      { sw: '1'.repeat(29) + '0'.repeat(11) },
      { sw: '1'.repeat(20) + '0'.repeat(9) + '11' + '0'.repeat(9) },
    );
    expect(comparison).toMatchObject({
      ...{ pairs: 40, questions: 40, bothRight: 20, bothWrong: 9, odds: 4.5, isDecided: false },
      changes: { first: 9, second: 2, p: expect.closeTo(0.0654296875, 10) as number },
    });
    expect(comparison.byQuestion).toEqual(comparison.changes);
    expect(describeComparison(comparison, 'LinguaLIFT', 'LangBridge')).toBe(
      'Of 40 problems, LinguaLIFT solves 9 that LangBridge does not and 2 the other way round: p = .065, not decided.',
    );
  });

  it('gives a question one vote, however many languages it was asked in', () => {
    const row = ['11110', '00000'] as const;
    const one = compare({ sw: row[0] }, { sw: row[1] });
    const three = compare(
      { de: row[0], es: row[0], sw: row[0] },
      { de: row[1], es: row[1], sw: row[1] },
    );
    // scipy.stats.binomtest(12, 12).pvalue, binomtest(4, 4).pvalue
    expect(three.changes.p).toBeCloseTo(0.00048828125, 12);
    expect(three.byQuestion).toEqual({ first: 4, second: 0, p: 0.125 });
    expect(three.isDecided).toBe(one.isDecided);
    expect(three.odds).toBeNull();
    expect(describeComparison(three, 'A', 'B')).toBe(
      'Of 15 problems, which are 5 in several languages, A solves 12 that B does not and 0 the other way round; ' +
        'A is ahead on 4 of the 5, B on 0: p = .125, not decided.',
    );
  });

  it('is decided where one side wins six to none', () => {
    expect(compare({ sw: '111111' }, { sw: '000000' }).isDecided).toBe(true);
  });

  it('passes over what only one side was asked, and takes ids of other languages for other problems', () => {
    const comparison = compare({ sw: '111', de: '1' }, { sw: '10', fr: '1' });
    expect(comparison).toMatchObject({ pairs: 2, bothRight: 1, changes: { first: 1, second: 0 } });
    expect(describeComparison(compare({ sw: '1' }, { de: '1' }), 'A', 'B')).toBe(
      'A and B have no problem in common.',
    );
  });

  it('counts by the extractor that is asked for', () => {
    const [first, second] = [samplesOf({ sw: '10' }), samplesOf({ sw: '01' })];
    expect(comparePairs(first, second, 'flexible')).toMatchObject({ bothRight: 2, odds: null });
  });
});

describe('formatP', () => {
  it('prints p-values as journals do', () => {
    expect([1, 0.9999, 0.0654, 0.0499, 0.001, 0.0009].map(formatP)).toEqual([
      ...['p = 1', 'p = 1', 'p = .065', 'p = .050', 'p = .001', 'p < .001'],
    ]);
  });
});
