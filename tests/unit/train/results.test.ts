// What a run begins with and what it leaves: alignment files, PEFT folders, fresh parameters, cached states.
import { describe, expect, it } from 'vitest';
import {
  buildAlignment,
  readLoraAdapter,
  readSafetensors,
  writeSafetensors,
} from '../../../src/onnx/index.ts';
import { decodeAlignment, encodeAlignment } from '../../../src/train/alignmentFile.ts';
import { alignmentKinds } from '../../../src/train/alignment.ts';
import { freshAdapters, freshAlignment } from '../../../src/train/fresh.ts';
import { storedAdapter, storedAlignment } from '../../../src/train/results.ts';
import type { RunConfig } from '../../../src/train/run.ts';
import type { StoredRun } from '../../../src/train/runs.ts';
import { StateCache } from '../../../src/train/stateCache.ts';
import { alignmentFile } from '../../support/tiny-bundle.ts';
import { checkpointAt, config, runData, runOf, startBytes } from './runs.ts';

const sizes = { encoderDim: 32, llmDim: 48, hiddenDim: 64, latents: 6, heads: 4 };
const rms = (values: Float32Array = new Float32Array()) =>
  Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

function stored(changed: Partial<StoredRun> = {}): StoredRun {
  return {
    run: runOf('one'),
    data: runData,
    start: startBytes,
    checkpoint: checkpointAt(2),
    ...changed,
  };
}

describe('an alignment file', () => {
  it.each(alignmentKinds)('of kind %s is one that inference can build, and reads back', (kind) => {
    const values = freshAlignment(kind, sizes, 0.5, 1);
    const given = {
      inputs: 'states' as const,
      kind,
      sizes,
      normEpsilon: 1e-6,
      encoder: 'e',
      llm: 'l',
      stage: 's',
      recipe: { a: 1 },
    };
    const file = encodeAlignment({ ...given, values });
    expect(buildAlignment(readSafetensors(file)).graph.output[0]?.name).toBe('soft_prompt');
    const read = decodeAlignment(file);
    const { encoderDim, llmDim } = sizes;
    expect(read).toMatchObject({ ...given, sizes: { encoderDim, llmDim }, values });
  });

  it('of the bundle format can be trained', () => {
    expect(decodeAlignment(alignmentFile(1))).toMatchObject({
      ...{ kind: 'linear', normEpsilon: 1e-6, encoder: 'tiny-encoder', llm: 'tiny-llm' },
    });
  });

  it('whose input is not normalised is refused', () => {
    const { tensors, metadata } = readSafetensors(alignmentFile(1));
    const plain = writeSafetensors({ tensors, metadata: { ...metadata, input_norm: 'none' } });
    expect(() => decodeAlignment(plain)).toThrow('input_norm "none"');
  });
});

describe('fresh parameters', () => {
  it('give soft prompts the size of embeddings, and are the same for the same seed', () => {
    const of = (seed: number) => freshAlignment('mlp', { ...sizes, hiddenDim: 4096 }, 0.2, seed);
    const values = of(3);
    expect(rms(values['fc1.weight'])).toBeCloseTo(32 ** -0.5, 2);
    expect(rms(values['fc2.weight'])).toBeCloseTo(0.2 * 4096 ** -0.5, 4);
    expect(rms(values['fc1.bias'])).toBe(0);
    expect(of(3)).toEqual(values);
    expect(of(4)).not.toEqual(values);
  });

  it('of LoRA change nothing at first', () => {
    const llm = {
      ...{ model_type: 'llama', hidden_size: 16, intermediate_size: 24, num_hidden_layers: 2 },
      ...{ num_attention_heads: 4, num_key_value_heads: 2, vocab_size: 10 },
      ...{ max_position_embeddings: 8, rms_norm_eps: 1e-6, rope_theta: 1e4 },
    };
    const values = freshAdapters(
      llm,
      { targets: ['self_attn.k_proj', 'mlp.down_proj'], rank: 2 },
      1,
    );
    expect(Object.keys(values)).toHaveLength(8);
    expect(values['model.layers.1.self_attn.k_proj.lora_B.weight']).toEqual(new Float32Array(16));
    expect(values['model.layers.1.mlp.down_proj.lora_A.weight']).toHaveLength(48);
    expect(rms(values['model.layers.0.mlp.down_proj.lora_A.weight'])).toBeGreaterThan(0.1);
  });
});

describe('what a run leaves', () => {
  it('is the trained alignment, with where it comes from', () => {
    const { values, stage, recipe, encoder, llm } = decodeAlignment(storedAlignment(stored()));
    expect(values).toEqual(checkpointAt(2).state.parameters);
    expect({ stage, encoder, llm }).toEqual({ stage: 'stage1', encoder: 'e', llm: 'l' });
    expect(recipe).toMatchObject({ steps: 2, learningRate: 6e-4, languages: ['sw'], seed: 7 });
  });

  it('is what it began with before the first checkpoint', () => {
    expect(storedAlignment(stored({ checkpoint: null }))).toEqual(startBytes);
  });

  it('is a PEFT adapter beside the frozen alignment where LoRA was trained', () => {
    const lora: RunConfig = {
      ...config,
      settings: { ...config.settings, trains: 'adapters' },
      adapters: { rank: 2, alpha: 8, targets: ['mlp.up_proj'] },
    };
    const path = 'model.layers.0.mlp.up_proj';
    const parameters = {
      [`${path}.lora_A.weight`]: Float32Array.of(1, 2, 3, 4, 5, 6),
      [`${path}.lora_B.weight`]: Float32Array.of(1, 2, 3, 4),
    };
    const checkpoint = checkpointAt(1);
    const state = { ...checkpoint.state, parameters };
    const run = stored({
      run: { ...runOf('one'), config: lora },
      checkpoint: { ...checkpoint, state },
    });
    const files = storedAdapter(run);
    const json: unknown = JSON.parse(new TextDecoder().decode(files.config));
    expect(json).toMatchObject({ r: 2, target_modules: ['up_proj'], base_model_name_or_path: 'l' });
    expect(readLoraAdapter(json, files.weights)).toEqual({
      scale: 4,
      factors: [
        {
          ...{ layer: 0, name: 'up', rank: 2, inputs: 3, outputs: 2 },
          ...{ a: Float32Array.of(1, 2, 3, 4, 5, 6), b: Float32Array.of(1, 2, 3, 4) },
        },
      ],
    });
    expect(storedAlignment(run)).toEqual(startBytes);
  });

  it('is no adapter where the alignment was trained, or nothing was yet', () => {
    expect(() => storedAdapter(stored())).toThrow('has no LoRA adapter');
    expect(() => storedAdapter(stored({ checkpoint: null }))).toThrow('no checkpoint yet');
  });
});

describe('StateCache', () => {
  it('reads what it has not, and forgets what was used longest ago when it is full', async () => {
    const asked: string[] = [];
    const cache = new StateCache((text) => {
      asked.push(text);
      return Promise.resolve(new Float32Array(10).fill(text.length));
    }, 100);
    const read = async (...texts: string[]) => {
      for (const text of texts) expect((await cache.read(text))[0]).toBe(text.length);
    };
    await read('a', 'bb', 'a', 'ccc', 'a', 'bb');
    expect(asked).toEqual(['a', 'bb', 'ccc', 'bb']);
    expect(cache.bytes).toBe(80);
  });
});
