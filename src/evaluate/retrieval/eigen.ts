// Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi's rotations (Golub & Van Loan, Matrix
// Computations, section 8.5).

export type Column = Float64Array<ArrayBuffer>;

/** Sweeps until nothing is left beside the diagonal; ten are more than matrices of this size take. */
const mostSweeps = 30;

/**
 * @param matrix symmetric, by rows
 * @returns eigenvalues, the highest first, and the eigenvector of each
 */
export function symmetricEigen(matrix: readonly Column[]): { values: number[]; vectors: Column[] } {
  const size = matrix.length;
  const a = matrix.map((row) => Array.from(row));
  // Rows of `v` become the eigenvectors.
  const v = matrix.map((_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
  const at = (rows: readonly number[][], i: number, j: number) => rows[i]?.[j] ?? 0;
  const set = (rows: readonly number[][], i: number, j: number, value: number) => {
    const row = rows[i];
    if (row) row[j] = value;
  };
  /** Turns rows p and q by an angle. */
  const turnRows = (rows: readonly number[][], p: number, q: number, c: number, s: number) => {
    for (let j = 0; j < size; j++) {
      const [x, y] = [at(rows, p, j), at(rows, q, j)];
      set(rows, p, j, c * x - s * y);
      set(rows, q, j, s * x + c * y);
    }
  };
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let turned = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const beside = at(a, p, q);
        const scale = Math.abs(at(a, p, p)) + Math.abs(at(a, q, q));
        if (Math.abs(beside) <= Number.EPSILON * scale) continue;
        turned = true;
        const theta = (at(a, q, q) - at(a, p, p)) / (2 * beside);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        turnRows(a, p, q, c, t * c);
        for (const row of a) {
          const [x, y] = [row[p] ?? 0, row[q] ?? 0];
          row[p] = c * x - t * c * y;
          row[q] = t * c * x + c * y;
        }
        turnRows(v, p, q, c, t * c);
      }
    }
    if (!turned) break;
  }
  const order = a.map((row, i) => ({ value: row[i] ?? 0, vector: v[i] ?? [] }));
  order.sort((one, other) => other.value - one.value);
  return {
    values: order.map(({ value }) => value),
    vectors: order.map(({ vector }) => Float64Array.from(vector)),
  };
}
