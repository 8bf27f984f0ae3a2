// Steps planned where there is no GPU: which models can be trained through, what a step takes, and what is
// said before anything is allocated.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildLlama, type LlamaConfig } from '../../../src/onnx/index.ts';
import { projections, type ProjectionName } from '../../../src/train/adapters.ts';
import { planStep, type TrainerOptions } from '../../../src/train/trainer.ts';
import { exportedDecoders, trainableExport } from '../../support/exportedDecoders.ts';
import { exportsFolder, hasExports, readBytes, readGolden } from '../onnx/support.ts';
import { smallestDevice } from '../wgsl/profile.ts';

function options(decoder: TrainerOptions['decoder']): TrainerOptions {
  return {
    decoder,
    alignment: {
      kind: 'mlp',
      sizes: {
        ...{ encoderDim: 24, llmDim: decoder.config.hidden_size, hiddenDim: 16 },
        ...{ latents: 4, heads: 2 },
      },
      normEpsilon: 1e-6,
    },
    sizes: {
      sequences: 2,
      positions: 16,
      examples: 2,
      stateRows: 12,
      labelRows: 8,
      encoderDim: 24,
    },
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    maxGradientNorm: 1,
    vocabularyChunk: 1024,
    checkpoint: false,
  };
}

function fixture(format: 'fp32' | 'int8' | 'int4' = 'fp32') {
  const { weights, config: read } = readGolden('llama');
  const config = read<LlamaConfig>();
  return { model: buildLlama(config, weights, format), external: new Map(), config, bosId: 1 };
}

const readFixture = (path: string) => Promise.resolve(readBytes(join(exportsFolder, path)));

describe.skipIf(!hasExports)('a step through a published export', () => {
  it.each(exportedDecoders)('can be planned: %s', async (path) => {
    const decoder = await trainableExport(path, readFixture);
    const { step, bytes, uploads } = planStep(smallestDevice, options(decoder));
    expect(step.status.shape).toEqual([3]);
    const weights = [...uploads.values()].reduce((sum, data) => sum + data.byteLength, 0);
    expect(bytes).toBeGreaterThan(weights);
  });
});

describe('a planned step', () => {
  it('keeps weights as small as they are stored', () => {
    const weights = (format: 'fp32' | 'int8' | 'int4') => {
      const { uploads } = planStep(smallestDevice, options(fixture(format)));
      return [...uploads.values()].reduce((sum, data) => sum + data.byteLength, 0);
    };
    expect(weights('int8') / weights('fp32')).toBeLessThan(0.4);
    expect(weights('int4') / weights('int8')).toBeLessThan(0.8);
  });

  it('takes less memory with checkpoints, and with shorter sequences', () => {
    const plain = options(fixture());
    const { bytes } = planStep(smallestDevice, plain);
    expect(planStep(smallestDevice, { ...plain, checkpoint: true }).bytes).toBeLessThan(bytes);
    const sizes = { ...plain.sizes, positions: 8 };
    expect(planStep(smallestDevice, { ...plain, sizes }).bytes).toBeLessThan(bytes);
  });

  it('has a gradient for every parameter that is trained, and for no other', () => {
    const targets = Object.keys(projections) as ProjectionName[];
    const adapters = { targets, rank: 4, scale: 2 };
    const alone = planStep(smallestDevice, options(fixture()));
    expect(Object.keys(alone.gradients)).toEqual(Object.keys(alone.alignment));
    const lora = planStep(smallestDevice, { ...options(fixture()), adapters });
    expect(Object.keys(lora.gradients)).toEqual(Object.keys(lora.adapters));
    expect(Object.keys(lora.adapters)).toHaveLength(2 * 7 * 2);
  });
});

describe('planning refuses', () => {
  it.each([
    ['an architecture that computes otherwise', { model_type: 'gemma2' }, /model_type is "gemma2"/],
    ['another activation', { hidden_act: 'gelu' }, /hidden_act is "gelu"/],
    ['sizes that are none', { hidden_size: 0 }, /hidden_size is no positive number/],
  ])('%s, by its field', (_, change, message) => {
    const base = fixture();
    const config = { ...base.config, ...change };
    expect(() => planStep(smallestDevice, options({ ...base, config }))).toThrow(message);
  });

  const lora = { targets: ['mlp.up_proj'] as const, rank: 4, scale: 2 };
  it.each([
    ['betas', { optimizer: { beta1: 1, beta2: 0.9, epsilon: 1e-8, weightDecay: 0 } }, /The betas/],
    ['a norm to clip at', { maxGradientNorm: NaN }, /largest gradient norm must be positive/],
    ['projections', { adapters: { ...lora, targets: [] } }, /LoRA needs a projection/],
    ['a rank', { adapters: { ...lora, rank: 1.5 } }, /The rank must be 1 or more/],
  ])('%s that make no sense', (_, change, message) => {
    expect(() => planStep(smallestDevice, { ...options(fixture()), ...change })).toThrow(message);
  });

  it('a step for other latents or other encoder states than the alignment has', () => {
    const base = options(fixture());
    const plan = (kind: 'mlp' | 'latent', sizes: object) =>
      planStep(smallestDevice, {
        ...base,
        alignment: { ...base.alignment, kind },
        sizes: { ...base.sizes, ...sizes },
      });
    expect(() => plan('latent', {})).toThrow('A step for no latents does not fit');
    expect(() => plan('mlp', { resampler: { latents: 4, positions: 16 } })).toThrow('with none.');
    expect(() => plan('latent', { resampler: { latents: 3, positions: 16 } })).toThrow('with 4.');
    expect(() => plan('mlp', { encoderDim: 16 })).toThrow('encoder states of 16');
    expect(plan('latent', { resampler: { latents: 4, positions: 16 } }).bytes).toBeGreaterThan(0);
  });

  it('a model that lacks a weight, by its name', () => {
    const base = fixture();
    const config = { ...base.config, num_hidden_layers: 3 };
    expect(() => planStep(smallestDevice, options({ ...base, config }))).toThrow(
      'The model has no weight "model.layers.2.input_layernorm.weight".',
    );
  });

  it('an alignment that does not fit the LLM, by its tensor', () => {
    const wrong = options(fixture());
    const sizes = { ...wrong.alignment.sizes, llmDim: 40 };
    const alignment = { ...wrong.alignment, sizes };
    expect(() => planStep(smallestDevice, { ...wrong, alignment })).toThrow(/40/);
  });

  it('a tensor above what the device allows, by its name and size', () => {
    const limits = { ...smallestDevice.limits, maxBufferSize: 4096 };
    expect(() => planStep({ ...smallestDevice, limits }, options(fixture()))).toThrow(
      /q_proj\.weight \[64, 32\] f32 takes 8192 bytes, the device allows 4096 in a buffer/,
    );
  });
});
