// The number that an answer column means. Data sets write "8.0", "2,125" and "১২", but also whole solutions
// that end in "#### 42" (GSM8K, arXiv 2110.14168) or "The answer is 42."
import { readAnswer, type AnswerValue } from '../compare.ts';
import { readPlainNumerals } from '../plainNumbers.ts';

/** What stands before the answer of a solution; the last mark in the text counts. */
const marks = [/.*####/s, /.*\banswer is\b:?/is];

/**
 * Reads the answer column of a problem. Behind a mark the first number counts. Without one there must be one
 * number alone: which of several is meant would be a guess, and a wrong guess would go unseen.
 * @param lang of the text; decides what 1.500 means
 * @returns the answer, or what is wrong with the text
 */
export function readExpected(written: string, lang: string): AnswerValue | string {
  const mark = marks.find((pattern) => pattern.test(written));
  const text = (mark ? written.replace(mark, '') : written).trim();
  const answer = readAnswer(text, lang);
  if (answer === null) return `${quote(text)} holds no number`;
  if (!mark && readPlainNumerals(text, lang).numerals.length > 1) {
    return `${quote(text)} holds several numbers, and no "####" before the one that counts`;
  }
  return answer;
}

/** A text in quotes, cut where it is long. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
