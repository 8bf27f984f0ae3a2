// TensorFlow.js on WebGPU.
import * as tf from '@tensorflow/tfjs-core';
import type { Contender } from '../problems.ts';

export const tensorflow: Contender = async ({ layout, M, N, K }, { a, b }) => {
  const left = tf.tensor2d(a, layout === 'TN' ? [K, M] : [M, K]);
  const right = tf.tensor2d(b, layout === 'NT' ? [N, K] : [K, N]);
  const multiply = () => tf.matMul(left, right, layout === 'TN', layout === 'NT');
  let out = multiply();
  await out.data();
  out.dispose();
  out = multiply();
  return {
    name: 'tensorflow.js',
    async run(times) {
      for (let i = 0; i < times; i++) {
        out.dispose();
        out = multiply();
      }
      // Its queue of commands is private; reading the last result flushes it and waits, once a round.
      await out.data();
    },
    read: () => out.data(),
    dispose() {
      for (const tensor of [left, right, out]) tensor.dispose();
    },
  };
};
