// Rows in and out of places, in float64: the twin of src/wgsl/rows.ts.
import { nowhere } from '../../src/wgsl/rows.ts';

/** out[s] = x[from[s]], zeros for `nowhere`: token embeddings too, with ids for `from`. */
export function takeRows(x: Float64Array, from: readonly number[], columns: number): Float64Array {
  const out = new Float64Array(from.length * columns);
  for (const [s, row] of from.entries()) {
    if (row !== nowhere) out.set(x.subarray(row * columns, (row + 1) * columns), s * columns);
  }
  return out;
}

/** A copy of `out` [M, D] with out[to[s]] = x[s]. */
export function placeRows(
  x: Float64Array,
  to: readonly number[],
  out: Float64Array,
  columns: number,
): Float64Array {
  const placed = out.slice();
  for (const [s, row] of to.entries()) {
    if (row !== nowhere) placed.set(x.subarray(s * columns, (s + 1) * columns), row * columns);
  }
  return placed;
}
