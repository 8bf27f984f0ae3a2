// The item table: which rows a filter lets through, and their order.
import { describe, expect, it } from 'vitest';
import { itemRow, selectRows, type ItemFilter, type ItemRow } from '../../../src/evaluate/items.ts';
import { sampleAt } from './runs.ts';

function row(index: number, changed: Partial<ItemRow> = {}): ItemRow {
  return { ...itemRow(sampleAt(index)), ...changed };
}
const verdicts = (strict: boolean) => ({ strict, flexible: true, 'last-number': true });
const taken = (strict: string | null, flexible: string) => ({
  ...{ strict, flexible, 'last-number': flexible },
});

const filter: ItemFilter = {
  ...{ extractor: 'strict', lang: null, route: null, show: 'all' },
  sort: { by: 'plan', descending: false },
};
const places = (rows: ItemRow[]) => rows.map(({ index }) => index);

describe('itemRow', () => {
  it('keeps the beginning of the question, the whole time, and no text', () => {
    const timings = { encodeMs: 1, alignMs: 2, prefillMs: 3, decodeMs: 4, tokensPerSecond: 5 };
    const made = itemRow({ ...sampleAt(3), question: 'x'.repeat(500), timings });
    expect(made).toMatchObject({ index: 3, milliseconds: 10, beginning: 'x'.repeat(120) });
    expect(made).not.toHaveProperty('text');
    expect(made).not.toHaveProperty('question');
  });
});

describe('selectRows', () => {
  const rows = [
    row(0, { lang: 'sw', expected: '9' }),
    row(1, { lang: 'en', expected: '1,000', correct: verdicts(false) }),
    row(2, { lang: 'sw', route: 'lingualift', expected: '30', extracted: taken('2.0', '2') }),
    row(3, { lang: 'en', expected: 'many', extracted: taken(null, '2') }),
  ];

  it('filters by language, route and verdict of the chosen extractor', () => {
    expect(places(selectRows(rows, { ...filter, lang: 'sw' }, null))).toEqual([0, 2]);
    expect(places(selectRows(rows, { ...filter, route: 'lingualift' }, null))).toEqual([2]);
    expect(places(selectRows(rows, { ...filter, show: 'wrong' }, null))).toEqual([1]);
    const flexible = { ...filter, show: 'wrong', extractor: 'flexible' } as const;
    expect(selectRows(rows, flexible, null)).toEqual([]);
  });

  it('finds items where extractors took different numbers, however they are written', () => {
    expect(places(selectRows(rows, { ...filter, show: 'differing' }, null))).toEqual([3]);
  });

  it('sorts answers as numbers, what is none last, and keeps the plan where rows are equal', () => {
    const by = (descending: boolean) => ({
      ...filter,
      sort: { by: 'expected' as const, descending },
    });
    expect(places(selectRows(rows, by(false), null))).toEqual([0, 2, 1, 3]);
    expect(places(selectRows(rows, by(true), null))).toEqual([3, 1, 2, 0]);
    const lang = { ...filter, sort: { by: 'lang' as const, descending: true } };
    expect(places(selectRows(rows, lang, null))).toEqual([0, 2, 1, 3]);
  });

  it('finds items whose verdict another run or route changes; what it was not asked is left out', () => {
    const mine = [row(0, { id: 'a' }), row(1, { id: 'b' }), row(2, { id: 'c' })];
    const others = [
      row(0, { id: 'a', route: 'gloss', correct: verdicts(false) }),
      row(1, { id: 'b', route: 'gloss' }),
    ];
    const changed = { ...filter, show: 'changed' as const };
    expect(places(selectRows(mine, changed, { rows: others, sameRoute: false }))).toEqual([0]);
    expect(selectRows(mine, changed, { rows: others, sameRoute: true })).toEqual([]);
    expect(selectRows(mine, changed, null)).toEqual([]);
  });
});
