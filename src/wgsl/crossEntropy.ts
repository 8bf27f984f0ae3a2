// Softmax cross-entropy fused with the LM head: the logits of a chunk of the vocabulary are made, used and
// forgotten, so that [L, V] never exists.
//
//   forward    z = h Wᵀ          loss_l = log Σ_v exp(z_lv) - z_l,label          loss = weight Σ_l loss_l
//   backward   dz_lv = weight (exp(z_lv - LSE_l) - [v = label_l])               dh = dz W
//
// Per chunk the forward pass keeps a running maximum, a running sum and the label's logit; the backward
// pass makes the chunk's logits again and turns them into their own gradient in place. Rows whose label is
// `nowhere` count nothing. `weight` is one over the number of labels of the whole step, so that micro-batches
// add up to the mean over all.
import { WgslError } from './errors.ts';
import { clear } from './add.ts';
import { elementwise } from './elementwise.ts';
import { matmul } from './matmul.ts';
import type { BlockMatrix } from './operand.ts';
import type { Plan } from './plan.ts';
import { rowwise } from './rowwise.ts';
import { nowhere } from './rows.ts';
import { describe, expectShape, matrix, type Tensor } from './tensor.ts';

export interface CrossEntropy {
  /** [L, D], states of the positions before the labels. */
  h: Tensor;
  /** The LM head [V, D] as one matrix, or as several when it is too large for a binding. */
  head: readonly (Tensor | BlockMatrix)[];
  /** u32 [L] */
  labels: Tensor;
  /** f32 [1], 1 / labels of the whole step; an input. */
  weight: Tensor;
  /** f32 [1], to which the loss is added. */
  loss: Tensor;
  /** Rows of the vocabulary at a time: [L, chunk] logits are the only large temporary. */
  chunk: number;
}

/** What the backward pass needs: LSE by row. */
export interface CrossEntropyState {
  logSumExp: Tensor;
}

/** Records the loss. */
export function crossEntropy(plan: Plan, options: CrossEntropy): CrossEntropyState {
  const { h, labels, weight, loss } = options;
  const { rows } = matrix('crossEntropy', h);
  expectShape('crossEntropy', labels, [rows], 'u32');
  expectShape('crossEntropy', weight, [1]);
  expectShape('crossEntropy', loss, [1]);
  const logSumExp = plan.temporary('crossEntropy.logSumExp', [rows]);
  const target = plan.temporary('crossEntropy.target', [rows]);
  elementwise(plan, {
    label: 'crossEntropy.begin',
    read: {},
    write: { logSumExp, labelLogit: target },
    constants: {},
    count: rows,
    statement: 'logSumExp[i] = -3.0e38; labelLogit[i] = 0.0;',
    flops: 0,
  });
  for (const part of chunks(options)) {
    const logits = chunkLogits(plan, h, part, rows);
    rowwise(plan, {
      label: 'crossEntropy.forward',
      read: { logits, labels },
      write: { logSumExp, labelLogit: target },
      constants: { N: part.rows, FIRST: part.firstToken },
      rows,
      statements: forward,
      flops: 4 * rows * part.rows,
    });
  }
  rowwise(plan, {
    label: 'crossEntropy.sum',
    read: { logSumExp, labelLogit: target, labels, weight },
    write: { loss },
    constants: { M: rows },
    rows: 1,
    statements: sum,
    flops: 2 * rows,
  });
  return { logSumExp };
}

const forward = /* wgsl */ `
  let before = logSumExp[row];
  var largest = before;
  for (var i = lane; i < N; i += LANES) { largest = max(largest, logits[row * N + i]); }
  largest = rowMax(largest, lane);
  var total = 0.0;
  for (var i = lane; i < N; i += LANES) { total += exp(logits[row * N + i] - largest); }
  total = rowSum(total, lane);
  if (lane != 0u) { return; }
  logSumExp[row] = largest + log(total + exp(before - largest));
  let label = labels[row] - FIRST;
  if (labels[row] >= FIRST && label < N) { labelLogit[row] = logits[row * N + label]; }`;

const sum = /* wgsl */ `
  var total = 0.0;
  for (var row = lane; row < M; row += LANES) {
    if (labels[row] != ${nowhere}u) { total += logSumExp[row] - labelLogit[row]; }
  }
  total = rowSum(total, lane);
  if (lane == 0u) { loss[0] += weight[0] * total; }`;

/** Records `dh` (written, not added to). The head is frozen: it gets no gradient. */
export function crossEntropyBackward(
  plan: Plan,
  { dh, ...options }: CrossEntropy & CrossEntropyState & { dh: Tensor },
): void {
  const { h, labels, weight, logSumExp } = options;
  const { rows } = matrix('crossEntropyBackward', h);
  expectShape('crossEntropyBackward', dh, h.shape);
  clear(plan, dh);
  for (const part of chunks(options)) {
    const logits = chunkLogits(plan, h, part, rows);
    elementwise(plan, {
      label: 'crossEntropy.backward',
      read: { labels, weight, logSumExp },
      write: { logits },
      constants: { N: part.rows, FIRST: part.firstToken },
      count: rows * part.rows,
      statement: `
  let row = i / N;
  let label = labels[row];
  let p = exp(logits[i] - logSumExp[row]) - select(0.0, 1.0, label == FIRST + i % N);
  logits[i] = select(weight[0] * p, 0.0, label == ${nowhere}u);`,
      flops: 4,
    });
    matmul(plan, { layout: 'NN', a: logits, b: part, out: dh, accumulate: true, label: 'lmHead' });
  }
}

interface Chunk {
  of: Tensor | BlockMatrix;
  /** Rows of `of`. */
  first: number;
  rows: number;
  /** The token of the first row. */
  firstToken: number;
}

function chunks({ head, chunk }: CrossEntropy): Chunk[] {
  if (!(Number.isInteger(chunk) && chunk > 0)) {
    throw new WgslError(
      'bad-shape',
      `crossEntropy: chunks of the vocabulary should have at least one row, not ${chunk}.`,
    );
  }
  const parts: Chunk[] = [];
  let firstToken = 0;
  for (const of of head) {
    const rows = 'bits' in of ? of.rows : (of.shape[0] ?? 0);
    for (let first = 0; first < rows; first += chunk) {
      const count = Math.min(chunk, rows - first);
      parts.push({ of, first, rows: count, firstToken: firstToken + first });
    }
    firstToken += rows;
  }
  if (parts.length === 0) {
    const names = head.map((part) => describe('bits' in part ? part.data : part));
    throw new WgslError(
      'bad-shape',
      `crossEntropy: the LM head has no rows (${names.join(', ')}).`,
    );
  }
  return parts;
}

function chunkLogits(plan: Plan, h: Tensor, chunk: Chunk, rows: number): Tensor {
  const logits = plan.temporary('crossEntropy.logits', [rows, chunk.rows]);
  matmul(plan, { layout: 'NT', a: h, b: chunk, out: logits, label: 'lmHead' });
  return logits;
}
