// The alignment layer as a trained module: encoder hidden states [S, d_enc] to a soft prompt [S, d_llm], and
// the learned vector that ends every prompt (LangBridge, arXiv 2401.10695, section 3).
//
//   x̂ = x / rms(x)          linear:  y = W x̂ + b          mlp:  y = W₂ gelu(W₁ x̂ + b₁) + b₂
//                           latent:  the mlp of what latents saw of x̂ (resampler.ts)
//
// Which kinds there are is a table; a kind is its parameters and its two passes.
import { clear } from '../wgsl/add.ts';
import type { Plan } from '../wgsl/plan.ts';
import { rmsNorm, rmsNormBackward } from '../wgsl/rmsNorm.ts';
import type { Tensor } from '../wgsl/tensor.ts';
import { affine, affineBackward, rowsOf, type Named } from './affine.ts';
import { mlp, mlpBackward, mlpShapes } from './mlp.ts';
import { resample, resampleBackward, resamplerShapes, type Grid } from './resampler.ts';

export interface AlignmentSizes {
  /** d_enc */
  encoderDim: number;
  /** d_llm */
  llmDim: number;
  /** Width between the two layers of `mlp`, and of the latents. */
  hiddenDim: number;
  /** Of `latent`: how many vectors a soft prompt has, and the heads that look at the states. */
  latents: number;
  heads: number;
}

/** Records the gradients of the parameters from the gradient of y. */
type Backward = (dy: Tensor) => void;

interface Kind {
  shapes(sizes: AlignmentSizes): Record<string, readonly number[]>;
  /** Records y from the normalised x̂. */
  forward(plan: Plan, alignment: Alignment, x: Tensor, y: Tensor, grid?: Grid): Backward;
}

export const alignmentKinds = ['linear', 'mlp', 'latent'] as const;
export type AlignmentKind = (typeof alignmentKinds)[number];

const kinds: Record<AlignmentKind, Kind> = {
  linear: {
    shapes: ({ encoderDim, llmDim }) => ({
      'linear.weight': [llmDim, encoderDim],
      'linear.bias': [llmDim],
    }),
    forward(plan, { parameters: p, gradients: d }, x, y) {
      affine(plan, p, 'linear', x, y);
      return (dy) => affineBackward(plan, p, d, 'linear', { x, dy });
    },
  },
  mlp: {
    shapes: (sizes) => mlpShapes(sizes, sizes.encoderDim),
    forward(plan, alignment, x, y) {
      const hidden = mlp(plan, alignment.parameters, x, y);
      return (dy) => mlpBackward(plan, alignment, { x, ...hidden, dy });
    },
  },
  latent: {
    shapes: (sizes) => ({ ...resamplerShapes(sizes), ...mlpShapes(sizes, sizes.hiddenDim) }),
    forward(plan, alignment, x, y, grid) {
      if (!grid)
        throw new RangeError('A latent alignment needs a grid for its states and latents.');
      const { normEpsilon: epsilon } = alignment;
      const state = resample(plan, alignment, x, grid);
      const normed = plan.temporary('latents.normed', state.latents.shape);
      const scale = plan.temporary('latents.scale', [rowsOf(normed)]);
      rmsNorm(plan, { x: state.latents, y: normed, scale, epsilon });
      const hidden = mlp(plan, alignment.parameters, normed, y);
      return (dy) => {
        const dnormed = plan.temporary('dlatents.normed', normed.shape);
        const dlatents = plan.temporary('dlatents', normed.shape);
        mlpBackward(plan, alignment, { x: normed, ...hidden, dy, dx: dnormed });
        clear(plan, dlatents);
        rmsNormBackward(plan, { x: state.latents, scale, dy: dnormed, dx: dlatents });
        resampleBackward(plan, alignment, { x, grid, state, dlatents });
      };
    },
  },
};

/** The parameters of a kind, by name, with their shapes. `end_of_prompt` [d_llm] belongs to every kind. */
export function alignmentShapes(
  kind: AlignmentKind,
  sizes: AlignmentSizes,
): Record<string, readonly number[]> {
  return { ...kinds[kind].shapes(sizes), end_of_prompt: [sizes.llmDim] };
}

export interface Alignment {
  kind: AlignmentKind;
  sizes: AlignmentSizes;
  parameters: Named;
  gradients: Named;
  normEpsilon: number;
}

/**
 * Records the soft prompts [L, d_llm] of encoder states [S, d_enc].
 * @param grid where states and latents meet; `latent` needs it
 * @returns what records the gradients of the parameters, given the gradient of the soft prompts
 */
export function align(
  plan: Plan,
  alignment: Alignment,
  states: Tensor,
  softPrompt: Tensor,
  grid?: Grid,
): Backward {
  const x = plan.temporary('normalised', states.shape);
  const scale = plan.temporary('normalised.scale', [rowsOf(states)]);
  rmsNorm(plan, { x: states, y: x, scale, epsilon: alignment.normEpsilon });
  return kinds[alignment.kind].forward(plan, alignment, x, softPrompt, grid);
}
