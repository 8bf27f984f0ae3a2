// How kernels that work on rows split them: a workgroup takes a row, its lanes share the columns and add
// up what they found.
import type { AdapterKind, Profile } from './profile.ts';

/** Invocations per row. A software adapter runs four at a time and pays for every barrier. */
const lanesPerRow: Record<AdapterKind, number> = { gpu: 64, software: 4 };

/** Workgroups in x; more rows go on in y, because a dimension of the grid ends at 65,535. */
const rowsX = 32_768;

export interface RowReduction {
  constants: { LANES: number; ROWS_X: number };
  /** WGSL of `rowSum(value, lane) -> f32` and `rowMax`: every lane gets the result. */
  code: string;
  workgroups: readonly [number, number];
}

const code = /* wgsl */ `
var<workgroup> lanes: array<f32, LANES>;

// The order of additions is fixed, so a sum is the same in every run.
fn rowSum(value: f32, lane: u32) -> f32 {
  lanes[lane] = value;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { lanes[lane] += lanes[lane + half]; }
    workgroupBarrier();
  }
  let sum = lanes[0];
  workgroupBarrier();
  return sum;
}

fn rowMax(value: f32, lane: u32) -> f32 {
  lanes[lane] = value;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { lanes[lane] = max(lanes[lane], lanes[lane + half]); }
    workgroupBarrier();
  }
  let largest = lanes[0];
  workgroupBarrier();
  return largest;
}
`;

/** One workgroup per row: `group.x + group.y * ROWS_X` is the row. */
export function rowReduction(profile: Profile, rows: number): RowReduction {
  return {
    constants: { LANES: lanesPerRow[profile.kind], ROWS_X: rowsX },
    code,
    workgroups: [Math.min(rows, rowsX), Math.ceil(rows / rowsX)],
  };
}
