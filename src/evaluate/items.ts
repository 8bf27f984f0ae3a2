// Samples without their texts, as a table of thousands of rows needs them: which rows are shown, in which order.
// The texts stay where the run is kept (store.ts).
import type { Route } from '../bridge/types.ts';
import { pairKey } from './paired.ts';
import type { Extractor, Sample } from './record.ts';

/** A sample in the table. It is enough for scores (summary.ts) and for pairs (paired.ts). */
export interface ItemRow extends Pick<
  Sample,
  'index' | 'id' | 'lang' | 'route' | 'expected' | 'extracted' | 'correct' | 'tokens' | 'error'
> {
  /** The beginning of the question. */
  beginning: string;
  /** Milliseconds from the question to its answer; `null` where nothing was timed. */
  milliseconds: number | null;
}

/** A line of the table shows no more of a question. */
const beginningLength = 120;

export function itemRow(sample: Sample): ItemRow {
  const { index, id, lang, route, expected, extracted, correct, tokens, error, timings } = sample;
  return {
    ...{ index, id, lang, route, expected, extracted, correct, tokens, error },
    beginning: sample.question.slice(0, beginningLength),
    milliseconds:
      timings && timings.encodeMs + timings.alignMs + timings.prefillMs + timings.decodeMs,
  };
}

/** Rows that can be asked for. */
export const shows = ['all', 'wrong', 'differing', 'changed'] as const;
export type Show = (typeof shows)[number];

/** What rows can be sorted by; `plan` is the order in which they were asked. */
export type SortKey = 'plan' | 'lang' | 'route' | 'expected' | 'taken' | 'verdict' | 'milliseconds';

export interface ItemFilter {
  /** Whose verdict counts. */
  extractor: Extractor;
  /** `null` for all. */
  lang: string | null;
  route: Route | null;
  show: Show;
  sort: { by: SortKey; descending: boolean };
}

const orders: Record<SortKey, (row: ItemRow, extractor: Extractor) => string | number> = {
  plan: ({ index }) => index,
  lang: ({ lang }) => lang,
  route: ({ route }) => route,
  expected: ({ expected }) => numberOf(expected),
  taken: ({ extracted }, extractor) => numberOf(extracted[extractor]),
  verdict: ({ correct }, extractor) => Number(correct[extractor]),
  milliseconds: ({ milliseconds }) => milliseconds ?? Number.POSITIVE_INFINITY,
};

/** Answers are sorted as numbers; what is none comes last. */
function numberOf(text: string | null): number {
  const value = Number(text?.replaceAll(',', '') || NaN);
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

/**
 * The rows that a filter lets through, in its order; rows that are equal in it keep the order of the plan.
 * @param others what `changed` compares with: rows of another run or route. Paired by language, id and, where
 *   `sameRoute` is set, route.
 */
export function selectRows(
  rows: readonly ItemRow[],
  { extractor, lang, route, show, sort }: ItemFilter,
  others: { rows: readonly ItemRow[]; sameRoute: boolean } | null,
): ItemRow[] {
  const keyOf = (row: ItemRow) =>
    others?.sameRoute ? `${pairKey(row)} ${row.route}` : pairKey(row);
  const verdicts = new Map(others?.rows.map((row) => [keyOf(row), row.correct[extractor]]));
  const lets: Record<Show, (row: ItemRow) => boolean> = {
    all: () => true,
    wrong: ({ correct }) => !correct[extractor],
    differing: ({ extracted }) => new Set(Object.values(extracted).map(numberOrText)).size > 1,
    changed: (row) => {
      const other = verdicts.get(keyOf(row));
      return other !== undefined && other !== row.correct[extractor];
    },
  };
  const order = orders[sort.by];
  const direction = sort.descending ? -1 : 1;
  return rows
    .filter((row) => (lang ?? row.lang) === row.lang && (route ?? row.route) === row.route)
    .filter(lets[show])
    .sort((a, b) => {
      const [first, second] = [order(a, extractor), order(b, extractor)];
      return first === second ? a.index - b.index : first < second ? -direction : direction;
    });
}

/** Extractors that took 12 and 12.0 do not differ. */
function numberOrText(text: string | null): string | number | null {
  const value = numberOf(text);
  return value === Number.POSITIVE_INFINITY ? text : value;
}
