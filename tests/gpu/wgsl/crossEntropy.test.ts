import { describe, expect, test } from 'vitest';
import {
  crossEntropy,
  crossEntropyBackward,
  type CrossEntropy,
} from '../../../src/wgsl/crossEntropy.ts';
import { nowhere } from '../../../src/wgsl/rows.ts';
import type { AdapterKind } from '../../../src/wgsl/profile.ts';
import * as reference from '../../reference/crossEntropy.ts';
import { largestError } from '../../reference/differences.ts';
import { normal, uniform } from '../../reference/random.ts';
import { packedFormats } from './packed.ts';
import { adapterKinds, runPlan, type Bench } from './support.ts';

interface Sizes {
  L: number;
  D: number;
  V: number;
  chunk: number;
}

/** Every third row has no label; the first two rows have the first and the last token. */
function randomLabels({ L, V }: Sizes): number[] {
  const draw = uniform(9);
  const labels = Array.from({ length: L }, (_, row) =>
    row % 3 === 2 ? nowhere : Math.floor(draw() * V),
  );
  return [0, V - 1, ...labels.slice(2)].slice(0, L);
}

/** The head as its parts, and all its values [V, D]. */
type Head = (bench: Bench) => { parts: CrossEntropy['head']; values: Float64Array };

async function expectAgreement(
  kind: AdapterKind,
  sizes: Sizes,
  labels: number[],
  makeHead: Head,
): Promise<void> {
  const { L, D, chunk } = sizes;
  const weight = 1 / 8;
  const h = normal(1, L * D);
  const before = normal(2, L * D);
  let head = new Float64Array();
  const actual = await runPlan(kind, (bench) => {
    const { plan, given } = bench;
    const { parts, values } = makeHead(bench);
    head = Float64Array.from(values);
    const options: CrossEntropy = {
      h: given('h', [L, D], h),
      head: parts,
      labels: given('labels', [L], Uint32Array.from(labels), 'u32'),
      weight: given('weight', [1], Float64Array.of(weight)),
      loss: given('loss', [1], Float64Array.of(0.5)),
      chunk,
    };
    const dh = given('dh', [L, D], before);
    const state = crossEntropy(plan, options);
    crossEntropyBackward(plan, { ...options, ...state, dh });
    return { loss: options.loss, dh };
  });
  const inputs = { h, head, labels, weight };
  // The loss is added to what is there; the gradient is written.
  expect(actual.loss[0]).toBeCloseTo(0.5 + reference.crossEntropy(inputs).loss, 4);
  expect(largestError(actual.dh, reference.crossEntropyBackward(inputs))).toBeLessThan(1e-5);
}

const plain =
  ({ D }: Sizes, ...rows: number[]): Head =>
  ({ given }) => {
    const V = rows.reduce((sum, count) => sum + count, 0);
    const values = normal(3, V * D);
    let begin = 0;
    const parts = rows.map((count) => {
      const part = values.slice(begin * D, (begin + count) * D);
      begin += count;
      return given('head', [count, D], part);
    });
    return { parts, values };
  };

describe.each(adapterKinds)('cross-entropy kernels for a %s adapter', (kind) => {
  test.each<Sizes>([
    { L: 1, D: 1, V: 1, chunk: 1 },
    { L: 1, D: 4, V: 8, chunk: 8 },
    { L: 5, D: 6, V: 11, chunk: 4 },
    { L: 33, D: 20, V: 300, chunk: 128 },
  ])(
    'agree with the float64 twin on $L rows of $D, $V tokens in chunks of $chunk',
    async (sizes) => {
      await expectAgreement(kind, sizes, randomLabels(sizes), plain(sizes, sizes.V));
    },
  );

  test('agree when the head comes in two parts that the chunk does not divide', async () => {
    const sizes = { L: 9, D: 8, V: 31, chunk: 5 };
    await expectAgreement(
      kind,
      sizes,
      [...randomLabels(sizes).slice(0, 7), 18, 17],
      plain(sizes, 18, 13),
    );
  });

  test('give no loss and no gradient when every label is ignored', async () => {
    const sizes = { L: 6, D: 8, V: 10, chunk: 4 };
    const labels = Array<number>(sizes.L).fill(nowhere);
    await expectAgreement(kind, sizes, labels, plain(sizes, sizes.V));
  });

  test('survive logits that float32 has no exponential for', async () => {
    const sizes = { L: 4, D: 4, V: 12, chunk: 5 };
    const large: Head = (bench) => {
      const { values } = plain(sizes, sizes.V)(bench);
      const head = values.map((value) => Math.fround(100 * value));
      return { parts: [bench.given('large', [sizes.V, sizes.D], head)], values: head };
    };
    await expectAgreement(kind, sizes, [0, 3, 11, 5], large);
  });

  test.each(Object.entries(packedFormats))('read a head in %s', async (_, pack) => {
    const sizes = { L: 7, D: 44, V: 21, chunk: 8 };
    await expectAgreement(kind, sizes, randomLabels(sizes), (bench) => {
      const { operand, values } = pack(bench, sizes.V, sizes.D);
      return { parts: [operand], values };
    });
  });
});
