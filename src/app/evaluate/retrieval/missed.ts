// Which sentences were missed, by one result or by several over the same pairs, and what was taken instead.
import type { Direction, Measure, Retrieval } from '../../../evaluate/retrieval/retrieve.ts';
import { formatP, significance } from '../../../evaluate/paired.ts';
import { mcnemar } from '../../../evaluate/statistics/mcnemar.ts';

/** A pair that at least one of several results missed. */
export interface Missed {
  /** Place of the pair among those that were drawn. */
  pair: number;
  /** For each result the pair whose sentence it took; `null` where the models could not read the pair. */
  taken: (number | null)[];
}

/** How nearness is measured, and which side asks. */
export interface View {
  measure: Measure;
  direction: Direction;
}

/** The pair that each pair's sentence was taken for; pairs that could not be read are missing. */
function takenBy({ kept, matches }: Retrieval, { measure, direction }: View): Map<number, number> {
  const { places } = matches[measure][direction];
  return new Map(kept.map((pair, at) => [pair, kept[places[at] ?? at] ?? pair]));
}

/** The pairs that one of the results missed at least, in their order. */
export function missedPairs(results: readonly Retrieval[], view: View): Missed[] {
  const taken = results.map((result) => takenBy(result, view));
  const searched = [...new Set(taken.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  return searched
    .map((pair) => ({ pair, taken: taken.map((one) => one.get(pair) ?? null) }))
    .filter(({ pair, taken }) => taken.some((other) => other !== null && other !== pair));
}

/** Two results over the pairs that both have searched, in one sentence (exact McNemar). */
export function describeDifference(
  [first, second]: readonly [Retrieval, Retrieval],
  [firstName, secondName]: readonly [string, string],
  view: View,
): string {
  const others = takenBy(second, view);
  const counts = { pairs: 0, first: 0, second: 0 };
  for (const [pair, taken] of takenBy(first, view)) {
    const other = others.get(pair);
    if (other === undefined) continue;
    counts.pairs += 1;
    if (taken === pair && other !== pair) counts.first += 1;
    if (taken !== pair && other === pair) counts.second += 1;
  }
  const p = mcnemar(counts.first, counts.second);
  return (
    `Of ${counts.pairs} sentences, ${firstName} finds the translation of ${counts.first} that ${secondName} misses, ` +
    `and ${counts.second} the other way round: ${formatP(p)}, ${p < significance ? 'decided' : 'not decided'}.`
  );
}
