// The fixtures of training/goldens.py in a browser, and models run on them by ONNX Runtime.
import * as ort from 'onnxruntime-web/webgpu';
import {
  describeDecoder,
  encodeModel,
  floatSafetensor,
  readSafetensors,
  safetensorToFloat,
  toInputsEmbeds,
  type ModelProto,
  type Safetensors,
} from '../../src/onnx/index.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

type Provider = 'webgpu' | 'wasm';

/** Written by training/goldens.py and training/train_goldens.py. */
const urls = import.meta.glob<string>('../fixtures/{onnx,train}/**/*', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** The bytes of a fixture, by its path below tests/fixtures. */
export async function fetchBytes(path: string): Promise<Uint8Array> {
  const response = await fetch(urls[`../fixtures/${path}`] ?? path);
  return new Uint8Array(await response.arrayBuffer());
}

/** A fixture by its folder's name. */
export async function load<Config>(name: string) {
  const golden = readSafetensors(await fetchBytes(`onnx/${name}/golden.safetensors`));
  return {
    weights: readSafetensors(await fetchBytes(`onnx/${name}/model.safetensors`)),
    read: (tensor: string) => floats(golden, tensor),
    config: async () =>
      JSON.parse(new TextDecoder().decode(await fetchBytes(`onnx/${name}/config.json`))) as Config,
  };
}

export function floats({ tensors }: Safetensors, name: string): Float32Array {
  return safetensorToFloat(tensors.get(name) ?? floatSafetensor(new Float32Array(0), [0]), name);
}

export const int64 = (values: ArrayLike<number>, dims: number[]) =>
  new ort.Tensor('int64', BigInt64Array.from(Array.from(values), BigInt), dims);
export const float = (values: Float32Array, dims: number[]) =>
  new ort.Tensor('float32', values, dims);

/** One run of a model. */
export async function run(
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
export async function decode(
  model: ModelProto,
  provider: Provider,
  ids: number[],
): Promise<number[]> {
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

/** The largest absolute difference; Infinity when the lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
