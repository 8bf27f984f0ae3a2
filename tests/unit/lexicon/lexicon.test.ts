// Reading MUSE word lists.
import { describe, expect, it } from 'vitest';
import { foldWord, parseLexicon } from '../../../src/lexicon/lexicon.ts';

describe('parseLexicon', () => {
  it('keeps the first translation of a word and folds its case', () => {
    const { entries } = parseLexicon('Äpfel apples\näpfel fruit\n');
    expect([...entries]).toEqual([['äpfel', 'apples']]);
  });

  it('reads tabs, runs of spaces, several English words and Windows line ends', () => {
    const { entries, longest } = parseLexicon(
      'kununua\tto buy\r\nmbili   two\r\n\r\nsaa ngapi\twhat time',
    );
    expect(entries.get('kununua')).toBe('to buy');
    expect(entries.get('mbili')).toBe('two');
    expect(entries.get('saa ngapi')).toBe('what time');
    expect(longest).toBe('saa ngapi'.length);
  });

  it('composes decomposed letters', () => {
    expect(parseLexicon('cafe\u0301 coffee').entries.get('caf\u00E9')).toBe('coffee');
  });

  it('compares words without the signs that people leave out', () => {
    expect(foldWord('دولارًا')).toBe('دولارا');
    expect(foldWord('İndirim')).toBe('indirim');
  });

  it('reports lines without a pair by number', () => {
    expect(parseLexicon('a one\nalone\n\nb two\n\t').malformedLines).toEqual([2]);
  });
});
