// Which language a word list is in, guessed from its name and its letters. A guess: people can set it.
import { undetermined } from './types.ts';

/** Languages that have a script to themselves, or nearly so. */
const byScript: readonly [RegExp, string][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Bengali}/u, 'bn'],
  [/\p{Script=Telugu}/u, 'te'],
  [/\p{Script=Tamil}/u, 'ta'],
  [/\p{Script=Ethiopic}/u, 'am'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Armenian}/u, 'hy'],
  [/\p{Script=Georgian}/u, 'ka'],
  [/\p{Script=Khmer}/u, 'km'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Cyrillic}/u, 'ru'],
];

/**
 * The language of a list as a BCP 47 tag.
 * @param name file name: `sw.txt`, `en-sw.0-5000.txt`, `Swahili words.csv`
 * @param foreign words of the foreign side
 */
export function guessLanguage(name: string, foreign: readonly string[]): string {
  return fromName(name) ?? fromScript(foreign) ?? undetermined;
}

/** The first part of a name that is a language's code or English name, but English. */
export function fromName(name: string): string | null {
  const parts = name
    .replace(/\.(?:txt|tsv|csv|jsonl?|dict|lex|gz)\b/gi, '')
    .split(/[^\p{L}]+/u)
    .filter((part) => part !== '');
  // Beside "en" anything of the form of a code is one, known to this browser or not: `en_aii.tsv`.
  const paired = parts.some((part) => /^eng?$/i.test(part));
  for (const part of parts) {
    const code = codeOf(part) ?? (paired && isCode(part) ? part.toLowerCase() : null);
    if (code !== null && code !== 'en') return code;
  }
  return null;
}

const isCode = (part: string) => /^[a-z]{2,3}$/i.test(part);

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
let codes: Map<string, string> | null = null;

/** `sw`, `swh` and `Swahili` are `sw`; short words that are no code are `null`. */
function codeOf(part: string): string | null {
  codes ??= knownCodes();
  const lower = part.toLowerCase();
  const named = codes.get(lower);
  if (named !== undefined) return named;
  if (!isCode(lower)) return null;
  // Canonical tags: "swh" is "sw".
  const canonical = Intl.getCanonicalLocales(lower)[0] ?? lower;
  return names.of(canonical) === undefined ? null : canonical;
}

/** English names of the languages with two-letter codes, and of some without. */
function knownCodes(): Map<string, string> {
  const found = new Map<string, string>();
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  for (const first of letters) {
    for (const second of letters) {
      const name = names.of(first + second);
      const code = Intl.getCanonicalLocales(first + second)[0];
      if (name !== undefined && code !== undefined) found.set(name.toLowerCase(), code);
    }
  }
  // "Haitian Creole" and "Kinyarwanda" by the words that file names have.
  return found.set('haitian', 'ht').set('creole', 'ht').set('mandarin', 'zh').set('farsi', 'fa');
}

/** The language whose script most words have, if that script points to one. */
function fromScript(words: readonly string[]): string | null {
  const sample = words.slice(0, 500);
  for (const [script, code] of byScript) {
    const share = sample.filter((word) => script.test(word)).length / Math.max(1, sample.length);
    // Japanese lists have many words in Han characters alone.
    if (share > (code === 'ja' ? 0.05 : 0.5)) return code;
  }
  return null;
}
