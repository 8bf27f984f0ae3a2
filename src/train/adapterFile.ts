// LoRA branches as a PEFT adapter folder: adapter_config.json and adapter_model.safetensors, as
// src/onnx/lora.ts and PEFT itself read them.
import { floatSafetensor, writeSafetensors } from '../onnx/safetensors.ts';
import type { ProjectionName } from './adapters.ts';
import type { Values } from './state.ts';

/** PEFT names parameters by their place in the model that it wraps. */
const prefix = 'base_model.model.';

export interface AdapterFiles {
  config: Uint8Array<ArrayBuffer>;
  weights: Uint8Array<ArrayBuffer>;
}

/**
 * The two files of an adapter.
 * @param parameters by name: `model.layers.0.self_attn.q_proj.lora_A.weight` [rank, inputs], `lora_B` [outputs, rank]
 * @param baseModel id of the LLM
 * @param alpha branches are scaled by alpha / rank
 */
export function encodeAdapter(
  parameters: Values,
  {
    baseModel,
    rank,
    alpha,
    targets,
  }: { baseModel: string; rank: number; alpha: number; targets: readonly ProjectionName[] },
): AdapterFiles {
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: baseModel,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    bias: 'none',
    target_modules: targets.map((target) => target.slice(target.indexOf('.') + 1)),
    inference_mode: true,
  };
  const tensors = Object.entries(parameters).map(([name, values]) => {
    const width = values.length / rank;
    const shape = name.endsWith('.lora_A.weight') ? [rank, width] : [width, rank];
    return [prefix + name, floatSafetensor(values, shape)] as const;
  });
  const weights = writeSafetensors({ tensors: new Map(tensors), metadata: { format: 'pt' } });
  return {
    config: new TextEncoder().encode(JSON.stringify(config, null, 2)),
    weights: weights as Uint8Array<ArrayBuffer>,
  };
}
