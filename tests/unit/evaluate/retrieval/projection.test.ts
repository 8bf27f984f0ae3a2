// Principal components against NumPy: `U, s, Vt = np.linalg.svd(X - X.mean(0))`, each row of `Vt` with its largest
// part made positive, points `(X - X.mean(0)) @ Vt[:2].T`, shares `s**2 / (s**2).sum()`.
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../../src/evaluate/retrieval/eigen.ts';
import { project } from '../../../../src/evaluate/retrieval/projection.ts';

const pause = () => Promise.resolve();
/** `np.sin(0.37 * i * i).reshape(60, 40) / (1 + np.arange(40) / 4)` in float32. */
const vectors = {
  data: Float32Array.from({ length: 2400 }, (_, i) => Math.sin(0.37 * i * i) / (1 + (i % 40) / 4)),
  length: 60,
  width: 40,
};

describe('project', () => {
  it('gives the points and shares of variance that NumPy gives', async () => {
    const { points, explained } = await project(vectors, pause);
    expect(points.length).toBe(120);
    expect(explained).toEqual([expect.closeTo(0.25798712, 6), expect.closeTo(0.14909232, 6)]);
    const expected: [row: number, x: number, y: number][] = [
      [0, -0.13136645, 0.00029169],
      [17, 0.00558936, -0.72802206],
      [59, -0.74582231, -0.87310647],
    ];
    for (const [row, x, y] of expected) {
      expect(points[2 * row]).toBeCloseTo(x, 4);
      expect(points[2 * row + 1]).toBeCloseTo(y, 4);
    }
  });

  it('gives the same bits every time', async () => {
    expect(await project(vectors, pause)).toEqual(await project(vectors, pause));
  });

  it('explains everything with one component where vectors lie on a line', async () => {
    const data = Float32Array.from([0, 0, 0, 3, 4, 0, 6, 8, 0]);
    const { points, explained } = await project({ data, length: 3, width: 3 }, pause);
    expect(explained[0]).toBeCloseTo(1, 6);
    expect(explained[1]).toBeCloseTo(0, 6);
    expect([...points].map((value) => Math.round(value * 1e4) / 1e4 + 0)).toEqual([
      -5, 0, 0, 0, 5, 0,
    ]);
  });

  it('puts equal vectors at one point', async () => {
    const { points, explained } = await project(
      { data: new Float32Array(12).fill(0.5), length: 4, width: 3 },
      pause,
    );
    expect([...points]).toEqual(Array<number>(8).fill(0));
    expect(explained).toEqual([0, 0]);
  });
});

describe('symmetricEigen', () => {
  it('finds eigenvalues, the highest first, and their vectors', () => {
    const matrix = [Float64Array.of(2, 1, 0), Float64Array.of(1, 2, 0), Float64Array.of(0, 0, 2.5)];
    const { values, vectors } = symmetricEigen(matrix);
    for (const [at, value] of [3, 2.5, 1].entries()) expect(values[at]).toBeCloseTo(value, 12);
    const [x = 0, y = 0, z = 0] = vectors[0] ?? [];
    expect(Math.abs(x)).toBeCloseTo(Math.SQRT1_2, 12);
    expect([x - y, z]).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)]);
  });
});
