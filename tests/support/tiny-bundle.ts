// A whole bundle of a few kilobytes with random weights, built in memory: real tokenizers and real graphs,
// and answers that mean nothing but never change.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../src/bundle/integrity.ts';
import { missingFileError, type BundleSource } from '../../src/bundle/source.ts';
import {
  buildBert,
  buildLlama,
  encodeModel,
  floatSafetensor,
  writeSafetensors,
  type Safetensors,
} from '../../src/onnx/index.ts';

const tokenizers = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/tokenizers');

const encoderDim = 32;
const llmDim = 64;

const encoderConfig = {
  model_type: 'bert',
  hidden_size: encoderDim,
  intermediate_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  vocab_size: 535,
  type_vocab_size: 1,
  max_position_embeddings: 96,
  layer_norm_eps: 1e-12,
};

const llmConfig = {
  model_type: 'llama',
  hidden_size: llmDim,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 431,
  max_position_embeddings: 128,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  tie_word_embeddings: true,
};

const tokenizerConfig = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  bos_token: '<s>',
  eos_token: '</s>',
  pad_token: '<pad>',
  unk_token: '<unk>',
  clean_up_tokenization_spaces: false,
};

/** `bundle.json` without `files`. */
const description = {
  formatVersion: 1,
  id: 'tiny',
  name: 'Tiny',
  description: 'Random weights for tests.',
  licence: 'MIT',
  revision: 'test',
  languages: [
    { code: 'en', name: 'English', english: 'English', resource: 'high' },
    { code: 'sw', name: 'Kiswahili', english: 'Swahili', resource: 'low' },
  ],
  numerals: 'slots',
  slots: { question: 4, result: 4 },
  calculator: true,
  encoder: {
    id: 'tiny-encoder',
    model: 'encoder/onnx/model.onnx',
    config: 'encoder/config.json',
    tokenizer: 'encoder/tokenizer.json',
    tokenizerConfig: 'encoder/tokenizer_config.json',
    hiddenSize: encoderDim,
  },
  llm: {
    id: 'tiny-llm',
    model: 'llm/onnx/model_q4.onnx',
    externalData: [],
    config: 'llm/config.json',
    generationConfig: 'llm/generation_config.json',
    tokenizer: 'llm/tokenizer.json',
    tokenizerConfig: 'llm/tokenizer_config.json',
    hiddenSize: llmDim,
  },
  alignments: {
    langbridge: { file: 'alignment/langbridge.safetensors', adapter: null },
    lingualift: { file: 'alignment/lingualift.safetensors', adapter: 'lingualift' },
  },
  adapters: {
    lingualift: {
      config: 'adapters/lingualift/adapter_config.json',
      weights: 'adapters/lingualift/adapter_model.safetensors',
    },
  },
  lexicons: { sw: 'lexicons/sw.txt' },
  prompts: {
    solve: 'Solve the following math problem:',
    translate: 'Translate the following code-switched {language} sentence to pure English:',
    direct: '{question}<|end|>{instruction}',
  },
  limits: { maxEncoderTokens: 64, maxNewTokens: 24 },
};

/** A small deterministic generator (mulberry32), uniform in [-scale, scale). */
function randomFloats(count: number, scale: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1) * scale;
  });
}

/** Random tensors: norms near one, everything else near zero. */
function randomWeights(
  shapes: Record<string, number[]>,
  seed: number,
  metadata: Record<string, string> = {},
): Safetensors {
  const tensors = Object.entries(shapes).map(([name, shape], index) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = randomFloats(count, 0.3, seed + index);
    const isNorm = /norm/i.test(name) && name.endsWith('weight');
    return [name, floatSafetensor(isNorm ? values.map((x) => 1 + x) : values, shape)] as const;
  });
  return { tensors: new Map(tensors), metadata };
}

function encoderWeights(): Safetensors {
  const { vocab_size, max_position_embeddings, intermediate_size } = encoderConfig;
  const layer = 'encoder.layer.0';
  const linear = (name: string, outputs: number, inputs: number) => ({
    [`${name}.weight`]: [outputs, inputs],
    [`${name}.bias`]: [outputs],
  });
  const norm = (name: string) => ({
    [`${name}.weight`]: [encoderDim],
    [`${name}.bias`]: [encoderDim],
  });
  return randomWeights(
    {
      'embeddings.word_embeddings.weight': [vocab_size, encoderDim],
      'embeddings.position_embeddings.weight': [max_position_embeddings, encoderDim],
      'embeddings.token_type_embeddings.weight': [1, encoderDim],
      ...norm('embeddings.LayerNorm'),
      ...linear(`${layer}.attention.self.query`, encoderDim, encoderDim),
      ...linear(`${layer}.attention.self.key`, encoderDim, encoderDim),
      ...linear(`${layer}.attention.self.value`, encoderDim, encoderDim),
      ...linear(`${layer}.attention.output.dense`, encoderDim, encoderDim),
      ...norm(`${layer}.attention.output.LayerNorm`),
      ...linear(`${layer}.intermediate.dense`, intermediate_size, encoderDim),
      ...linear(`${layer}.output.dense`, encoderDim, intermediate_size),
      ...norm(`${layer}.output.LayerNorm`),
    },
    1,
  );
}

