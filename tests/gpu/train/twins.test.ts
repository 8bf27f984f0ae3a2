// Training through published weights: LLMs as they lie on the hub, every family in every format, are read, packed on the GPU
// and trained through. The alignment learns, the LLM stays as it was published.
import { describe, expect, it } from 'vitest';
import type { LlamaConfig } from '../../../src/onnx/index.ts';
import { freshAlignment } from '../../../src/train/fresh.ts';
import { Trainer, type TrainerOptions } from '../../../src/train/trainer.ts';
import { casesOf, decoders, twinConfig, twinGraph } from '../twinGraphs.ts';
import { sharedGpu } from '../wgsl/support.ts';

const encoderDim = 24;
const steps = 3;

describe.each(casesOf(decoders, ['fp32', 'fp16', 'q4', 'q4f16', 'q8']))(
  'the LLM $name in $dtype',
  (twin) => {
    it('is trained through for three steps, each with a smaller loss', async () => {
      const config = twinConfig(twin.name) as unknown as LlamaConfig;
      const sizes = {
        ...{ encoderDim, llmDim: config.hidden_size, hiddenDim: 32 },
        ...{ heads: 2, latents: 0 },
      };
      const options: TrainerOptions = {
        decoder: { model: twinGraph(twin), external: new Map(), config, bosId: 1 },
        alignment: { kind: 'mlp', sizes, normEpsilon: 1e-6 },
        sizes: {
          ...{ sequences: 1, positions: 12, examples: 1 },
          ...{ stateRows: 4, labelRows: 4, encoderDim },
        },
        optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
        ...{ maxGradientNorm: 1, vocabularyChunk: 128, checkpoint: true },
      };
      const alignment = freshAlignment('mlp', sizes, 0.05, 1);
      const trainer = await Trainer.create(await sharedGpu(), options, { alignment });
      const states = Float32Array.from({ length: 3 * encoderDim }, (_, i) => Math.sin(i));
      const example = { states, instruction: [7, 8], target: [9, 10, 2] };
      const losses: number[] = [];
      for (let step = 0; step < steps; step++) {
        losses.push((await trainer.step([[example]], 0.01)).loss);
      }
      trainer.dispose();
      expect(losses.every(Number.isFinite)).toBe(true);
      expect(losses).toEqual(losses.toSorted((a, b) => b - a));
      expect(new Set(losses).size).toBe(steps);
    });
  },
);
