// The whole bridge, forward and backward, against PyTorch (training/train_goldens.py): loss, every gradient
// of the alignment and of LoRA, and twenty AdamW steps of either.
import { describe, expect, test } from 'vitest';
import {
  buildLlama,
  floatSafetensor,
  readSafetensors,
  readWeights,
  safetensorToFloat,
  type LlamaConfig,
  type ModelProto,
} from '../../../src/onnx/index.ts';
import { projections, type ProjectionName } from '../../../src/train/adapters.ts';
import type { AlignmentKind } from '../../../src/train/alignment.ts';
import type { Example } from '../../../src/train/batch.ts';
import { planStep, Trainer, type TrainerOptions } from '../../../src/train/trainer.ts';
import type { AdapterKind } from '../../../src/wgsl/profile.ts';
import { largestError } from '../../reference/differences.ts';
import { fetchBytes, load as loadModel } from '../onnx.ts';
import { sharedGpu } from '../wgsl/support.ts';

const models = ['llama', 'qwen2', 'qwen3'];
const encoderDim = 24;
const bosId = 1;
const latents = 5;
const instruction = [7, 8];
const written = [
  [9, 10, 11, 2],
  [12, 2],
  [13, 14, 15, 16, 17, 2],
];
const targets = Object.keys(projections) as ProjectionName[];
const learningRate = 1e-2;

async function load(name: string) {
  const { weights, config } = await loadModel<LlamaConfig>(name);
  const { tensors } = readSafetensors(await fetchBytes(`train/${name}.safetensors`));
  const golden = (tensorName: string): Float32Array => {
    const tensor = tensors.get(tensorName);
    if (!tensor) throw new Error(`${name}'s goldens have no tensor ${tensorName}`);
    return safetensorToFloat(tensor, tensorName);
  };
  return { config: await config(), weights, golden };
}

/** An alignment of this kind, or LoRA branches beside an mlp. */
type Trained = AlignmentKind | 'lora';

const trainedThrough: Record<string, Trained[]> = {
  llama: ['mlp', 'linear', 'latent', 'lora'],
  qwen2: ['mlp', 'lora'],
  qwen3: ['mlp', 'lora'],
};

type Golden = (tensorName: string) => Float32Array;

function optionsFor(model: ModelProto, config: LlamaConfig, trains: Trained): TrainerOptions {
  return {
    decoder: { model, external: new Map(), config, bosId },
    alignment: {
      kind: trains === 'lora' ? 'mlp' : trains,
      sizes: { encoderDim, llmDim: config.hidden_size, hiddenDim: 16, heads: 2, latents },
      normEpsilon: 1e-6,
    },
    ...(trains === 'lora' && { adapters: { targets, rank: 4, scale: 2 } }),
    sizes: {
      ...{ sequences: 3, positions: 19, examples: 3, stateRows: 17, labelRows: 13, encoderDim },
      ...(trains === 'latent' && { resampler: { latents, positions: 13 } }),
    },
    optimizer: { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.01 },
    maxGradientNorm: 1,
    vocabularyChunk: 24,
    checkpoint: false,
  };
}

/** The golden values of the named parameters. */
const values = (golden: Golden, prefix: string, names: object) =>
  Object.fromEntries(Object.keys(names).map((part) => [part, golden(`${prefix}.${part}`)]));

const examplesOf = (golden: Golden): Example[] =>
  written.map((target, i) => ({ states: golden(`states.${i}`), instruction, target }));

/** The trainer and the batch of train_goldens.py. */
async function prepare(
  name: string,
  trains: Trained,
  {
    kind = 'software',
    checkpoint = false,
    sizes = {},
  }: { kind?: AdapterKind; checkpoint?: boolean; sizes?: Partial<TrainerOptions['sizes']> } = {},
) {
  const gpu = await sharedGpu();
  const { config, weights, golden } = await load(name);
  const model = buildLlama(config, weights, 'fp32');
  const planned = optionsFor(model, config, trains);
  const options = { ...planned, checkpoint, sizes: { ...planned.sizes, ...sizes } };
  const profile = { ...gpu.profile, kind };
  const { alignment, adapters, bytes } = planStep(profile, options);
  const trainer = await Trainer.create({ ...gpu, profile }, options, {
    alignment: values(golden, options.alignment.kind, alignment),
    adapters: values(golden, 'lora', adapters),
  });
  return { trainer, examples: examplesOf(golden), golden, bytes };
}

async function checkGradients(name: string, trains: Trained, kind: AdapterKind): Promise<void> {
  const { trainer, examples, golden } = await prepare(name, trains, { kind });
  const { loss } = await trainer.step([examples], learningRate);
  expect(largestError([loss], golden(`${trains}.loss`))).toBeLessThan(1e-4);
  for (const [part, values] of Object.entries(await trainer.gradients())) {
    expect(largestError(values, golden(`${trains}.d.${part}`)), part).toBeLessThan(1e-3);
  }
  trainer.dispose();
}

describe.each(models)('training through %s', (name) => {
  test.each(trainedThrough[name] ?? [])(
    'gives the loss and the gradients of PyTorch (%s)',
    (trains) => checkGradients(name, trains, 'software'),
  );

  test.each(trainedThrough[name] ?? [])(
    'follows the loss curve of PyTorch for twenty steps (%s)',
    async (trains) => {
      const { trainer, examples, golden } = await prepare(name, trains, { checkpoint: true });
      const losses: number[] = [];
      while (trainer.steps < 20) losses.push((await trainer.step([examples], learningRate)).loss);
      expect(largestError(losses, golden(`${trains}.curve`))).toBeLessThan(1e-3);
      trainer.dispose();
    },
  );
});

