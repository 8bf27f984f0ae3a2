// Training through weights that other tools exported (shared/fixtures, where it lies beside the repository): every
// Llama-family decoder there is read from its file, packed on the GPU, gives the logits that ONNX Runtime gave and is
// trained through.
import { describe, expect, it } from 'vitest';
import { freshAlignment } from '../../../src/train/fresh.ts';
import { Trainer, type TrainerOptions } from '../../../src/train/trainer.ts';
import { exportedDecoders, trainableExport } from '../../support/exportedDecoders.ts';
import { largestDifference } from '../onnx.ts';
import { logitsOf } from './decoderLogits.ts';
import { sharedGpu } from '../wgsl/support.ts';

const folder = '../../../../shared/fixtures/';
const urls = import.meta.glob<string>('../../../../shared/fixtures/{gen-*,tinystories*}/*', {
  query: '?url',
  import: 'default',
  eager: true,
});
const hasExports = Object.keys(urls).length > 0;

async function readFixture(path: string): Promise<Uint8Array> {
  const response = await fetch(urls[folder + path] ?? path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * How far logits may be from the golden ones, relative to the largest. The kernels compute with floats; what wrote the
 * golden files rounded every value to 16 bits where the graph does, and activations to 8 bits in integer products, which
 * onnxruntime-genai's 4-bit exports ask for (`accuracy_level`), optimum's do not.
 */
function toleranceOf(path: string): number {
  if (/model_(quantized|uint8)/.test(path)) return 0.1;
  if (path.includes('-int4-')) return 0.03;
  return path.includes('fp16') || path.includes('q4f16') ? 1e-3 : 1e-5;
}

/** A text's token ids, and the logits [ids, V] that ONNX Runtime gave of it on a CPU. */
async function goldenOf(path: string): Promise<{ ids: number[]; logits: Float32Array }> {
  const file = path.includes('optimum')
    ? path.replace('/', '/golden_')
    : path.replace('/model', '/golden');
  const base = file.replace('.onnx', '');
  const json = new TextDecoder().decode(await readFixture(`${base}.json`));
  const { input_ids: ids } = JSON.parse(json) as { input_ids: number[] };
  const { buffer } = await readFixture(`${base}.prefill_logits.f32`);
  return { ids, logits: new Float32Array(buffer) };
}

const encoderDim = 24;
const steps = 3;

/** The losses of the first steps through an export, from an alignment that is the same for all of a size. */
async function lossesOf(path: string): Promise<number[]> {
  const decoder = await trainableExport(path, readFixture);
  const sizes = {
    ...{ encoderDim, llmDim: decoder.config.hidden_size, hiddenDim: 32 },
    ...{ heads: 2, latents: 0 },
  };
  const options: TrainerOptions = {
    decoder,
    alignment: { kind: 'mlp', sizes, normEpsilon: 1e-6 },
    sizes: {
      ...{ sequences: 1, positions: 12, examples: 1 },
      ...{ stateRows: 4, labelRows: 4, encoderDim },
    },
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    ...{ maxGradientNorm: 1, vocabularyChunk: 512, checkpoint: true },
  };
  const alignment = freshAlignment('mlp', sizes, 0.05, 1);
  const trainer = await Trainer.create(await sharedGpu(), options, { alignment });
  const states = Float32Array.from({ length: 3 * encoderDim }, (_, i) => Math.sin(i));
  const example = { states, instruction: [80, 147], target: [201, 33, 2] };
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push((await trainer.step([[example]], 0.01)).loss);
  }
  trainer.dispose();
  return losses;
}

describe.skipIf(!hasExports).each(exportedDecoders)('the exported decoder %s', (path) => {
  // ONNX Runtime refuses query and key norms inside attention on a CPU, so there is no golden file.
  it.skipIf(path.includes('qwen3-int4'))('gives the logits of ONNX Runtime', async () => {
    const golden = await goldenOf(path);
    const logits = await logitsOf(await trainableExport(path, readFixture), golden.ids);
    const largest = golden.logits.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expect(largestDifference(logits, golden.logits) / largest).toBeLessThan(toleranceOf(path));
  });

  it('is trained through for three steps, each with a smaller loss', async () => {
    const losses = await lossesOf(path);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    expect(new Set(losses).size).toBe(steps);
  });
});
