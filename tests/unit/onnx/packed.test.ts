// The packed weights of whole models: they must say what readWeights says, in the layout that the training
// kernels read, in the bytes of their file.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildBert,
  buildLlama,
  OnnxError,
  readPackedWeights,
  readWeights,
  type BertConfig,
  type ExternalData,
  type LlamaConfig,
  type ModelProto,
  type PackedWeight,
} from '../../../src/onnx/index.ts';
import { tensorBytes } from '../../../src/onnx/model.ts';
import { expectSameWeights } from './packedWeights.ts';
import { exportsFolder, hasExports, readExport, readGolden } from './support.ts';

/** Bytes that the weights take, each array once. */
function bytesOf(weights: Iterable<PackedWeight>): number {
  const arrays = new Set(
    [...weights].flatMap((weight): ArrayBufferView[] =>
      weight.kind === 'blocks'
        ? [weight.data, weight.scales, weight.zeroPoints ?? new Uint8Array(0)]
        : [weight.data],
    ),
  );
  return [...arrays].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function storedBytes(model: ModelProto, external: ExternalData): number {
  const tensors = model.graph?.initializer ?? [];
  return tensors.reduce((sum, tensor) => sum + tensorBytes(tensor, external).byteLength, 0);
}

const broken = 'gen-genai-story-int8-cpu/model.onnx';
const exported = hasExports
  ? readdirSync(exportsFolder)
      .filter((folder) => /^gen-(genai|optimum)-/.test(folder))
      .flatMap((folder) =>
        readdirSync(join(exportsFolder, folder))
          .filter((file) => file.endsWith('.onnx'))
          .map((file) => `${folder}/${file}`),
      )
      .filter((path) => path !== broken)
  : [];

describe.skipIf(!hasExports)('the packed weights of an export', () => {
  it.each(exported)('%s say what its float weights say', (path) => {
    const { model, external } = readExport(path);
    const packed = expectSameWeights(model, external);
    expect(packed.size).toBeGreaterThan(15);
  });

  // bitsandbytes' formats have no blocks, so those weights are expanded.
  it.each(exported.filter((path) => !path.includes('bnb4')))(
    '%s take no more than 1.1 times the bytes of its file',
    (path) => {
      const { model, external } = readExport(path);
      const packed = readPackedWeights(model, external);
      expect(bytesOf(packed.values()) / storedBytes(model, external)).toBeLessThan(1.1);
    },
  );

  it.each([
    ['gen-genai-story-int4-webgpu/model.onnx', 'blocks'],
    ['gen-genai-story-int4-kquant-webgpu/model.onnx', 'blocks'],
    ['gen-optimum-story/model_quantized.onnx', 'blocks'],
    ['gen-optimum-story/model_fp16.onnx', 'float16'],
    ['gen-genai-story-fp32-cpu/model.onnx', 'float32'],
  ])('%s share the arrays of the table and the tied head (%s)', (path, kind) => {
    const { model, external } = readExport(path);
    const packed = readPackedWeights(model, external);
    const head = packed.get('lm_head.weight');
    expect(head?.kind).toBe(kind);
    expect(packed.get('model.embed_tokens.weight')).toBe(head);
  });

  it('are views of the file where it holds MatMulNBits', () => {
    const { model, external } = readExport('gen-genai-story-int4-cpu-untied/model.onnx');
    const files = new Set([...external.values()].map(({ buffer }) => buffer));
    const packed = readPackedWeights(model, external);
    for (const name of ['self_attn.q_proj', 'self_attn.v_proj', 'mlp.down_proj']) {
      const weight = packed.get(`model.layers.1.${name}.weight`);
      expect(weight?.kind).toBe('blocks');
      expect(files.has(weight?.data.buffer ?? new ArrayBuffer(0)), name).toBe(true);
    }
  });

  it('are float32 where bitsandbytes quantized them', () => {
    const { model, external } = readExport('gen-optimum-story/model_bnb4.onnx');
    const weight = readPackedWeights(model, external).get('model.layers.0.mlp.up_proj.weight');
    expect(weight?.kind).toBe('float32');
  });

  it('are refused with the same error as the float ones', () => {
    const { model, external } = readExport(broken);
    const error = catchError(() => readWeights(model, external));
    expect(error).toBeInstanceOf(OnnxError);
    expect(catchError(() => readPackedWeights(model, external))).toEqual(error);
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(['llama', 'qwen2', 'qwen3'])(
  'the packed weights of the decoder built for %s',
  (name) => {
    const { weights, config } = readGolden(name);

    it.each([
      ['fp32', 'float32', 'float32'],
      ['int8', 'blocks', 'float16'],
      ['int4', 'blocks', 'float16'],
    ] as const)('say in %s what its float weights say', (format, linear, table) => {
      const packed = expectSameWeights(buildLlama(config<LlamaConfig>(), weights, format));
      expect(packed.get('model.layers.0.self_attn.k_proj.weight')?.kind).toBe(linear);
      expect(packed.get('model.layers.0.mlp.gate_proj.weight')?.kind).toBe(linear);
      expect(packed.get('lm_head.weight')?.kind).toBe(linear);
      expect(packed.get('model.embed_tokens.weight')?.kind).toBe(table);
      expect(packed.get('model.norm.weight')?.kind).toBe('float32');
    });
  },
);

describe('the packed weights of the built encoder', () => {
  const { weights, config } = readGolden('bert');

  it.each([
    ['fp32', 'float32'],
    ['int8', 'blocks'],
  ] as const)('say in %s what its float weights say', (format, kind) => {
    const packed = expectSameWeights(buildBert(config<BertConfig>(), weights, format));
    expect(packed.get('embeddings.word_embeddings.weight')?.kind).toBe(kind);
  });
});