// One model is enough: compiling these takes a software adapter long, and each is tested alone.
test('the kernels for a GPU give the loss and the gradients of PyTorch too', () =>
  checkGradients('qwen3', 'lora', 'gpu'));

test('gradients of micro-batches add up to those of the whole batch', async () => {
  const { trainer, examples, golden } = await prepare('llama', 'mlp');
  const { loss } = await trainer.step([examples.slice(0, 1), examples.slice(1)], learningRate);
  expect(largestError([loss], golden('mlp.loss'))).toBeLessThan(1e-4);
  for (const [part, values] of Object.entries(await trainer.gradients())) {
    expect(largestError(values, golden(`mlp.d.${part}`)), part).toBeLessThan(1e-3);
  }
  trainer.dispose();
});

test.each(['mlp', 'latent'] as const)(
  'examples that share a sequence give the loss and the gradients of PyTorch (%s)',
  async (trains) => {
    const { trainer, examples, golden } = await prepare('llama', trains, {
      sizes: { sequences: 1, positions: 57 },
    });
    const { loss } = await trainer.step([examples], learningRate);
    expect(largestError([loss], golden(`${trains}.loss`))).toBeLessThan(1e-4);
    for (const [part, values] of Object.entries(await trainer.gradients())) {
      expect(largestError(values, golden(`${trains}.d.${part}`)), part).toBeLessThan(1e-3);
    }
    trainer.dispose();
  },
);

test('a trainer holds what its plan said, and less with checkpoints', async () => {
  const whole = await prepare('llama', 'mlp');
  const checkpointed = await prepare('llama', 'mlp', { checkpoint: true });
  expect(whole.trainer.bytes).toBe(whole.bytes);
  expect(checkpointed.trainer.bytes).toBe(checkpointed.bytes);
  expect(checkpointed.bytes).toBeLessThan(whole.bytes);
  whole.trainer.dispose();
  checkpointed.trainer.dispose();
});

test.each(['int8', 'int4'] as const)(
  'gradients through %s weights are those through the numbers that they stand for',
  async (format) => {
    const gpu = await sharedGpu();
    const { config, weights, golden } = await load('llama');
    const packed = buildLlama(config, weights, format);
    const numbers = new Map(
      Array.from(readWeights(packed), ([name, { data, dims }]) => [
        name,
        floatSafetensor(data, dims),
      ]),
    );
    // The quantized LM head is no longer the embedding table.
    const untied = { ...config, tie_word_embeddings: false };
    const unpacked = buildLlama(untied, { ...weights, tensors: numbers }, 'fp32');
    const found: Record<string, Float32Array>[] = [];
    for (const model of [packed, unpacked]) {
      const options = optionsFor(model, config, 'lora');
      const { alignment, adapters } = planStep(gpu.profile, options);
      const trainer = await Trainer.create(gpu, options, {
        alignment: values(golden, 'mlp', alignment),
        adapters: values(golden, 'lora', adapters),
      });
      await trainer.step([examplesOf(golden)], learningRate);
      found.push(await trainer.gradients());
      trainer.dispose();
    }
    for (const [part, gradient] of Object.entries(found[1] ?? {})) {
      expect(largestError(found[0]?.[part] ?? [], gradient), part).toBeLessThan(1e-3);
    }
  },
);

test('two runs come to the same bits', async () => {
  const runs = [await prepare('llama', 'latent'), await prepare('llama', 'latent')];
  const found: Record<string, Float32Array>[] = [];
  for (const { trainer, examples } of runs) {
    while (trainer.steps < 5) await trainer.step([examples], learningRate);
    found.push(await trainer.parameters());
    trainer.dispose();
  }
  expect(found[1]).toEqual(found[0]);
});

test('a step whose loss is no number changes nothing and says which it was', async () => {
  const { trainer, examples } = await prepare('llama', 'mlp');
  await trainer.step([examples], learningRate);
  const before = await trainer.parameters();
  const broken = examples.map((example) => ({ ...example, states: example.states.map(() => NaN) }));
  await expect(trainer.step([broken], learningRate)).rejects.toThrow(
    /^Step 2 was not taken: its loss is NaN.* those of step 1\.$/,
  );
  expect(await trainer.parameters()).toEqual(before);
  expect((await trainer.step([examples], learningRate)).loss).toBeGreaterThan(0);
  trainer.dispose();
});

test('a step with a learning rate that is none, or with nothing to learn, is not taken', async () => {
  const { trainer, examples } = await prepare('llama', 'mlp');
  await expect(trainer.step([examples], NaN)).rejects.toThrow('The learning rate is NaN.');
  await expect(trainer.step([], learningRate)).rejects.toThrow('no target to learn');
  expect(trainer.steps).toBe(0);
  trainer.dispose();
});

test('parameters that do not fit are named', async () => {
  const gpu = await sharedGpu();
  const { config, weights } = await load('llama');
  const options = optionsFor(buildLlama(config, weights, 'fp32'), config, 'linear');
  const alignment = { 'linear.weight': new Float32Array(3) };
  await expect(Trainer.create(gpu, options, { alignment })).rejects.toThrow(
    /^"linear\.weight" should have 768 numbers \[32, 24\], it has 3\.$/,
  );
});
