// The preview of code-switching: numbers in place, the same for the same seed.
import { describe, expect, it } from 'vitest';
import { fillSlots, parseSentences } from '../../../src/lexicon/sentences.ts';
import { previewOf } from '../../../workers/code-switch-preview.ts';

const sentences = Array.from({ length: 60 }, (_, index) => ({
  question: `Tom has <n0> trees and <n1> houses, and ${index} birds.`,
  values: ['12', '3'],
}));
const english = ['tom', 'has', 'trees', 'and', 'houses', 'birds'];
const list = {
  id: 'a',
  name: 'Test',
  language: 'sw',
  pairs: english.map((word) => ({ foreign: `${word}u`, english: word })),
};
const settings = { sentenceRatio: 1, tokenRatio: [0.5, 0.5], polysemy: 'first', seed: 7 } as const;
const preview = (change: Partial<typeof settings> | { seed: number } = {}) =>
  previewOf(sentences, [{ list, weight: 1 }], { ...settings, ...change });

describe('previewOf', () => {
  it('shows twenty sentences with their numbers, and what each replaced word stands for', () => {
    const shown = preview();
    expect(shown).toHaveLength(20);
    for (const { english: original, pieces } of shown) {
      expect(original).toMatch(/^Tom has 12 trees and 3 houses/);
      expect(pieces.map((piece) => piece.english ?? piece.text).join('')).toBe(original);
    }
    expect(shown.some(({ language }) => language === 'sw')).toBe(true);
  });

  it('is the same for the same seed and another for another', () => {
    expect(preview()).toEqual(preview());
    expect(preview({ seed: 8 })).not.toEqual(preview());
  });
});

describe('the training sentences', () => {
  it('are read line by line, and their slots filled', () => {
    const [first] = parseSentences('{"question":"<n1> of <n0>, <n2>","values":["4","9"]}\n\n');
    expect(fillSlots(first?.question ?? '', first?.values ?? [])).toBe('9 of 4, <n2>');
  });

  it('are refused by line where they are none', () => {
    expect(() => parseSentences('{"question":"a","values":[]}\n{"q":1}')).toThrow(/Line 2/);
  });
});
