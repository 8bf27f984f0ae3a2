// LayerNorm (arXiv 1607.06450): every row is centred, divided by its standard deviation, then scaled by the
// weight and moved by the bias.
//
//   forward    μ = mean(x)          r = 1 / sqrt(mean((x - μ)²) + ε)          x̂ = (x - μ) r          y = w x̂ + b
//   backward   g = w dy          dx += r (g - mean(g) - x̂ mean(x̂ g))          dw += Σ_rows x̂ dy          db += Σ_rows dy
//
// The mean comes first and the squares of what is left second: mean(x²) - μ² would lose all its digits in
// rows that lie far from zero. `dw` and `db` in a second pass, one thread per column, as in rmsNorm.ts.
import { elementwise } from './elementwise.ts';
import { rowwise } from './rowwise.ts';
import type { Plan } from './plan.ts';
import { expectShape, matrix, type Tensor } from './tensor.ts';

export interface LayerNorm {
  /** [M, D] */
  x: Tensor;
  /** [D] */
  weight: Tensor;
  /** [D] */
  bias: Tensor;
  /** [M, D] */
  y: Tensor;
  /** [M], μ: what the backward pass needs again. */
  mean: Tensor;
  /** [M], 1 / standard deviation: the same. */
  scale: Tensor;
  epsilon: number;
}

const forward = /* wgsl */ `
  var total = 0.0;
  for (var i = lane; i < D; i += LANES) { total += x[row * D + i]; }
  let center = rowSum(total, lane) / f32(D);
  var squares = 0.0;
  for (var i = lane; i < D; i += LANES) {
    let distance = x[row * D + i] - center;
    squares += distance * distance;
  }
  let r = inverseSqrt(rowSum(squares, lane) / f32(D) + EPSILON);
  if (lane == 0u) {
    mean[row] = center;
    scale[row] = r;
  }
  for (var i = lane; i < D; i += LANES) {
    y[row * D + i] = (x[row * D + i] - center) * r * weight[i] + bias[i];
  }`;

/** Records `y`, `mean` and `scale`. */
export function layerNorm(
  plan: Plan,
  { x, weight, bias, y, mean, scale, epsilon }: LayerNorm,
): void {
  const { rows, columns } = checked('layerNorm', { x, weight, y, mean, scale });
  expectShape('layerNorm', bias, weight.shape);
  rowwise(plan, {
    label: 'layerNorm.forward',
    read: { x, weight, bias },
    write: { y, mean, scale },
    constants: { D: columns, EPSILON: { float: epsilon } },
    rows,
    statements: forward,
    flops: 8 * rows * columns,
  });
}

const backward = /* wgsl */ `
  let center = mean[row];
  let r = scale[row];
  var total = 0.0;
  var products = 0.0;
  for (var i = lane; i < D; i += LANES) {
    let at = row * D + i;
    let g = weight[i] * dy[at];
    total += g;
    products += (x[at] - center) * r * g;
  }
  let meanGradient = rowSum(total, lane) / f32(D);
  let meanProduct = rowSum(products, lane) / f32(D);
  for (var i = lane; i < D; i += LANES) {
    let at = row * D + i;
    dx[at] += r * (weight[i] * dy[at] - meanGradient - (x[at] - center) * r * meanProduct);
  }`;

const backwardParameters = /* wgsl */ `
  var products = 0.0;
  var total = 0.0;
  for (var row = 0u; row < M; row++) {
    let at = row * D + i;
    products += (x[at] - mean[row]) * scale[row] * dy[at];
    total += dy[at];
  }
  dweight[i] += products;
  dbias[i] += total;`;

/** Records what is added to `dx`, and to `dweight` and `dbias` when they are trained. */
export function layerNormBackward(
  plan: Plan,
  {
    x,
    weight,
    mean,
    scale,
    dy,
    dx,
    parameters,
  }: Omit<LayerNorm, 'y' | 'bias' | 'epsilon'> & {
    dy: Tensor;
    dx: Tensor;
    parameters?: { dweight: Tensor; dbias: Tensor };
  },
): void {
  const { rows, columns } = checked('layerNormBackward', { x, weight, y: dy, mean, scale });
  expectShape('layerNormBackward', dx, x.shape);
  rowwise(plan, {
    label: 'layerNorm.backward',
    read: { x, weight, mean, scale, dy },
    write: { dx },
    constants: { D: columns },
    rows,
    statements: backward,
    flops: 12 * rows * columns,
  });
  if (!parameters) return;
  const { dweight, dbias } = parameters;
  expectShape('layerNormBackward', dweight, weight.shape);
  expectShape('layerNormBackward', dbias, weight.shape);
  elementwise(plan, {
    label: 'layerNorm.backwardParameters',
    read: { x, mean, scale, dy },
    write: { dweight, dbias },
    constants: { M: rows, D: columns },
    count: columns,
    statement: backwardParameters,
    flops: 5 * rows,
  });
}

function checked(
  operation: string,
  { x, weight, y, mean, scale }: Pick<LayerNorm, 'x' | 'weight' | 'y' | 'mean' | 'scale'>,
): { rows: number; columns: number } {
  const { rows, columns } = matrix(operation, x);
  expectShape(operation, weight, [columns]);
  expectShape(operation, y, x.shape);
  expectShape(operation, mean, [rows]);
  expectShape(operation, scale, [rows]);
  return { rows, columns };
}
