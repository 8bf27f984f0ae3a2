// Languages by their English names.
import { describe, expect, it } from 'vitest';
import { languageName } from '../../../src/lexicon/languageName.ts';

describe('languageName', () => {
  it('is English, and the tag where there is no name', () => {
    expect(languageName('sw')).toBe('Swahili');
    expect(languageName('pt-BR')).toBe('Brazilian Portuguese');
    expect(languageName('und')).toBe('Unknown language');
    expect(languageName('qqq')).toBe('qqq');
  });

  it('leaves what is no tag as it is', () => {
    expect(languageName('swahili (coast)')).toBe('swahili (coast)');
  });
});
