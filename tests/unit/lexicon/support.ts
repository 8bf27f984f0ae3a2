// Small word lists and a small seeded generator for the tests of src/lexicon/.
import type { WordList } from '../../../src/lexicon/types.ts';

/** A list from `{ foreign: english }`. */
export function listOf(language: string, words: Record<string, string>): WordList {
  const pairs = Object.entries(words).map(([foreign, english]) => ({ foreign, english }));
  return { id: `${language}-id`, name: `${language}-list`, language, pairs };
}

/** Uniform draws in [0, 1): a linear congruential generator (Numerical Recipes), good enough for shares. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
