// Causal attention with grouped heads, without ever storing the scores (arXiv 2205.14135):
//
//   forward    s_ij = q_i·k_j / √E          p_ij = exp(s_ij - L_i)          o_i = Σ_j p_ij v_j
//              with L_i = log Σ_j exp(s_ij), found on the way by an online softmax (arXiv 1805.02867)
//   backward   Δ_i = o_i·do_i          dv_j = Σ_i p_ij do_i          ds_ij = p_ij (do_i·v_j - Δ_i)
//              dq_i = Σ_j ds_ij k_j / √E          dk_j = Σ_i ds_ij q_i / √E
//
// The backward pass computes p again from L. It runs twice over the pairs, once per query for dq and once
// per key for dk and dv, because f32 has no atomic add and sums should not depend on the order of threads.
//
// Position j is seen from i when j <= i, both in the same sequence of T positions, and both in the same
// segment. Segment 0 is padding: it sees nothing, gives zeros and gets no gradient. Several texts packed
// into one sequence are segments 1, 2, 3...
import { attentionCode, type Pass } from './attentionCode.ts';
import { elementwise } from './elementwise.ts';
import { WgslError } from './errors.ts';
import type { Plan } from './plan.ts';
import { describe, expectShape, matrix, type Tensor } from './tensor.ts';

export interface Attention {
  /** [M, H * E] */
  q: Tensor;
  /** [M, G * E] */
  k: Tensor;
  /** [M, G * E] */
  v: Tensor;
  /** u32 [M] */
  segments: Tensor;
  /** [M, H * E] */
  o: Tensor;
  /** [M, H], L: what the backward pass needs again. */
  logSumExp: Tensor;
  /** T, positions of a sequence; M is a multiple. */
  positions: number;
  heads: number;
  keyValueHeads: number;
}

interface Sizes {
  rows: number;
  T: number;
  H: number;
  G: number;
  E: number;
}

/** Records `o` and `logSumExp`. */
export function attention(plan: Plan, options: Attention): void {
  const sizes = checked('attention', options);
  const { q, k, v, segments, o, logSumExp } = options;
  record(plan, sizes, 'forward', { q, k, v, segments }, { o, logSumExp });
}

/** Records `dq`, `dk` and `dv` (written, not added to: q, k and v have no other use). */
export function attentionBackward(
  plan: Plan,
  { dO, dq, dk, dv, ...options }: Attention & { dO: Tensor; dq: Tensor; dk: Tensor; dv: Tensor },
): void {
  const sizes = checked('attentionBackward', options);
  const { q, k, v, segments, o, logSumExp } = options;
  for (const [gradient, of] of [
    [dO, o],
    [dq, q],
    [dk, k],
    [dv, v],
  ] as const) {
    expectShape('attentionBackward', gradient, of.shape);
  }
  const rowState = recordDelta(plan, sizes, { o, dO, logSumExp });
  record(plan, sizes, 'backwardQuery', { q, k, v, segments, dO, rowState }, { dq });
  record(plan, sizes, 'backwardKey', { q, k, v, segments, dO, rowState }, { dk, dv });
}

/** Records Δ beside L, [M, H, 2]: in one tensor, because devices need not bind more than eight at once. */
function recordDelta(
  plan: Plan,
  { rows, H, E }: Sizes,
  read: { o: Tensor; dO: Tensor; logSumExp: Tensor },
): Tensor {
  const rowState = plan.temporary('attention.rowState', [rows, H, 2]);
  elementwise(plan, {
    label: 'attention.delta',
    read,
    write: { rowState },
    constants: { QUADS: E / 4 },
    vectors: ['o', 'dO'],
    count: rows * H,
    statement: `
  var delta = 0.0;
  for (var at = i * QUADS; at < (i + 1u) * QUADS; at++) { delta += dot(o[at], dO[at]); }
  rowState[2u * i] = logSumExp[i];
  rowState[2u * i + 1u] = delta;`,
    flops: 2 * E,
  });
  return rowState;
}

/** FLOPs per pair of positions and element of a head: matmul-like products, two FLOPs each. */
const flopsPerPair: Record<Pass, number> = { forward: 4, backwardQuery: 6, backwardKey: 8 };

function record(
  plan: Plan,
  { rows, T, H, G, E }: Sizes,
  pass: Pass,
  read: Record<string, Tensor>,
  write: Record<string, Tensor>,
): void {
  const { body, lanes } = attentionCode(plan.profile, pass, E);
  const heads = pass === 'backwardKey' ? G : H;
  plan.dispatch({
    label: `attention.${pass}`,
    read,
    write,
    constants: { T, H, G, E, SCALE: { float: 1 / Math.sqrt(E) }, LANES: lanes },
    vectors: ['q', 'k', 'v', 'o', 'dO', 'dq', 'dk', 'dv'].filter(
      (name) => name in read || name in write,
    ),
    body,
    workgroups: [Math.ceil(T / lanes), heads, rows / T],
    flops: (flopsPerPair[pass] * rows * T * H * E) / 2,
  });
}

function checked(operation: string, options: Attention): Sizes {
  const { q, k, v, segments, o, logSumExp, positions: T, heads: H, keyValueHeads: G } = options;
  const { rows, columns } = matrix(operation, q);
  const E = columns / H;
  if (H % G !== 0 || E % 4 !== 0 || rows % T !== 0) {
    throw new WgslError(
      'bad-shape',
      `${operation}: ${describe(q)} in sequences of ${T}, ${H} query and ${G} key heads of ${E}: sequences and heads must divide, the size of a head be a multiple of 4.`,
    );
  }
  expectShape(operation, k, [...q.shape.slice(0, -1), G * E]);
  expectShape(operation, v, k.shape);
  expectShape(operation, o, q.shape);
  expectShape(operation, segments, [rows], 'u32');
  expectShape(operation, logSumExp, [rows, H]);
  return { rows, T, H, G, E };
}
