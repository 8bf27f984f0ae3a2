import { describe, expect, test } from 'vitest';
import { embed, nowhere, placeRows, takeRows } from '../../../src/wgsl/rows.ts';
import { largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import * as reference from '../../reference/rows.ts';
import { packedFormats, type Packed } from './packed.ts';
import { adapterKinds, runPlan, type Bench } from './support.ts';

const formats: typeof packedFormats = {
  f32({ given }: Bench, rows: number, columns: number): Packed {
    const values = Float64Array.from(normal(5, rows * columns));
    return { operand: given('w', [rows, columns], values), values };
  },
  ...packedFormats,
};
const ids = [3, 8, 0, nowhere, 8, 5];

describe.each(adapterKinds)('for a %s adapter', (kind) => {
  describe.each(Object.entries(formats))('a table in %s', (_, pack) => {
    test.each([1, 30, 72])('gives the rows of token ids, %i columns', async (D) => {
      let table = new Float64Array();
      const before = normal(1, ids.length * D);
      const actual = await runPlan(kind, (bench) => {
        const { operand, values } = pack(bench, 9, D);
        table = values;
        const u32 = bench.given('ids', [ids.length], Uint32Array.from(ids), 'u32');
        const out = bench.given('out', [2, 3, D], before);
        embed(bench.plan, { table: operand, ids: u32, out });
        return { out };
      });
      const expected = reference.takeRows(table, ids, D);
      // A row with no token keeps what it has.
      expected.set(before.subarray(3 * D, 4 * D), 3 * D);
      expect(largestError(actual.out, expected)).toBeLessThan(1e-6);
    });
  });

  test('the second part of a table is a table of its own', async () => {
    const table = normal(1, 9 * 6);
    const actual = await runPlan(kind, ({ plan, given }) => {
      const of = given('table', [9, 6], table);
      const out = plan.keep('out', [2, 6]);
      const u32 = given('ids', [2], Uint32Array.of(0, 3), 'u32');
      embed(plan, { table: { of, first: 5, rows: 4 }, ids: u32, out });
      return { out };
    });
    expect(largestError(actual.out, reference.takeRows(table, [5, 8], 6))).toBeLessThan(1e-7);
  });

  test.each([1, 7, 64])('rows of %i are placed and taken, but for nowhere', async (D) => {
    const [x, out] = [normal(1, 4 * D), normal(2, 6 * D)];
    const index = [4, nowhere, 0, 5];
    const actual = await runPlan(kind, ({ plan, given }) => {
      const u32 = given('index', [4], Uint32Array.from(index), 'u32');
      const placed = given('placed', [6, D], out);
      placeRows(plan, { x: given('x', [4, D], x), to: u32, out: placed });
      const taken = given('taken', [4, D], x);
      takeRows(plan, { x: given('all', [2, 3, D], out), from: u32, out: taken });
      return { placed, taken };
    });
    expect(largestError(actual.placed, reference.placeRows(x, index, out, D))).toBe(0);
    expect(largestError(actual.taken, reference.takeRows(out, index, D))).toBe(0);
  });
});
