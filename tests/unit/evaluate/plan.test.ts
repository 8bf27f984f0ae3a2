// In which order a run asks.
import { describe, expect, it } from 'vitest';
import { makePlan, type PlanItem } from '../../../src/evaluate/plan.ts';
import { config, problems, problemsOf } from './runs.ts';

/** How often each value occurs. */
function counts(values: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return found;
}

const spread = (values: Iterable<number>): number => Math.max(...values) - Math.min(...values);
const nameOf = ({ route, problem: { lang, id } }: PlanItem) => `${route} ${lang} ${id}`;

describe('makePlan', () => {
  it('asks the first problems of all languages before the second ones, and a batch on all routes', () => {
    const plan = makePlan(config, problems);
    expect(plan.map(({ start, items }) => [start, items.map(nameOf)])).toEqual([
      [0, ['direct en 0', 'direct sw 0', 'direct bn 0', 'direct en 1']],
      [4, ['lingualift en 0', 'lingualift sw 0', 'lingualift bn 0', 'lingualift en 1']],
      [8, ['direct sw 1', 'direct bn 1', 'direct en 2', 'direct sw 2']],
      [12, ['lingualift sw 1', 'lingualift bn 1', 'lingualift en 2', 'lingualift sw 2']],
      [16, ['direct bn 2', 'direct en 3', 'direct sw 3']],
      [19, ['lingualift bn 2', 'lingualift en 3', 'lingualift sw 3']],
    ]);
  });

  it.each([1, 3, 16, 1000])(
    'has every item once and in its place, in batches of %i',
    (batchSize) => {
      const plan = makePlan({ ...config, batchSize }, problems);
      const items = plan.flatMap((batch) => batch.items);
      expect(items.map(({ index }) => index)).toEqual(items.map((_, index) => index));
      expect(new Set(items.map(nameOf)).size).toBe(items.length);
      expect(items).toHaveLength(problems.length * config.routes.length);
      for (const batch of plan) {
        expect(batch.items.length).toBeLessThanOrEqual(batchSize);
        expect(new Set(batch.items.map(({ route }) => route))).toEqual(new Set([batch.route]));
        expect(batch.start).toBe(batch.items[0]?.index);
      }
    },
  );

  it('is balanced over languages and routes wherever it is broken off between batches', () => {
    const languages = ['bn', 'de', 'en', 'es', 'fr', 'ja', 'ru', 'sw', 'te', 'th', 'zh'];
    const routes = ['direct', 'langbridge', 'lingualift'] as const;
    const many = languages.flatMap((lang) => problemsOf(lang, 50));
    const asked: PlanItem[] = [];
    for (const batch of makePlan({ languages, routes, exemplars: 0, batchSize: 16 }, many)) {
      asked.push(...batch.items);
      const perRoute = routes.map((route) => asked.filter((item) => item.route === route));
      expect(spread(perRoute.map(({ length }) => length))).toBeLessThanOrEqual(16);
      for (const items of perRoute.filter(({ length }) => length >= languages.length)) {
        expect(
          spread(counts(items.map(({ problem }) => problem.lang)).values()),
        ).toBeLessThanOrEqual(1);
      }
    }
  });

  it('has one language a batch where worked problems go with it', () => {
    const plan = makePlan({ ...config, routes: ['direct'], exemplars: 3, batchSize: 3 }, problems);
    expect(plan.map(({ items }) => items.map(nameOf))).toEqual([
      ['direct en 0', 'direct en 1', 'direct en 2'],
      ['direct sw 0', 'direct sw 1', 'direct sw 2'],
      ['direct bn 0', 'direct bn 1', 'direct bn 2'],
      ['direct en 3'],
      ['direct sw 3'],
    ]);
  });

  it('leaves out languages that the config does not name', () => {
    const plan = makePlan({ ...config, languages: ['sw'] }, problems);
    const languages = plan.flatMap(({ items }) => items.map(({ problem }) => problem.lang));
    expect(counts(languages)).toEqual(new Map([['sw', 8]]));
  });
});
