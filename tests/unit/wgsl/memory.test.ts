import { describe, expect, test } from 'vitest';
import { WgslError } from '../../../src/wgsl/errors.ts';
import { planMemory } from '../../../src/wgsl/memory.ts';
import { bytesOf, type Lifetime, type Tensor } from '../../../src/wgsl/tensor.ts';
import { uniform } from '../../reference/random.ts';

const tensor = (name: string, size: number, lifetime: Lifetime = 'temporary'): Tensor => ({
  name,
  shape: [size],
  dataType: 'f32',
  lifetime,
});

/** Dispatches that bind a few of `count` temporaries each, in no order. */
function randomUses(seed: number, count: number, dispatches: number): Tensor[][] {
  const draw = uniform(seed);
  const below = (limit: number) => Math.floor(draw() * limit);
  const tensors = Array.from({ length: count }, (_, i) => tensor(`t${i}`, 1 + below(1000)));
  return Array.from({ length: dispatches }, (_, at) => {
    // Neighbours in time use neighbours in number, so that lives are short.
    const near = () =>
      tensors[Math.min(Math.floor((at * count) / dispatches) + below(6), count - 1)];
    return [...new Set([near(), near(), near()])].filter((one) => one !== undefined);
  });
}

/** First and last dispatch of every tensor. */
function lives(uses: readonly Tensor[][]): Map<Tensor, [first: number, last: number]> {
  const found = new Map<Tensor, [number, number]>();
  for (const [index, tensors] of uses.entries()) {
    for (const one of tensors) found.set(one, [found.get(one)?.[0] ?? index, index]);
  }
  return found;
}

describe.each([1, 2, 3, 4, 5])('for random plan %i', (seed) => {
  const uses = randomUses(seed, 40, 120);
  const layout = planMemory(uses, [], new Set());
  const life = lives(uses);

  test('temporaries that are alive together, if only within a dispatch, never share memory', () => {
    const all = [...life];
    for (const [i, [a, [firstA, lastA]]] of all.entries()) {
      for (const [b, [firstB, lastB]] of all.slice(i + 1)) {
        if (layout.placeOf.get(a)?.buffer !== layout.placeOf.get(b)?.buffer) continue;
        expect(lastA < firstB || lastB < firstA, `${a.name} and ${b.name}`).toBe(true);
      }
    }
  });

  test('every tensor has one buffer that is large enough, and the buffers add up', () => {
    expect(new Set(layout.placeOf.keys())).toEqual(new Set(life.keys()));
    for (const [one, { buffer }] of layout.placeOf) {
      expect(buffer.bytes).toBeGreaterThanOrEqual(bytesOf(one));
      expect(layout.buffers).toContain(buffer);
    }
    expect(layout.bytes).toBe(layout.buffers.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(layout.buffers.flatMap(({ tensors }) => tensors)).toHaveLength(life.size);
  });

  test('memory is used again: less than half of what the tensors add up to', () => {
    const separate = [...life.keys()].reduce((sum, one) => sum + bytesOf(one), 0);
    expect(layout.bytes).toBeLessThan(separate / 2);
  });
});

test('a chain of layers takes the memory of two', () => {
  const states = Array.from({ length: 10 }, (_, i) => tensor(`layer ${i}`, 100));
  const uses = states.slice(1).map((state, i) => [states[i] as Tensor, state]);
  expect(planMemory(uses, [], new Set()).bytes).toBe(2 * 400);
});

test('of the free buffers the smallest that is large enough is taken, else the largest grows', () => {
  const [small, large] = [tensor('small', 10), tensor('large', 100)];
  const [fits, grows] = [tensor('fits', 8), tensor('grows', 120)];
  const layout = planMemory(
    [
      [small, large],
      [fits, grows],
    ],
    [],
    new Set(),
  );
  expect(layout.placeOf.get(fits)).toEqual(layout.placeOf.get(small));
  expect(layout.placeOf.get(grows)).toEqual(layout.placeOf.get(large));
  expect(layout.bytes).toBe(40 + 480);
});

test('a persistent tensor that is written has its buffer for itself, used or not, and its parts lie in it', () => {
  const whole = tensor('parameters', 256, 'persistent');
  const part: Tensor = { ...tensor('weight', 64, 'persistent'), part: { of: whole, offset: 256 } };
  const unused = tensor('unused', 3, 'persistent');
  const [before, after] = [tensor('before', 256), tensor('after', 256)];
  const pinned = [whole, unused];
  const layout = planMemory([[before], [part], [after]], pinned, new Set(pinned));
  expect(layout.placeOf.get(whole)?.buffer.tensors).toEqual([whole]);
  expect(layout.placeOf.get(unused)?.buffer.bytes).toBe(12);
  expect(layout.bytes).toBe(1024 + 12 + 1024);
});

test('small persistent tensors that no dispatch writes lie side by side where the device can bind them', () => {
  const [gain, bias] = [tensor('gain', 3, 'persistent'), tensor('bias', 100, 'persistent')];
  const large = tensor('matrix', 2 ** 20, 'persistent');
  const state = tensor('state', 5, 'persistent');
  const pinned = [gain, large, state, bias];
  const { placeOf, buffers, bytes } = planMemory([pinned], pinned, new Set([state]));
  const shelf = placeOf.get(gain)?.buffer;
  expect(shelf).toEqual({ bytes: 256 + 400, tensors: [gain, bias] });
  expect(placeOf.get(bias)).toEqual({ buffer: shelf, offset: 256 });
  expect(placeOf.get(large)?.buffer.tensors).toEqual([large]);
  expect(placeOf.get(state)?.buffer.tensors).toEqual([state]);
  expect(buffers).toHaveLength(3);
  expect(bytes).toBe(656 + 4 * 2 ** 20 + 20);
});

test('a full shelf is followed by another, and no shelf is larger than 64 MiB', () => {
  const weights = Array.from({ length: 48 }, (_, i) => tensor(`w${i}`, 700_000 + i, 'persistent'));
  const { placeOf, buffers } = planMemory([], weights, new Set());
  expect(buffers).toHaveLength(3);
  expect(Math.max(...buffers.map(({ bytes }) => bytes))).toBeLessThanOrEqual(2 ** 26);
  for (const { tensors } of buffers) {
    const ends = tensors.map((one) => (placeOf.get(one)?.offset ?? NaN) + bytesOf(one));
    for (const [index, one] of tensors.slice(1).entries()) {
      expect(placeOf.get(one)?.offset).toBeGreaterThanOrEqual(ends[index] ?? NaN);
    }
  }
});

test('a persistent tensor of another plan is refused by name', () => {
  const stranger = tensor('stranger', 4, 'persistent');
  expect(() => planMemory([[stranger]], [], new Set())).toThrow(
    new WgslError('rejected', 'stranger [4] f32 belongs to another plan.'),
  );
});

test('sizes are whole words, and nothing takes one word', () => {
  expect(bytesOf({ ...tensor('bytes', 5), dataType: 'u8' })).toBe(8);
  expect(bytesOf({ ...tensor('halves', 3), dataType: 'f16' })).toBe(8);
  expect(bytesOf(tensor('nothing', 0))).toBe(4);
});
