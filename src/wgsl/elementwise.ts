// Kernels that do the same for every element: one invocation each.
import type { Plan } from './plan.ts';
import type { Kernel } from './shader.ts';

const lanes = 64;
/** Workgroups in x; the rest of a long tensor goes on in y. */
const groupsX = 32_768;

/**
 * Records `statement` for every `i` below `count`.
 * @param kernel.statement WGSL in terms of `i` and the bound tensors
 * @param kernel.functions WGSL that the statement calls
 */
export function elementwise(
  plan: Plan,
  {
    count,
    statement,
    functions = '',
    flops,
    ...kernel
  }: Pick<Kernel, 'label' | 'read' | 'write' | 'constants' | 'vectors'> & {
    count: number;
    statement: string;
    functions?: string;
    /** Per element. */
    flops: number;
  },
): void {
  const groups = Math.ceil(count / lanes);
  plan.dispatch({
    ...kernel,
    constants: { ...kernel.constants, COUNT: count, LANES: lanes, GROUPS_X: groupsX },
    body: /* wgsl */ `
${functions}
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = (group.x + group.y * GROUPS_X) * LANES + lane;
  if (i >= COUNT) { return; }
  ${statement.trim()}
}`,
    workgroups: [Math.min(groups, groupsX), Math.ceil(groups / groupsX)],
    flops: flops * count,
  });
}
