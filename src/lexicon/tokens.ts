// Text to tokens: number slots (`<n0>`, `<r1>`), words, and single other characters. Joined they are the
// text again. The same cut as `tokens()` of training/corpus/lexicon.py, which makes the training texts of the
// embedded bundle; only combining marks are told by their Unicode category here, so those of every
// script stay with their letter and no script's digits do.

/** What words are made of: letters, and numerals that are no digits, such as "²" in "m²". */
const letter = '[\\p{L}\\p{Nl}\\p{No}]';
const token = new RegExp(`<[nr]\\d+>|${letter}(?:${letter}|['’-](?=${letter})|\\p{M})*|[^]`, 'gu');

/** A character of a script that is written without spaces between words. */
export const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u;
const beginsUnspaced = new RegExp(`^${unspaced.source}`, 'u');
const endsUnspaced = new RegExp(`${unspaced.source}$`, 'u');
const spaceBetween = new RegExp(`(?<=${unspaced.source}) (?=${unspaced.source})`, 'gu');

/** Cuts a text; words keep their inner apostrophes and hyphens ("Tom's", "twenty-one") and marks. */
export function splitTokens(text: string): string[] {
  return text.match(token) ?? [];
}

/** Whether a token is a word, not a slot, a space or a sign. */
export function isWord(token: string): boolean {
  return /^\p{L}/u.test(token);
}

/** Whether a token stands for a number. */
export function isSlot(token: string): boolean {
  return /^<[nr]\d+>$/.test(token);
}

/** How two neighbours are written: in texts of an unspaced script, words and slots touch. */
export type Joint = 'words' | 'slot' | 'spaced';

/** What stands on both sides of a space: unspaced `words`, such a word and a `slot`, or neither. */
export function jointOf(before: string, after: string): Joint {
  if (endsUnspaced.test(before)) {
    if (beginsUnspaced.test(after)) return 'words';
    return isSlot(after) ? 'slot' : 'spaced';
  }
  return isSlot(before) && beginsUnspaced.test(after) ? 'slot' : 'spaced';
}

/** Takes out the spaces between characters of unspaced scripts, which word lists put between words. */
export function closeUnspaced(text: string): string {
  return text.replace(spaceBetween, '');
}
