// The graphs that src/onnx builds run on the WebGPU provider, and compute there what PyTorch (float) or the
// dequantized weights (int8, int4) compute on WASM.
import * as ort from 'onnxruntime-web/webgpu';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  applyLora,
  buildAlignment,
  buildBert,
  buildLlama,
  describeDecoder,
  encodeModel,
  floatSafetensor,
  readSafetensors,
  safetensorToFloat,
  toInputsEmbeds,
  type BertConfig,
  type LlamaConfig,
  type LoraAdapter,
  type ModelProto,
  type Safetensors,
} from '../../src/onnx/index.ts';

type Provider = 'webgpu' | 'wasm';

beforeAll(() => {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
});

/** Written by training/goldens.py. */
const urls = import.meta.glob<string>('../fixtures/onnx/*/*', {
  query: '?url',
  import: 'default',
  eager: true,
});

async function fetchBytes(path: string): Promise<Uint8Array> {
  const response = await fetch(urls[`../fixtures/onnx/${path}`] ?? path);
  return new Uint8Array(await response.arrayBuffer());
}

async function load<Config>(name: string) {
  const golden = readSafetensors(await fetchBytes(`${name}/golden.safetensors`));
  return {
    weights: readSafetensors(await fetchBytes(`${name}/model.safetensors`)),
    read: (tensor: string) => floats(golden, tensor),
    config: async () =>
      JSON.parse(new TextDecoder().decode(await fetchBytes(`${name}/config.json`))) as Config,
  };
}

function floats({ tensors }: Safetensors, name: string): Float32Array {
  return safetensorToFloat(tensors.get(name) ?? floatSafetensor(new Float32Array(0), [0]), name);
}

const int64 = (values: ArrayLike<number>, dims: number[]) =>
  new ort.Tensor('int64', BigInt64Array.from(Array.from(values), BigInt), dims);
const float = (values: Float32Array, dims: number[]) => new ort.Tensor('float32', values, dims);

async function run(
  model: ModelProto,
  provider: Provider,
  feeds: Record<string, ort.Tensor>,
  output: string,
): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(encodeModel(model), {
    executionProviders: [provider],
  });
  const results = await session.run(feeds);
  const data = results[output]?.data;
  await session.release();
  return data as Float32Array;
}

/** Feeds `ids` in two parts, so that the second part reads the cache. @returns the logits of both */
async function decode(model: ModelProto, provider: Provider, ids: number[]): Promise<number[]> {
  const { model: rewritten, embeddings } = toInputsEmbeds(model);
  const { cache, numKeyValueHeads, headSize, hiddenSize } = describeDecoder(rewritten);
  const session = await ort.InferenceSession.create(encodeModel(rewritten), {
    executionProviders: [provider],
  });
  let past: Record<string, ort.Tensor> = Object.fromEntries(
    cache.map((slot) => [
      slot.past,
      float(new Float32Array(0), [1, numKeyValueHeads, 0, headSize]),
    ]),
  );
  const logits: number[] = [];
  let length = 0;
  for (const tokens of [ids.slice(0, -1), ids.slice(-1)]) {
    length += tokens.length;
    const rows = embeddings?.rows(tokens) ?? new Float32Array(0);
    const results = await session.run({
      ...past,
      inputs_embeds: float(rows, [1, tokens.length, hiddenSize]),
      attention_mask: int64(new Array<number>(length).fill(1), [1, length]),
    });
    logits.push(...(results['logits']?.data as Float32Array));
    past = Object.fromEntries(
      cache.map((slot) => [slot.past, results[slot.present] as ort.Tensor]),
    );
  }
  await session.release();
  return logits;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** Factors for queries and values, so that one of three packed projections stays as it is. */
function someAdapter(weights: Safetensors): LoraAdapter {
  const factors = (['q', 'v'] as const).map((name) => {
    const weight = weights.tensors.get(`model.layers.1.self_attn.${name}_proj.weight`);
    const [outputs = 0, inputs = 0] = weight?.shape ?? [];
    const a = Float32Array.from({ length: 2 * inputs }, (_, i) => Math.sin(i) / 4);
    const b = Float32Array.from({ length: outputs * 2 }, (_, i) => Math.cos(i) / 4);
    return { layer: 1, name, rank: 2, inputs, outputs, a, b };
  });
  return { scale: 2, factors };
}

describe('a decoder', () => {
  it('computes PyTorch’s logits on WebGPU, with its cache', async () => {
    const { weights, read, config } = await load<LlamaConfig>('llama');
    const model = buildLlama(await config(), weights, 'fp32');
    const logits = await decode(model, 'webgpu', Array.from(read('input_ids')));
    expect(largestDifference(logits, read('logits'))).toBeLessThan(1e-3);
  });

  it.each([
    ['qwen2', 'int4'],
    ['qwen3', 'int8'],
  ] as const)(
    'of %s computes the same on WebGPU as on WASM in %s, with an adapter',
    async (name, format) => {
      const { weights, read, config } = await load<LlamaConfig>(name);
      const model = applyLora(buildLlama(await config(), weights, format), someAdapter(weights));
      const ids = Array.from(read('input_ids'));
      const gpu = await decode(model, 'webgpu', ids);
      expect(largestDifference(gpu, await decode(model, 'wasm', ids))).toBeLessThan(2e-3);
    },
  );
});

describe('the encoder', () => {
  it('computes the same on WebGPU as on WASM in int8', async () => {
    const { weights, read, config } = await load<BertConfig>('bert');
    const model = buildBert(await config(), weights, 'int8');
    const inputs = ['input_ids', 'attention_mask', 'token_type_ids'];
    const feeds = () => Object.fromEntries(inputs.map((name) => [name, int64(read(name), [2, 9])]));
    const gpu = await run(model, 'webgpu', feeds(), 'last_hidden_state');
    const wasm = await run(model, 'wasm', feeds(), 'last_hidden_state');
    expect(largestDifference(gpu, wasm)).toBeLessThan(1e-3);
  });
});

describe('the alignment', () => {
  it('computes PyTorch’s soft prompt on WebGPU', async () => {
    const { weights, read } = await load('alignment-mlp');
    const feeds = { hidden_states: float(read('hidden_states'), [1, 7, 24]) };
    const prompt = await run(buildAlignment(weights), 'webgpu', feeds, 'soft_prompt');
    expect(largestDifference(prompt, read('soft_prompt'))).toBeLessThan(1e-3);
  });
});
