// Numeric equality of answers.
import { describe, expect, it } from 'vitest';
import { isCorrect, readAnswer } from '../../../src/evaluate/compare.ts';

/** Whether `given` answers a problem whose answer is written as `expected` in a language. */
function compare(given: string | null, expected: string, lang = 'en'): boolean {
  const answer = readAnswer(expected, lang);
  if (answer === null) throw new Error(`${expected} is no number`);
  return isCorrect(given, answer);
}

describe('isCorrect', () => {
  it.each([
    ['8', '8.0'],
    ['1200', '1,200'],
    ['12', '१२'],
    ['0.75', '3/4'],
    ['-5', '-5.0'],
    ['-5', '−$5'],
    ['$18', '18'],
    ['33.3333', '33.33'],
    ['0.3333', '0.333333'],
    ['2.5 kg', '2,5'],
    ['1.125', '9/8'],
    ['1.125', '1.125'],
    ['-12.375', '-12.375'],
    ['1,125', '1125'],
  ])('takes %s for %s', (given, expected) => {
    expect(compare(given, expected)).toBe(true);
  });

  it.each([
    ['33.3333', '33'],
    ['2.55', '2.5'],
    ['5', '-5'],
    ['12', '21'],
    ['33.3433', '33.33'],
    ['', '0'],
    ['none', '0'],
    [null, '0'],
    ['1.125', '1125'],
    ['1.125', '1,125'],
    ['1125', '1.125'],
  ])('does not take %s for %s', (given, expected) => {
    expect(compare(given, expected)).toBe(false);
  });
});

describe('readAnswer', () => {
  it('asks the language what a point before three digits means, and only then', () => {
    expect(compare('1125', '1.125', 'de')).toBe(true);
    expect(compare('1.125', '1.125', 'de')).toBe(false);
    expect(compare('1.125', '1.125', 'sw')).toBe(true);
    for (const lang of ['de', 'en', 'sw']) {
      expect(compare('2125', '2,125', lang)).toBe(true);
      expect(compare('8', '8.0', lang)).toBe(true);
      expect(compare('0.125', '0.125', lang)).toBe(true);
    }
    expect(compare('20000', '20 000', 'fr')).toBe(true);
  });

  it('finds no value where there is no numeral', () => {
    expect(readAnswer('twelve', 'en')).toBeNull();
  });
});
