// Random numbers of a run: those of the reference, without bias, and the same after a break.
import { describe, expect, it, test } from 'vitest';
import { isRandomState, permutation, Random } from '../../../src/train/random.ts';

/** Skips draws, which a float takes one of. */
function skip(random: Random, draws: number): Random {
  for (let draw = 0; draw < draws; draw++) random.nextFloat();
  return random;
}

const drawn = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.nextInt(2 ** 32));

/** PractRand's own output for the state [0, 2, 1, 1] after 16 draws, as the Rust crate rand_sfc tests it. */
const reference = [
  0xa87dbc7e, 0x1787178c, 0x4c7b7234, 0xc65dade2, 0x2c692349, 0xf52c2153, 0xdf098072, 0x9d49b03c,
  0x9562381a, 0xc9b41738, 0x64b75e54, 0x36ce9b32, 0xf106947e, 0x0afc726b, 0x549bbc87, 0xd19a7b3e,
];

describe('Random', () => {
  it('draws what the reference implementation of sfc32 draws', () => {
    expect(drawn(skip(new Random([0, 2, 1, 1]), 16), 16)).toEqual(reference);
  });

  it('mixes a seed by twelve draws before the first number is taken', () => {
    expect(drawn(skip(Random.seeded(2 ** 32 + 2), 4), 16)).toEqual(reference);
  });

  it('goes on from its state as if there had been no break', () => {
    const random = skip(Random.seeded(7), 1000);
    const kept: unknown = JSON.parse(JSON.stringify(random.state));
    if (!isRandomState(kept)) throw new Error('The state does not survive JSON.');
    expect(drawn(new Random(kept), 50)).toEqual(drawn(random, 50));
  });

  it('draws something else for another seed or another stream', () => {
    const first = drawn(Random.seeded(1), 4);
    expect(drawn(Random.seeded(1), 4)).toEqual(first);
    for (const other of [Random.seeded(2), Random.seeded(1 + 2 ** 32), Random.seeded(1, 1)]) {
      expect(drawn(other, 4)).not.toEqual(first);
    }
  });

  it('keeps its words below 2³² however long it draws', () => {
    const random = new Random([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1]);
    for (let draw = 0; draw < 100; draw++) {
      expect(isRandomState(skip(random, 1).state)).toBe(true);
    }
  });

  it('draws every whole number as often', () => {
    const random = Random.seeded(3);
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < 70_000; draw++) {
      const i = random.nextInt(7);
      counts[i] = (counts[i] ?? NaN) + 1;
    }
    // Chi square of 6 degrees of freedom: above 22.5 once in a thousand seeds, and the seed is fixed.
    const chiSquare = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(22.5);
  });

  it('has no bias where a remainder would', () => {
    // The remainder of a word by 3 · 2³⁰ falls below 2³⁰ half of the time; it should be a third.
    const random = Random.seeded(4);
    let low = 0;
    for (let draw = 0; draw < 9000; draw++) if (random.nextInt(3 * 2 ** 30) < 2 ** 30) low++;
    expect(low / 9000).toBeCloseTo(1 / 3, 1);
  });

  it('draws floats from 0 to below 1 around one half', () => {
    const random = Random.seeded(5);
    const floats = Array.from({ length: 10_000 }, () => random.nextFloat());
    expect(Math.min(...floats)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...floats)).toBeLessThan(1);
    expect(floats.reduce((sum, x) => sum + x, 0) / floats.length).toBeCloseTo(0.5, 2);
  });

  it.each([0, -1, 1.5, NaN, 2 ** 32 + 1])('has no whole number below %s', (count) => {
    expect(() => Random.seeded(1).nextInt(count)).toThrow(`below ${count}`);
  });

  it.each([-1, 0.5, NaN, 2 ** 53])('refuses the seed %s', (seed) => {
    expect(() => Random.seeded(seed)).toThrow(`not ${seed}`);
  });

  it('refuses a stream that is no word', () => {
    expect(() => Random.seeded(1, -1)).toThrow('[-1,1,0,1] is no state');
  });
});

test.each([
  [[1, 2, 3]],
  [[1, 2, 3, 4, 5]],
  [[1, 2, 3, -1]],
  [[1, 2, 3, 2 ** 32]],
  [[1, 2, 3, '4']],
])('%j is no state of random numbers', (value) => {
  expect(isRandomState(value)).toBe(false);
});

describe('permutation', () => {
  it('has every number once, in an order that seed and epoch decide', () => {
    const order = permutation(1000, Random.seeded(1, 2));
    expect(order.toSorted()).toEqual(Uint32Array.from({ length: 1000 }, (_, i) => i));
    expect(permutation(1000, Random.seeded(1, 2))).toEqual(order);
    expect(permutation(1000, Random.seeded(1, 3))).not.toEqual(order);
  });

  it('comes to every order as often', () => {
    const random = Random.seeded(9);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = permutation(4, random).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // Chi square of 23 degrees of freedom: above 49.7 once in a thousand seeds.
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(49.7);
  });

  it('of nothing is nothing', () => {
    expect(permutation(0, Random.seeded(1))).toHaveLength(0);
  });
});
