// The squared distance of rows from where they should be: a loss without an LLM, for states that have a place to go.
//
//   forward    loss += Σ_r weight_r Σ_d (y_rd - goal_rd)²
//   backward   dy_rd = 2 weight_r (y_rd - goal_rd)
//
// Rows of weight 0 count nothing: they are padding.
import { elementwise } from './elementwise.ts';
import type { Plan } from './plan.ts';
import { rowwise } from './rowwise.ts';
import { expectShape, matrix, sizeOf, type Tensor } from './tensor.ts';

export interface SquaredError {
  /** [M, D] both. */
  y: Tensor;
  goal: Tensor;
  /** [M] */
  weight: Tensor;
}

/** Records the loss, which is added to `loss` [1]. */
export function squaredError(
  plan: Plan,
  { y, goal, weight, loss }: SquaredError & { loss: Tensor },
): void {
  const { rows, columns } = expectRows('squaredError', { y, goal, weight });
  expectShape('squaredError', loss, [1]);
  const distance = plan.temporary('squaredError.distance', [rows]);
  rowwise(plan, {
    label: 'squaredError.forward',
    read: { y, goal, weight },
    write: { distance },
    constants: { N: columns },
    rows,
    statements: forward,
    flops: 3 * rows * columns,
  });
  rowwise(plan, {
    label: 'squaredError.sum',
    read: { distance },
    write: { loss },
    constants: { M: rows },
    rows: 1,
    statements: sum,
    flops: rows,
  });
}

const forward = /* wgsl */ `
  var squares = 0.0;
  for (var i = row * N + lane; i < (row + 1u) * N; i += LANES) {
    squares += (y[i] - goal[i]) * (y[i] - goal[i]);
  }
  squares = rowSum(squares, lane);
  if (lane == 0u) { distance[row] = weight[row] * squares; }`;

const sum = /* wgsl */ `
  var total = 0.0;
  for (var i = lane; i < M; i += LANES) { total += distance[i]; }
  total = rowSum(total, lane);
  if (lane == 0u) { loss[0] += total; }`;

/** Records `dy` (written, not added to). */
export function squaredErrorBackward(
  plan: Plan,
  { y, goal, weight, dy }: SquaredError & { dy: Tensor },
): void {
  const { columns } = expectRows('squaredErrorBackward', { y, goal, weight });
  expectShape('squaredErrorBackward', dy, y.shape);
  elementwise(plan, {
    label: 'squaredError.backward',
    read: { y, goal, weight },
    write: { dy },
    constants: { N: columns },
    count: sizeOf(y),
    statement: 'dy[i] = 2.0 * weight[i / N] * (y[i] - goal[i]);',
    flops: 3,
  });
}

function expectRows(operation: string, { y, goal, weight }: SquaredError) {
  const { rows, columns } = matrix(operation, y);
  expectShape(operation, goal, y.shape);
  expectShape(operation, weight, [rows]);
  return { rows, columns };
}
