// Reads the numerals of a text in any script and, for bundles with number slots, puts `<n0>`, `<n1>`, ...
// in their places ("number mapping" in the literature on word problems).
//
// What counts as a numeral: runs of decimal digits of any script (Unicode class Nd: ASCII, Arabic-Indic,
// Devanagari, Bengali, Telugu, Thai, full-width, ...), with thousands separators, decimals, simple
// fractions (3/4, ½) and mixed numbers (2 1/2). Signs around it (%, $, -) stay in the text. Numerals that
// are words (三, ፫, "three") stay words.
//
// One sign, two roles: "1,500" and "1.500" may be fifteen hundred or one and a half. The rule asks no
// language: a single comma or point before exactly three digits separates thousands, unless the numeral
// starts with 0; before any other number of digits it starts the decimals. Translated word problems bear
// it out: in MGSM and GSM8K in ten languages "20,000" is a thousand in Spanish, French and Russian too,
// against the custom there, and "20.000" in German; three decimals after a whole number hardly occur.
import { LinguaLiftError } from '../bundle/errors.ts';
import { add, parseDecimal, rational, type Rational } from './rational.ts';

/** A numeral of a question. */
export interface Numeral {
  /** As written. */
  text: string;
  value: Rational;
  /** Where it starts in the NFC text, in UTF-16 code units. */
  start: number;
}

/** Commas and points in either role; the full-width ones only between full-width digits (１，２３４). */
const either = '(?:[.,]|(?<=[０-９])[，．](?=[０-９]))';
const decimalSign = `(?:٫|${either})`;
/** Also Arabic signs, apostrophes (Swiss) and the spaces that do not break a line. */
const groupSign = `(?:[٬،'’\\u00A0\\u202F\\u2009]|${either})`;
/** Not in the middle of an enumeration such as 1,2,3 or of a date such as 1/2/2020. */
const startsHere = '(?<!\\p{Nd}[.,/⁄])';
const endsHere = '(?![.,/⁄]?\\p{Nd})';
const vulgar = '[¼-¾⅐-⅞]';

/** Patterns match at one place (`y`); the first whose reader finds a value is taken. */
const forms: { pattern: RegExp; read: (groups: Record<string, string>) => Rational | null }[] = [
  {
    // 2½, 2 ½, ½
    pattern: new RegExp(`${startsHere}(?:(?<whole>\\p{Nd}+) ?)?(?<vulgar>${vulgar})`, 'uy'),
    read: ({ whole, vulgar = '' }) => {
      const [numerator = '', denominator = ''] = vulgar.normalize('NFKD').split('⁄');
      return mixed(whole, numerator, denominator);
    },
  },
  {
    // 2 1/2, 3/4
    pattern: new RegExp(
      `${startsHere}(?:(?<whole>\\p{Nd}+)[ \\u00A0])?(?<numerator>\\p{Nd}+)[/⁄](?<denominator>\\p{Nd}+)${endsHere}`,
      'uy',
    ),
    read: ({ whole, numerator = '', denominator = '' }) => mixed(whole, numerator, denominator),
  },
  {
    // 3/4 where "12 3/4" was no mixed number
    pattern: new RegExp(
      `${startsHere}(?<numerator>\\p{Nd}+)[/⁄](?<denominator>\\p{Nd}+)${endsHere}`,
      'uy',
    ),
    read: ({ numerator = '', denominator = '' }) => mixed(undefined, numerator, denominator),
  },
  {
    // 1,234,567.8 and 1.234,5
    pattern: new RegExp(
      `${startsHere}(?<whole>\\p{Nd}{1,3}(?<sign>${groupSign})\\p{Nd}{3}(?:\\k<sign>\\p{Nd}{3})*)(?:(?!\\k<sign>)${decimalSign}(?<decimals>\\p{Nd}+))?${endsHere}`,
      'uy',
    ),
    // 0,125 starts with a zero, so its comma cannot separate thousands.
    read: ({ whole = '', decimals = '' }) =>
      digitValue(whole) === 0 ? null : decimal(whole, decimals),
  },
  {
    // 12,34,567.8 (Indian)
    pattern: new RegExp(
      `${startsHere}(?<whole>\\p{Nd}{1,2}(?:,\\p{Nd}{2})+,\\p{Nd}{3})(?:[.٫](?<decimals>\\p{Nd}+))?${endsHere}`,
      'uy',
    ),
    read: ({ whole = '', decimals = '' }) => decimal(whole, decimals),
  },
  {
    // 12.5, 12,5, .5
    pattern: new RegExp(
      `${startsHere}(?<whole>\\p{Nd}*)${decimalSign}(?<decimals>\\p{Nd}+)${endsHere}`,
      'uy',
    ),
    read: ({ whole = '', decimals = '' }) => decimal(whole, decimals),
  },
  { pattern: /(?<whole>\p{Nd}+)/uy, read: ({ whole = '' }) => decimal(whole, '') },
];

