// Whether an answer is right. Equality is numeric: "1,200" is "1200.0", "१२" is "12", "3/4" is "0.75".
import { equals, negate, round, type Rational } from '../bridge/rational.ts';
import { readPlainNumerals } from './plainNumbers.ts';

/** A written answer, its value, and how many decimals it was written with. */
export interface AnswerValue {
  text: string;
  value: Rational;
  decimals: number;
}

/** Our own answers are written with no more decimals than this, where they do not end. */
const mostDecimals = 4;
/** An answer with fewer decimals was not rounded: 33 is not 33.33. */
const fewestRoundedDecimals = 2;

/**
 * Reads a written answer: its only or first numeral, with a minus sign before it.
 * @param lang of the text; decides what 1.500 means
 * @returns `null` when there is no numeral
 */
export function readAnswer(text: string, lang: string): AnswerValue | null {
  const { plain, numerals } = readPlainNumerals(text, lang);
  const [numeral] = numerals;
  if (numeral === undefined) return null;
  const isNegative = /-\s*\p{Sc}?\s*$/u.test(plain.slice(0, numeral.start));
  const [, decimals = ''] = /\.(\d+)$/.exec(numeral.text) ?? [];
  return {
    text,
    value: isNegative ? negate(numeral.value) : numeral.value,
    decimals: numeral.value.denominator === 1n ? 0 : decimals.length,
  };
}

/**
 * Whether two answers are the same number. Where the expected one is written with two or more decimals it may
 * have been rounded, as money is, and the given one is compared at its precision.
 * @param given as the model wrote it after `####`, or as extract.ts gives it: with a decimal point, in any language.
 *   `null` when there is none
 */
export function isCorrect(given: string | null, expected: AnswerValue): boolean {
  const answer = given === null ? null : readAnswer(given, 'en');
  if (answer === null) return false;
  if (equals(answer.value, expected.value)) return true;
  if (expected.decimals < fewestRoundedDecimals) return false;
  const decimals = Math.min(expected.decimals, mostDecimals);
  return equals(round(answer.value, decimals), round(expected.value, decimals));
}
