// Seeded subsets: which problems a run asks.
import { byLanguage, type Problem } from './problem.ts';

/**
 * Draws the same number of problems in each language, in the order in which they came. Each id has a number
 * that seed and id decide, and a language's smallest numbers are drawn. So languages that share ids get the
 * same problems, whatever other languages or malformed rows there are, and a larger subset holds the smaller.
 * @param limit problems a language; `null` for all
 */
export function choose(
  problems: readonly Problem[],
  limit: number | null,
  seed: number,
): Problem[] {
  if (limit === null) return [...problems];
  const chosen = new Set<Problem>();
  for (const inLanguage of byLanguage(problems).values()) {
    for (const problem of draw(inLanguage, ({ id }) => id, limit, seed)) chosen.add(problem);
  }
  return problems.filter((problem) => chosen.has(problem));
}

/** The items whose numbers are the smallest, that of the smallest first. */
export function draw<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  count: number,
  seed: number,
): Item[] {
  return items
    .map((item) => ({ item, id: idOf(item), key: hash(`${seed}:${idOf(item)}`) }))
    .sort((a, b) => a.key - b.key || compare(a.id, b.id))
    .slice(0, count)
    .map(({ item }) => item);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * A 32-bit hash of a text: FNV-1a over UTF-16 code units, then MurmurHash3's finalizer, without which texts that
 * differ in their last character would stay neighbours.
 */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
