import { describe, expect, test } from 'vitest';
import { attention, attentionBackward } from '../../../src/wgsl/attention.ts';
import * as reference from '../../reference/attention.ts';
import { largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import { adapterKinds, runPlan } from './support.ts';

/** `length` positions of each segment, one after the other. */
const runs = (...lengths: [segment: number, length: number][]): number[] =>
  lengths.flatMap(([segment, length]) => Array<number>(length).fill(segment));

interface Case {
  name: string;
  heads: reference.Heads;
  segments: number[];
  /** Of q and k: 1 by default. */
  deviation?: number;
}

const cases: Case[] = [
  {
    name: 'sequences of one position',
    heads: { T: 1, H: 1, G: 1, E: 4 },
    segments: [1, 0, 1],
  },
  {
    name: 'a key head for every query head',
    heads: { T: 17, H: 3, G: 3, E: 8 },
    segments: runs([1, 34]),
  },
  {
    name: 'shared key heads, padding on either side',
    heads: { T: 70, H: 4, G: 2, E: 12 },
    segments: runs([0, 9], [1, 61], [1, 30], [0, 40]),
  },
  {
    name: 'one key head, packed texts and a sequence that is all padding',
    heads: { T: 19, H: 3, G: 1, E: 4 },
    segments: runs([1, 5], [2, 1], [3, 9], [0, 4], [0, 19], [1, 19]),
  },
  {
    name: 'a large head and scores far apart',
    heads: { T: 24, H: 2, G: 1, E: 64 },
    segments: runs([1, 24]),
    deviation: 4,
  },
];

describe.each(adapterKinds)('attention kernels for a %s adapter', (kind) => {
  test.each(cases)(
    'agree with the float64 twin on $name',
    async ({ heads, segments, deviation = 1 }) => {
      const { T, H, G, E } = heads;
      const M = segments.length;
      const [q, k] = [normal(1, M * H * E, deviation), normal(2, M * G * E, deviation)];
      const [v, dO] = [normal(3, M * G * E), normal(4, M * H * E)];
      // What was in the results before must not show.
      const before = normal(5, M * H * E);
      const actual = await runPlan(kind, ({ plan, given }) => {
        const wide = [M, H * E];
        const narrow = [M, G * E];
        const tensors = {
          q: given('q', wide, q),
          k: given('k', narrow, k),
          v: given('v', narrow, v),
          segments: given('segments', [M], Uint32Array.from(segments), 'u32'),
          o: given('o', wide, before),
          logSumExp: given('logSumExp', [M, H], before.subarray(0, M * H)),
          positions: T,
          heads: H,
          keyValueHeads: G,
        };
        const gradients = {
          dq: given('dq', wide, before),
          dk: given('dk', narrow, before.subarray(0, M * G * E)),
          dv: given('dv', narrow, before.subarray(0, M * G * E)),
        };
        attention(plan, tensors);
        attentionBackward(plan, { ...tensors, ...gradients, dO: given('dO', wide, dO) });
        return { o: tensors.o, logSumExp: tensors.logSumExp, ...gradients };
      });
      const inputs = { q, k, v, segments };
      const { o, logSumExp } = reference.attention(inputs, heads);
      const { dq, dk, dv } = reference.attentionBackward(inputs, heads, dO);
      const tolerance = 1e-5 * deviation ** 2;
      expect(largestError(actual.o, o)).toBeLessThan(tolerance);
      expect(largestError(actual.logSumExp, logSumExp)).toBeLessThan(tolerance);
      expect(largestError(actual.dq, dq)).toBeLessThan(tolerance);
      expect(largestError(actual.dk, dk)).toBeLessThan(tolerance);
      expect(largestError(actual.dv, dv)).toBeLessThan(tolerance);
    },
  );
});
