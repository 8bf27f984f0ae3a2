// @jax-js/jax on WebGPU, compiled with jit.
import { blockUntilReady, jit, numpy as np } from '@jax-js/jax';
import type { Contender } from '../problems.ts';

export const jax: Contender = async ({ layout, M, N, K }, { a, b }) => {
  const left = np.array(a, { shape: layout === 'TN' ? [K, M] : [M, K] });
  const right = np.array(b, { shape: layout === 'NT' ? [N, K] : [K, N] });
  const multiply = jit((x: np.Array, y: np.Array) => {
    const [p, q] = [layout === 'TN' ? x.transpose() : x, layout === 'NT' ? y.transpose() : y];
    return np.matmul(p, q);
  });
  return {
    name: 'jax-js',
    async run(times) {
      // Work is put off until a result is wanted, and dropped with it: so all results are kept.
      const all = Array.from({ length: times }, () => multiply(left.ref, right.ref));
      await blockUntilReady(all);
      for (const one of all) one.dispose();
    },
    read: () => multiply(left.ref, right.ref).data() as Promise<Float32Array>,
    dispose() {
      for (const array of [left, right]) array.dispose();
      multiply.dispose();
    },
  };
};
