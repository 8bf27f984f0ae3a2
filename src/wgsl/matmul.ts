// Matrix products: C = A B, A Bᵀ or Aᵀ B, in f32; B may be a frozen weight that stays packed (operand.ts).
//
//   forward of a linear layer    y  = x Wᵀ     x [M, K], W [N, K]     layout `NT`
//   gradient to its input        dx = dy W     dy [M, N]              layout `NN`
//   gradient to its weight       dW = dyᵀ x                           layout `TN`
//
// FLOPs 2 M N K. Each invocation keeps a tile of C in registers, fully unrolled. On a GPU a workgroup first
// copies its part of A and B to shared memory, so that every element is fetched once per tile; on a
// software adapter, where a barrier is a context switch and caches do the same, it reads them directly.
import { WgslError } from './errors.ts';
import { accessor, type Accessor, type Operand } from './operand.ts';
import type { Plan } from './plan.ts';
import { expectShape, matrix, type Tensor } from './tensor.ts';
import { chooseTile, type Tile } from './tiles.ts';
import { directKernel } from './matmulDirect.ts';
import { sharedKernel } from './matmulShared.ts';

/** Which operands are stored transposed: A [M, K] or [K, M] (`T`), B [K, N] or [N, K] (`T`). */
export type Layout = 'NN' | 'NT' | 'TN';

export interface Matmul {
  layout: Layout;
  a: Tensor;
  b: Operand;
  /** [M, N] */
  out: Tensor;
  /** Adds to what `out` holds. Gradients of weights always do. */
  accumulate?: boolean;
  /** Names the use in profiles: `q_proj`. */
  label?: string;
}

/** Sizes and accessors of a product, checked: what both kinds of kernels are written from. */
export interface Product {
  layout: Layout;
  M: number;
  N: number;
  K: number;
  a: Accessor;
  b: Accessor;
  out: Tensor;
  accumulate: boolean;
  tile: Tile;
}

/**
 * Records C = A B.
 * @throws WgslError `bad-shape` that names the tensors whose inner sizes differ
 */
export function matmul(
  plan: Plan,
  { layout, a, b, out, accumulate = false, label = 'matmul' }: Matmul,
): void {
  const A = accessor(label, 'a', a);
  const B = accessor(label, 'b', b);
  const [M, K] = layout === 'TN' ? [A.columns, A.rows] : [A.rows, A.columns];
  const [N, inner] = layout === 'NT' ? [B.rows, B.columns] : [B.columns, B.rows];
  if (inner !== K) {
    const shape = (x: Accessor) => `${x.source} [${x.rows}, ${x.columns}]`;
    throw new WgslError(
      'bad-shape',
      `${label} (${layout}): the inner sizes of ${shape(A)} and ${shape(B)} differ: ${K} and ${inner}.`,
    );
  }
  const { rows, columns } = matrix(label, out);
  expectShape(label, { ...out, shape: [rows, columns] }, [M, N]);
  const tile = chooseTile(plan.profile, M, N);
  const product: Product = { layout, M, N, K, a: A, b: B, out, accumulate, tile };
  const { body, workgroups } = tile.shared ? sharedKernel(product) : directKernel(product);
  plan.dispatch({
    label: `${label}.${layout}`,
    read: { ...A.read, ...B.read },
    write: { c: out },
    constants: { M, N, K },
    vectors: [...A.vectors, ...B.vectors, ...(N % 4 === 0 ? ['c'] : [])],
    body,
    workgroups,
    flops: 2 * M * N * K,
  });
}
