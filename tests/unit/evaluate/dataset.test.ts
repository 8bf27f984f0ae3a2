// Reading problems and drawing subsets.
import { describe, expect, it } from 'vitest';
import { parseJsonLines, subset } from '../../../src/evaluate/dataset.ts';

const line = (fields: object) =>
  JSON.stringify({ id: 'a', lang: 'sw', question: 'Ngapi?', answer: '12', ...fields });

describe('parseJsonLines', () => {
  it('reads problems, with numbers as ids and answers too', () => {
    const { problems, malformed } = parseJsonLines(
      `${line({})}\r\n\n${line({ id: 7, answer: 2.5 })}`,
    );
    expect(problems.map(({ id, answer }) => [id, answer.text])).toEqual([
      ['a', '12'],
      ['7', '2.5'],
    ]);
    expect(malformed).toEqual([]);
  });

  it('lists malformed lines by number and reason', () => {
    const bad = ['{"id":', '[]', line({ lang: '' }), line({ answer: 'twelve' }), '{"id":"x"}'];
    const { problems, malformed } = parseJsonLines([line({}), '', ...bad].join('\n'));
    expect(problems).toHaveLength(1);
    expect(malformed.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
    expect(malformed[0]?.reason).toMatch(/JSON/);
    expect(malformed[2]?.reason).toMatch(/^lang/);
    expect(malformed[3]?.reason).toMatch(/answer.*twelve/);
  });
});

describe('subset', () => {
  const items = Array.from({ length: 100 }, (_, index) => index);

  it('is the same for a seed, another for another, and keeps the order', () => {
    const first = subset(items, 10, 1);
    expect(first).toHaveLength(10);
    expect(first).toEqual(subset(items, 10, 1));
    expect(first).not.toEqual(subset(items, 10, 2));
    expect(first).toEqual(first.toSorted((a, b) => a - b));
    expect(first).not.toEqual(items.slice(0, 10));
  });

  it('keeps all when there are no more', () => {
    expect(subset(items, Infinity, 1)).toEqual(items);
  });
});
