// Where the rows of a batch go, by hand.
import { describe, expect, it } from 'vitest';
import { exampleLength, layOut, type Example } from '../../../src/train/batch.ts';
import { nowhere } from '../../../src/wgsl/rows.ts';

const encoderDim = 2;
const tokens = { bosId: 1, vocabSize: 10 };
const short: Example = { states: Float32Array.of(1, 2), instruction: [7], target: [9, 2] };
const long: Example = { states: Float32Array.of(3, 4, 5, 6), instruction: [7], target: [8, 9, 2] };
const sizes = { sequences: 2, positions: 8, examples: 2, stateRows: 4, labelRows: 6, encoderDim };

describe('a batch', () => {
  it('puts BOS, soft prompt, its end, instruction and target one after the other', () => {
    const arrays = layOut([short, long], sizes, tokens);
    expect(Array.from(arrays.encoderStates)).toEqual([1, 2, 3, 4, 5, 6, 0, 0]);
    expect(Array.from(arrays.softTo)).toEqual([1, 9, 10, nowhere]);
    expect(Array.from(arrays.endTo)).toEqual([2, 11]);
    const n = nowhere;
    expect(Array.from(arrays.tokenIds)).toEqual([1, n, n, 7, 9, 2, n, n, 1, n, n, n, 7, 8, 9, 2]);
    expect(Array.from(arrays.segments)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('puts what fits into one sequence, apart as segments that each count from 0', () => {
    const arrays = layOut(
      [short, short, long],
      { ...sizes, positions: 12, examples: 3, labelRows: 7 },
      tokens,
    );
    expect(Array.from(arrays.segments)).toEqual([
      ...[1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2],
      ...[1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0],
    ]);
    expect(Array.from(arrays.positionIds.subarray(0, 12))).toEqual([
      ...[0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5],
    ]);
    expect(Array.from(arrays.softTo)).toEqual([1, 7, 13, 14]);
    expect(Array.from(arrays.endTo)).toEqual([2, 8, 15]);
    expect(Array.from(arrays.labelFrom)).toEqual([3, 4, 9, 10, 16, 17, 18]);
  });

  it('predicts every token of a target from the position before it', () => {
    const arrays = layOut([short, long], sizes, tokens);
    expect(Array.from(arrays.labels)).toEqual([9, 2, 8, 9, 2, nowhere]);
    expect(Array.from(arrays.labelFrom)).toEqual([3, 4, 12, 13, 14, nowhere]);
    expect(arrays.labelCount).toBe(5);
  });

  it('may hold fewer examples than it has room for', () => {
    const arrays = layOut([short], sizes, tokens);
    expect(arrays.labelCount).toBe(2);
    expect(Array.from(arrays.endTo)).toEqual([2, nowhere]);
    expect(Math.max(...arrays.segments.subarray(8))).toBe(0);
  });

  it('gives every question as many soft prompt vectors as there are latents', () => {
    const resampler = { latents: 3, positions: 6 };
    const arrays = layOut([short, long], { ...sizes, positions: 10, resampler }, tokens);
    expect(Array.from(arrays.softTo)).toEqual([1, 2, 3, 11, 12, 13]);
    expect(Array.from(arrays.endTo)).toEqual([4, 14]);
    expect(Array.from(arrays.grid?.statesTo ?? [])).toEqual([0, 6, 7, nowhere]);
    expect(Array.from(arrays.grid?.latentsTo ?? [])).toEqual([1, 2, 3, 8, 9, 10]);
    expect(Array.from(arrays.grid?.segments ?? [])).toEqual([1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0]);
    expect(exampleLength(long, { encoderDim, resampler })).toBe(9);
  });

  it.each([
    ['positions', { positions: 7 }, 'Example 1 needs 8 positions; the step is planned for 7.'],
    ['encoder states', { stateRows: 2 }, 'Example 1 needs 3 rows of encoder states'],
    ['labels', { labelRows: 4 }, 'Example 1 needs 5 labels; the step is planned for 4.'],
    ['sequences', { sequences: 1 }, 'Example 1 needs 2 sequences; the step is planned for 1.'],
    ['neighbours', { examples: 1 }, 'The batch needs 2 examples; the step is planned for 1.'],
  ])('says which example has too many %s', (_, change, message) => {
    expect(() => layOut([short, long], { ...sizes, ...change }, tokens)).toThrow(message);
  });

  it.each([
    ['half a hidden state', { states: Float32Array.of(1, 2, 3) }, /Example 0 has 3 numbers/],
    ['a target beyond the vocabulary', { target: [10] }, /the token 10; the LLM knows 0 to 9/],
    ['an instruction of no tokens', { instruction: [NaN] }, /the token NaN/],
  ])('refuses %s', (_, change, message) => {
    expect(() => layOut([{ ...short, ...change }], sizes, tokens)).toThrow(message);
  });
});
