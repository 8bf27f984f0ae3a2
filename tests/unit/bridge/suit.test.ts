// What is done to a graph before it runs, and which graphs are refused before a session is made.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { suitModel } from '../../../src/bridge/suit.ts';
import {
  hasHalves,
  moveToExternalFile,
  widenedBytes,
  type ModelProto,
} from '../../../src/onnx/index.ts';
import { makeTensor } from '../../../src/onnx/builder.ts';
import { DataType } from '../../../src/onnx/dataTypes.ts';
import { copyModel } from '../../../src/onnx/model.ts';
import { readTwin } from '../../twins/twinFiles.ts';

afterEach(() => vi.unstubAllGlobals());

/** A graphics card with some features. */
function stubAdapter(...features: string[]): void {
  const requestAdapter = () => Promise.resolve({ features: new Set(features) });
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
}

/** A graph that says it has a 16-bit weight of `elements` elements, whose bytes are not there. */
function withWeight(model: ModelProto, elements: number): ModelProto {
  const copy = copyModel(model);
  const weight = makeTensor('large', DataType.FLOAT16, [elements], new Uint8Array(0));
  copy.graph.initializer.push(weight);
  return copy;
}

const half = readTwin({ name: 'smollm2-135m-instruct', dtype: 'fp16' });
const packed = readTwin({ name: 'qwen3-0.6b', dtype: 'q4f16' });
const float = readTwin({ name: 'smollm2-135m-instruct', dtype: 'fp32' });
const encoder = readTwin({ name: 'xlm-roberta-base', dtype: 'fp16' });
/** What XLM-R only looks rows up in. */
const tables = ['word', 'position', 'token_type'].map(
  (kind) => `embeddings.${kind}_embeddings.weight`,
);

describe('suitModel on WebAssembly', () => {
  it('widens 16-bit graphs and unpacks 4-bit ones', async () => {
    const { path, model, external } = packed;
    const suited = await suitModel('wasm', path, model, external);
    const operators = new Set(suited.graph?.node.map(({ opType }) => opType));
    expect(hasHalves(suited)).toBe(false);
    expect(operators.has('MatMulNBits')).toBe(false);
    expect(operators.has('MatMul')).toBe(true);
  });

  it('leaves tables in 16 bits, whose rows are widened when they are looked up', async () => {
    const { path, model, external } = encoder;
    const suited = await suitModel('wasm', path, model, external);
    const left = suited.graph?.initializer.filter(({ dataType }) => dataType === DataType.FLOAT16);
    expect(left?.map(({ name }) => name).sort()).toEqual([...tables].sort());
  });

  it('refuses a 16-bit model that would take too much memory, naming files that do not', async () => {
    const model = withWeight(half.model, 350e6);
    await expect(suitModel('wasm', half.path, model, new Map())).rejects.toMatchObject({
      code: 'model-unsupported',
      message:
        'The model onnx/model_fp16.onnx computes in 16-bit floats. WebAssembly does not, and in 32 bits its weights would take 1.4 GB of memory. Use a file in 4 bits (_q4) or 8 bits (_quantized) in its place.',
    });
  });

  it('counts 4 bytes for each 16-bit weight, external ones too, and none for tables', () => {
    const { model } = moveToExternalFile(encoder.model, 'weights');
    const linears = encoder.model.graph?.initializer.filter(
      ({ name, dataType }) => !tables.includes(name) && dataType === DataType.FLOAT16,
    );
    const elements = linears?.map(({ rawData }) => rawData.byteLength / 2) ?? [];
    expect(widenedBytes(model)).toBe(4 * elements.reduce((sum, count) => sum + count, 0));
  });
});

describe('suitModel on WebGPU', () => {
  it('leaves a 16-bit graph as it is where the graphics card computes in 16 bits', async () => {
    stubAdapter('shader-f16');
    expect(await suitModel('webgpu', half.path, half.model, half.external)).toBe(half.model);
  });

  it('refuses it where the card does not', async () => {
    stubAdapter('subgroups');
    const refused = suitModel('webgpu', packed.path, packed.model, packed.external);
    await expect(refused).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringMatching(/model_q4f16\.onnx computes in 16-bit floats.*4 bits \(_q4\)/),
    });
  });

  it('does not ask the card about a 32-bit graph', async () => {
    expect(await suitModel('webgpu', float.path, float.model, float.external)).toBe(float.model);
  });
});
