// The reader and the rewriter on decoders and encoders that other tools exported: onnxruntime-genai, optimum
// in the manner of transformers.js, and test models of ONNX Runtime.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildLlama,
  decodeModel,
  describeDecoder,
  encodeModel,
  externalLocations,
  floatSafetensor,
  moveInside,
  moveToExternalFile,
  readSafetensors,
  readWeights,
  toInputsEmbeds,
  type LlamaConfig,
} from '../../../src/onnx/index.ts';
import { dimsOf, tensorBytes } from '../../../src/onnx/model.ts';
import {
  argmax,
  Decoder,
  exportsFolder,
  floats,
  hasExports,
  largestDifference,
  readBytes,
  readExport,
  readFloats,
  readJson,
} from './support.ts';

/** Where the weights of a decoder come from, and the config.json beside them. */
const sources = {
  story: 'tinystories-656k-safetensors',
  qwen2: 'gen-src-qwen2',
  qwen3: 'gen-src-qwen3',
};

/** Tolerances by what a file is quantized to. Weights: relative to the largest of their tensor. */
interface Tolerances {
  /** Nothing for fp32, half a step for integers (a whole one where the largest value is clipped). */
  weights: number;
  /** Logits against the golden file, which another CPU provider wrote. */
  golden: number;
  /** Logits against a float graph built from the weights that were read. */
  own: number;
}

const fp32 = { weights: 1e-6, golden: 1e-4, own: 1e-4 };
const fp16 = { weights: 1e-3, golden: 0.02, own: 0.05 };
const int4 = { weights: 0.1, golden: 1e-4, own: 1e-3 };
const int4Fp16 = { ...int4, golden: 0.02, own: 0.05 };
// With accuracy_level 4 the provider that wrote the golden file quantized the activations to int8 as well.
// WASM does not, as the comparison with a float graph shows.
const int4Activations = { ...int4, golden: 0.5 };
const int4ActivationsFp16 = { ...int4Fp16, golden: 0.5, weights: 0.12 };
const nf4 = { ...int4, weights: 0.15 };
// Dynamic int8: activations are quantized, and signed weights may saturate on some CPUs.
const int8Activations = { weights: 0.005, golden: 2, own: 2 };

interface DecoderExport extends Tolerances {
  path: string;
  source: keyof typeof sources;
  /** Prefix of the golden files. */
  goldenFiles: string;
}

const decoders: DecoderExport[] = [
  ...genai('story-fp32-cpu', 'story', fp32),
  ...genai('story-fp32-cpu-embeds', 'story', fp32),
  ...genai('story-fp16-webgpu-embeds', 'story', fp16),
  ...genai('story-int4-cpu-asym-embeds', 'story', int4Activations),
  ...genai('story-int4-cpu-untied', 'story', int4Activations),
  ...genai('story-int4-webgpu', 'story', int4ActivationsFp16),
  ...genai('story-int4-rtn-webgpu', 'story', int4ActivationsFp16),
  ...genai('story-int4-kquant-webgpu', 'story', int4ActivationsFp16),
  ...genai('qwen2-fp32-cpu', 'qwen2', fp32),
  ...genai('qwen2-int4-webgpu', 'qwen2', int4Activations),
  ...genai('qwen3-fp32-cpu', 'qwen3', fp32),
  ...genai('qwen3-int4-webgpu', 'qwen3', int4ActivationsFp16),
  ...optimum('model', fp32),
  ...optimum('model_fp16', fp16),
  ...optimum('model_q4', int4),
  ...optimum('model_q4f16', int4Fp16),
  ...optimum('model_bnb4', nf4),
  ...optimum('model_quantized', int8Activations),
  ...optimum('model_uint8', int8Activations),
];

function genai(
  name: string,
  source: DecoderExport['source'],
  tolerances: Tolerances,
): DecoderExport[] {
  return [{ path: `gen-genai-${name}/model.onnx`, source, goldenFiles: 'golden', ...tolerances }];
}

function optimum(file: string, tolerances: Tolerances): DecoderExport[] {
  const path = `gen-optimum-story/${file}.onnx`;
  return [{ path, source: 'story', goldenFiles: `golden_${file}`, ...tolerances }];
}

const prompt = [1, 80, 147, 201, 33, 520, 9, 77];

