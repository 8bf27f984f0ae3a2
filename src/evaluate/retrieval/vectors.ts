// Sentence vectors: the mean of a text's states, brought to length one.
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { Vectors } from '../../bridge/encoder.ts';

/**
 * The mean of rows [T, d], as a vector [d] of length one; of all zeros where the mean is.
 * @throws LinguaLiftError `states-nan` when a value is no number
 */
export function sentenceVector({ data, length, width }: Vectors): Float32Array {
  const sum = new Float64Array(width);
  for (let row = 0; row < length; row++) {
    for (let i = 0; i < width; i++) sum[i] = (sum[i] ?? 0) + (data[row * width + i] ?? 0);
  }
  const norm = Math.hypot(...sum);
  if (!Number.isFinite(norm)) {
    throw new LinguaLiftError(
      'states-nan',
      'The model computed values that are no numbers. This happens on some graphics cards; load the models on WebAssembly in place of WebGPU and try again.',
    );
  }
  return Float32Array.from(sum, (value) => (norm === 0 ? 0 : value / norm));
}

/** Vectors of one width under each other, [n, d]. */
export function stack(vectors: readonly Float32Array[]): Vectors {
  const width = vectors[0]?.length ?? 0;
  const data = new Float32Array(vectors.length * width);
  for (const [row, vector] of vectors.entries()) data.set(vector, row * width);
  return { data, length: vectors.length, width };
}
