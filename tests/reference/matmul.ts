// Matrix products in float64, and the values of quantized blocks: the twin of src/wgsl/matmul.ts.
import type { Layout } from '../../src/wgsl/matmul.ts';

/** C [M, N]; A is [M, K] or for `TN` [K, M], B is [K, N] or for `NT` [N, K]. */
export function matmul(
  layout: Layout,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [M, N, K]: readonly [number, number, number],
): Float64Array {
  const c = new Float64Array(M * N);
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let k = 0; k < K; k++) {
        const left = a[layout === 'TN' ? k * M + m : m * K + k] as number;
        const right = b[layout === 'NT' ? n * K + k : k * N + n] as number;
        sum += left * right;
      }
      c[m * N + n] = sum;
    }
  }
  return c;
}
