// The order in which a run asks, and what it asks side by side.
//
// Problems are dealt out like cards: the first of every language, then the second of every language, and so on; a
// language that has no more is passed over. This row is cut into batches of `batchSize`, and every route is asked
// batch k before any route is asked batch k + 1. So whenever a run is looked at, routes differ by at most one batch
// and, while all have problems left, languages by at most one problem a route. Where worked problems stand in front of
// the questions, a batch has one language too, because they are in the language of the question: languages then
// differ by at most a batch.
//
// The plan follows from the config and the problems alone, never from where a run was interrupted: a resumed run asks
// the very batches that an unbroken one asks. That matters because sums over another batch may round another way.
import type { Route } from '../bridge/types.ts';
import type { Problem } from './datasets/problem.ts';
import type { RunConfig } from './record.ts';

/** A problem on a route. */
export interface PlanItem {
  /** Place in the plan, from 0. */
  index: number;
  route: Route;
  problem: Problem;
}

/** Items that are decoded side by side: one route, consecutive places. */
export interface PlanBatch {
  /** Place of its first item. */
  start: number;
  route: Route;
  items: readonly PlanItem[];
}

type PlanConfig = Pick<RunConfig, 'languages' | 'routes' | 'exemplars' | 'batchSize'>;

/**
 * Plans a run.
 * @param problems those that were chosen; of languages that the config does not name, none is asked
 * @returns every problem once on every route
 */
export function makePlan(
  { languages, routes, exemplars, batchSize }: PlanConfig,
  problems: readonly Problem[],
): PlanBatch[] {
  const byLanguage = languages.map((tag) => problems.filter(({ lang }) => lang === tag));
  const rows = exemplars > 0 ? byLanguage : [interleave(byLanguage)];
  const plan: PlanBatch[] = [];
  let start = 0;
  for (const together of interleave(rows.map((row) => cut(row, batchSize)))) {
    for (const route of routes) {
      const items = together.map((problem, place) => ({ index: start + place, route, problem }));
      plan.push({ start, route, items });
      start += items.length;
    }
  }
  return plan;
}

/** The first of every list, then the second of every list, and so on. */
function interleave<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) =>
    lists.flatMap((list) => list.slice(place, place + 1)),
  ).flat();
}

/** A row in pieces of so many; the last may be shorter. */
function cut<Item>(row: readonly Item[], size: number): Item[][] {
  const pieces = Math.ceil(row.length / size);
  return Array.from({ length: pieces }, (_, place) => row.slice(place * size, (place + 1) * size));
}
