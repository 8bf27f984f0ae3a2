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
  const layout = planMemory(uses, []);
  const life = lives(uses);

  test('temporaries that are alive together, if only within a dispatch, never share memory', () => {
    const all = [...life];
    for (const [i, [a, [firstA, lastA]]] of all.entries()) {
      for (const [b, [firstB, lastB]] of all.slice(i + 1)) {
        if (layout.bufferOf.get(a) !== layout.bufferOf.get(b)) continue;
        expect(lastA < firstB || lastB < firstA, `${a.name} and ${b.name}`).toBe(true);
      }
    }
  });

  test('every tensor has one buffer that is large enough, and the buffers add up', () => {
    expect(new Set(layout.bufferOf.keys())).toEqual(new Set(life.keys()));
    for (const [one, buffer] of layout.bufferOf) {
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
  expect(planMemory(uses, []).bytes).toBe(2 * 400);
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
  );
  expect(layout.bufferOf.get(fits)).toBe(layout.bufferOf.get(small));
  expect(layout.bufferOf.get(grows)).toBe(layout.bufferOf.get(large));
  expect(layout.bytes).toBe(40 + 480);
});

test('a persistent tensor has its buffer for itself, used or not, and its parts lie in it', () => {
  const whole = tensor('parameters', 256, 'persistent');
  const part: Tensor = { ...tensor('weight', 64, 'persistent'), part: { of: whole, offset: 256 } };
  const unused = tensor('unused', 3, 'persistent');
  const [before, after] = [tensor('before', 256), tensor('after', 256)];
  const layout = planMemory([[before], [part], [after]], [whole, unused]);
  expect(layout.bufferOf.get(whole)?.tensors).toEqual([whole]);
  expect(layout.bufferOf.get(unused)?.bytes).toBe(12);
  expect(layout.bytes).toBe(1024 + 12 + 1024);
});

test('a persistent tensor of another plan is refused by name', () => {
  const stranger = tensor('stranger', 4, 'persistent');
  expect(() => planMemory([[stranger]], [])).toThrow(
    new WgslError('rejected', 'stranger [4] f32 belongs to another plan.'),
  );
});

test('sizes are whole words, and nothing takes one word', () => {
  expect(bytesOf({ ...tensor('bytes', 5), dataType: 'u8' })).toBe(8);
  expect(bytesOf({ ...tensor('halves', 3), dataType: 'f16' })).toBe(8);
  expect(bytesOf(tensor('nothing', 0))).toBe(4);
});
