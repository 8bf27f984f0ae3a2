// Seeded subsets.
import { describe, expect, it } from 'vitest';
import { choose } from '../../../../src/evaluate/datasets/choose.ts';
import { readExpected } from '../../../../src/evaluate/datasets/answer.ts';
import type { Problem } from '../../../../src/evaluate/datasets/problem.ts';

function problem(lang: string, id: string): Problem {
  const answer = readExpected('1', 'en');
  if (typeof answer === 'string') throw new Error(answer);
  return { id, lang, question: '?', answer };
}
const mgsm = (lang: string, count = 250) =>
  Array.from({ length: count }, (_, place) => problem(lang, `mgsm-${place + 1}`));
const idsOf = (problems: readonly Problem[], lang: string) =>
  problems.filter((one) => one.lang === lang).map(({ id }) => id);

describe('choose', () => {
  it('draws what an independent program draws, in the order of the file', () => {
    // The five smallest of FNV-1a + fmix32 over "7:mgsm-1" ... "7:mgsm-250", computed in Python.
    expect(idsOf(choose(mgsm('bn'), 5, 7), 'bn')).toEqual([
      ...['mgsm-84', 'mgsm-174', 'mgsm-198', 'mgsm-217', 'mgsm-227'],
    ]);
  });

  it('draws the same problems in every language that shares ids', () => {
    const chosen = choose([...mgsm('bn'), ...mgsm('sw').reverse()], 20, 1);
    expect(idsOf(chosen, 'bn')).toHaveLength(20);
    expect(new Set(idsOf(chosen, 'sw'))).toEqual(new Set(idsOf(chosen, 'bn')));
  });

  it('stays the same when a row is missing, but for that row', () => {
    const all = idsOf(choose(mgsm('bn'), 20, 1), 'bn');
    const fewer = choose(
      mgsm('bn').filter(({ id }) => id !== all[0]),
      20,
      1,
    );
    expect(idsOf(fewer, 'bn').filter((id) => all.includes(id))).toEqual(all.slice(1));
  });

  it('holds the smaller subsets of its seed, and differs between seeds', () => {
    const ten = idsOf(choose(mgsm('bn'), 10, 3), 'bn');
    expect(idsOf(choose(mgsm('bn'), 40, 3), 'bn')).toEqual(expect.arrayContaining(ten));
    expect(idsOf(choose(mgsm('bn'), 10, 4), 'bn')).not.toEqual(ten);
  });

  it('takes each problem about equally often', () => {
    const seeds = 500;
    const counts = new Map<string, number>();
    for (let seed = 0; seed < seeds; seed++) {
      for (const id of idsOf(choose(mgsm('bn', 50), 5, seed), 'bn')) {
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    // 50 expected each with a standard deviation of 6.7; six of them either way.
    expect(Math.min(...counts.values())).toBeGreaterThan(10);
    expect(Math.max(...counts.values())).toBeLessThan(90);
    expect(counts.size).toBe(50);
  });

  it('takes all where there is no limit or there are no more', () => {
    expect(choose(mgsm('bn', 30), null, 1)).toHaveLength(30);
    expect(choose(mgsm('bn', 30), 100, 1)).toEqual(mgsm('bn', 30));
  });
});
