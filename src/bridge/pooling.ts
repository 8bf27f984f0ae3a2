// How the states of a sentence's tokens become one vector: a rule for each name that a manifest may have.
import type { Pooling } from '../bundle/manifest.ts';
import type { Vectors } from './encoder.ts';

export interface PoolingRule {
  /**
   * Which rows it looks at.
   * @param isOwn of each row that was read, whether it is a token of the text itself and not of what the tokenizer
   *   puts around it: `[CLS]`, `[SEP]`, padding
   */
  rows: (isOwn: readonly boolean[]) => readonly boolean[];
  /**
   * @param rows [T, d], those that it looks at, one at least
   * @returns [d]
   */
  pool: (rows: Vectors) => Float64Array;
}

const own: PoolingRule['rows'] = (isOwn) => isOwn;

export const poolingRules: Readonly<Record<Pooling, PoolingRule>> = {
  mean: {
    rows: own,
    pool: (rows) => fold(rows, (sum, value) => sum + value).map((sum) => sum / rows.length),
  },
  // `[CLS]` of BERT, `<s>` of RoBERTa; of a tokenizer that puts nothing before a text, its first token.
  cls: {
    rows: (isOwn) => isOwn.map((_, index) => index === 0),
    pool: ({ data, width }) => Float64Array.from(data.subarray(0, width)),
  },
  // `Math.max` passes on what is no number, as the sum does, and the caller says so.
  max: { rows: own, pool: (rows) => fold(rows, Math.max) },
};

/** Brings all rows together, in each dimension from the first to the last. */
function fold(
  { data, length, width }: Vectors,
  join: (before: number, value: number) => number,
): Float64Array {
  const joined = Float64Array.from(data.subarray(0, width));
  for (let row = 1; row < length; row++) {
    for (let i = 0; i < width; i++) joined[i] = join(joined[i] ?? 0, data[row * width + i] ?? 0);
  }
  return joined;
}
