// Several examples in a sequence: nothing is lost, every micro-batch can be laid out, and little is padding.
import { describe, expect, it } from 'vitest';
import { exampleLength, layOut, type Example } from '../../../src/train/batch.ts';
import { fits, inMicroBatches, sizesFor } from '../../../src/train/pack.ts';
import { Random } from '../../../src/train/random.ts';

const encoderDim = 2;
const random = Random.seeded(3, 0);
const between = (least: number, most: number) =>
  least + Math.floor(random.nextFloat() * (most - least + 1));

/** As long as word problems: 15 to 70 states, 20 to 80 tokens of solution. */
const example = (): Example => ({
  states: new Float32Array(encoderDim * between(15, 70)),
  instruction: [1, 2, 3],
  target: new Array<number>(between(20, 80)).fill(4),
});
const sample = Array.from({ length: 64 }, example);
const options = { batch: 32, microBatches: 4, limit: 512, encoderDim };

describe('packing', () => {
  it('lays out every example of a step exactly once', () => {
    const sizes = sizesFor(sample, options);
    const examples = Array.from({ length: 32 }, example).filter((each) => fits(each, sizes));
    const microBatches = inMicroBatches(examples, sizes);
    expect(new Set(microBatches.flat())).toEqual(new Set(examples));
    expect(microBatches.flat()).toHaveLength(examples.length);
    const laidOut = microBatches.map((batch) => layOut(batch, sizes, { bosId: 0, vocabSize: 9 }));
    const labels = laidOut.reduce((sum, { labelCount }) => sum + labelCount, 0);
    expect(labels).toBe(examples.reduce((sum, { target }) => sum + target.length, 0));
  });

  it('keeps padding under a quarter of a step, where one example a sequence leaves a third', () => {
    const sizes = sizesFor(sample, options);
    const used = sample.reduce((sum, each) => sum + exampleLength(each, sizes), 0) / 2;
    const planned = options.microBatches * sizes.sequences * sizes.positions;
    expect(used / planned).toBeGreaterThan(0.75);
    const longest = Math.max(...sample.map((each) => exampleLength(each, sizes)));
    expect(used / (options.batch * longest)).toBeLessThan(0.67);
  });

  it('takes no more micro-batches than planned', () => {
    const sizes = sizesFor(sample, options);
    const steps = [sample.slice(0, 32), sample.slice(32)];
    for (const step of steps) expect(inMicroBatches(step, sizes)).toHaveLength(4);
  });

  it('plans no more positions than the LLM knows, and passes over what is longer', () => {
    const sizes = sizesFor(sample, { ...options, limit: 100 });
    expect(sizes.positions).toBe(100);
    const lengths = sample.map((each) => exampleLength(each, sizes));
    expect(sample.map((each) => fits(each, sizes))).toEqual(lengths.map((length) => length <= 100));
  });

  it('passes over a question that leaves no room for its latents', () => {
    const sizes = sizesFor(sample, { ...options, resampler: { latents: 4, positions: 40 } });
    const ofStates = (states: number) => ({
      ...{ instruction: [1], target: [2] },
      states: new Float32Array(encoderDim * states),
    });
    expect([36, 37].map((states) => fits(ofStates(states), sizes))).toEqual([true, false]);
  });
});
