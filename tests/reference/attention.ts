// Causal attention with grouped heads in float64, forward and gradient, with all scores at hand: the twin of
// src/wgsl/attention.ts.
import { at } from './at.ts';

export interface Heads {
  /** Positions of a sequence, query heads, key heads, size of a head. */
  T: number;
  H: number;
  G: number;
  E: number;
}

export interface Inputs {
  /** [M, H * E] */
  q: Float64Array;
  /** [M, G * E] */
  k: Float64Array;
  /** [M, G * E] */
  v: Float64Array;
  /** Of each row; 0 is padding. */
  segments: readonly number[];
}

/** o [M, H * E] and the log-sum-exp of every row and head [M, H]; zeros where nothing is seen. */
export function attention(
  inputs: Inputs,
  heads: Heads,
): { o: Float64Array; logSumExp: Float64Array } {
  const { q, v, segments } = inputs;
  const { H, E } = heads;
  const o = new Float64Array(q.length);
  const logSumExp = new Float64Array(segments.length * H);
  forEachQuery(inputs, heads, ({ query, head, row, seen, p, lse }) => {
    logSumExp[row * H + head] = lse;
    for (const [n, key] of seen.entries()) {
      for (let e = 0; e < E; e++) o[query + e] = at(o, query + e) + at(p, n) * at(v, key + e);
    }
  });
  return { o, logSumExp };
}

/** Gradients of Σ o dO. */
export function attentionBackward(
  inputs: Inputs,
  heads: Heads,
  dO: Float64Array,
): { dq: Float64Array; dk: Float64Array; dv: Float64Array } {
  const { q, k, v } = inputs;
  const { E } = heads;
  const [dq, dk, dv] = [q, k, v].map((x) => new Float64Array(x.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  forEachQuery(inputs, heads, ({ query, seen, p }) => {
    const dp = seen.map((key) => product(dO, query, v, key, E));
    const mean = dp.reduce((sum, value, n) => sum + value * at(p, n), 0);
    for (const [n, key] of seen.entries()) {
      const ds = (at(p, n) * (at(dp, n) - mean)) / Math.sqrt(E);
      for (let e = 0; e < E; e++) {
        dq[query + e] = at(dq, query + e) + ds * at(k, key + e);
        dk[key + e] = at(dk, key + e) + ds * at(q, query + e);
        dv[key + e] = at(dv, key + e) + at(p, n) * at(dO, query + e);
      }
    }
  });
  return { dq, dk, dv };
}

interface Query {
  row: number;
  head: number;
  /** Where its vector begins in q and o. */
  query: number;
  /** Where the vectors of the positions that it sees begin in k and v, and their probabilities. */
  seen: number[];
  p: number[];
  /** Log of the sum of the exponentials of the scores, 0 when it sees nothing. */
  lse: number;
}

function forEachQuery(
  { q, k, segments }: Inputs,
  { T, H, G, E }: Heads,
  visit: (query: Query) => void,
): void {
  for (const [row, segment] of segments.entries()) {
    for (let head = 0; head < H; head++) {
      const query = (row * H + head) * E;
      const seen: number[] = [];
      for (let j = row - (row % T); j <= row; j++) {
        if (segment !== 0 && segments[j] === segment) {
          seen.push((j * G + Math.floor((head * G) / H)) * E);
        }
      }
      const scores = seen.map((key) => product(q, query, k, key, E) / Math.sqrt(E));
      const largest = Math.max(...scores);
      const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
      const lse = seen.length === 0 ? 0 : largest + Math.log(total);
      visit({ row, head, query, seen, p: scores.map((score) => Math.exp(score - lse)), lse });
    }
  }
}

/** Σ a[i + e] b[j + e] over a head. */
function product(a: Float64Array, i: number, b: Float64Array, j: number, E: number): number {
  let sum = 0;
  for (let e = 0; e < E; e++) sum += at(a, i + e) * at(b, j + e);
  return sum;
}
