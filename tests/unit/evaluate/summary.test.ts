// From samples to figures.
import { describe, expect, it } from 'vitest';
import { resourceGroups } from '../../../src/evaluate/languages.ts';
import { wilson } from '../../../src/evaluate/statistics/wilson.ts';
import { summarize, type ScoredSample } from '../../../src/evaluate/summary.ts';
import type { Route } from '../../../src/bridge/types.ts';

/** Samples from one row a language: 1 is right by all rules, 0 by `flexible` only, x is an error. */
function samplesOf(route: Route, rows: Record<string, string>): ScoredSample[] {
  return Object.entries(rows).flatMap(([lang, row]) =>
    [...row].map((mark, place) => {
      const right = mark === '1';
      const taken = mark === 'x' ? null : '7';
      return {
        ...{ id: String(place), lang, route },
        extracted: { strict: right ? '7' : null, flexible: taken, 'last-number': taken },
        correct: { strict: right, flexible: mark !== 'x', 'last-number': right },
        error: mark === 'x' ? 'The question is too long.' : null,
      };
    }),
  );
}

const samples = [
  ...samplesOf('lingualift', { sw: '110x', en: '1111', bn: '10' }),
  ...samplesOf('direct', { sw: '0000', en: '1100' }),
];

describe('summarize', () => {
  const summary = summarize(samples);
  const [direct, lingualift] = summary.routes;

  it('counts by route, language and extractor, with Wilson’s intervals', () => {
    expect(summary).toMatchObject({ headline: 'strict', n: 18, languages: ['sw', 'en', 'bn'] });
    expect([direct?.route, lingualift?.route]).toEqual(['direct', 'lingualift']);
    const [low, high] = wilson(2, 4);
    expect(lingualift?.perLanguage.sw).toMatchObject({
      strict: { n: 4, correct: 2, missing: 2, accuracy: 0.5, low, high },
      flexible: { n: 4, correct: 3, missing: 1, accuracy: 0.75 },
    });
    expect(Object.keys(direct?.perLanguage ?? {})).toEqual(['sw', 'en']);
  });

  it('counts an error as wrong', () => {
    expect(lingualift?.errors).toBe(1);
    expect(direct?.errors).toBe(0);
  });

  it('averages over all, high- and low-resource languages, a language counting once', () => {
    const groups = lingualift?.groups ?? {};
    expect(Object.keys(groups)).toEqual(['all', 'high-resource', 'low-resource']);
    expect(groups.all?.strict).toMatchObject({
      ...{ languages: ['sw', 'en', 'bn'], n: 10, correct: 7, questions: 4 },
      accuracy: (0.5 + 1 + 0.5) / 3,
    });
    expect(groups['high-resource']?.strict).toMatchObject({ languages: ['en'], accuracy: 1 });
    expect(groups['low-resource']?.strict).toMatchObject({
      languages: ['sw', 'bn'],
      accuracy: 0.5,
    });
  });

  it('takes other groups, and leaves out those without answers', () => {
    const groups = [
      { name: 'Africa', languages: ['sw', 'zu'] },
      { name: 'none of it', languages: ['zu'] },
    ];
    const [, own] = summarize(samples, { groups }).routes;
    expect(Object.keys(own?.groups ?? {})).toEqual(['Africa']);
    expect(own?.groups.Africa?.strict.languages).toEqual(['sw']);
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it('has no routes without samples', () => {
    expect(summarize([])).toEqual({ headline: 'strict', n: 0, languages: [], routes: [] });
  });
});

describe('resourceGroups', () => {
  it('can be given other high-resource languages', () => {
    const [, high, low] = resourceGroups(['en', 'ko', 'pt-BR', 'swa'], ['ko']);
    expect([high?.languages, low?.languages]).toEqual([['ko'], ['en', 'pt-BR', 'swa']]);
    expect(resourceGroups(['en', 'ko', 'pt-BR', 'swa'])[1]?.languages).toEqual(['en', 'pt-BR']);
  });
});
