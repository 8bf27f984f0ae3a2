// Languages as people name them.
import { describe, expect, it } from 'vitest';
import { formatMean, formatShare } from '../../../src/app/shared/format.ts';
import { findLanguages, knownLanguages } from '../../../src/app/shared/languages.ts';

describe('languages', () => {
  const known = knownLanguages();
  const find = (text: string) => findLanguages(known, text).map(({ tag }) => tag);

  it('are listed once each, without English', () => {
    const tags = known.map(({ tag }) => tag);
    expect(tags).toContain('ht');
    expect(tags).not.toContain('en');
    expect(new Set(tags).size).toBe(tags.length);
  });

  it('are found by name or tag, those that begin with the text first', () => {
    expect(find('swah')).toEqual(['sw']);
    expect(find('sv')[0]).toBe('sv');
    expect(find('Creole')).toContain('ht');
    expect(find('nonsense language')).toEqual([]);
  });

  it('can be ones that are not listed, by their tag in its canonical form', () => {
    expect(find('aii')).toContain('aii');
    expect(find('swh')).toContain('sw');
    expect(find('eng')).not.toContain('en');
  });
});

describe('format', () => {
  it('rounds a share to nothing or to all only where it is', () => {
    expect([0, 0.001, 0.842, 0.999, 1].map(formatShare)).toEqual([
      '0%',
      '1%',
      '84%',
      '99%',
      '100%',
    ]);
    expect(formatMean(1.25)).toBe('1.3');
  });
});
