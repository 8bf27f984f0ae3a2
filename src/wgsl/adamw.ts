// The optimizer: gradient norm, clipping, AdamW (arXiv 1711.05101), all on the device.
//
//   n = ‖g‖₂          c = min(1, clip / n)
//   m ← β₁ m + (1-β₁) c g          v ← β₂ v + (1-β₂) (c g)²
//   p ← p - lr (m / (1-β₁ᵗ) / (√(v / (1-β₂ᵗ)) + ε) + λ p)
//
// All parameters lie in one tensor, all gradients in another (plan.pack), so this takes three dispatches
// however many parameters there are. A loss or norm that is no finite number leaves everything as it was;
// `status` tells.
import { elementwise } from './elementwise.ts';
import type { Plan } from './plan.ts';
import { rowwise } from './rowwise.ts';
import { expectShape, sizeOf, type Tensor } from './tensor.ts';

export interface AdamW {
  /** [P] each, of the same layout. */
  parameters: Tensor;
  gradients: Tensor;
  firstMoment: Tensor;
  secondMoment: Tensor;
  /** f32 [4], written before each step: see `stepInputs`. */
  inputs: Tensor;
  /** f32 [1] */
  loss: Tensor;
  /** f32 [3]: loss, gradient norm before clipping, 1 when the step was taken and 0 when it was not. */
  status: Tensor;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
}

/** What `inputs` holds at a step, counted from 1. `maxNorm` of Infinity does not clip. */
export function stepInputs(
  step: number,
  learningRate: number,
  maxNorm: number,
  { beta1, beta2 }: Pick<AdamW, 'beta1' | 'beta2'>,
): Float32Array<ArrayBuffer> {
  const clip = Number.isFinite(maxNorm) ? maxNorm : 1e30;
  return Float32Array.of(learningRate, clip, 1 / (1 - beta1 ** step), 1 / (1 - beta2 ** step));
}

/** Elements that one workgroup of the norm adds up. */
const chunk = 4096;

/** Records norm, clipping and update. */
export function adamw(plan: Plan, options: AdamW): void {
  const { parameters, gradients, firstMoment, secondMoment, inputs, loss, status } = options;
  for (const tensor of [gradients, firstMoment, secondMoment]) {
    expectShape('adamw', tensor, parameters.shape);
  }
  expectShape('adamw', inputs, [4]);
  expectShape('adamw', loss, [1]);
  expectShape('adamw', status, [3]);
  const count = sizeOf(parameters);
  const parts = Math.ceil(count / chunk);
  const partial = plan.temporary('adamw.partialNorm', [parts]);
  rowwise(plan, {
    label: 'adamw.partialNorm',
    read: { gradients },
    write: { sums: partial },
    constants: { COUNT: count, CHUNK: chunk },
    rows: parts,
    statements: partialNorm,
    flops: 2 * count,
  });
  rowwise(plan, {
    label: 'adamw.norm',
    read: { sums: partial, loss },
    write: { status },
    constants: { PARTS: parts },
    rows: 1,
    functions: finite,
    statements: norm,
    flops: parts,
  });
  elementwise(plan, {
    label: 'adamw.update',
    read: { gradients, inputs, status },
    write: { parameters, firstMoment, secondMoment },
    constants: {
      BETA1: { float: options.beta1 },
      BETA2: { float: options.beta2 },
      EPSILON: { float: options.epsilon },
      DECAY: { float: options.weightDecay },
    },
    count,
    statement: `
  if (status[2] == 0.0) { return; }
  let g = gradients[i] * min(1.0, inputs[1] / max(status[1], 1e-30));
  let m = BETA1 * firstMoment[i] + (1.0 - BETA1) * g;
  let v = BETA2 * secondMoment[i] + (1.0 - BETA2) * g * g;
  firstMoment[i] = m;
  secondMoment[i] = v;
  let p = parameters[i];
  parameters[i] = p - inputs[0] * (m * inputs[2] / (sqrt(v * inputs[3]) + EPSILON) + DECAY * p);`,
    flops: 14,
  });
}

const partialNorm = /* wgsl */ `
  var squares = 0.0;
  for (var i = row * CHUNK + lane; i < min(COUNT, (row + 1u) * CHUNK); i += LANES) {
    squares += gradients[i] * gradients[i];
  }
  let total = rowSum(squares, lane);
  if (lane == 0u) { sums[row] = total; }`;

// A shader compiler may assume that numbers are finite, so the test is made on the bits.
const finite = /* wgsl */ `
fn finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }`;

const norm = /* wgsl */ `
  var squares = 0.0;
  for (var i = lane; i < PARTS; i += LANES) { squares += sums[i]; }
  let total = rowSum(squares, lane);
  if (lane != 0u) { return; }
  status[0] = loss[0];
  status[1] = sqrt(total);
  status[2] = select(0.0, 1.0, finite(loss[0]) && finite(total));`;
