// Adding: a bias to every row, a tensor to another, and the sums over rows that are their gradients.
//
//   forward    y += b (every row)          backward   db += Σ_rows dy
//   forward    y += x                      backward   dx += dy
import { elementwise } from './elementwise.ts';
import type { Plan } from './plan.ts';
import { expectShape, matrix, sizeOf, type Tensor } from './tensor.ts';

/** Records y [M, N] += bias [N]. */
export function addBias(plan: Plan, { bias, y }: { bias: Tensor; y: Tensor }): void {
  const { columns } = matrix('addBias', y);
  expectShape('addBias', bias, [columns]);
  elementwise(plan, {
    label: 'bias.forward',
    read: { bias },
    write: { y },
    constants: { N: columns },
    count: sizeOf(y),
    statement: 'y[i] += bias[i % N];',
    flops: 1,
  });
}

/** Records dbias [N] += Σ_rows dy [M, N]: an invocation per column, so the order of additions is fixed. */
export function addBiasBackward(plan: Plan, { dy, dbias }: { dy: Tensor; dbias: Tensor }): void {
  const { rows, columns } = matrix('addBiasBackward', dy);
  expectShape('addBiasBackward', dbias, [columns]);
  elementwise(plan, {
    label: 'bias.backward',
    read: { dy },
    write: { dbias },
    constants: { M: rows, N: columns },
    count: columns,
    statement: `
  var sum = 0.0;
  for (var row = 0u; row < M; row++) { sum += dy[row * N + i]; }
  dbias[i] += sum;`,
    flops: rows,
  });
}

/** Records y += x, of equal shape: a residual branch, or a second contribution to a gradient. */
export function add(plan: Plan, { x, y }: { x: Tensor; y: Tensor }): void {
  expectShape('add', x, y.shape);
  elementwise(plan, {
    label: 'add',
    read: { x },
    write: { y },
    constants: {},
    count: sizeOf(y),
    statement: 'y[i] += x[i];',
    flops: 1,
  });
}

/** Records y = factor x. */
export function scaled(
  plan: Plan,
  { x, y, factor }: { x: Tensor; y: Tensor; factor: number },
): void {
  expectShape('scaled', x, y.shape);
  elementwise(plan, {
    label: 'scaled',
    read: { x },
    write: { y },
    constants: { FACTOR: { float: factor } },
    count: sizeOf(y),
    statement: 'y[i] = FACTOR * x[i];',
    flops: 1,
  });
}

/** Records y = 0. */
export function clear(plan: Plan, y: Tensor): void {
  elementwise(plan, {
    label: 'clear',
    read: {},
    write: { y },
    constants: {},
    count: sizeOf(y),
    statement: 'y[i] = 0.0;',
    flops: 0,
  });
}
