// The tile of C that an invocation of either matmul kernel keeps in registers, as statements: a variable
// `c{i}_{q}` for columns 4q to 4q+3 of its row i.
import type { Product } from './matmul.ts';
import type { Tile } from './tiles.ts';

export const range = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index);
export const letter = ['x', 'y', 'z', 'w'] as const;

/** Declares the tile, all zeros. */
export const accumulators = ({ rows, columns }: Tile): string[] =>
  range(rows).flatMap((i) => range(columns / 4).map((q) => `var c${i}_${q} = vec4f();`));

/** Adds a column of A times a row of B: vectors `{left}0`, ... down the tile and `{right}0`, ... across. */
export const addOuterProduct = ({ rows, columns }: Tile, left: string, right: string): string[] =>
  range(rows).flatMap((i) =>
    range(columns / 4).map(
      (q) => `c${i}_${q} += ${left}${Math.floor(i / 4)}.${letter[i % 4]} * ${right}${q};`,
    ),
  );

/** Writes the tile, or adds it, where it lies inside C. */
export function store({ tile, N, accumulate }: Product): string[] {
  const assign = accumulate ? '+=' : '=';
  return range(tile.rows).flatMap((i) =>
    range(tile.columns / 4).map((q) => {
      const at = `(m + ${i}u) * N + n + ${4 * q}u`;
      if (N % 4 === 0) {
        return `if (m + ${i}u < M && n + ${4 * q}u < N) { c[(${at}) / 4u] ${assign} c${i}_${q}; }`;
      }
      return range(4)
        .map(
          (j) =>
            `if (m + ${i}u < M && n + ${4 * q + j}u < N) { c[${at} + ${j}u] ${assign} c${i}_${q}.${letter[j]}; }`,
        )
        .join('\n  ');
    }),
  );
}
