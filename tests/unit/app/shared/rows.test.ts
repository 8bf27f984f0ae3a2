// A long table of which only the rows in sight are asked for.
import { describe, expect, it } from 'vitest';
import { RowWindow } from '../../../../src/app/shared/rows.svelte.ts';
import type { Rows } from '../../../../src/lexicon/shelf.ts';
import { settle } from '../fakes.ts';

describe('RowWindow', () => {
  const all = Array.from({ length: 250 }, (_, index) => `row ${index}`);

  it('asks for a row and those around it once', async () => {
    const asked: number[] = [];
    const rows = new RowWindow<string>((from, to) => {
      asked.push(from);
      return Promise.resolve({ total: all.length, rows: all.slice(from, to) });
    });
    [0, 1, 120, 130].forEach((index) => rows.need(index));
    expect(rows.at(120)).toBeUndefined();
    await settle();
    expect(asked).toEqual([0, 100]);
    expect(rows.total).toBe(250);
    expect([rows.at(0), rows.at(120), rows.at(249)]).toEqual(['row 0', 'row 120', undefined]);
  });

  it('keeps showing what it has until the rows of the changed table have come', async () => {
    const answers: ((rows: Rows<string>) => void)[] = [];
    const rows = new RowWindow<string>(() => new Promise((resolve) => answers.push(resolve)));
    rows.refresh();
    rows.refresh();
    answers[1]?.({ total: 1, rows: ['new'] });
    await settle();
    answers[0]?.({ total: 1, rows: ['old'] });
    await settle();
    expect(rows.at(0)).toBe('new');
    rows.refresh();
    expect(rows.at(0)).toBe('new');
    answers[2]?.({ total: 0, rows: [] });
    await settle();
    expect(rows).toMatchObject({ total: 0 });
    expect(rows.at(0)).toBeUndefined();
  });

  it('asks again for what could not be had', async () => {
    let calls = 0;
    const rows = new RowWindow<string>(() => {
      calls++;
      return Promise.reject(new Error('gone'));
    });
    rows.need(0);
    await settle();
    rows.need(0);
    expect(calls).toBe(2);
  });
});
