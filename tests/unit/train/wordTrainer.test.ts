// Steps that teach words, on paper: what they train, what they take, and what is said before anything is allocated.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBundle } from '../../../src/bundle/load.ts';
import {
  buildLlama,
  decodeModel,
  floatSafetensor,
  type LlamaConfig,
} from '../../../src/onnx/index.ts';
import { alignmentShapes } from '../../../src/train/alignment.ts';
import { decodeAlignment, type AlignmentFile } from '../../../src/train/alignmentFile.ts';
import { recipes } from '../../../src/train/recipes.ts';
import type { RunConfig } from '../../../src/train/run.ts';
import {
  alignmentFromScratch,
  estimateStep,
  estimateWordStep,
  trainerOptions,
  wordTrainerOptions,
  type Networks,
} from '../../../src/train/setup.ts';
import { withWords } from '../../../src/train/widen.ts';
import { planWordStep, type WordTrainerOptions } from '../../../src/train/wordTrainer.ts';
import { makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';
import { smallestDevice } from '../wgsl/profile.ts';
import { config as tinyConfig } from './runs.ts';

const config: RunConfig = {
  ...tinyConfig,
  stage: 'stage1-words',
  settings: { ...recipes['stage1-words'], batch: 6, seed: 7, steps: 9, translationShare: 0 },
  microBatch: 2,
  alignment: { kind: 'mlp', hiddenDim: 40, latents: 4, heads: 2, start: { from: 'scratch' } },
};
const units = 24;
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
  alignment = withWords(alignmentFromScratch(networks, config), units, 1);
});

/** The networks with an LLM of more layers and more words, every number of which is 0.25. */
function withLargerLlm(): Networks {
  const larger = { ...networks.llm.config, num_hidden_layers: 6, vocab_size: 2000 };
  const [width, inner] = [larger.hidden_size, larger.intermediate_size];
  const shapes: Record<string, number[]> = {
    'model.embed_tokens.weight': [larger.vocab_size, width],
    'model.norm.weight': [width],
  };
  for (let layer = 0; layer < larger.num_hidden_layers; layer++) {
    const ofLayer: Record<string, number[]> = {
      ...{ input_layernorm: [width], post_attention_layernorm: [width] },
      ...{ 'self_attn.q_proj': [width, width], 'self_attn.o_proj': [width, width] },
      ...{ 'self_attn.k_proj': [width / 2, width], 'self_attn.v_proj': [width / 2, width] },
      ...{ 'mlp.gate_proj': [inner, width], 'mlp.up_proj': [inner, width] },
      'mlp.down_proj': [width, inner],
    };
    for (const [name, shape] of Object.entries(ofLayer)) {
      shapes[`model.layers.${layer}.${name}.weight`] = shape;
    }
  }
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    return [name, floatSafetensor(new Float32Array(count).fill(0.25), shape)] as const;
  });
  const model = buildLlama(larger, { tensors: new Map(tensors), metadata: {} }, 'fp32');
  return { ...networks, llm: { ...networks.llm, model, config: larger } };
}

const options = (changed: Partial<WordTrainerOptions> = {}): WordTrainerOptions => ({
  ...wordTrainerOptions(networks, config, alignment),
  ...changed,
});
const estimate = (changed: Partial<RunConfig> = {}, of = networks) =>
  estimateWordStep(smallestDevice, wordTrainerOptions(of, { ...config, ...changed }, alignment), {
    ...config,
    ...changed,
  });
/** fc1 reads 32 states and 32 numbers of a word; fc2 writes 64. */
const parameters = (40 + units) * 64 + (40 + units) + 64 * (40 + units) + 64 + 64;

