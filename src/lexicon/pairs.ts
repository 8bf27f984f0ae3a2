// Finding and changing the pairs of a list. Nothing here changes an array that it was given, so an earlier
// state of a list stays what it was, and undo is to go back to it.
import { foldPair, pairFault, pairKey } from './clean.ts';
import { LexiconError } from './errors.ts';
import type { WordPair } from './types.ts';

/**
 * The places of the pairs that have a text in either side.
 * @param search any case
 */
export function findPairs(pairs: readonly WordPair[], search: string): number[] {
  const wanted = search.normalize('NFC').toLowerCase().trim();
  const found: number[] = [];
  for (const [index, { foreign, english }] of pairs.entries()) {
    if (foreign.includes(wanted) || english.includes(wanted)) found.push(index);
  }
  return found;
}

/**
 * A list in which a pair stands in the place of another.
 * @param before the pair that goes, `null` to add one: a person's own translation is the preferred one, so
 *   it comes first
 * @param after the pair that comes, in any case, `null` to remove one
 * @throws LexiconError `bad-pair` when `after` cannot be in the list
 */
export function replacePair(
  pairs: readonly WordPair[],
  before: WordPair | null,
  after: WordPair | null,
  language: string,
): WordPair[] {
  const place = before === null ? -1 : placeOf(pairs, before);
  const changed = [...pairs];
  if (after === null) {
    if (place !== -1) changed.splice(place, 1);
    return changed;
  }
  const pair = foldPair(after, language);
  const fault = pairFault(pair);
  if (fault !== null) throw new LexiconError('bad-pair', `This pair cannot be kept: ${fault}.`);
  const same = placeOf(pairs, pair);
  if (same !== -1 && same !== place) {
    throw new LexiconError('bad-pair', 'This pair cannot be kept: it is in the list already.');
  }
  if (place === -1) changed.unshift(pair);
  else changed[place] = pair;
  return changed;
}

/** The pairs of a list, then those of another that it does not have. */
export function mergePairs(pairs: readonly WordPair[], others: readonly WordPair[]): WordPair[] {
  const known = new Set(pairs.map(pairKey));
  return [...pairs, ...others.filter((pair) => !known.has(pairKey(pair)))];
}

/** The foreign side for the English one, and the other way round. */
export function swapSides(pairs: readonly WordPair[]): WordPair[] {
  return pairs.map(({ foreign, english }) => ({ foreign: english, english: foreign }));
}

function placeOf(pairs: readonly WordPair[], pair: WordPair): number {
  return pairs.findIndex(
    ({ foreign, english }) => foreign === pair.foreign && english === pair.english,
  );
}
