import { describe, expect, it } from 'vitest';
import { mainRoute, offeredRoutes } from '../../../../src/app/models/routes.ts';

const file = { file: 'a.safetensors', adapter: null };
const bare = { alignments: {}, lexicons: {} };
const half = { alignments: { langbridge: file }, lexicons: { sw: 'sw.txt' } };
const whole = { ...half, alignments: { langbridge: file, lingualift: file } };

describe('offeredRoutes', () => {
  it('has a route for what the bundle holds: word lists, alignments, and the LLM always', () => {
    expect(offeredRoutes(bare, false)).toEqual(['direct']);
    expect(offeredRoutes(half, false)).toEqual(['direct', 'gloss', 'langbridge']);
    expect(offeredRoutes(whole, false)).toEqual(['direct', 'gloss', 'langbridge', 'lingualift']);
  });

  it('has LinguaLIFT also with a learned bridge', () => {
    expect(offeredRoutes(bare, true)).toEqual(['direct', 'lingualift']);
  });
});

describe('mainRoute', () => {
  it('is the furthest that the bundle offers', () => {
    expect(mainRoute(whole, false)).toBe('lingualift');
    expect(mainRoute(half, false)).toBe('langbridge');
    expect(mainRoute(half, true)).toBe('lingualift');
    expect(mainRoute(bare, false)).toBe('direct');
  });

  it('is LinguaLIFT until a bundle is open', () => {
    expect(mainRoute(null, false)).toBe('lingualift');
  });
});
