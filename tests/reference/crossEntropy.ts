// Softmax cross-entropy behind an LM head in float64, forward and gradient, with all logits at hand: the twin
// of src/wgsl/crossEntropy.ts.
import { nowhere } from '../../src/wgsl/rows.ts';
import { at } from './at.ts';
import { matmul } from './matmul.ts';

export interface Inputs {
  /** [L, D] */
  h: Float64Array;
  /** [V, D] */
  head: Float64Array;
  /** [L]; `nowhere` counts nothing. */
  labels: readonly number[];
  /** Of each label. */
  weight: number;
}

/** The weighted sum of -log p(label), and the log-sum-exp of every row [L]. */
export function crossEntropy(inputs: Inputs): { loss: number; logSumExp: Float64Array } {
  const { labels, weight } = inputs;
  const { logits, V } = allLogits(inputs);
  const logSumExp = new Float64Array(labels.length);
  let loss = 0;
  for (const [row, label] of labels.entries()) {
    const values = logits.subarray(row * V, (row + 1) * V);
    const largest = Math.max(...values);
    const total = values.reduce((sum, value) => sum + Math.exp(value - largest), 0);
    logSumExp[row] = largest + Math.log(total);
    if (label !== nowhere) loss += weight * (at(logSumExp, row) - at(values, label));
  }
  return { loss, logSumExp };
}

/** Gradient of the loss to h. */
export function crossEntropyBackward(inputs: Inputs): Float64Array {
  const { head, labels, weight } = inputs;
  const { logits, V, D } = allLogits(inputs);
  const { logSumExp } = crossEntropy(inputs);
  const dlogits = logits.map((value, i) => {
    const row = Math.floor(i / V);
    const label = at(labels, row);
    const p = Math.exp(value - at(logSumExp, row));
    return label === nowhere ? 0 : weight * (p - (label === i % V ? 1 : 0));
  });
  return matmul('NN', dlogits, head, [labels.length, D, V]);
}

function allLogits({ h, head, labels }: Inputs): { logits: Float64Array; V: number; D: number } {
  const L = labels.length;
  const D = h.length / L;
  const V = head.length / D;
  return { logits: matmul('NT', h, head, [L, V, D]), V, D };
}
