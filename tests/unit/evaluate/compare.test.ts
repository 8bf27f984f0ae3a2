// Numeric equality of answers.
import { describe, expect, it } from 'vitest';
import { isCorrect, readAnswer } from '../../../src/evaluate/compare.ts';

/** Whether `given` answers a problem whose answer is written as `expected`. */
function compare(given: string | null, expected: string): boolean {
  const answer = readAnswer(expected);
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
  ])('does not take %s for %s', (given, expected) => {
    expect(compare(given, expected)).toBe(false);
  });
});

describe('readAnswer', () => {
  it('finds no value where there is no numeral', () => {
    expect(readAnswer('twelve')).toBeNull();
  });
});
