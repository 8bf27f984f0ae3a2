// Writes the numbers of a text so that a rule made for English can read them: ASCII digits, no thousands
// separators, a decimal point, "-" for minus. Nothing else of the text changes.
//
//   bn  ১২,৩৪,৫৬৭      -> 1234567        de  1.500,50      -> 1500.50
//   ar  ١٬٥٠٠٫٥         -> 1500.5         fr  20 000        -> 20000
//   ja  １，２３４．５    -> 1234.5         en  1.125         -> 1.125
//
// Numbers are found by the reader that questions go through (bridge/numerals.ts), whose rule asks no language. Two
// things are left to the language: a point before exactly three digits separates thousands only where the comma
// starts the decimals, and only there does a plain space between digits separate thousands.
import { readNumerals, type Numeral } from '../bridge/numerals.ts';
import { equals, parseDecimal, rational } from '../bridge/rational.ts';
import { hasDecimalComma } from './languages.ts';

/** 20 000 or 1 234 567. */
const spacedThousands = /(?<![\p{Nd}.,])\p{Nd}{1,3}(?: \p{Nd}{3})+(?!\p{Nd})/gu;
const noBreakSpace = '\u00A0';
const pointAndThreeDigits = /^\d{1,3}\.\d{3}$/;
const minusSigns = /[−－﹣]/g;

/**
 * @param text any normalization
 * @param lang of the text; decides what 1.500 means
 * @returns the text in NFC, its numbers written plainly. Fractions (3/4, 2 ½) keep their form.
 */
export function plainNumbers(text: string, lang: string): string {
  const decimalComma = hasDecimalComma(lang);
  let source = text.normalize('NFC').replace(minusSigns, '-').replaceAll('＄', '$');
  if (decimalComma) {
    source = source.replace(spacedThousands, (number) => number.replaceAll(' ', noBreakSpace));
  }
  let plain = '';
  let end = 0;
  for (const numeral of readNumerals(source)) {
    plain += source.slice(end, numeral.start) + plainNumber(numeral, decimalComma);
    end = numeral.start + numeral.text.length;
  }
  return plain + source.slice(end);
}

/**
 * The numerals of a text by its language. A point that plain numbers have starts decimals, so 1.125 is nine eighths.
 * @returns the text as `plainNumbers` writes it, and the numerals of that
 */
export function readPlainNumerals(
  text: string,
  lang: string,
): { plain: string; numerals: Numeral[] } {
  const plain = plainNumbers(text, lang);
  const numerals = readNumerals(plain).map((numeral) =>
    pointAndThreeDigits.test(numeral.text)
      ? { ...numeral, value: parseDecimal(numeral.text) }
      : numeral,
  );
  return { plain, numerals };
}

function plainNumber({ text, value }: Numeral, decimalComma: boolean): string {
  const ascii = text.replace(/\p{Nd}/gu, asciiDigit);
  if (/[^\d.,٫٬，．'’\s]/u.test(ascii)) return ascii; // a fraction
  if (!decimalComma && pointAndThreeDigits.test(ascii)) return ascii;
  const digits = ascii.replace(/\D/g, '');
  const whole = BigInt(digits);
  if (equals(rational(whole), value)) return whole.toString();
  const decimals = /\d*$/.exec(ascii)?.[0].length ?? 0;
  return `${digits.slice(0, -decimals) || '0'}.${digits.slice(-decimals)}`;
}

function asciiDigit(digit: string): string {
  const [numeral] = readNumerals(digit);
  return numeral === undefined ? digit : numeral.value.numerator.toString();
}
