// A run that was broken off and resumed equals one that was not: the same losses, the same bits. Between the
// two lies the file of a checkpoint, and a trainer made anew from other parameters.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { normal } from '../../reference/random.ts';
import { buildLlama, type LlamaConfig } from '../../../src/onnx/index.ts';
import type { Example } from '../../../src/train/batch.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/train/checkpoint.ts';
import { Random } from '../../../src/train/random.ts';
import { planStep, Trainer, type TrainerOptions } from '../../../src/train/trainer.ts';
import type { TrainerState, Values } from '../../../src/train/state.ts';
import { sizeOf, type Tensor } from '../../../src/wgsl/tensor.ts';
import { load } from '../onnx.ts';
import { sharedGpu } from '../wgsl/support.ts';

const encoderDim = 24;
const steps = 6;

async function optionsFor(trains: 'mlp' | 'lora'): Promise<TrainerOptions> {
  const { weights, config: read } = await load<LlamaConfig>('llama');
  const config = await read();
  return {
    decoder: { model: buildLlama(config, weights, 'int8'), external: new Map(), config, bosId: 1 },
    alignment: {
      kind: 'mlp',
      sizes: { encoderDim, llmDim: config.hidden_size, hiddenDim: 16, heads: 2, latents: 5 },
      normEpsilon: 1e-6,
    },
    ...(trains === 'lora' && {
      adapters: { targets: ['self_attn.q_proj', 'mlp.down_proj'], rank: 4, scale: 2 },
    }),
    sizes: { sequences: 2, positions: 16, examples: 2, stateRows: 8, labelRows: 6, encoderDim },
    optimizer: { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.01 },
    maxGradientNorm: 1,
    vocabularyChunk: 64,
    checkpoint: true,
  };
}

/** Every run starts from the parameters of a seed, but for the frozen ones, which are always the same. */
async function trainerFor(options: TrainerOptions, seed: number): Promise<Trainer> {
  const gpu = await sharedGpu();
  const { alignment, adapters } = planStep(gpu.profile, options);
  const from = (start: number, tensors: Readonly<Record<string, Tensor>>): Values =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor], i) => [
        name,
        Float32Array.from(normal(start + i, sizeOf(tensor), 0.2)),
      ]),
    );
  const frozen = options.adapters !== undefined;
  return Trainer.create(gpu, options, {
    alignment: from(frozen ? 1 : seed, alignment),
    adapters: from(seed, adapters),
  });
}

/** The examples of a step: others at every step, in two micro-batches. */
function examplesOf(step: number): Example[][] {
  const random = Random.seeded(step);
  const example = (states: number): Example => ({
    states: Float32Array.from(normal(100 * step + states, states * encoderDim)),
    instruction: [7, 8],
    target: [9 + random.nextInt(20), 9 + random.nextInt(20), 2],
  });
  return [[example(3), example(4)], [example(5)]];
}

/** Steps until `end` are taken; learning rates differ too. @returns the losses and gradient norms */
async function train(trainer: Trainer, end: number): Promise<number[]> {
  const found: number[] = [];
  while (trainer.steps < end) {
    const { loss, gradientNorm } = await trainer.step(
      examplesOf(trainer.steps),
      0.01 / (1 + trainer.steps),
    );
    found.push(loss, gradientNorm);
  }
  return found;
}

/** Through the file that a reload would find. */
async function throughFile(
  state: TrainerState,
  { alignment, adapters }: TrainerOptions,
): Promise<TrainerState> {
  const file = await encodeCheckpoint({
    bridge: { encoder: 'e', llm: 'l', alignment, ...(adapters && { adapters }) },
    ...{ state, random: Random.seeded(1).state, data: { epoch: 0, position: 0 }, config: {} },
  });
  return (await decodeCheckpoint(file)).state;
}

async function checkResumed(trainer: Trainer, options: TrainerOptions): Promise<void> {
  const start = await trainer.state();
  const losses = await train(trainer, steps);
  const end = await trainer.state();
  trainer.restore(start);
  const before = await train(trainer, steps / 2);
  const file = await throughFile(await trainer.state(), options);
  const resumed = await trainerFor(options, 50);
  resumed.restore(file);
  expect(resumed.steps).toBe(steps / 2);
  expect([...before, ...(await train(resumed, steps))]).toEqual(losses);
  // toEqual tells 0 from -0.
  expect(await resumed.state()).toEqual(end);
  expect(await resumed.parameters()).toEqual(end.parameters);
  resumed.dispose();
}

test('a run that trains LoRA and is resumed equals an unbroken one, loss by loss and bit by bit', async () => {
  const options = await optionsFor('lora');
  const trainer = await trainerFor(options, 10);
  await checkResumed(trainer, options);
  trainer.dispose();
});

describe('a run that trains an alignment', () => {
  // Compiling takes a software adapter longer than all the steps, so these share a trainer.
  let options: TrainerOptions;
  let trainer: Trainer;
  let fresh: TrainerState;
  beforeAll(async () => {
    options = await optionsFor('mlp');
    trainer = await trainerFor(options, 10);
    fresh = await trainer.state();
  }, 120_000);
  beforeEach(() => trainer.restore(fresh));
  afterAll(() => trainer.dispose());

  test('and is resumed equals an unbroken one, loss by loss and bit by bit', () =>
    checkResumed(trainer, options));

  test('needs its moments and its number of steps to go on as it was', async () => {
    await train(trainer, steps / 2);
    const state = await trainer.state();
    const next = async (changed: Partial<TrainerState>) => {
      trainer.restore({ ...state, ...changed });
      await trainer.step(examplesOf(steps / 2), 0.01);
      return trainer.parameters();
    };
    const { firstMoments, secondMoments } = fresh;
    const expected = await next({});
    expect(await next({})).toEqual(expected);
    for (const changed of [{ firstMoments }, { secondMoments }, { steps: 0 }]) {
      expect(await next(changed), Object.keys(changed)[0]).not.toEqual(expected);
    }
  });

  test('is neither read nor restored in the middle of a step', async () => {
    const running = trainer.step(examplesOf(0), 0.01);
    const busy = 'Step 1 is being taken; wait until it is done.';
    await expect(trainer.state()).rejects.toThrow(busy);
    await expect(trainer.step(examplesOf(0), 0.01)).rejects.toThrow(busy);
    expect(() => trainer.restore(fresh)).toThrow(busy);
    await running;
    expect((await trainer.state()).steps).toBe(1);
  });

  test('refuses the state of something else, names both, and is as it was', async () => {
    await train(trainer, 1);
    const state = await trainer.state();
    const refused = (changed: Partial<TrainerState>) =>
      expect(() => trainer.restore({ ...state, ...changed }));
    refused({ steps: 1.5 }).toThrow('1.5 is no number of steps to go on from.');
    refused({ shapes: { ...state.shapes, 'fc1.weight': [encoderDim, 16] } }).toThrow(
      'The state does not fit what is trained: "fc1.weight" is [24, 16] in it and [16, 24] here.',
    );
    refused({ shapes: { ...state.shapes, latents: [5, 16] } }).toThrow(
      '"latents" is [5, 16] in it and not there here.',
    );
    const moments = { ...state.secondMoments };
    delete moments['fc2.bias'];
    refused({ parameters: fresh.parameters, secondMoments: moments }).toThrow(
      /^The second moment of "fc2\.bias" should have 32 numbers \[32\], it has none\.$/,
    );
    expect(await trainer.state()).toEqual(state);
  });
});
