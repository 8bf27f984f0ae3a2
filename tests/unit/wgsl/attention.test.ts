import { describe, expect, test } from 'vitest';
import { attention, attentionBackward, type Heads } from '../../reference/attention.ts';
import { finiteDifferences, inner, largestError } from '../../reference/differences.ts';
import { normal } from '../../reference/random.ts';

const cases: Record<string, { heads: Heads; segments: number[] }> = {
  'one head': { heads: { T: 5, H: 1, G: 1, E: 4 }, segments: [1, 1, 1, 1, 1] },
  'shared key heads and padding': {
    heads: { T: 4, H: 4, G: 2, E: 4 },
    segments: [0, 0, 1, 1, 1, 1, 1, 0],
  },
  'packed sequences': { heads: { T: 6, H: 2, G: 1, E: 4 }, segments: [1, 1, 2, 2, 2, 0] },
};

describe.each(Object.entries(cases))('the attention twin with %s', (_, { heads, segments }) => {
  const { H, G, E } = heads;
  const M = segments.length;
  const [q, dO] = [normal(1, M * H * E), normal(2, M * H * E)];
  const [k, v] = [normal(3, M * G * E), normal(4, M * G * E)];
  const inputs = { q, k, v, segments };

  test('has the gradients of finite differences', () => {
    const loss = () => inner(attention(inputs, heads).o, dO);
    const { dq, dk, dv } = attentionBackward(inputs, heads, dO);
    expect(largestError(dq, finiteDifferences(q, loss))).toBeLessThan(1e-7);
    expect(largestError(dk, finiteDifferences(k, loss))).toBeLessThan(1e-7);
    expect(largestError(dv, finiteDifferences(v, loss))).toBeLessThan(1e-7);
  });

  test('gives a text what it would give it alone', () => {
    const { o } = attention(inputs, heads);
    for (const segment of new Set(segments.slice(0, heads.T))) {
      if (segment === 0) continue;
      const first = segments.indexOf(segment);
      const T = segments.slice(first, heads.T).filter((other) => other === segment).length;
      const part = (x: Float64Array) =>
        x.slice((first * x.length) / M, ((first + T) * x.length) / M);
      const alone = { q: part(q), k: part(k), v: part(v), segments: Array<number>(T).fill(1) };
      expect(largestError(attention(alone, { ...heads, T }).o, part(o))).toBeLessThan(1e-15);
    }
  });
});

test('values that are all the same come out as they are, whatever the scores', () => {
  const heads = { T: 3, H: 1, G: 1, E: 4 };
  const v = new Float64Array(12).fill(2.5);
  const inputs = { q: normal(1, 12, 9), k: normal(2, 12, 9), v, segments: [1, 1, 1] };
  expect(largestError(attention(inputs, heads).o, v)).toBeLessThan(1e-14);
});
