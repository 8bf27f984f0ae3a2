// The gloss route's word-by-word translation: every word that a lexicon knows becomes English, all else
// stays. It knows no grammar and picks the first translation: the baseline that a bridge must beat.
import { foldWord, type Lexicon } from '../lexicon/lexicon.ts';
import { unspaced } from '../lexicon/tokens.ts';

/**
 * A slot, a word of a spaced script, a run of an unspaced one, where the longest entry that fits is a word, or
 * a single character between words.
 */
const pieces = new RegExp(
  `<n\\d+>|(?:${unspaced.source}\\p{M}*)+|(?:(?!${unspaced.source})\\p{L}[\\p{M}'’]*)+|[^]`,
  'gu',
);

/** Punctuation that the English LLM has not seen, and what stands for it. */
const punctuation = new Map([
  ['。', '. '],
  ['、', ', '],
  ['，', ', '],
  ['？', '? '],
  ['！', '! '],
  ['।', '. '],
  ['።', '. '],
  ['፣', ', '],
  ['፤', '; '],
  ['؟', '?'],
  ['،', ','],
  ['؛', ';'],
  ['¿', ''],
  ['¡', ''],
]);

/** A word of the question and its English, `null` where the lexicon lacks it. */
interface Gloss {
  word: string;
  english: string | null;
}

export interface GlossedText {
  text: string;
  /** Code of the lexicon that was used; `null` when the text reads as English or no lexicon knows it. */
  language: string | null;
}

export type Glosser = (text: string) => GlossedText;

/**
 * Makes the function that replaces each word of a question through the lexicon that covers it best,
 * measured in letters. English takes part too, as the set of all translations, so that English questions
 * stay as they are. Numerals may already be slots; they are left alone.
 * @param lexicons by language code
 */
export function createGlosser(lexicons: ReadonlyMap<string, Lexicon>): Glosser {
  const english = englishOf(lexicons);
  return (text) => {
    let best: { language: string; glosses: Gloss[] } | null = null;
    let bestCoverage = coverage(glossWith(text, english));
    for (const [language, lexicon] of lexicons) {
      const glosses = glossWith(text, lexicon);
      const covered = coverage(glosses);
      if (covered <= bestCoverage) continue;
      best = { language, glosses };
      bestCoverage = covered;
    }
    return best === null
      ? { text, language: null }
      : { text: join(best.glosses), language: best.language };
  };
}

/** Every English word that some lexicon translates to, standing for itself. */
function englishOf(lexicons: ReadonlyMap<string, Lexicon>): Lexicon {
  const entries = new Map<string, string>();
  for (const lexicon of lexicons.values()) {
    for (const english of lexicon.entries.values()) {
      for (const word of english.split(' ')) entries.set(foldWord(word), word);
    }
  }
  return { entries, longest: 0, malformedLines: [] };
}

function glossWith(text: string, lexicon: Lexicon): Gloss[] {
  // Many keyboards have no Ethiopic full stop, and people write two word separators.
  return Array.from(text.replaceAll('፡፡', '።').matchAll(pieces)).flatMap(([piece]) =>
    unspaced.test(piece)
      ? longestMatches(piece, lexicon)
      : [{ word: piece, english: lexicon.entries.get(foldWord(piece)) ?? null }],
  );
}

/** Cuts a run of an unspaced script into the longest words that the lexicon knows, left to right. */
function longestMatches(run: string, lexicon: Lexicon): Gloss[] {
  const glosses: Gloss[] = [];
  let unknown = '';
  for (let start = 0; start < run.length;) {
    let length = Math.min(lexicon.longest, run.length - start);
    while (length > 0 && !lexicon.entries.has(foldWord(run.slice(start, start + length)))) length--;
    if (length === 0) {
      unknown += run[start];
      start++;
      continue;
    }
    if (unknown !== '') glosses.push({ word: unknown, english: null });
    unknown = '';
    const word = run.slice(start, start + length);
    glosses.push({ word, english: lexicon.entries.get(foldWord(word)) ?? null });
    start += length;
  }
  if (unknown !== '') glosses.push({ word: unknown, english: null });
  return glosses;
}

/** The share of letters in words that were found. */
function coverage(glosses: Gloss[]): number {
  let letters = 0;
  let found = 0;
  for (const { word, english } of glosses) {
    if (!/^\p{L}/u.test(word)) continue;
    letters += word.length;
    if (english !== null) found += word.length;
  }
  return letters === 0 ? 0 : found / letters;
}

/**
 * The glosses as one line of English: words of unspaced scripts get the spaces that they lacked, and so do
 * words that some languages write onto a number (Amharic በ85, "for 85").
 */
function join(glosses: Gloss[]): string {
  const parts = glosses.map(({ word, english }, index) => {
    // A sense such as "how-many" is one token of a word list, and two words of English.
    const written = english?.replaceAll('-', ' ') ?? punctuation.get(word) ?? word;
    const next = glosses[index + 1]?.word ?? '';
    if (unspaced.test(word)) return ` ${written} `;
    return english !== null && /^(?:<n|\p{N})/u.test(next) ? `${written} ` : written;
  });
  return parts
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,?!])/g, '')
    .trim();
}
