// A bilingual word list in MUSE text form: `foreign english` a line, the preferred translation first.
// Words are compared in NFC and lower case, without the signs that people write or leave out.

/** One language's word list, ready for lookup. */
export interface Lexicon {
  /** Foreign word, folded, to its English translation. */
  entries: ReadonlyMap<string, string>;
  /** Length of the longest foreign word, in UTF-16 code units. */
  longest: number;
  /** Lines (from 1) that held no pair. */
  malformedLines: number[];
}

/** Arabic short vowels and doubling; the dot that "İ" keeps in lower case. */
const optionalSigns = /[\u064b-\u0652]|(?<=i)\u0307/g;

/** The form in which words are compared. */
export function foldWord(word: string): string {
  return word.normalize('NFC').toLowerCase().replace(optionalSigns, '');
}

/**
 * Parses MUSE text. Fields are separated by a tab, or else by the first run of spaces; lines without two
 * fields are counted, empty lines are skipped, and of several translations the first wins.
 */
export function parseLexicon(text: string): Lexicon {
  const entries = new Map<string, string>();
  const malformedLines: number[] = [];
  let longest = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const separator = line.includes('\t') ? /\t+/ : /\s+/;
    const [foreign = '', ...rest] = line.trim().split(separator);
    const english = rest.join(' ').trim();
    if (english === '') {
      malformedLines.push(index + 1);
      continue;
    }
    const word = foldWord(foreign.trim());
    if (!entries.has(word)) entries.set(word, english);
    longest = Math.max(longest, word.length);
  }
  return { entries, longest, malformedLines };
}
