// Where ONNX Runtime runs on WebGPU, training uses the same device.
import { expect, test } from 'vitest';
import { Alignment } from '../../../src/bridge/alignment.ts';
import { buildLlama, readSafetensors, type LlamaConfig } from '../../../src/onnx/index.ts';
import { freshAlignment } from '../../../src/train/fresh.ts';
import { Trainer, type TrainerOptions } from '../../../src/train/trainer.ts';
import { adoptDevice, openGpu, type Gpu } from '../../../src/wgsl/device.ts';
import { createBrowserRuntime, runtimeDevice } from '../../../workers/browser-runtime.ts';
import { fetchBytes, load } from '../onnx.ts';

const encoderDim = 24;

/** Losses of two steps. */
async function train(gpu: Gpu, options: TrainerOptions): Promise<number[]> {
  const alignment = freshAlignment('mlp', options.alignment.sizes, 0.3, 1);
  const trainer = await Trainer.create(gpu, options, { alignment });
  const states = Float32Array.from({ length: 3 * encoderDim }, (_, i) => Math.sin(i));
  const example = { states, instruction: [7, 8], target: [9, 10, 2] };
  const losses: number[] = [];
  for (let step = 0; step < 2; step++) {
    losses.push((await trainer.step([[example]], 0.01)).loss);
  }
  trainer.dispose();
  return losses;
}

test('a step on the device of ONNX Runtime equals one on a device of our own, and both go on', async () => {
  const runtime = await createBrowserRuntime('webgpu');
  const file = await fetchBytes('onnx/alignment-mlp/model.safetensors');
  const session = await Alignment.open(runtime, 'alignment', file);
  const width = Number(readSafetensors(file).metadata['encoder_dim']);
  const states = { data: new Float32Array(2 * width).fill(0.5), length: 2, width };
  const before = await session.align(states);

  const device = await runtimeDevice(runtime);
  if (!device) throw new Error('ONNX Runtime has no device');
  const { weights, config: read } = await load<LlamaConfig>('llama');
  const config = await read();
  const options: TrainerOptions = {
    decoder: { model: buildLlama(config, weights, 'int8'), external: new Map(), config, bosId: 1 },
    alignment: {
      kind: 'mlp',
      sizes: { encoderDim, llmDim: config.hidden_size, hiddenDim: 16, heads: 2, latents: 0 },
      normEpsilon: 1e-6,
    },
    sizes: { sequences: 1, positions: 12, examples: 1, stateRows: 4, labelRows: 4, encoderDim },
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    ...{ maxGradientNorm: 1, vocabularyChunk: 64, checkpoint: false },
  };
  const adopted = await train(adoptDevice(device), options);
  expect(adopted).toEqual(await train(await openGpu(), options));
  expect(adopted[1]).toBeLessThan(adopted[0] as number);
  expect((await session.align(states)).data).toEqual(before.data);
  await session.dispose();
});
