// The part of `npm run bench:step-memory` in the browser: a step through a published LLM at its true size, with every
// buffer counted that the device is asked for.
import { openGpu } from '../src/wgsl/device.ts';
import type { LlamaConfig } from '../src/onnx/index.ts';
import { exampleLength, type Example } from '../src/train/batch.ts';
import { freshAlignment } from '../src/train/fresh.ts';
import { planStep, Trainer } from '../src/train/trainer.ts';
import { twinConfig, twinGraph } from '../tests/gpu/twinGraphs.ts';
import { watchBuffers } from '../tests/gpu/wgsl/buffers.ts';
import type { PresetName } from '../tests/twins/presets.ts';
import { encoderDim, positions, publishedStep, sequences } from './publishedStep.ts';

declare global {
  interface Window {
    /** Makes an LLM in 4 bits. @returns what the planner says of the step, in bytes */
    plan(preset: PresetName): Promise<number>;
    /** Takes the memory and writes the weights. @returns bytes of all buffers of the device */
    upload(): Promise<number>;
    /** Takes the step. @returns its loss, and the same of the buffers */
    takeStep(): Promise<{ loss: number; bytes: number }>;
  }
}

window.plan = async (preset) => {
  const gpu = await openGpu();
  const buffers = watchBuffers(gpu.device);
  const config = twinConfig(preset, 'true') as unknown as LlamaConfig;
  const options = publishedStep(twinGraph({ name: preset, dtype: 'q4' }, 'true'), config, true);
  const { kind, sizes } = options.alignment;
  window.upload = async () => {
    const trainer = await Trainer.create(gpu, options, {
      alignment: freshAlignment(kind, sizes, 0.05, 1),
    });
    window.takeStep = async () => {
      const { loss } = await trainer.step([Array.from({ length: sequences }, example)], 1e-3);
      return { loss, bytes: buffers.bytes };
    };
    return buffers.bytes;
  };
  return planStep(gpu.profile, options).bytes;
};

/** One that fills a sequence: half states, the rest a short instruction and labels. */
function example(): Example {
  const states = Float32Array.from({ length: (positions / 2) * encoderDim }, (_, i) => Math.sin(i));
  const instruction = [7, 8];
  const target: number[] = [];
  const whole = () => exampleLength({ states, instruction, target }, { encoderDim });
  while (whole() < positions && target.length < positions / 2) target.push(9 + target.length);
  return { states, instruction, target };
}