function goldenOf({ path, goldenFiles }: DecoderExport) {
  const base = `${path.slice(0, path.indexOf('/'))}/${goldenFiles}`;
  // The CPU provider refuses fused query and key norms, so that export has no golden file.
  if (!existsSync(join(exportsFolder, `${base}.json`))) return undefined;
  const { input_ids, next_id } = readJson(`${base}.json`) as {
    input_ids: number[];
    next_id: number;
  };
  return {
    ids: input_ids,
    next: next_id,
    prefill: readFloats(`${base}.prefill_logits.f32`),
    decode: readFloats(`${base}.decode_logits.f32`),
  };
}

function readSource(source: DecoderExport['source']) {
  const file = `${sources[source]}/model.safetensors`;
  const weights = readSafetensors(readBytes(join(exportsFolder, file)));
  const table = ['model.embed_tokens.weight', 'lm_head.weight'].find((n) => weights.tensors.has(n));
  const config = readJson(`${sources[source]}/config.json`) as unknown as LlamaConfig;
  return { weights, table: floats(weights, table ?? ''), config };
}

/** The rewritten decoder and the rows of its table, or of the source's where the export brings none. */
function rewrite(exported: DecoderExport) {
  const { model, external } = readExport(exported.path);
  const { model: rewritten, embeddings } = toInputsEmbeds(model, external);
  const { table, config } = readSource(exported.source);
  const width = config.hidden_size;
  const embed = (ids: readonly number[]) =>
    embeddings?.rows(ids) ??
    Float32Array.from(ids.flatMap((id) => [...table.subarray(id * width, (id + 1) * width)]));
  return { model, external, rewritten, embed, config };
}

describe.skipIf(!hasExports).each(decoders)('the exported decoder $path', (exported) => {
  const goldenFile = hasExports ? goldenOf(exported) : undefined;

  it.skipIf(!goldenFile)('computes the golden logits once it takes embeddings', async () => {
    if (!goldenFile) return;
    const { rewritten, external, embed } = rewrite(exported);
    const decoder = await Decoder.load(rewritten, external);
    const prefill = await decoder.step(goldenFile.ids, embed);
    expect(largestDifference(prefill, goldenFile.prefill)).toBeLessThan(exported.golden);
    const step = await decoder.step([goldenFile.next], embed);
    expect(largestDifference(step, goldenFile.decode)).toBeLessThan(exported.golden);
    await decoder.release();
  });

  // No CPU provider runs query and key norms inside attention, so that original cannot be compared.
  const hasFusedNorms = exported.path.includes('qwen3-int4-webgpu');

  it.skipIf(hasFusedNorms)('computes what the original computes, token by token', async () => {
    const { model, rewritten, external, embed } = rewrite(exported);
    const decoders = [
      await Decoder.load(model, external),
      await Decoder.load(rewritten, external),
    ] as const;
    const { takesInputsEmbeds, vocabSize } = describeDecoder(model);
    let tokens = prompt;
    for (let t = 0; t < 6; t++) {
      const expected = await decoders[0].step(tokens, takesInputsEmbeds ? embed : undefined);
      const actual = await decoders[1].step(tokens, embed);
      expect(largestDifference(actual, expected)).toBeLessThan(1e-5);
      tokens = [argmax(actual.subarray(-vocabSize))];
    }
    await Promise.all(decoders.map((decoder) => decoder.release()));
  });

  it('computes what a float graph of the weights read from it computes', async () => {
    const { model, rewritten, external, embed, config } = rewrite(exported);
    const weights = readWeights(model, external);
    const { table } = readSource(exported.source);
    const tensors = new Map(
      [...weights].map(([name, { dims, data }]) => [name, floatSafetensor(data, dims)]),
    );
    if (!weights.has('model.embed_tokens.weight')) {
      const dims = [config.vocab_size, config.hidden_size];
      tensors.set('model.embed_tokens.weight', floatSafetensor(table, dims));
    }
    const untied = { ...config, tie_word_embeddings: false };
    const reference = await Decoder.load(buildLlama(untied, { tensors, metadata: {} }, 'fp32'));
    const decoder = await Decoder.load(rewritten, external);
    for (const tokens of [prompt, [311]]) {
      const expected = await reference.step(tokens);
      const actual = await decoder.step(tokens, embed);
      expect(largestDifference(actual, expected)).toBeLessThan(exported.own);
    }
    await Promise.all([reference.release(), decoder.release()]);
  });

  it('gives every weight of its source back', () => {
    const { model, external } = readExport(exported.path);
    const read = readWeights(model, external);
    const { weights } = readSource(exported.source);
    for (const name of weights.tensors.keys()) {
      const expected = floats(weights, name);
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const difference = largestDifference(read.get(name)?.data ?? [], expected);
      expect(difference / largest, name).toBeLessThanOrEqual(exported.weights);
    }
  });
});

