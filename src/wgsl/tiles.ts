// Tile sizes of the matmul kernels by adapter kind, in one table. A row fits when the product fills its
// tiles; the first that fits is taken. Measurements are in docs/kernels.md.
import type { AdapterKind, Profile } from './profile.ts';

export interface Tile {
  /** Rows and columns of C that one invocation computes; multiples of 4. */
  rows: number;
  columns: number;
  /** Invocations of a workgroup along the columns and the rows of C. */
  across: number;
  down: number;
  /** Steps along K that are copied to shared memory at once (a multiple of 4); 0 reads memory directly. */
  shared: number;
}

interface Row {
  /** Smallest M and N for which this tile is worth it. */
  from: readonly [M: number, N: number];
  tile: Tile;
}

const tiles: Record<AdapterKind, readonly Row[]> = {
  gpu: [
    { from: [1024, 512], tile: { rows: 8, columns: 8, across: 16, down: 16, shared: 8 } },
    { from: [0, 0], tile: { rows: 4, columns: 4, across: 16, down: 16, shared: 16 } },
  ],
  software: [
    { from: [128, 64], tile: { rows: 8, columns: 16, across: 4, down: 4, shared: 0 } },
    { from: [0, 0], tile: { rows: 4, columns: 4, across: 4, down: 4, shared: 0 } },
  ],
};

/** The tile for a product [M, N] on this adapter. */
export function chooseTile(profile: Profile, M: number, N: number): Tile {
  const rows = tiles[profile.kind];
  const row = rows.find(({ from }) => M >= from[0] && N >= from[1]) ?? rows.at(-1);
  return (row as Row).tile;
}
