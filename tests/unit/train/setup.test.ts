// From a config and the networks of a tiny bundle to a planned step.
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBundle } from '../../../src/bundle/load.ts';
import { decodeModel, type LlamaConfig } from '../../../src/onnx/index.ts';
import type { AlignmentFile } from '../../../src/train/alignmentFile.ts';
import type { RunConfig } from '../../../src/train/run.ts';
import { configProblem } from '../../../src/train/runSchema.ts';
import {
  alignmentFromScratch,
  checkNetworks,
  estimateStep,
  startValues,
  trainerOptions,
  type Networks,
} from '../../../src/train/setup.ts';
import { planStep } from '../../../src/train/trainer.ts';
import { makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';
import { smallestDevice } from '../wgsl/profile.ts';
import { config as tinyConfig } from './runs.ts';

const sizes = {
  sequences: 2,
  positions: 24,
  examples: 2,
  stateRows: 20,
  labelRows: 12,
  encoderDim: 32,
};
const scratch: RunConfig = {
  ...tinyConfig,
  alignment: { kind: 'mlp', hiddenDim: 40, latents: 0, heads: 0, start: { from: 'scratch' } },
};
const lora: RunConfig = {
  ...scratch,
  settings: { ...scratch.settings, trains: 'adapters', switches: false },
  adapters: { rank: 2, alpha: 8, targets: ['self_attn.q_proj', 'mlp.down_proj'] },
};
let networks: Networks;
let alignment: AlignmentFile;

beforeAll(async () => {
  const { files } = await loadBundle(new MemorySource(await makeTinyBundle()));
  const { encoder, llm } = files.manifest;
  networks = {
    encoder,
    llm: {
      id: llm.id,
      model: decodeModel(files.bytes(llm.model)),
      external: new Map(),
      config: files.json(llm.config) as LlamaConfig,
      bosId: 0,
    },
  };
  alignment = alignmentFromScratch(networks, scratch);
});

describe('a run from scratch', () => {
  it('begins with an alignment between the networks, as large as the embeddings', () => {
    expect(alignment).toMatchObject({ kind: 'mlp', encoder: 'tiny-encoder', llm: 'tiny-llm' });
    expect(alignment.values['fc1.weight']).toHaveLength(40 * 32);
    const end = alignment.values['end_of_prompt'] ?? new Float32Array();
    const rms = Math.sqrt(end.reduce((sum, x) => sum + x * x, 0) / end.length);
    // The table's numbers are uniform in ±0.3.
    expect(rms / (0.3 / Math.sqrt(3))).toBeGreaterThan(0.75);
    expect(rms / (0.3 / Math.sqrt(3))).toBeLessThan(1.25);
  });

  it('is planned with everything that it begins with', () => {
    for (const [config, names] of [
      [scratch, ['alignment']],
      [lora, ['alignment', 'adapters']],
    ] as const) {
      const planned = planStep(smallestDevice, trainerOptions(networks, config, alignment, sizes));
      const values = startValues(networks, config, alignment);
      expect(Object.keys(values)).toEqual(names);
      expect(Object.keys(planned.alignment).sort()).toEqual(Object.keys(values.alignment).sort());
      expect(Object.keys(planned.adapters)).toEqual(Object.keys(values.adapters ?? {}));
    }
  });
});

describe('estimateStep', () => {
  const estimate = (config: RunConfig) =>
    estimateStep(smallestDevice, trainerOptions(networks, config, alignment, sizes), config);
  const alignmentParameters = 40 * 32 + 40 + 64 * 40 + 64 + 64;
  // Embeddings 431 x 64, two layers of projections, five norms.
  const llmParameters = 431 * 64 + 2 * (2 * 64 * 64 + 2 * 32 * 64 + 3 * 96 * 64) + 5 * 64;

  it('tells what is trained and what is frozen', () => {
    expect(estimate(scratch)).toMatchObject({
      trainedParameters: alignmentParameters,
      frozenParameters: llmParameters,
    });
    expect(estimate(lora)).toMatchObject({
      trainedParameters: 2 * 2 * (64 + 64 + 96 + 64),
      frozenParameters: llmParameters + alignmentParameters,
    });
  });

  it('counts micro-batches once for time and not for memory', () => {
    const batchOf = (batch: number) =>
      estimate({ ...scratch, settings: { ...scratch.settings, batch } });
    const [one, four] = [batchOf(2), batchOf(8)];
    expect([one.positionsPerStep, four.positionsPerStep]).toEqual([48, 192]);
    expect(four.bytes).toBe(one.bytes);
    expect(four.flopsPerStep / one.flopsPerStep).toBeCloseTo(4, 1);
  });

  it('needs less memory when layers are computed twice', () => {
    expect(estimate({ ...scratch, recompute: true }).bytes).toBeLessThan(estimate(scratch).bytes);
  });
});

describe('what no run can be made of', () => {
  it('is an alignment between other networks', () => {
    expect(() => checkNetworks({ encoder: 'xlm-r', llm: 'tiny-llm' }, networks)).toThrow(
      /"xlm-r".*"tiny-llm".*"tiny-encoder" and "tiny-llm"/,
    );
  });

  it('is LoRA without its rank', () => {
    const bare = { ...lora, adapters: null };
    expect(() => trainerOptions(networks, bare, alignment, sizes)).toThrow('trains LoRA');
  });

  it('is a lesson that this page does not know', () => {
    const settings = { ...scratch.settings, lesson: 'grammar' };
    expect(configProblem({ ...scratch, settings })).toContain('settings.lesson');
  });

  it('is a config with a setting that makes no sense, which is named', () => {
    expect(configProblem(scratch)).toBeNull();
    expect(configProblem(lora)).toBeNull();
    expect(configProblem({ ...scratch, evaluateEvery: 0 })).toContain('evaluateEvery');
    const settings = { ...scratch.settings, learningRate: NaN };
    expect(configProblem({ ...scratch, settings })).toContain('settings.learningRate');
  });
});
