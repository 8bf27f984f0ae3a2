// Twins as the bridge gets them: graphs with their external data, and whole bundles made of an encoder and an LLM.
import type { LlmFiles } from '../../src/bridge/llm.ts';
import type { BundleManifest } from '../../src/bundle/manifest.ts';
import { sha256 } from '../../src/bundle/integrity.ts';
import {
  decodeModel,
  externalLocations,
  type DecoderConfig,
  type ExternalData,
  type ModelProto,
} from '../../src/onnx/index.ts';
import { presets, type Preset, type PresetName } from './presets.ts';
import { dtypesOf, makeTwin, modelPath, type Dtype } from './twin.ts';

const names = Object.keys(presets) as PresetName[];
const isDecoder = (name: PresetName) => 'keyValueHeads' in presets[name].sizes.tiny;

export interface Case {
  name: PresetName;
  dtype: Dtype;
}
const casesOf = (wanted: PresetName[]): Case[] =>
  wanted.flatMap((name) => dtypesOf(name).map((dtype) => ({ name, dtype })));
/** Every encoder and every LLM in every format that its repository has. */
export const encoderCases = casesOf(names.filter((name) => !isDecoder(name)));
export const decoderCases = casesOf(names.filter(isDecoder));

export interface TwinGraph {
  path: string;
  bytes: Uint8Array;
  model: ModelProto;
  external: ExternalData;
  config: DecoderConfig;
}

/** The graph of a twin, small. */
export function readTwin({ name, dtype }: Case): TwinGraph {
  const files = makeTwin(name, 'tiny', [dtype]);
  const path = modelPath(name, dtype);
  const read = (file: string) => files.get(file) ?? new Uint8Array(0);
  const bytes = read(path);
  const model = decodeModel(bytes);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const external = new Map(
    externalLocations(model).map((location) => [location, read(folder + location)]),
  );
  const config = JSON.parse(new TextDecoder().decode(read('config.json'))) as DecoderConfig;
  return { path, bytes, model, external, config };
}

/** What `Llm.open` takes. */
export function llmFiles({ path, model, external, config }: TwinGraph): LlmFiles {
  return { path, model, external, config, adapter: null };
}

/** A bundle of two twins without alignments: the LLM reads text. */
export async function twinBundle(
  encoder: Case,
  llm: Case,
  change: (manifest: TwinManifest, files: Map<string, Uint8Array>) => void = () => undefined,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array>();
  for (const [part, { name, dtype }] of Object.entries({ encoder, llm })) {
    for (const [path, bytes] of makeTwin(name, 'tiny', [dtype]))
      files.set(`${part}/${path}`, bytes);
  }
  const manifest = twinManifest(encoder, llm, [...files.keys()]);
  change(manifest, files);
  const records: BundleManifest['files'] = {};
  const copies = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [path, bytes] of files) {
    const copy = new Uint8Array(bytes);
    copies.set(path, copy);
    records[path] = { bytes: copy.length, sha256: await sha256(copy) };
  }
  const json = JSON.stringify({ ...manifest, files: records });
  return copies.set('bundle.json', new TextEncoder().encode(json));
}

export type TwinManifest = Omit<BundleManifest, 'files'>;

function twinManifest(encoder: Case, llm: Case, paths: readonly string[]): TwinManifest {
  const part = (folder: string, { name, dtype }: Case) => {
    const { hubId, sizes }: Preset = presets[name];
    return {
      id: hubId,
      model: `${folder}/${modelPath(name, dtype)}`,
      externalData: paths.filter(
        (path) => path.startsWith(`${folder}/`) && /\.onnx(_data(_\d+)?|\.data)$/.test(path),
      ),
      config: `${folder}/config.json`,
      tokenizer: `${folder}/tokenizer.json`,
      tokenizerConfig: `${folder}/tokenizer_config.json`,
      hiddenSize: sizes.tiny.hidden,
    };
  };
  return {
    formatVersion: 1,
    id: 'twins',
    name: 'Twins',
    description: 'Random weights in the structure of published models.',
    licence: 'MIT',
    revision: 'test',
    languages: [{ code: 'en', name: 'English', english: 'English', resource: 'high' }],
    numerals: 'digits',
    calculator: false,
    encoder: part('encoder', encoder),
    llm: { ...part('llm', llm), generationConfig: 'llm/generation_config.json' },
    alignments: {},
    adapters: {},
    lexicons: {},
    prompts: {
      solve: 'Solve the following math problem:',
      translate: 'Translate the following code-switched {language} sentence to pure English:',
      direct: '{instruction}\n\n{question}',
      chat: { variables: {} },
    },
    limits: { maxEncoderTokens: 64, maxNewTokens: 12 },
  };
}
