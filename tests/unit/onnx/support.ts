// What the tests of src/onnx share: files, ONNX Runtime on WASM, a decoder stepped with its cache, and
// distances between results.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import {
  decodeModel,
  describeDecoder,
  encodeModel,
  externalLocations,
  floatToHalf,
  halfToFloat,
  readSafetensors,
  safetensorToFloat,
  type DecoderDescription,
  type ExternalData,
  type FloatType,
  type ModelProto,
  type Safetensors,
} from '../../../src/onnx/index.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Exports of other tools, which lie beside the repository where they are present. */
export const exportsFolder = join(root, '../shared/fixtures');
export const hasExports = existsSync(exportsFolder);

export function readBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

/** A folder of tests/fixtures/onnx, written by training/goldens.py. */
export function readGolden(name: string) {
  const folder = join(root, 'tests/fixtures/onnx', name);
  return {
    weights: readSafetensors(readBytes(join(folder, 'model.safetensors'))),
    golden: readSafetensors(readBytes(join(folder, 'golden.safetensors'))),
    config<Config>(): Config {
      return JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Config;
    },
  };
}

export function floats({ tensors }: Safetensors, name: string): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`no tensor ${name}`);
  return safetensorToFloat(tensor, name);
}

/** An export of another tool with its external files, by path below `exportsFolder`. */
export function readExport(path: string): { model: ModelProto; external: ExternalData } {
  const file = join(exportsFolder, path);
  const model = decodeModel(readBytes(file));
  const external = new Map(
    externalLocations(model).map((name) => [name, readBytes(join(dirname(file), name))]),
  );
  return { model, external };
}

export function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(exportsFolder, path), 'utf8')) as Record<string, unknown>;
}

export function readFloats(path: string): Float32Array {
  return new Float32Array(readBytes(join(exportsFolder, path)).buffer);
}

export async function createSession(model: ModelProto, external: ExternalData = new Map()) {
  return ort.InferenceSession.create(encodeModel(model), {
    executionProviders: ['wasm'],
    externalData: [...external].map(([path, data]) => ({ path, data })),
  });
}

export function int64(values: ArrayLike<number>, dims: readonly number[]): ort.Tensor {
  return new ort.Tensor('int64', BigInt64Array.from(Array.from(values), BigInt), dims);
}

export function float(values: Float32Array, dims: readonly number[], type: FloatType = 'float32') {
  return type === 'float32'
    ? new ort.Tensor('float32', values, dims)
    : new ort.Tensor('float16', floatToHalf(values), dims);
}

export function toFloats(tensor: ort.Tensor | undefined): Float32Array {
  if (!tensor) throw new Error('the session did not return this output');
  if (tensor.type === 'float32') return tensor.data as Float32Array;
  return halfToFloat(tensor.data as Uint16Array);
}

/** Runs a model once on WASM. @returns the output `name` */
export async function runOnce(
  model: ModelProto,
  feeds: Record<string, ort.Tensor>,
  name: string,
  external: ExternalData = new Map(),
): Promise<Float32Array> {
  const session = await createSession(model, external);
  const results = await session.run(feeds);
  const output = toFloats(results[name]);
  await session.release();
  return output;
}

/** A decoder with its cache, fed with token ids or, where it wants them, embeddings. */
export class Decoder {
  private readonly session: ort.InferenceSession;
  private readonly description: DecoderDescription;
  private cache: Record<string, ort.Tensor> = {};
  private length = 0;

  private constructor(session: ort.InferenceSession, description: DecoderDescription) {
    this.session = session;
    this.description = description;
    const dims = [1, description.numKeyValueHeads, 0, description.headSize];
    for (const { past } of description.cache) {
      this.cache[past] = float(new Float32Array(0), dims, description.cacheType);
    }
  }

  static async load(model: ModelProto, external: ExternalData = new Map()): Promise<Decoder> {
    return new Decoder(await createSession(model, external), describeDecoder(model));
  }

  /** Feeds `ids`, or the rows `embed` gives for them. @returns logits [ids.length, V] */
  async step(
    ids: readonly number[],
    embed?: (ids: readonly number[]) => Float32Array,
  ): Promise<Float32Array> {
    const { description } = this;
    const positions = ids.map((_, i) => this.length + i);
    this.length += ids.length;
    const dims = [1, ids.length];
    const feeds: Record<string, ort.Tensor> = {
      ...this.cache,
      attention_mask: int64(new Array<number>(this.length).fill(1), [1, this.length]),
    };
    if (description.needsPositionIds) feeds['position_ids'] = int64(positions, dims);
    if (embed) {
      const shape = [...dims, description.hiddenSize];
      feeds['inputs_embeds'] = float(embed(ids), shape, description.embeddingType);
    } else {
      feeds['input_ids'] = int64(ids, dims);
    }
    const results = await this.session.run(feeds);
    for (const { past, present } of description.cache) {
      const tensor = results[present];
      if (tensor) this.cache[past] = tensor;
    }
    return toFloats(results['logits']);
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** The logits of one prefill, [ids.length, V]. */
export async function logitsOf(
  model: ModelProto,
  ids: readonly number[],
  external: ExternalData = new Map(),
): Promise<Float32Array> {
  const decoder = await Decoder.load(model, external);
  const logits = await decoder.step(ids);
  await decoder.release();
  return logits;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    // NaN must not pass for a small difference.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

export function argmax(values: Float32Array): number {
  return values.indexOf(values.reduce((most, value) => Math.max(most, value), -Infinity));
}

/** A small deterministic generator (mulberry32), uniform in [-1, 1). */
export function randomFloats(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

/** Deterministic bytes from 0 to 255. */
export function randomBytes(count: number, seed: number): Uint8Array {
  return Uint8Array.from(randomFloats(count, seed), (x) => (x + 1) * 127.9);
}
