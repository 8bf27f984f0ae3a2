import { describe, expect, test } from 'vitest';
import { rope, ropeBackward } from '../../../src/wgsl/rope.ts';
import { largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';
import * as reference from '../../reference/rope.ts';
import { adapterKinds, runPlan } from './support.ts';

const P = 40;

describe.each(adapterKinds)('RoPE kernels for a %s adapter', (kind) => {
  test.each([
    { M: 1, heads: 1, E: 2, first: 0, factor: 1 },
    { M: 5, heads: 3, E: 6, first: 7, factor: 4 },
    { M: 33, heads: 4, E: 32, first: 0, factor: 1 },
  ])(
    'agree with the float64 twin on $M rows of $heads heads of $E from position $first, scaled by $factor',
    async ({ M, heads, E, first, factor }) => {
      const { cos, sin } = reference.angles(P, E, { theta: 10_000, factor });
      // Two sequences, one after the other.
      const positions = Array.from({ length: M }, (_, row) => first + (row % Math.ceil(M / 2)));
      const [x, dx] = [normal(1, M * heads * E), normal(2, M * heads * E)];
      const actual = await runPlan(kind, ({ plan, given }) => {
        const turn = {
          heads,
          positions: given('positions', [M], Uint32Array.from(positions), 'u32'),
          cos: given('cos', [P, E / 2], cos),
          sin: given('sin', [P, E / 2], sin),
        };
        const turned = given('x', [M, heads * E], x);
        rope(plan, { x: turned, ...turn });
        const gradient = given('dx', [M, heads * E], dx);
        ropeBackward(plan, { dx: gradient, ...turn });
        return { turned, gradient };
      });
      const turn = { heads, positions, cos, sin };
      expect(largestError(actual.turned, reference.rope(x, turn))).toBeLessThan(1e-6);
      expect(largestError(actual.gradient, reference.ropeBackward(dx, turn))).toBeLessThan(1e-6);
    },
  );
});
