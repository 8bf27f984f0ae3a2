// Sentence vectors: a text's states brought together by the rule of its encoder, and to length one.
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { Vectors } from '../../bridge/encoder.ts';
import { poolingRules } from '../../bridge/pooling.ts';
import type { Pooling } from '../../bundle/manifest.ts';

/**
 * One vector [d] of length one of rows [T, d], those that the rule looks at; of all zeros where the rule gives that.
 * @throws LinguaLiftError `states-nan` when a value is no number
 */
export function sentenceVector(states: Vectors, pooling: Pooling): Float32Array {
  const pooled = poolingRules[pooling].pool(states);
  const norm = Math.hypot(...pooled);
  if (!Number.isFinite(norm)) {
    throw new LinguaLiftError(
      'states-nan',
      'The model computed values that are no numbers. This happens on some graphics cards; load the models on WebAssembly in place of WebGPU and try again.',
    );
  }
  return Float32Array.from(pooled, (value) => (norm === 0 ? 0 : value / norm));
}

/** Vectors of one width under each other, [n, d]. */
export function stack(vectors: readonly Float32Array[]): Vectors {
  const width = vectors[0]?.length ?? 0;
  const data = new Float32Array(vectors.length * width);
  for (const [row, vector] of vectors.entries()) data.set(vector, row * width);
  return { data, length: vectors.length, width };
}
