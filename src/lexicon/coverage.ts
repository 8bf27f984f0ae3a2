// What a word list offers: how many words it has, how many translations each, and how much of the training
// sentences it knows. A word is covered where code-switching could replace it, alone or within a phrase.
import { headwordKey, Headwords } from './headwords.ts';
import { isWord, splitTokens } from './tokens.ts';
import type { WordPair } from './types.ts';

/** A word and how often something is true of it. */
export interface WordCount {
  word: string;
  count: number;
}

export interface ListStatistics {
  /** Pairs. */
  entries: number;
  /** Distinct foreign words or phrases. */
  foreignTypes: number;
  /** Distinct English words or phrases. */
  englishTypes: number;
  /** Mean translations of an English word or phrase; 0 for an empty list. */
  meanTranslations: number;
  /** English words with the most translations, most first. */
  mostTranslated: WordCount[];
}

/** How many of some words are covered. */
export interface Share {
  total: number;
  covered: number;
  /** `covered / total`; 0 where there are no words. */
  share: number;
}

export interface Coverage {
  /** Words of the sentences, each as often as it occurs. */
  tokens: Share;
  /** Distinct words of the sentences; covered is what is covered at least once. */
  types: Share;
  /** Words by how often they are not covered, most often first; names appear like any other word. */
  uncovered: WordCount[];
}

/**
 * Counts a word list.
 * @param most length of `mostTranslated`; words with a single translation are not in it
 */
export function listStatistics(pairs: readonly WordPair[], most = 20): ListStatistics {
  const foreignWords = new Set<string>();
  const translations = new Map<string, number>();
  for (const { foreign, english } of pairs) {
    foreignWords.add(foreign);
    translations.set(english, (translations.get(english) ?? 0) + 1);
  }
  return {
    entries: pairs.length,
    foreignTypes: foreignWords.size,
    englishTypes: translations.size,
    meanTranslations: ratio(pairs.length, translations.size),
    mostTranslated: greatest(translations, 2, most),
  };
}

/**
 * Measures how much of some English sentences a word list covers.
 * @param most length of `uncovered`
 */
export function coverageOf(
  pairs: readonly WordPair[],
  sentences: Iterable<string>,
  most = 100,
): Coverage {
  const headwords = new Headwords(pairs);
  const covered = new Map<string, number>();
  const missing = new Map<string, number>();
  for (const sentence of sentences) {
    const tokens = splitTokens(sentence);
    for (let start = 0; start < tokens.length;) {
      const match = headwords.longestAt(tokens, start);
      const end = start + (match?.length ?? 1);
      const counts = match === null ? missing : covered;
      for (const token of tokens.slice(start, end)) {
        if (!isWord(token)) continue;
        const word = headwordKey(token);
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
      start = end;
    }
  }
  const [tokensCovered, tokensMissing] = [sum(covered), sum(missing)];
  const typesMissing = [...missing.keys()].filter((word) => !covered.has(word)).length;
  return {
    tokens: shareOf(tokensCovered, tokensMissing),
    types: shareOf(covered.size, typesMissing),
    uncovered: greatest(missing, 1, most),
  };
}

/** The words with the highest counts from `least` up; ties in the order in which they were met. */
function greatest(counts: ReadonlyMap<string, number>, least: number, most: number): WordCount[] {
  return Array.from(counts, ([word, count]) => ({ word, count }))
    .filter(({ count }) => count >= least)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

function shareOf(covered: number, missing: number): Share {
  const total = covered + missing;
  return { total, covered, share: ratio(covered, total) };
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
