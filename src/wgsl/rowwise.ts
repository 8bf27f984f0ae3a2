// Kernels that do the same for every row: a workgroup takes a row, its lanes share the columns and add up
// what they found.
import type { Plan } from './plan.ts';
import type { AdapterKind } from './profile.ts';
import type { Kernel } from './shader.ts';

/** Invocations per row. A software adapter runs four at a time and pays for every barrier. */
const lanesPerRow: Record<AdapterKind, number> = { gpu: 64, software: 4 };

/** Workgroups in x; more rows go on in y, because a dimension of the grid ends at 65,535. */
const rowsX = 32_768;

/** `rowSum(value, lane) -> f32` and `rowMax`: every lane gets the result. */
const reductions = /* wgsl */ `
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

/**
 * Records `statements` for every `row` below `rows`, run by `LANES` invocations side by side.
 * @param kernel.statements WGSL in terms of `row`, `lane`, the reductions and the bound tensors
 * @param kernel.functions WGSL that the statements call
 */
export function rowwise(
  plan: Plan,
  {
    rows,
    statements,
    functions = '',
    ...kernel
  }: Pick<Kernel, 'label' | 'read' | 'write' | 'constants' | 'flops'> & {
    rows: number;
    statements: string;
    functions?: string;
  },
): void {
  plan.dispatch({
    ...kernel,
    constants: {
      ...kernel.constants,
      ROWS: rows,
      LANES: lanesPerRow[plan.profile.kind],
      ROWS_X: rowsX,
    },
    body: /* wgsl */ `
${reductions}
${functions}
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x + group.y * ROWS_X;
  if (row >= ROWS) { return; }
  ${statements.trim()}
}`,
    workgroups: [Math.min(rows, rowsX), Math.ceil(rows / rowsX)],
  });
}
