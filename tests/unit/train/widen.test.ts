// An alignment that learns to read words says what it said before, against a small network computed in float64.
import { describe, expect, it } from 'vitest';
import { alignmentShapes, type AlignmentKind } from '../../../src/train/alignment.ts';
import type { AlignmentFile } from '../../../src/train/alignmentFile.ts';
import { freshAlignment } from '../../../src/train/fresh.ts';
import { withWords } from '../../../src/train/widen.ts';

const sizes = { encoderDim: 6, llmDim: 5, hiddenDim: 7, latents: 0, heads: 0 };
const units = 4;

function alignmentOf(kind: AlignmentKind): AlignmentFile {
  const values = { ...freshAlignment(kind, sizes, 0.5, 3) };
  // Fresh biases are zero, and zeros would be found anywhere.
  for (const [name, bias] of Object.entries(values)) {
    if (name.endsWith('.bias')) values[name] = bias.map((_, i) => 0.1 * (i + 1));
  }
  return {
    ...{ kind, inputs: 'states', sizes, normEpsilon: 1e-6, encoder: 'e', llm: 'l' },
    ...{ stage: 'test', recipe: {}, values },
  };
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);

/** W x + b. */
function affine({ values }: AlignmentFile, name: string, x: readonly number[]): number[] {
  const weight = Array.from(values[`${name}.weight`] ?? []);
  return Array.from(
    values[`${name}.bias`] ?? [],
    (bias, row) => bias + dot(weight.slice(row * x.length, (row + 1) * x.length), x),
  );
}

/** The GELU's approximation by tanh: any bend shows whether the hidden units are the same. */
const gelu = (x: number) =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

const unitRms = (x: readonly number[]) => x.map((v) => v / Math.sqrt(dot(x, x) / x.length));

/** What the alignment makes of one row. */
function said(alignment: AlignmentFile, row: readonly number[]): number[] {
  const scale = 1 / Math.sqrt(dot(row, row) / row.length + alignment.normEpsilon);
  const x = row.map((v) => scale * v);
  if (alignment.kind === 'linear') return affine(alignment, 'linear', x);
  return affine(alignment, 'fc2', affine(alignment, 'fc1', x).map(gelu));
}

const state = unitRms([1, -2, 3, 0.5, -1, 2]);
const words = [
  [1, 0, 0, 0, 0, 0],
  [-3, 2, 1, 5, -4, 0.1],
  [2, 2, 2, -2, 2, 2],
].map(unitRms);

describe('withWords', () => {
  it.each(['mlp', 'linear'] as const)(
    'leaves what an alignment of kind %s says as it was, whatever the words are',
    (kind) => {
      const before = alignmentOf(kind);
      const after = withWords(before, units, 1);
      const expected = said(before, state);
      for (const word of words) {
        said(after, [...state, ...word]).forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i] ?? NaN, 9);
        });
      }
      // The state is still read.
      expect(said(after, [...unitRms([...state].reverse()), ...state])).not.toEqual(expected);
    },
  );

  it('says in its sizes what it has: twice the inputs, and more units where there are any', () => {
    for (const [kind, hiddenDim] of [
      ['mlp', 7 + units],
      ['linear', 7],
    ] as const) {
      const before = alignmentOf(kind);
      const after = withWords(before, units, 1);
      expect(after.inputs).toBe('states+words');
      expect(after.sizes).toEqual({ ...sizes, encoderDim: 12, hiddenDim });
      const lengths = Object.entries(alignmentShapes(kind, after.sizes)).map(
        ([name, shape]) => [name, shape.reduce((product, size) => product * size, 1)] as const,
      );
      expect(
        Object.fromEntries(
          Object.entries(after.values).map(([name, values]) => [name, values.length]),
        ),
      ).toEqual(Object.fromEntries(lengths));
      expect(after.values['end_of_prompt']).toEqual(before.values['end_of_prompt']);
      expect(before).toEqual(alignmentOf(kind));
    }
  });

  it('gives new units random weights to read with, each as large as a layer keeps, and none to be read by', () => {
    const { values } = withWords(alignmentOf('mlp'), 400, 1);
    const read = values['fc1.weight']?.subarray(7 * 12) ?? new Float32Array();
    const rms = Math.sqrt(read.reduce((sum, x) => sum + x * x, 0) / read.length);
    expect(read).toHaveLength(400 * 12);
    expect(Math.abs(rms * 12 ** 0.5 - 1)).toBeLessThan(0.05);
    expect(values['fc1.bias']?.subarray(7)).toEqual(new Float32Array(400));
    for (let row = 0; row < sizes.llmDim; row++) {
      const weights = values['fc2.weight']?.subarray(row * 407 + 7, (row + 1) * 407);
      expect(weights).toEqual(new Float32Array(400));
    }
  });

  it('gives the same alignment for the same seed, and another for another', () => {
    const before = alignmentOf('mlp');
    expect(withWords(before, units, 5)).toEqual(withWords(before, units, 5));
    expect(withWords(before, units, 6).values).not.toEqual(withWords(before, units, 5).values);
  });

  it('gives one that reads words already more units alone', () => {
    const wide = withWords(alignmentOf('mlp'), units, 1);
    const wider = withWords(wide, units, 2);
    expect(wider.sizes).toEqual({ ...wide.sizes, hiddenDim: 7 + 2 * units });
    const row = [...state, ...(words[1] ?? [])];
    said(wider, row).forEach((value, i) => {
      expect(value).toBeCloseTo(said(wide, row)[i] ?? NaN, 9);
    });
  });

  it('refuses a latent alignment', () => {
    const latent = { ...alignmentOf('mlp'), kind: 'latent' as const };
    expect(() => withWords(latent, units, 1)).toThrow(
      expect.objectContaining({
        code: 'unsupported-model',
        message: expect.stringContaining('no row for a word') as string,
      }),
    );
  });
});
