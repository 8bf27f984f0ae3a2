// Sentence vectors in the plane: principal component analysis. The first components come from subspace iteration
// on the covariance (Golub & Van Loan, Matrix Computations, section 8.2.4).
import type { Vectors } from '../../bridge/encoder.ts';
import { symmetricEigen, type Column } from './eigen.ts';
import { dotProducts, type Pause, type Scores } from './search.ts';

/** Points in the plane of the two directions in which vectors differ most. */
export interface Projection {
  /** Float32 [n, 2]: along the first component, along the second. */
  points: Float32Array;
  /** Shares of the variance along each of them, 0 to 1. */
  explained: [number, number];
}

/** More directions than are wanted, because the first of them then converge much faster. */
const subspaceSize = 8;
const mostIterations = 300;
/** Length of `C v - λ v` beside λ at which a component is found: points are then right to a pixel and more. */
const tolerance = 1e-6;

/**
 * Projects vectors [n, d] on their first two principal components. The largest part of each is positive, so that
 * the picture does not flip from one run to the next.
 */
export async function project(vectors: Vectors, pause: Pause): Promise<Projection> {
  const { length, width } = vectors;
  const columns = centredColumns(vectors);
  const covariance = await dotProducts(columns, columns, pause);
  const variance = traceOf(covariance);
  let basis = orthonormal(start(width));
  let values: number[] = [];
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const images = basis.map((column) => times(covariance, column));
    // What the covariance does inside the basis turns its columns towards the components (Rayleigh-Ritz).
    const inside = basis.map((a) => Float64Array.from(images, (b) => dot(a, b)));
    const inner = symmetricEigen(inside);
    const turned = inner.vectors.map((turn) => combine(images, turn));
    basis = inner.vectors.map((turn) => combine(basis, turn));
    values = inner.values;
    if (hasConverged(basis, turned, values, variance)) break;
    basis = orthonormal(turned);
    await pause();
  }
  const axes = basis.slice(0, 2).map(positive);
  const points = new Float32Array(2 * length);
  for (const [axis, direction] of axes.entries()) {
    for (let row = 0; row < length; row++) {
      let along = 0;
      for (const [i, part] of direction.entries())
        along += part * (columns.data[i * length + row] ?? 0);
      points[2 * row + axis] = along;
    }
  }
  const share = (value = 0) => (variance === 0 ? 0 : value / variance);
  return { points, explained: [share(values[0]), share(values[1])] };
}

/** The columns of vectors [n, d] less their means, as rows [d, n]. */
function centredColumns({ data, length, width }: Vectors): Vectors {
  const columns = new Float32Array(data.length);
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (let row = 0; row < length; row++) sum += data[row * width + column] ?? 0;
    for (let row = 0; row < length; row++) {
      columns[column * length + row] = (data[row * width + column] ?? 0) - sum / length;
    }
  }
  return { data: columns, length: width, width: length };
}

const traceOf = ({ data, rows, columns }: Scores) =>
  Array.from({ length: rows }, (_, i) => data[i * columns + i] ?? 0).reduce((a, b) => a + b, 0);

/** Directions without a pattern, always the same: fractions of multiples of squares (Weyl). */
function start(width: number): Column[] {
  return Array.from({ length: Math.min(subspaceSize, width) }, (_, column) =>
    Float64Array.from({ length: width }, (_, row) => {
      const n = column * width + row + 1;
      return ((n * n * Math.SQRT2) % 1) - 0.5;
    }),
  );
}

function times({ data, rows, columns }: Scores, vector: Column): Column {
  const product = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += (data[row * columns + i] ?? 0) * (vector[i] ?? 0);
    product[row] = sum;
  }
  return product;
}

function hasConverged(
  basis: readonly Column[],
  images: readonly Column[],
  values: readonly number[],
  variance: number,
): boolean {
  return basis.slice(0, 2).every((direction, index) => {
    const value = values[index] ?? 0;
    const rest = (images[index] ?? direction).map((y, i) => y - value * (direction[i] ?? 0));
    // A component without variance has no direction to find.
    return Math.sqrt(dot(rest, rest)) <= tolerance * Math.max(value, tolerance * variance);
  });
}

/** Gram-Schmidt, twice for its rounding. What depends on the columns before it becomes zero. */
function orthonormal(columns: readonly Column[]): Column[] {
  const done: Column[] = [];
  for (const column of columns) {
    const before = Math.sqrt(dot(column, column));
    const rest = Float64Array.from(column);
    for (const other of [...done, ...done]) {
      const along = dot(rest, other);
      for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] ?? 0) - along * (other[i] ?? 0);
    }
    const after = Math.sqrt(dot(rest, rest));
    done.push(rest.map((value) => (after > 1e-12 * before ? value / after : 0)));
  }
  return done;
}

/** The sum of the columns, each times its factor. */
function combine(columns: readonly Column[], factors: Column): Column {
  const sum = new Float64Array(columns[0]?.length ?? 0);
  for (const [index, column] of columns.entries()) {
    const factor = factors[index] ?? 0;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + factor * (column[i] ?? 0);
  }
  return sum;
}

/** The column or its opposite, so that its largest part is positive. */
function positive(column: Column): Column {
  const largest = column.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return largest < 0 ? column.map((value) => -value) : column;
}

function dot(a: Column, b: Column): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