/** Names, outputs and inputs of one decoder layer's projections. */
const projections: [name: string, outputs: number, inputs: number][] = [
  ['self_attn.q_proj', llmDim, llmDim],
  ['self_attn.k_proj', llmDim / 2, llmDim],
  ['self_attn.v_proj', llmDim / 2, llmDim],
  ['self_attn.o_proj', llmDim, llmDim],
  ['mlp.gate_proj', llmConfig.intermediate_size, llmDim],
  ['mlp.up_proj', llmConfig.intermediate_size, llmDim],
  ['mlp.down_proj', llmDim, llmConfig.intermediate_size],
];
const layers = Array.from({ length: llmConfig.num_hidden_layers }, (_, layer) => layer);

function llmWeights(): Safetensors {
  const shapes: Record<string, number[]> = {
    'model.embed_tokens.weight': [llmConfig.vocab_size, llmDim],
    'model.norm.weight': [llmDim],
  };
  for (const layer of layers) {
    const prefix = `model.layers.${layer}`;
    shapes[`${prefix}.input_layernorm.weight`] = [llmDim];
    shapes[`${prefix}.post_attention_layernorm.weight`] = [llmDim];
    for (const [name, outputs, inputs] of projections) {
      shapes[`${prefix}.${name}.weight`] = [outputs, inputs];
    }
  }
  return randomWeights(shapes, 100);
}

function adapterWeights(rank: number): Safetensors {
  const shapes: Record<string, number[]> = {};
  for (const layer of layers) {
    for (const [name, outputs, inputs] of projections) {
      const prefix = `base_model.model.model.layers.${layer}.${name}`;
      shapes[`${prefix}.lora_A.weight`] = [rank, inputs];
      shapes[`${prefix}.lora_B.weight`] = [outputs, rank];
    }
  }
  return randomWeights(shapes, 200);
}

/** A linear alignment. Another seed gives another one. */
export function alignmentFile(seed: number): Uint8Array<ArrayBuffer> {
  const weights = randomWeights(
    {
      'linear.weight': [llmDim, encoderDim],
      'linear.bias': [llmDim],
      end_of_prompt: [llmDim],
    },
    seed,
    {
      format: 'lingualift-alignment-1',
      kind: 'linear',
      encoder_dim: String(encoderDim),
      llm_dim: String(llmDim),
      input_norm: 'rms',
      norm_eps: '1e-6',
      encoder_id: 'tiny-encoder',
      llm_id: 'tiny-llm',
      stage: 'test',
      recipe: '{}',
    },
  );
  return new Uint8Array(writeSafetensors(weights));
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** The bundle's files, `bundle.json` among them, by path. */
export async function makeTinyBundle(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const { encoder, llm, alignments, adapters, lexicons } = description;
  const tokenizer = (part: string) =>
    new Uint8Array(readFileSync(join(tokenizers, `${part}.json`)));
  const files = new Map<string, Uint8Array<ArrayBuffer>>([
    [
      encoder.model,
      new Uint8Array(encodeModel(buildBert(encoderConfig, encoderWeights(), 'int8'))),
    ],
    [encoder.config, json(encoderConfig)],
    [encoder.tokenizer, tokenizer('encoder')],
    [encoder.tokenizerConfig, json(tokenizerConfig)],
    [llm.model, new Uint8Array(encodeModel(buildLlama(llmConfig, llmWeights(), 'int4')))],
    [llm.config, json(llmConfig)],
    [llm.generationConfig, json({ bos_token_id: 0, eos_token_id: 2, pad_token_id: 1 })],
    [llm.tokenizer, tokenizer('llm')],
    [llm.tokenizerConfig, json(tokenizerConfig)],
    [alignments.langbridge.file, alignmentFile(300)],
    [alignments.lingualift.file, alignmentFile(400)],
    [
      adapters.lingualift.config,
      json({ peft_type: 'LORA', r: 4, lora_alpha: 8, target_modules: [] }),
    ],
    [adapters.lingualift.weights, new Uint8Array(writeSafetensors(adapterWeights(4)))],
    [lexicons.sw, new TextEncoder().encode('ana has\nmaembe mangoes\nna and\n')],
  ]);
  const records: Record<string, { bytes: number; sha256: string }> = {};
  for (const [path, bytes] of files) {
    records[path] = { bytes: bytes.length, sha256: await sha256(bytes) };
  }
  return files.set('bundle.json', json({ ...description, files: records }));
}

/** Writes the files of a bundle into a folder. */
export function writeBundle(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes);
  }
}

/** A bundle in memory that counts what is asked of it. */
export class MemorySource implements BundleSource {
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  readonly asked: string[] = [];

  constructor(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) {
    this.files = new Map(files);
  }

  read(path: string): Promise<Uint8Array<ArrayBuffer>> {
    this.asked.push(path);
    const bytes = this.files.get(path);
    return bytes
      ? Promise.resolve(bytes.slice())
      : Promise.reject(missingFileError(path, 'memory'));
  }
}