/** Where a numeral may start: a digit, a vulgar fraction, or the point of `.5`. */
const candidate = new RegExp(`\\p{Nd}|${vulgar}|(?<![\\p{Nd}\\p{L}.])\\.(?=\\p{Nd})`, 'gu');

/**
 * The numerals of a text, in order.
 * @param text in NFC
 */
export function readNumerals(text: string): Numeral[] {
  const numerals: Numeral[] = [];
  candidate.lastIndex = 0;
  for (let found = candidate.exec(text); found; found = candidate.exec(text)) {
    const numeral = readNumeralAt(text, found.index);
    if (numeral === null) continue;
    numerals.push(numeral);
    candidate.lastIndex = numeral.start + numeral.text.length;
  }
  return numerals;
}

/**
 * Replaces the numerals of a text by slots.
 * @param text any normalization; read in NFC
 * @param maxSlots how many question slots the vocabularies hold
 * @returns the text with `<n0>`, `<n1>`, ... and what each of them stands for
 * @throws LinguaLiftError `too-many-numerals`
 */
export function slotNumerals(
  text: string,
  maxSlots: number,
): { text: string; numerals: Numeral[] } {
  const normalized = text.normalize('NFC');
  const numerals = readNumerals(normalized);
  if (numerals.length > maxSlots) {
    throw new LinguaLiftError(
      'too-many-numerals',
      `The question has ${numerals.length} numbers, and this model can keep track of ${maxSlots}. Leave out the numbers that do not matter.`,
    );
  }
  let slotted = '';
  let end = 0;
  for (const [index, numeral] of numerals.entries()) {
    slotted += `${normalized.slice(end, numeral.start)}<n${index}>`;
    end = numeral.start + numeral.text.length;
  }
  return { text: slotted + normalized.slice(end), numerals };
}

function readNumeralAt(text: string, start: number): Numeral | null {
  for (const { pattern, read } of forms) {
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    const value = match && read({ ...match.groups });
    if (match && value) return { text: match[0], value, start };
  }
  return null;
}

/** `whole` and a proper fraction, or the fraction alone; `null` when that is no number. */
function mixed(whole: string | undefined, top: string, bottom: string): Rational | null {
  const numerator = BigInt(toAscii(top));
  const denominator = BigInt(toAscii(bottom));
  if (denominator === 0n) return null;
  const fraction = rational(numerator, denominator);
  if (whole === undefined) return fraction;
  // "12 5/4" is two numerals, not thirteen and a quarter.
  return numerator < denominator ? add(rational(BigInt(toAscii(whole))), fraction) : null;
}

/** Digits of any script, separators among the whole ones ignored. */
function decimal(whole: string, decimals: string): Rational {
  return parseDecimal(`${toAscii(whole) || '0'}.${toAscii(decimals)}`);
}

/** The digits of a text in ASCII; everything else is dropped. */
function toAscii(text: string): string {
  return Array.from(text.matchAll(/\p{Nd}/gu), ([digit]) => digitValue(digit)).join('');
}

/**
 * The value of the first character, a digit. Unicode keeps every script's ten digits in one run from 0 to
 * 9, and adjacent runs are whole, so the place in the run tells the value.
 */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let place = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - place - 1))) place++;
  return place % 10;
}
