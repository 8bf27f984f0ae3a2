// The matrix products of training, by size and layout, and what a contender makes of one.
import type { Layout } from '../src/wgsl/matmul.ts';
import type { AdapterKind } from '../src/wgsl/profile.ts';
import type { Subject } from './timing.ts';
import { uniform } from './random.ts';

export interface Problem {
  label: string;
  layout: Layout;
  M: number;
  N: number;
  K: number;
}

/** A product that is ready to run, on its own device. */
export interface Prepared extends Subject {
  /** The product [M, N], after a run. */
  read(): Promise<ArrayLike<number>>;
  dispose(): void | Promise<void>;
}

export interface Operands {
  /** As stored: [M, K], `TN` [K, M]. */
  a: Float32Array<ArrayBuffer>;
  /** As stored: [K, N], `NT` [N, K]. */
  b: Float32Array<ArrayBuffer>;
}

export type Contender = (problem: Problem, operands: Operands) => Promise<Prepared>;

/** Four sequences of 128 positions through the embedded LLM (D 192, F 512) and SmolLM2-135M (D 576, F 1536). */
const training: Problem[] = [
  { label: 'embedded q_proj, y = x Wᵀ', layout: 'NT', M: 512, N: 192, K: 192 },
  { label: 'embedded gate_proj, y = x Wᵀ', layout: 'NT', M: 512, N: 512, K: 192 },
  { label: 'embedded down_proj, dx = dy W', layout: 'NN', M: 512, N: 512, K: 192 },
  { label: 'embedded LM head, y = x Wᵀ', layout: 'NT', M: 128, N: 4096, K: 192 },
  { label: 'embedded alignment, dW = dyᵀ x', layout: 'TN', M: 512, N: 192, K: 512 },
  { label: 'SmolLM2 q_proj, y = x Wᵀ', layout: 'NT', M: 512, N: 576, K: 576 },
  { label: 'SmolLM2 gate_proj, y = x Wᵀ', layout: 'NT', M: 512, N: 1536, K: 576 },
  { label: 'SmolLM2 down_proj, dx = dy W', layout: 'NN', M: 512, N: 1536, K: 576 },
  { label: 'one row, y = x Wᵀ', layout: 'NT', M: 1, N: 1536, K: 576 },
];

const large: Record<AdapterKind, Problem[]> = {
  software: [{ label: 'square 512', layout: 'NN', M: 512, N: 512, K: 512 }],
  gpu: [
    { label: 'square 1024', layout: 'NN', M: 1024, N: 1024, K: 1024 },
    { label: 'square 2048', layout: 'NN', M: 2048, N: 2048, K: 2048 },
    { label: 'square 4096', layout: 'NN', M: 4096, N: 4096, K: 4096 },
  ],
};

/** What is measured on an adapter of this kind. */
export const problemsFor = (kind: AdapterKind): Problem[] => [...training, ...large[kind]];

export function operandsOf({ M, N, K }: Problem): Operands {
  return { a: uniform(1, M * K), b: uniform(2, K * N) };
}
