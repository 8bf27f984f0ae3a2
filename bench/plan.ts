// `npm run bench:plan`: what a training step through each published LLM takes of GPU memory, by the planner, at the LLM's
// true size in 4 bits: four sequences of 256 positions, with and without recomputing the layers (docs/models.md).
import { finish } from '../tests/twins/draft.ts';
import { modelConfig } from '../tests/twins/configs.ts';
import { genaiDraft, type GenaiFamily } from '../tests/twins/genai.ts';
import { Parameters } from '../tests/twins/parameters.ts';
import { presets, type Preset, type PresetName } from '../tests/twins/presets.ts';
import { optimumTwin } from '../tests/twins/twin.ts';
import type { LlamaConfig } from '../src/onnx/index.ts';
import { planStep } from '../src/train/trainer.ts';
import { guaranteedLimits, type Profile } from '../src/wgsl/profile.ts';
import { publishedStep } from './publishedStep.ts';

/** A graphics card of today. */
const card: Profile = {
  kind: 'gpu',
  limits: {
    ...guaranteedLimits,
    maxBufferSize: 2 ** 31,
    maxStorageBufferBindingSize: 2 ** 31 - 4,
    maxStorageBuffersPerShaderStage: 10,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupStorageSize: 32_768,
  },
  features: new Set(),
};

function graphOf({ family, layout, sizes, numbers }: Preset) {
  const model = { sizes: sizes.true, numbers, parameters: new Parameters(7) };
  if (layout === 'optimum') return finish(optimumTwin(family, 'q4', model));
  return finish(genaiDraft({ ...model, family: family as GenaiFamily, format: 'q4', tied: true }));
}

function stepBytes(preset: Preset, checkpoint: boolean): number {
  const config = modelConfig(preset, preset.sizes.true, {}) as unknown as LlamaConfig;
  return planStep(card, publishedStep(graphOf(preset), config, checkpoint)).bytes;
}

const names = (Object.keys(presets) as PresetName[]).filter(
  (name) => 'keyValueHeads' in presets[name].sizes.tiny,
);
for (const name of names) {
  const [recomputing, keeping] = [true, false].map((checkpoint) =>
    `${(stepBytes(presets[name], checkpoint) / 1e6).toFixed(0)} MB`.padStart(10),
  );
  console.log(`${name.padEnd(30)}${recomputing}${keeping}`);
}
