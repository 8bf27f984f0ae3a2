import { describe, expect, test } from 'vitest';
import { matmul, type Layout } from '../../../src/wgsl/matmul.ts';
import { largestError } from '../../reference/differences.ts';
import * as reference from '../../reference/matmul.ts';
import { normal } from '../../reference/random.ts';
import { packedFormats } from './packed.ts';
import { adapterKinds, runPlan } from './support.ts';

const layouts: Layout[] = ['NN', 'NT', 'TN'];
/** One element; smaller than a tile; no multiples of four; whole tiles and a rest; the large tiles. */
const sizes: [M: number, N: number, K: number][] = [
  [1, 1, 1],
  [3, 2, 5],
  [17, 30, 13],
  [70, 68, 36],
  [1030, 516, 12],
];

describe.each(adapterKinds)('matmul kernels for a %s adapter', (kind) => {
  describe.each(layouts)('%s', (layout) => {
    test.each(sizes)('agree with the float64 twin at M %i, N %i, K %i', async (M, N, K) => {
      const [a, b, before] = [normal(1, M * K), normal(2, K * N), normal(3, M * N)];
      const actual = await runPlan(kind, ({ plan, given }) => {
        const operands = {
          layout,
          a: given('a', layout === 'TN' ? [K, M] : [M, K], a),
          b: given('b', layout === 'NT' ? [N, K] : [K, N], b),
        };
        const out = plan.keep('c', [M, N]);
        const sum = given('sum', [M, N], before);
        matmul(plan, { ...operands, out });
        matmul(plan, { ...operands, out: sum, accumulate: true });
        return { out, sum };
      });
      const expected = reference.matmul(layout, a, b, [M, N, K]);
      expect(largestError(actual.out, expected)).toBeLessThan(2e-6 * Math.sqrt(K));
      const sum = expected.map((value, i) => value + (before[i] as number));
      expect(largestError(actual.sum, sum)).toBeLessThan(2e-6 * Math.sqrt(K));
    });
  });

  describe.each(Object.entries(packedFormats))('with a frozen %s weight', (_, pack) => {
    test.each([
      [5, 7, 32],
      [33, 40, 96],
      [66, 65, 160],
      [130, 80, 64],
      [9, 13, 38],
    ])('give y = x Wᵀ and dx = dy W for M %i, N %i, K %i', async (M, N, K) => {
      const [x, dy] = [normal(1, M * K), normal(2, M * N)];
      let weight = new Float64Array();
      const actual = await runPlan(kind, (bench) => {
        const { plan, given } = bench;
        const { operand: b, values } = pack(bench, N, K);
        weight = values;
        const y = plan.keep('y', [M, N]);
        const dx = plan.keep('dx', [M, K]);
        matmul(plan, { layout: 'NT', a: given('x', [M, K], x), b, out: y });
        matmul(plan, { layout: 'NN', a: given('dy', [M, N], dy), b, out: dx });
        return { y, dx };
      });
      const y = reference.matmul('NT', x, weight, [M, N, K]);
      const dx = reference.matmul('NN', dy, weight, [M, K, N]);
      expect(largestError(actual.y, y)).toBeLessThan(1e-5);
      expect(largestError(actual.dx, dx)).toBeLessThan(1e-5);
    });
  });
});

test('sizes that do not fit are refused with both shapes before anything runs', async () => {
  await expect(
    runPlan('gpu', ({ plan, given }) => {
      const out = plan.keep('c', [2, 4]);
      const [a, b] = [given('a', [2, 3], normal(1, 6)), given('b', [4, 5], normal(2, 20))];
      matmul(plan, { layout: 'NT', a, b, out, label: 'q_proj' });
      return { out };
    }),
  ).rejects.toThrow('q_proj (NT): the inner sizes of a [2, 3] and b [4, 5] differ: 3 and 5.');
});
