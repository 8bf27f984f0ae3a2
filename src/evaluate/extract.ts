// Takes the answer out of what an LLM wrote, by three published rules side by side: which one is used moves scores by
// tens of points.
//
// - `strict`: the value after `####` (GSM8K, and our own models) or after the language's "The answer is" (MGSM).
// - `flexible`: lm-evaluation-harness's `flexible-extract` of gsm8k and mgsm.
// - `last-number`: the last number of the text (LangBridge, after MathOctopus), sign kept.
//
// What is the same for all three, and differs from the originals on purpose:
// - Numbers are first written plainly (plainNumbers.ts). The originals only see ASCII digits; they read ১২ as nothing
//   and the German 1.500 as one and a half.
// - Calculations stay in the text, as they do in the harness: the last number of `<<12+5=17>>` is its result. Only one
//   that was cut off at the end of the text is left out, since its operands are nobody's answer.
// - Equality is numeric (compare.ts), not of strings.
import { finalAnswerOf } from '../bridge/reasoning.ts';
import { isCorrect, type AnswerValue } from './compare.ts';
import { answerPrefixes, languageOf } from './languages.ts';
import { plainNumbers } from './plainNumbers.ts';
import { extractors, type Extractor, type Sample } from './record.ts';

/** A calculation at the end of a text that was not closed. */
const unfinishedCalculation = /<<[^<>\n]*>?$/;
/** `####` is written by models of English, after English numbers, whatever the question's language. */
const finalMark = '####';

const number = String.raw`-?\s?\p{Sc}?\s?-?\d+(?:\.\d+)?(?: \d+/\d+|/\d+)?`;
/** "is 18", "is: **18", "— 18". A hyphen is no minus where a space follows. */
const joiner = String.raw`\s*(?:[:：—–]|-\s)?\s*\**\s*`;

/** One pattern a language; upper and lower case are the same, so that "So the answer is" counts. */
const afterPrefix: Readonly<Record<string, RegExp>> = Object.fromEntries(
  Object.entries(answerPrefixes).map(([lang, prefix]) => [
    lang,
    new RegExp(`${prefix.normalize('NFC')}${joiner}(${number})`, 'iu'),
  ]),
);

/** The harness's pattern as it is, with the mistakes that make its scores what they are. */
const flexiblePattern = /(-?[$0-9.,]{2,})|(-?[0-9]+)/g;
/** What gsm8k's `exact_match` ignores of it: `regexes_to_ignore`. */
const ignoredByHarness = /[,$]|\.$/g;

/** A hyphen between two terms ("20-5") subtracts; anywhere else before a number it is its sign. */
const signedNumber = /(?:(?<![\p{L}\p{N})%])-)?(?:(?<=-)\p{Sc})?\d+(?:\.\d+)?/gu;

const rules: Record<Extractor, (plain: string, lang: string) => string | null> = {
  /**
   * The harness's `strict-match`: the first prefix with a number right behind it. `####` goes before the language's
   * prefix, and that before the English one, which English-centred models use for questions in any language.
   */
  strict: (plain, lang) =>
    finalAnswerOf(plain) ?? numberAfterPrefix(plain, lang) ?? numberAfterPrefix(plain, 'en'),

  /**
   * The harness's regex filter: of all matches the last (`group_select: -1`), of its groups the one that matched. Two
   * or more points, commas or dollars are a match too, so an answer that trails off with "..." has none.
   */
  flexible: (plain) => {
    const match = [...plain.matchAll(flexiblePattern)].at(-1)?.[0].replace(ignoredByHarness, '');
    return match !== undefined && /\d/.test(match) ? match : null;
  },

  /**
   * `_extract_answer` of LangBridge's mgsm task. It drops the sign and takes a text without numbers for 0; this one
   * does neither.
   */
  'last-number': (plain) =>
    [...plain.matchAll(signedNumber)].at(-1)?.[0].replace(/\p{Sc}/u, '') ?? null,
};

function numberAfterPrefix(plain: string, lang: string): string | null {
  return afterPrefix[lang]?.exec(plain)?.[1]?.trim() ?? null;
}

/**
 * What each rule takes for the answer.
 * @param text what the LLM wrote
 * @param lang of the question, as the data set names it
 * @returns numbers in ASCII with a decimal point (after `####` the whole line); `null` where a rule finds none
 */
export function extract(text: string, lang: string): Record<Extractor, string | null> {
  const language = languageOf(lang);
  const plain = plainNumbers(
    text.replace(unfinishedCalculation, ''),
    isEnglish(text) ? 'en' : language,
  );
  const taken = extractors.map((extractor) => [extractor, rules[extractor](plain, language)]);
  return Object.fromEntries(taken) as Record<Extractor, string | null>;
}

function isEnglish(text: string): boolean {
  return text.includes(finalMark) || numberAfterPrefix(text, 'en') !== null;
}

/**
 * What each rule takes for the answer, and whether that is right.
 * @param text what the LLM wrote; empty where it could not be asked
 */
export function score(
  text: string,
  lang: string,
  expected: AnswerValue,
): Pick<Sample, 'extracted' | 'correct'> {
  const extracted = extract(text, lang);
  const right = extractors.map((extractor) => [
    extractor,
    isCorrect(extracted[extractor], expected),
  ]);
  return { extracted, correct: Object.fromEntries(right) as Sample['correct'] };
}
