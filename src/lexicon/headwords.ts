// The English side of a word list, ready for lookup in running text: the longest phrase that begins at a
// word wins ("how many" before "how"). Code-switching and coverage both ask it, so that what counts as
// covered is what can be switched.
import { isWord } from './tokens.ts';
import type { WordPair } from './types.ts';

/** An English entry found in a text. */
export interface Match {
  /** Tokens of the text that it takes, the spaces within included. */
  length: number;
  /** Its foreign words, the preferred one first; at least one. */
  foreign: readonly string[];
}

/** The form in which English words are compared: NFC, lower case, straight apostrophes. */
export function headwordKey(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('’', "'");
}

export class Headwords {
  readonly #foreign = new Map<string, string[]>();
  /** Words of the longest entry that begins with a word, by that word. */
  readonly #longest = new Map<string, number>();

  /** @param pairs distinct; the order of a headword's translations is kept */
  constructor(pairs: Iterable<WordPair>) {
    for (const { foreign, english } of pairs) {
      const key = headwordKey(english);
      this.#add(key, foreign);
      // Lists that cannot hold spaces write "how-many".
      if (key.includes('-')) this.#add(key.replaceAll('-', ' '), foreign);
    }
  }

  /** The longest entry that begins at token `start` of `tokens`, `null` where there is none. */
  longestAt(tokens: readonly string[], start: number): Match | null {
    const token = tokens[start] ?? '';
    if (!isWord(token)) return null;
    const word = headwordKey(token);
    const most = this.#longest.get(word) ?? 0;
    for (let words = wordsInReach(tokens, start, most); words > 1; words--) {
      const length = 2 * words - 1;
      const phrase = headwordKey(tokens.slice(start, start + length).join(''));
      const foreign = this.#foreign.get(phrase);
      if (foreign !== undefined) return { length, foreign };
    }
    const foreign = this.#foreign.get(word);
    return foreign === undefined ? null : { length: 1, foreign };
  }

  #add(key: string, foreign: string): void {
    const known = this.#foreign.get(key);
    if (known === undefined) this.#foreign.set(key, [foreign]);
    else if (!known.includes(foreign)) known.push(foreign);
    const words = key.split(' ');
    const [first = ''] = words;
    this.#longest.set(first, Math.max(this.#longest.get(first) ?? 0, words.length));
  }
}

/** How many words with single spaces between them begin at `start`, `most` at most. */
function wordsInReach(tokens: readonly string[], start: number, most: number): number {
  let words = 0;
  for (let at = start; words < most && isWord(tokens[at] ?? ''); at += 2) {
    words++;
    if (tokens[at + 1] !== ' ') break;
  }
  return words;
}
