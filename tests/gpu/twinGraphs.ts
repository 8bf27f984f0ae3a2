// Twins of published models as graphs, made in the browser (tests/twins/README.md; the files of a repository need Node).
import type { ModelProto } from '../../src/onnx/index.ts';
import { modelConfig } from '../twins/configs.ts';
import { finish } from '../twins/draft.ts';
import { genaiDraft, type GenaiFamily, type GenaiFormat } from '../twins/genai.ts';
import { optimumForms } from '../twins/optimum.ts';
import { Parameters } from '../twins/parameters.ts';
import { presets, type Preset, type PresetName } from '../twins/presets.ts';
import type { Dtype, TwinSize } from '../twins/twin.ts';

const recordings = import.meta.glob<string>('../twins/graphs/*.jsonl', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const names = Object.keys(presets) as PresetName[];
const isDecoder = (name: PresetName) => 'keyValueHeads' in presets[name].sizes.tiny;
export const decoders = names.filter(isDecoder);
export const encoders = names.filter((name) => !isDecoder(name));

export interface TwinCase {
  name: PresetName;
  dtype: Dtype;
}

/** Every one of these models in every one of these formats that it is published in. */
export const casesOf = (wanted: readonly PresetName[], dtypes: readonly Dtype[]): TwinCase[] =>
  wanted.flatMap((name) =>
    dtypes
      .filter((dtype) => dtype !== 'q8' || presets[name].layout === 'optimum')
      .map((dtype) => ({ name, dtype })),
  );

/** The graph, weights inside. */
export function twinGraph({ name, dtype }: TwinCase, size: TwinSize = 'tiny'): ModelProto {
  const { family, layout, sizes, numbers }: Preset = presets[name];
  const model = { sizes: sizes[size], numbers, parameters: new Parameters(7) };
  if (layout === 'optimum') {
    const recording = recordings[`../twins/graphs/${family}.jsonl`] ?? '';
    return finish(optimumForms[dtype]({ ...model, recording }));
  }
  const format = dtype as GenaiFormat;
  return finish(genaiDraft({ ...model, family: family as GenaiFamily, format, tied: true }));
}

/** Its config.json. */
export const twinConfig = (name: PresetName, size: TwinSize = 'tiny') =>
  modelConfig(presets[name], presets[name].sizes[size], {});
