// Twins: repositories of models that look, file for file and node for node, like those of a preset, with random weights.
//
//     const files = makeTwin('qwen3-0.6b', 'tiny');            // path on the hub -> bytes
//     writeTwin('smollm2-135m-instruct', 'true', folder, ['q4f16']);
//
// The same name and size are the same bytes every time, and every format of a twin holds the same network.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeModel } from '../../src/onnx/index.ts';
import { generationConfig, genaiConfig, modelConfig } from './configs.ts';
import { finish, type Draft } from './draft.ts';
import { moveToFiles } from './external.ts';
import { genaiDraft, type GenaiFamily, type GenaiFormat } from './genai.ts';
import { optimumForms, type OptimumModel } from './optimum.ts';
import { Parameters } from './parameters.ts';
import { presets, type Layout, type Preset, type PresetName } from './presets.ts';
import type { Family } from './recording.ts';
import type { Sizes } from './sizes.ts';
import { tokenizers } from './tokenizers.ts';

export type TwinSize = 'tiny' | 'true';
/** As transformers.js calls them. */
export type Dtype = 'fp32' | 'fp16' | 'q4' | 'q4f16' | 'q8';

/** What follows `model` in the name of a format's file. */
export const suffixes: Readonly<Record<Dtype, string>> = {
  fp32: '',
  fp16: '_fp16',
  q4: '_q4',
  q4f16: '_q4f16',
  q8: '_quantized',
};

/** All weights of all twins follow from it. */
export const seed = 7;

interface Made {
  preset: Preset;
  sizes: Sizes;
  special: Readonly<Record<string, number>>;
}

interface LayoutForm {
  dtypes: readonly Dtype[];
  /** The graph of a format. */
  draft(made: Made, dtype: Dtype): Draft;
  path(preset: Preset, dtype: Dtype): string;
  /** Names of the files of external data; none where the weights are inside. */
  external(path: string, dtype: Dtype): string[];
  /** What goes into config.json besides the model's own fields. */
  config: Record<string, unknown>;
  more(made: Made): Record<string, object>;
}

const layouts: Readonly<Record<Layout, LayoutForm>> = {
  optimum: {
    dtypes: ['fp32', 'fp16', 'q4', 'q4f16', 'q8'],
    draft: ({ preset, sizes }, dtype) => {
      const { family, numbers } = preset;
      return optimumTwin(family, dtype, { sizes, numbers, parameters: new Parameters(seed) });
    },
    path: ({ family }, dtype) =>
      `onnx/${family === 'mt5' ? 'encoder_model' : 'model'}${suffixes[dtype]}.onnx`,
    external: () => [],
    config: {},
    more: () => ({}),
  },
  genai: {
    dtypes: ['fp32', 'fp16', 'q4', 'q4f16'],
    draft: builderDraft,
    path: (_, dtype) => `onnx/model${suffixes[dtype]}.onnx`,
    external: (path, dtype) =>
      dtype === 'fp32' ? [`${path}_data`, `${path}_data_1`] : [`${path}_data`],
    config: {
      'transformers.js_config': {
        use_external_data_format: {
          'model.onnx': 2,
          'model_fp16.onnx': 1,
          'model_q4.onnx': 1,
          'model_q4f16.onnx': 1,
        },
        kv_cache_dtype: { q4f16: 'float16', fp16: 'float16' },
      },
    },
    more: () => ({}),
  },
  builder: {
    dtypes: ['q4'],
    draft: builderDraft,
    path: () => 'model.onnx',
    external: (path) => [`${path}.data`],
    config: {},
    more: ({ preset, sizes, special }) => ({
      'genai_config.json': genaiConfig(preset, sizes, special),
    }),
  },
};

/** A graph as optimum and transformers.js write it. */
export function optimumTwin(
  family: Family,
  dtype: Dtype,
  model: Omit<OptimumModel, 'recording'>,
): Draft {
  const recording = readFileSync(new URL(`graphs/${family}.jsonl`, import.meta.url), 'utf8');
  return optimumForms[dtype]({ ...model, recording });
}

function builderDraft({ preset, sizes }: Made, dtype: Dtype): Draft {
  const { numbers } = preset;
  return genaiDraft({
    family: preset.family as GenaiFamily,
    format: dtype as GenaiFormat,
    sizes,
    numbers,
    parameters: new Parameters(seed),
    tied: true,
  });
}

/** The formats that a twin's repository has. */
export function dtypesOf(name: PresetName): readonly Dtype[] {
  return layouts[presets[name].layout].dtypes;
}

/** The path of a twin's graph. */
export function modelPath(name: PresetName, dtype: Dtype): string {
  const preset: Preset = presets[name];
  return layouts[preset.layout].path(preset, dtype);
}

/**
 * A twin's repository.
 * @param dtypes the graphs to make; others of the repository are left out
 * @returns path in the repository to bytes
 */
export function makeTwin(
  name: PresetName,
  size: TwinSize,
  dtypes: readonly Dtype[] = dtypesOf(name),
): Map<string, Uint8Array> {
  return new Map(twinFiles(name, size, dtypes));
}

/** Writes a twin's repository into a folder, one graph after the other. */
export function writeTwin(
  name: PresetName,
  size: TwinSize,
  folder: string,
  dtypes: readonly Dtype[] = dtypesOf(name),
): void {
  for (const [path, bytes] of twinFiles(name, size, dtypes)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
}

function* twinFiles(
  name: PresetName,
  size: TwinSize,
  dtypes: readonly Dtype[],
): Generator<[string, Uint8Array]> {
  const preset: Preset = presets[name];
  const sizes = preset.sizes[size];
  const layout = layouts[preset.layout];
  const { special, ...tokenizer } = tokenizers[preset.tokenizer]();
  const made = { preset, sizes, special };
  const texts: Record<string, object> = {
    'config.json': { ...modelConfig(preset, sizes, special), ...layout.config },
    ...(sizes.keyValueHeads && { 'generation_config.json': generationConfig(preset, special) }),
    ...tokenizer,
    ...layout.more(made),
  };
  for (const [path, value] of Object.entries(texts)) {
    yield [path, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)];
  }
  for (const dtype of dtypes) {
    const path = layout.path(preset, dtype);
    const model = finish(layout.draft(made, dtype));
    const names = layout.external(path, dtype);
    const external = moveToFiles(
      model,
      names.map((file) => file.slice(file.lastIndexOf('/') + 1)),
    );
    yield [path, encodeModel(model)];
    for (const [index, file] of names.entries()) yield [file, external[index] ?? new Uint8Array(0)];
  }
}
