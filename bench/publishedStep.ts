// The training step that stands for published LLMs: LangBridge with an MLP from multilingual-e5-small's states, four
// sequences of 256 positions at once, half of them states, nearly half labels.
import type { LlamaConfig, ModelProto } from '../src/onnx/index.ts';
import type { TrainerOptions } from '../src/train/trainer.ts';

export const encoderDim = 384;
export const sequences = 4;
export const positions = 256;

/** @param checkpoint as `TrainerOptions` */
export function publishedStep(
  model: ModelProto,
  config: LlamaConfig,
  checkpoint: boolean,
): TrainerOptions {
  return {
    decoder: { model, external: new Map(), config, bosId: 1 },
    alignment: {
      kind: 'mlp',
      sizes: {
        ...{ encoderDim, llmDim: config.hidden_size, hiddenDim: 1024 },
        ...{ heads: 1, latents: 0 },
      },
      normEpsilon: 1e-6,
    },
    sizes: {
      ...{ sequences, positions, examples: sequences, encoderDim },
      ...{ stateRows: (sequences * positions) / 2, labelRows: (sequences * positions) / 2 },
    },
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    ...{ maxGradientNorm: 1, vocabularyChunk: 4096, checkpoint },
  };
}
