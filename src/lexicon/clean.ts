// What a pair of a word list must be, wherever it comes from: a file, or a person's edit.
import { undetermined, type WordPair } from './types.ts';

/** Longer entries are sentences, or lines that were cut wrongly. */
const maxLength = 80;

/**
 * A pair as lists keep it: NFC, lower case by the language's rules, single spaces.
 * @param language BCP 47 tag of the foreign side, `und` while nobody knows
 */
export function foldPair({ foreign, english }: WordPair, language: string): WordPair {
  return {
    foreign: fold(foreign, language === undetermined ? undefined : language),
    english: fold(english, 'en'),
  };
}

/** What keeps a folded pair out of a list, or `null`. */
export function pairFault({ foreign, english }: WordPair): string | null {
  if (foreign === '') return 'the foreign side is empty';
  if (english === '') return 'the English side is empty';
  if (Math.max(foreign.length, english.length) > maxLength) {
    return `longer than ${maxLength} characters`;
  }
  if (!/\p{L}/u.test(foreign)) return 'the foreign side has no letters';
  if (!/\p{L}/u.test(english)) return 'the English side has no letters';
  return foreign === english ? 'both sides are the same' : null;
}

/** A pair as one text, to tell whether two are the same. Neither side can hold a tab. */
export function pairKey({ foreign, english }: WordPair): string {
  return `${foreign}\t${english}`;
}

function fold(cell: string, locale: string | undefined): string {
  return cell.normalize('NFC').toLocaleLowerCase(locale).replace(/\s+/g, ' ').trim();
}
