// The door to the data sets: what a problem is, and files in the form of the built-in ones. The table of data
// sets, fetching and mapping are in datasets/.
import { readMapped } from './datasets/mapping.ts';
import type { Dataset } from './datasets/problem.ts';

export type { Dataset, MalformedLine, Problem } from './datasets/problem.ts';

/**
 * Reads JSON lines `{"id", "lang", "question", "answer"}` in any languages. Empty lines are skipped, malformed
 * ones are listed.
 */
export function parseJsonLines(text: string): Dataset {
  return readMapped(text, {
    form: { kind: 'json-lines' },
    ...{ question: 'question', answer: 'answer' },
    ...{ id: { column: 'id' }, language: { column: 'lang' } },
  });
}

/**
 * A random subset in the original order, the same for the same seed.
 * @param limit how many to keep; all when there are no more
 */
export function subset<Item>(items: readonly Item[], limit: number, seed: number): Item[] {
  const random = mulberry32(seed);
  return items
    .map((_, index) => ({ index, key: random() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, limit)
    .map(({ index }) => index)
    .sort((a, b) => a - b)
    .map((index) => items[index])
    .filter((item) => item !== undefined);
}

/** Tommy Ettinger's small generator, uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
