// SwiGLU in float64, forward and gradient: the twin of src/wgsl/swiglu.ts.
import { at } from './at.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** h = silu(gate) up */
export function swiglu(gate: Float64Array, up: Float64Array): Float64Array {
  return gate.map((g, i) => g * sigmoid(g) * at(up, i));
}

/** Gradients of Σ h dh. */
export function swigluBackward(
  gate: Float64Array,
  up: Float64Array,
  dh: Float64Array,
): { dgate: Float64Array; dup: Float64Array } {
  return {
    // silu' = σ + g σ (1 - σ)
    dgate: gate.map((g, i) => {
      const s = sigmoid(g);
      return at(dh, i) * at(up, i) * (s + g * s * (1 - s));
    }),
    dup: gate.map((g, i) => at(dh, i) * g * sigmoid(g)),
  };
}
