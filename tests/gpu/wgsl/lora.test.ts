import { describe, expect, test } from 'vitest';
import { lora, loraBackward } from '../../../src/wgsl/lora.ts';
import { largestError } from '../../reference/differences.ts';
import * as reference from '../../reference/lora.ts';
import { normal } from '../../reference/random.ts';
import { adapterKinds, runPlan } from './support.ts';

const scale = 1.5;

describe.each(adapterKinds)('LoRA kernels for a %s adapter', (kind) => {
  test.each<reference.Sizes>([
    [1, 1, 1, 1],
    [7, 9, 5, 2],
    [33, 40, 20, 4],
  ])('agree with the float64 twin at M %i, N %i, K %i, R %i', async (M, N, K, R) => {
    const [x, down, up] = [normal(1, M * K), normal(2, R * K), normal(3, N * R)];
    const dy = normal(4, M * N);
    const before = {
      y: normal(5, M * N),
      ddown: normal(6, R * K),
      dup: normal(7, N * R),
      dx: normal(8, M * K),
    };
    const actual = await runPlan(kind, ({ plan, given }) => {
      const branch = {
        x: given('x', [M, K], x),
        down: given('down', [R, K], down),
        up: given('up', [N, R], up),
        scale,
      };
      const y = given('y', [M, N], before.y);
      const u = lora(plan, { ...branch, y });
      const gradients = {
        ddown: given('ddown', [R, K], before.ddown),
        dup: given('dup', [N, R], before.dup),
        dx: given('dx', [M, K], before.dx),
      };
      loraBackward(plan, { ...branch, u, dy: given('dy', [M, N], dy), ...gradients });
      return { y, ...gradients };
    });
    const branch = { x, down, up, scale };
    const expected = {
      y: reference.lora(branch, [M, N, K, R]),
      ...reference.loraBackward(branch, dy, [M, N, K, R]),
    };
    for (const name of ['y', 'ddown', 'dup', 'dx'] as const) {
      // Everything is added to what is there.
      const sum = expected[name].map((value, i) => value + (before[name][i] as number));
      expect(largestError(actual[name], sum), name).toBeLessThan(5e-6);
    }
  });
});