describe('planWordStep', () => {
  it('has a gradient for every parameter of the alignment, of the same shape', () => {
    const { alignment: parts, gradients, updated } = planWordStep(smallestDevice, options());
    const shapesOf = (tensors: typeof parts) =>
      Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, [...shape]]));
    expect(shapesOf(parts)).toEqual(alignmentShapes('mlp', alignment.sizes));
    expect(shapesOf(gradients)).toEqual(shapesOf(parts));
    for (const { shape } of Object.values(updated)) expect(shape).toEqual(updated.parameters.shape);
  });

  it('reads as many rows as it was planned for', () => {
    const { inputs, status } = planWordStep(smallestDevice, options({ rows: 10 }));
    expect(inputs.states.shape).toEqual([10, 64]);
    expect(inputs.goals.shape).toEqual([10, 64]);
    expect(inputs.weight.shape).toEqual([10]);
    expect(status.shape).toEqual([3]);
  });

  it('has the phases that a stepper runs', () => {
    const { plan } = planWordStep(smallestDevice, options());
    expect([...new Set(plan.dispatches.map(({ phase }) => phase))]).toEqual([
      ...['clear', 'forward', 'backward', 'update'],
    ]);
  });

  it('plans a linear alignment too', () => {
    const linear = withWords(
      alignmentFromScratch(networks, {
        ...config,
        alignment: { ...config.alignment, kind: 'linear' },
      }),
      units,
      1,
    );
    const planned = planWordStep(smallestDevice, wordTrainerOptions(networks, config, linear));
    expect(planned.alignment['linear.weight']?.shape).toEqual([64, 64]);
  });

  it('fits the smallest device with the embedded bundle’s alignment and 512 more units', () => {
    const file = readFileSync(
      new URL('../../../public/bundles/embedded/alignment/lingualift.safetensors', import.meta.url),
    );
    const wide = withWords(decodeAlignment(new Uint8Array(file)), 512, 1);
    const { kind, sizes, normEpsilon } = wide;
    const { bytes } = planWordStep(
      smallestDevice,
      options({ alignment: { kind, sizes, normEpsilon }, rows: 512 }),
    );
    expect(sizes.hiddenDim).toBeGreaterThan(512);
    expect(bytes).toBeLessThan(64 * 2 ** 20);
  });

  it('refuses an alignment without a row for a word, and an optimizer that makes no sense', () => {
    const refusal = (message: string) =>
      expect.objectContaining({
        code: 'bad-options',
        message: expect.stringContaining(message) as string,
      }) as Error;
    const plan = (changed: Partial<WordTrainerOptions>) => () =>
      planWordStep(smallestDevice, options(changed));
    const latent = { ...options().alignment, kind: 'latent' as const };
    expect(plan({ alignment: latent })).toThrow(refusal('cannot be taught word by word'));
    const optimizer = { ...options().optimizer, beta2: 1 };
    expect(plan({ optimizer })).toThrow(refusal('The betas'));
    expect(plan({ maxGradientNorm: 0 })).toThrow(refusal('The largest gradient norm'));
  });
});

describe('wordTrainerOptions', () => {
  it('measures a loss by the mean square of the LLM’s embeddings', () => {
    // The tiny bundle's numbers are uniform in ±0.3.
    expect(options().embeddingMeanSquare / (0.3 ** 2 / 3)).toBeCloseTo(1, 1);
    const larger = wordTrainerOptions(withLargerLlm(), config, alignment);
    expect(larger.embeddingMeanSquare).toBeCloseTo(0.25 ** 2, 6);
  });

  it('plans no more texts at once than a step has', () => {
    const rows = (microBatch: number) =>
      wordTrainerOptions(networks, { ...config, microBatch }, alignment).rows;
    expect(rows(4) / rows(2)).toBe(2);
    expect(rows(50)).toBe(rows(6));
  });
});

describe('estimateWordStep', () => {
  it('tells what is trained, and that nothing is frozen', () => {
    expect(estimate()).toMatchObject({ trainedParameters: parameters, frozenParameters: 0 });
  });

  it('counts the memory of the plan, and of a state that is read through', () => {
    const { bytes } = planWordStep(smallestDevice, options());
    expect(estimate().bytes).toBe(bytes + 3 * 4 * parameters);
    // Parameters, gradients and two moments are kept.
    expect(bytes).toBeGreaterThan(4 * 4 * parameters);
  });

  it('does not depend on how large the LLM is, and is far below a step through it', () => {
    const larger = withLargerLlm();
    expect(estimate({}, larger)).toEqual(estimate());
    const sizes = {
      ...{ sequences: 2, positions: 24, examples: 2, stateRows: 20, labelRows: 12 },
      encoderDim: 64,
    };
    const sentences = (of: Networks) =>
      estimateStep(smallestDevice, trainerOptions(of, config, alignment, sizes), config);
    expect(sentences(larger).bytes).toBeGreaterThan(sentences(networks).bytes);
    expect(estimate().bytes).toBeLessThan(sentences(networks).bytes);
  });

  it('counts micro-batches once for time and not for memory', () => {
    const batchOf = (batch: number) => estimate({ settings: { ...config.settings, batch } });
    const [one, three] = [batchOf(2), batchOf(6)];
    expect(one.positionsPerStep).toBe(one.positions);
    expect(three.positionsPerStep).toBe(3 * one.positions);
    expect(three.bytes).toBe(one.bytes);
    const repeated = (three.flopsPerStep - one.flopsPerStep) / 2;
    // Forward and backward of fc1 and fc2, and the gradients of both: but fc1 passes none on to the states.
    const multiplied = 2 * one.positions * (40 + units) * (64 * 2 + 64 * 3);
    expect(repeated / multiplied).toBeGreaterThan(1);
    expect(repeated / multiplied).toBeLessThan(1.2);
  });
});