describe.skipIf(!hasExports)('models that are no Llama-family decoders', () => {
  it.each([
    ['genai-tiny-gpt2-fp32/past.onnx', 'unsupported-architecture', /no key-value cache/],
    ['genai-tiny-gqa-fp16/decoder.onnx', 'unsupported-architecture', /normalises with LayerNorm/],
    ['genai-dummy-ids-and-embeds/dummy_text.onnx', 'unsupported-architecture', /no RMS norm/],
    ['genai-dummy-inputs-embeds/dummy_text.onnx', 'unsupported-architecture', /no RMS norm/],
    ['genai-dummy-inputs-embeds/dummy_embedding.onnx', 'not-a-decoder', /no output "logits"/],
    ['gen-optimum-bert/model.onnx', 'not-a-decoder', /no output "logits"/],
    ['ort-quant-ops/dynamic_quantize_matmul.onnx', 'not-a-decoder', /no output "logits"/],
    [
      'gen-genai-story-int8-cpu/model.onnx',
      'missing-initializer',
      /GatherBlockQuantized|Reshape.*"lm_head.MatMul.weight_Q4"/,
    ],
  ])('%s is refused: %s', (path, code, message) => {
    const { model, external } = readExport(path);
    expect(() => toInputsEmbeds(model, external)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

const bertExports = [
  { file: 'model', tolerance: 1e-6 },
  { file: 'model_fp16', tolerance: 1e-3 },
  { file: 'model_q4', tolerance: 0.1 },
  { file: 'model_q4f16', tolerance: 0.1 },
  { file: 'model_quantized', tolerance: 0.005 },
];

describe.skipIf(!hasExports).each(bertExports)(
  'the exported encoder $file',
  ({ file, tolerance }) => {
    it('gives every weight of its source back', () => {
      const { model, external } = readExport(`gen-optimum-bert/${file}.onnx`);
      const read = readWeights(model, external);
      const source = readSafetensors(
        readBytes(join(exportsFolder, 'gen-optimum-bert/source.safetensors')),
      );
      const names = [...source.tensors.keys()].filter((name) => !name.startsWith('pooler.'));
      expect(names.length).toBeGreaterThan(30);
      for (const name of names) {
        const expected = floats(source, name);
        const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
        const difference = largestDifference(read.get(name)?.data ?? [], expected);
        expect(difference / largest, name).toBeLessThanOrEqual(tolerance);
      }
    });
  },
);

const everyModel = hasExports
  ? readdirSync(exportsFolder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) =>
        readdirSync(join(exportsFolder, name))
          .filter((file) => file.endsWith('.onnx'))
          .map((file) => `${name}/${file}`),
      )
  : [];

describe.skipIf(!hasExports)('reading and writing', () => {
  it.each(everyModel)('%s is written byte for byte as it was read', (path) => {
    const bytes = readBytes(join(exportsFolder, path));
    expect(Buffer.compare(encodeModel(decodeModel(bytes)), bytes)).toBe(0);
  });

  it.each(everyModel)(
    '%s keeps the bytes of every initializer through an external file',
    (path) => {
      const model = decodeModel(readBytes(join(exportsFolder, path)));
      const folder = path.slice(0, path.indexOf('/'));
      const files = externalLocations(model).filter((name) =>
        existsSync(join(exportsFolder, folder, name)),
      );
      if (files.length < externalLocations(model).length) return; // a model whose data its user brings
      const external = new Map(
        files.map((name) => [name, readBytes(join(exportsFolder, folder, name))]),
      );
      const inside = moveInside(model, external);
      const { model: outside, data } = moveToExternalFile(inside, 'weights.bin');
      const again = decodeModel(encodeModel(outside));
      const lookup = new Map([['weights.bin', data]]);
      model.graph.initializer.forEach((tensor, i) => {
        const copy = again.graph.initializer[i];
        expect(copy?.name).toBe(tensor.name);
        if (!copy) return;
        expect(dimsOf(copy)).toEqual(dimsOf(tensor));
        const before = tensorBytes(tensor, external);
        expect(Buffer.compare(tensorBytes(copy, lookup), before), tensor.name).toBe(0);
      });
    },
  );
});
