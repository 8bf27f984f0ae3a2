// RMSNorm (arXiv 1910.07467): every row is divided by its root mean square, then scaled by the weight, if
// there is one (without: w = 1).
//
//   forward    r = 1 / sqrt(mean(x²) + ε)          y = w x r
//   backward   g = w dy          dx += r (g - x r² mean(x g))          dw += Σ_rows x r dy
//
// One workgroup per row, as wide as a software adapter likes; `dw` in a second pass, one thread per
// column, because f32 has no atomic add and the order of a sum should not change from run to run.
import { elementwise } from './elementwise.ts';
import { rowwise } from './rowwise.ts';
import type { Plan } from './plan.ts';
import { expectShape, matrix, type Tensor } from './tensor.ts';

export interface RmsNorm {
  /** [M, D] */
  x: Tensor;
  /** [D] */
  weight?: Tensor | undefined;
  /** [M, D] */
  y: Tensor;
  /** [M], 1 / root mean square: what the backward pass needs again. */
  scale: Tensor;
  epsilon: number;
}

const forward = /* wgsl */ `
  var squares = 0.0;
  for (var i = lane; i < D; i += LANES) {
    let value = x[row * D + i];
    squares += value * value;
  }
  let r = inverseSqrt(rowSum(squares, lane) / f32(D) + EPSILON);
  if (lane == 0u) { scale[row] = r; }
  for (var i = lane; i < D; i += LANES) {
    y[row * D + i] = x[row * D + i] * r * gain(i);
  }`;

const gain = (weight: Tensor | undefined): string =>
  `fn gain(i: u32) -> f32 { return ${weight ? 'weight[i]' : '1.0'}; }`;

/** Records `y` and `scale`. */
export function rmsNorm(plan: Plan, { x, weight, y, scale, epsilon }: RmsNorm): void {
  const { rows, columns } = checked('rmsNorm', { x, weight, y, scale });
  rowwise(plan, {
    label: 'rmsNorm.forward',
    read: { x, ...(weight && { weight }) },
    write: { y, scale },
    constants: { D: columns, EPSILON: { float: epsilon } },
    rows,
    functions: gain(weight),
    statements: forward,
    flops: 5 * rows * columns,
  });
}

const backward = /* wgsl */ `
  let r = scale[row];
  var products = 0.0;
  for (var i = lane; i < D; i += LANES) {
    products += x[row * D + i] * gain(i) * dy[row * D + i];
  }
  let mean = rowSum(products, lane) / f32(D);
  for (var i = lane; i < D; i += LANES) {
    let at = row * D + i;
    dx[at] += r * (gain(i) * dy[at] - x[at] * r * r * mean);
  }`;

const backwardWeight = /* wgsl */ `
  var sum = 0.0;
  for (var row = 0u; row < M; row++) { sum += x[row * D + i] * scale[row] * dy[row * D + i]; }
  dweight[i] += sum;`;

/** Records what is added to `dx`, and to `dweight` when the weight is trained. */
export function rmsNormBackward(
  plan: Plan,
  {
    x,
    weight,
    scale,
    dy,
    dx,
    dweight,
  }: Omit<RmsNorm, 'y' | 'epsilon'> & {
    dy: Tensor;
    dx: Tensor;
    dweight?: Tensor;
  },
): void {
  const { rows, columns } = checked('rmsNormBackward', { x, weight, y: dy, scale });
  expectShape('rmsNormBackward', dx, x.shape);
  rowwise(plan, {
    label: 'rmsNorm.backward',
    read: { x, scale, dy, ...(weight && { weight }) },
    write: { dx },
    constants: { D: columns },
    rows,
    functions: gain(weight),
    statements: backward,
    flops: 8 * rows * columns,
  });
  if (!dweight) return;
  expectShape('rmsNormBackward', dweight, [columns]);
  elementwise(plan, {
    label: 'rmsNorm.backwardWeight',
    read: { x, scale, dy },
    write: { dweight },
    constants: { M: rows, D: columns },
    count: columns,
    statement: backwardWeight,
    flops: 3 * rows,
  });
}

function checked(
  operation: string,
  { x, weight, y, scale }: Pick<RmsNorm, 'x' | 'weight' | 'y' | 'scale'>,
): { rows: number; columns: number } {
  const { rows, columns } = matrix(operation, x);
  if (weight) expectShape(operation, weight, [columns]);
  expectShape(operation, y, x.shape);
  expectShape(operation, scale, [rows]);
  return { rows, columns };
}
