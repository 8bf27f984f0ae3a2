// LoRA branches beside a decoder's linear layers, as tensors of a plan: all parameters in one piece, all
// gradients in another. Names are PEFT's.
import type { LlamaConfig } from '../onnx/index.ts';
import type { Plan } from '../wgsl/plan.ts';
import type { Tensor } from '../wgsl/tensor.ts';
import type { Adapter } from './linear.ts';
import { sizesOf } from './weights.ts';

export interface Adapters {
  /** By the path of the linear layer. */
  byLayer: ReadonlyMap<string, Adapter>;
  /** By name: `model.layers.0.self_attn.q_proj.lora_A.weight`. */
  parameters: Readonly<Record<string, Tensor>>;
  gradients: Readonly<Record<string, Tensor>>;
  allParameters: Tensor;
  allGradients: Tensor;
}

/** The linear layers of a Llama layer, with [outputs, inputs] by the model's sizes. */
export const projections = {
  'self_attn.q_proj': (s) => [s.heads * s.headSize, s.hiddenSize],
  'self_attn.k_proj': (s) => [s.keyValueHeads * s.headSize, s.hiddenSize],
  'self_attn.v_proj': (s) => [s.keyValueHeads * s.headSize, s.hiddenSize],
  'self_attn.o_proj': (s) => [s.hiddenSize, s.heads * s.headSize],
  'mlp.gate_proj': (s) => [s.intermediateSize, s.hiddenSize],
  'mlp.up_proj': (s) => [s.intermediateSize, s.hiddenSize],
  'mlp.down_proj': (s) => [s.hiddenSize, s.intermediateSize],
} satisfies Record<string, (sizes: ReturnType<typeof sizesOf>) => [number, number]>;

export type ProjectionName = keyof typeof projections;

/**
 * Declares branches of rank R beside the given projections of every layer.
 * @param options.scale α / R
 */
export function declareAdapters(
  plan: Plan,
  config: LlamaConfig,
  { targets, rank, scale }: { targets: readonly ProjectionName[]; rank: number; scale: number },
): Adapters {
  const sizes = sizesOf(config);
  const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) =>
    targets.map((target) => ({ path: `model.layers.${layer}.${target}`, target })),
  ).flat();
  const shapes = Object.fromEntries(
    layers.flatMap(({ path, target }) => {
      const [outputs, inputs] = projections[target](sizes);
      return [
        [`${path}.lora_A.weight`, [rank, inputs]],
        [`${path}.lora_B.weight`, [outputs, rank]],
      ];
    }),
  ) as Record<string, number[]>;
  const { whole: allParameters, parts: parameters } = plan.pack('lora', shapes);
  const { whole: allGradients, parts: gradients } = plan.pack('dlora', shapes);
  const byLayer = new Map(
    layers.map(({ path }): [string, Adapter] => [
      path,
      {
        down: parameters[`${path}.lora_A.weight`] as Tensor,
        up: parameters[`${path}.lora_B.weight`] as Tensor,
        ddown: gradients[`${path}.lora_A.weight`] as Tensor,
        dup: gradients[`${path}.lora_B.weight`] as Tensor,
        scale,
      },
    ]),
  );
  return { byLayer, parameters, gradients, allParameters, allGradients };
}
